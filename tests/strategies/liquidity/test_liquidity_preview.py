"""What a person sees before Start; the settings; the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal as D

import pytest
from pydantic import ValidationError

from tests.strategies.liquidity.market import coin, settings
from trading.core.instrument import Side
from trading.core.planning import Offer, Preview, Reference, Surroundings
from trading.strategies import STRATEGIES
from trading.strategies.liquidity import LiquidityConfig, LiquidityState, LiquidityStrategy

STRATEGY = LiquidityStrategy()


def preview(
    equity: str | None = "5000",
    price: str = "1",
    rules: dict[str, object] | None = None,
    coins: str | None = None,
    prices: Mapping[str, str | None] | None = None,
    **changes: object,
) -> Preview:
    """``coins``: what the account holds of the base currency; ``prices``: of the same pair by venue."""
    market = coin(**(rules or {}))
    held = {market.quote: equity, market.base: coins}
    around = Surroundings(
        balances={currency: D(amount) for currency, amount in held.items() if amount is not None},
        prices={Reference("reference", venue, market.symbol): at and D(at) for venue, at in (prices or {}).items()},
    )
    return STRATEGY.preview(settings(**changes), market, D(price), around)


def codes(shown: Preview) -> set[str]:
    return {finding.code for finding in shown.findings if finding.severity != "note"}


def test_the_preview_shows_both_sides_as_they_would_rest() -> None:
    shown = preview()
    assert [row.slot for row in shown.rows] == [f"{side}{number}" for side in ("bid", "ask") for number in range(1, 6)]
    assert shown.rows[0].price == D("0.992")
    assert shown.rows[5].side is Side.SELL
    assert D(1095) < shown.figures["bid_depth"] <= D(1100)
    assert shown.figures["spread_percent"] == D("1.60")
    assert shown.at_risk == D(1250)
    assert D(0) < shown.worst_case < D(20)
    assert not codes(shown)


def test_the_preview_says_how_much_of_the_coin_is_needed() -> None:
    (note,) = [finding for finding in preview(price="0.5").findings if finding.code == "base_needed"]
    assert note.values == {"amount": "2500", "base": "ABC", "worth": "1250"}


@pytest.mark.parametrize(
    ("shown", "code", "severity"),
    [
        (preview(min_order=3), "below_min_cost", "refusal"),
        (preview(rules={"min_amount": D(500)}), "below_min_amount", "refusal"),
        (preview(rules={"max_amount": D(100)}), "above_max_amount", "refusal"),
        (preview(price="0.03", rules={"price_tick": D("0.001")}), "tick_too_coarse", "refusal"),
        (preview(reference_venue="mexc"), "reference_is_target", "refusal"),
        (preview(equity="1000"), "equity_too_small", "refusal"),
        (preview(deposit=1100), "deposit_below_depth", "danger"),
        (preview(price_source_guard_percent=10), "guard_too_wide", "note"),
    ],
)
def test_what_would_not_work_is_found(shown: Preview, code: str, severity: str) -> None:
    (finding,) = [one for one in shown.findings if one.code == code]
    assert finding.severity == severity
    assert shown.is_refused == (severity == "refusal")


@pytest.mark.parametrize(
    ("rules", "changes"),
    [({}, {"min_order": 3}), ({"min_amount": D(300)}, {}), ({}, {"deposit": 800}), ({"min_cost": D(60)}, {})],
)
def test_an_offer_mends_what_it_is_for(rules: dict[str, object], changes: dict[str, object]) -> None:
    broken = preview(rules=rules, **changes)
    assert codes(broken)
    for offer in broken.offers:
        changes = {**changes, **offer.changes}
    assert not codes(preview(rules=rules, **changes))


def test_an_unknown_balance_refuses_nothing() -> None:
    assert not codes(preview(equity=None))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"min_order": 600}, "must not be above max_order"),
        ({"price_tolerance_percent": "0.6"}, "at most a quarter"),
        ({"max_order": 100}, "never reach min_depth"),
        ({"reference_symbol": "ABCUSDT"}, "must be a pair"),
        ({"reference_venue": "="}, "must be the name of an exchange"),
        ({"unknown": 1}, "Extra inputs"),
    ],
)
def test_settings_that_do_not_fit_together_are_refused_in_words(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        settings(**changes)


def test_every_field_can_be_asked_from_its_schema() -> None:
    for name, info in LiquidityConfig.model_fields.items():
        extra = info.json_schema_extra
        assert info.title, name
        assert info.description, name
        assert isinstance(extra, dict)
        assert extra["level"] in ("basic", "advanced")
        assert extra["unit"] in (
            "quote",
            "percent",
            "seconds",
            "minutes",
            "orders",
            "text",
            "venue",
            "market",
            "switch",
        )


def test_it_is_in_the_catalogue_for_spot_markets_and_looks_at_its_reference() -> None:
    strategy = STRATEGIES["liquidity"]
    assert strategy.market_kinds == {"spot"}
    assert strategy.references(settings()) == (Reference("reference", "kucoin", "ABC/USDT"),)
    assert strategy.deposit(settings()) == 1250
    assert strategy.budget(settings(), LiquidityState()) == 3750
    assert strategy.deferred_fields(settings(), settings(deposit=1), LiquidityState()) == ()


def test_names_of_markets_may_be_written_as_people_do() -> None:
    config = settings(reference_venue=" KuCoin", reference_symbol="abc/usdt ")
    assert (config.reference_venue, config.reference_symbol) == ("kucoin", "ABC/USDT")
    assert LiquidityConfig().reference_symbol == ""


def test_coins_that_suffice_are_said_beside_what_is_needed() -> None:
    (note,) = [finding for finding in preview(coins="2000").findings if finding.code == "base_covered"]
    assert (note.values["amount"], note.values["held"]) == ("1250", "2000")


def test_too_few_coins_are_mended_by_a_smaller_deposit_alone_or_with_less_depth() -> None:
    seen = preview(coins="900")
    assert codes(seen) == {"base_too_small"}
    alone, shallower = seen.offers
    assert _number(alone, "deposit") == _number(shallower, "deposit") < 900
    assert codes(preview(coins="900", **alone.changes)) == {"deposit_below_depth"}
    assert not codes(preview(coins="900", **shallower.changes))


def _number(offer: Offer, field: str) -> D:
    return D(offer.changes[field] or 0)


def test_a_reference_far_from_here_is_a_danger_with_a_nearer_one_offered() -> None:
    seen = preview(prices={"kucoin": "1.5", "binance": "1.001"}, coins="2000")
    assert codes(seen) == {"reference_apart"}
    (offer,) = seen.offers
    assert offer.changes == {"reference_venue": "binance", "reference_symbol": ""}
    assert not codes(preview(prices={"binance": "1.001"}, coins="2000", **offer.changes))


def test_other_venues_are_looked_at_only_when_the_reference_cannot_be_one() -> None:
    config, here = settings(), coin()
    (own,) = STRATEGY.sights(config, here, D(1), {})
    assert (own.venue, own.symbol) == ("kucoin", "ABC/USDT")
    assert list(STRATEGY.sights(config, here, D(1), {own: D(1)})) == [own]
    assert {sight.venue for sight in STRATEGY.sights(config, here, D(1), {own: None})} == {"kucoin", "binance"}


def test_a_reference_that_does_not_answer_now_refuses_nothing() -> None:
    assert not codes(preview(prices={}))
