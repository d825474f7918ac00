"""What a person sees before Start, the settings themselves, and offers that really work."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.strategies.pingpong.spot_bot import market
from tests.strategies.pingpong.test_pingpong_legs import fill, start
from trading.core.instrument import Instrument
from trading.core.planning import Preview, Reference, Surroundings
from trading.strategies import STRATEGIES
from trading.strategies.pingpong import PingPongConfig, PingPongStrategy

PROPERTIES: dict[str, dict[str, Any]] = PingPongConfig.model_json_schema()["properties"]


def preview(
    price: str = "100",
    equity: str | None = None,
    rules: Instrument | None = None,
    coins: str | None = None,
    markets: Mapping[str, str | None] | None = None,
    **changes: object,
) -> Preview:
    """``coins``: what the account holds of the base currency; ``markets``: prices of dollar markets by symbol."""
    config, rules = PingPongConfig.model_validate(changes), rules or market()
    held = {rules.quote: equity, rules.base: coins}
    around = Surroundings(
        balances={currency: Decimal(amount) for currency, amount in held.items() if amount is not None},
        prices={Reference("usd", "", name): at and Decimal(at) for name, at in (markets or {}).items()},
    )
    return PingPongStrategy().preview(config, rules, Decimal(price), around)


def codes(seen: Preview, severity: str = "refusal") -> set[str]:
    return {finding.code for finding in seen.findings if finding.severity == severity}


@pytest.mark.parametrize("field", list(PingPongConfig.model_fields))
def test_a_form_can_be_made_from_each_field(field: str) -> None:
    shape = PROPERTIES[field]
    assert shape["title"]
    assert shape["description"]
    assert shape["unit"]
    assert shape["level"] in ("basic", "advanced")
    assert "default" in shape


def test_the_fields_are_those_of_the_specification() -> None:
    named = {"order_size", "size_currency", "budget", "max_spread_sum_usd", "max_legs", "requote_ms", "csv_path"}
    assert set(PingPongConfig.model_fields) == named | {"usd_per_quote", "usd_market"}
    assert (PingPongConfig().budget, PingPongConfig().requote_ms) == (300, 200)
    assert STRATEGIES["pingpong"].config_model is PingPongConfig


@pytest.mark.parametrize(
    "wrong",
    [
        {"order_size": 0},
        {"budget": -1},
        {"max_legs": 0},
        {"requote_ms": -1},
        {"size_currency": "usd"},
        {"usd_market": "btcusdt"},
        {"csv_path": "../other.csv"},
        {"csv_path": "/etc/passwd"},
        {"csv_path": "a.txt"},
        {"unheard_of": 1},
    ],
)
def test_what_cannot_work_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PingPongConfig.model_validate(wrong)


def test_a_good_setting_shows_both_orders_and_the_money_at_risk() -> None:
    seen = preview(order_size=50)
    assert not seen.is_refused
    assert [(row.side, row.amount, row.cost) for row in seen.rows] == [
        ("buy", Decimal("0.5"), 50),
        ("sell", Decimal("0.5"), 50),
    ]
    assert (seen.at_risk, seen.worst_case) == (300, 300)


def test_the_base_reserve_is_what_the_fees_of_all_rounds_take() -> None:
    seen = preview(order_size=1, size_currency="base", budget=300, max_legs=40)
    (asked,) = (finding for finding in seen.findings if finding.code == "base_reserve")
    assert asked.values == {"amount": "0.02", "currency": "BTC", "rounds": "20"}
    assert not codes(preview(rules=market(maker_fee=Decimal(0))), "note")


def test_an_odd_number_of_legs_ends_holding() -> None:
    assert "ends_holding" in codes(preview(max_legs=3), "note")
    assert "ends_holding" not in codes(preview(max_legs=4), "note")


@pytest.mark.parametrize(
    ("changes", "noted"),
    [
        ({}, set()),
        ({"max_spread_sum_usd": 5}, {"may_end_holding"}),
        ({"max_spread_sum_usd": 5, "max_legs": 4}, {"may_end_holding"}),
        ({"max_spread_sum_usd": 5, "max_legs": 3}, {"ends_holding"}),
    ],
)
def test_a_limit_of_spreads_may_end_it_after_a_buy(changes: dict[str, object], noted: set[str]) -> None:
    seen = preview(**changes)
    assert codes(seen, "note") & {"ends_holding", "may_end_holding"} == noted
    assert not seen.is_refused


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order_size": 4}, "below_min_cost"),
        ({"order_size": "0.000001", "size_currency": "base"}, "below_min_amount"),
        ({"order_size": 400}, "order_over_budget"),
        ({"equity": "200"}, "equity_too_small"),
        ({"rules": market(max_amount=Decimal("0.1"))}, "above_max_amount"),
        ({"rules": market(quote="BTC", symbol="ETH/BTC")}, "usd_rate_needed"),
    ],
)
def test_each_refusal_has_a_name(changes: dict[str, Any], code: str) -> None:
    assert codes(preview(**changes)) == {code}


@settings(max_examples=300, deadline=None)
@given(
    st.decimals("0.0001", "5000", places=4),
    st.sampled_from(["base", "quote"]),
    st.integers(1, 5000),
    st.one_of(st.none(), st.integers(5, 2000)),
    st.sampled_from(["0.00001", "0.37", "3", "100", "64321.07"]),
    st.sampled_from([None, Decimal("0.5"), Decimal(900)]),
)
def test_every_offer_leads_to_a_start(
    size: Decimal, currency: str, budget: int, equity: int | None, price: str, most: Decimal | None
) -> None:
    rules = market(price_tick=Decimal("0.00001"), max_amount=most)
    shape: dict[str, Any] = {"order_size": size, "size_currency": currency, "budget": budget}
    at = str(equity) if equity is not None else None
    seen = preview(price, at, rules, **shape)
    for offer in seen.offers:
        assert not preview(price, at, rules, **{**shape, **offer.changes}).is_refused
    if not seen.is_refused:
        assert not seen.offers


def test_a_small_order_is_offered_the_smallest_size_that_works() -> None:
    (offer,) = preview(order_size=4).offers
    assert offer.code == "raise_order_size"
    assert Decimal("5.0") < Decimal(offer.changes["order_size"]) < Decimal("5.2")


def test_a_pair_keeps_its_size_and_the_chat_is_told() -> None:
    bot = start()
    changed = bot.config.model_copy(update={"order_size": Decimal(2), "budget": Decimal(900)})
    assert bot.strategy.deferred_fields(bot.config, changed, bot.state) == ("order_size",)
    fill(bot)
    bot.config = changed
    bot.settle()
    assert bot.only().amount == 1
    fill(bot)
    assert bot.only().amount == 2


def test_without_coins_for_the_fee_of_a_buy_its_sell_would_wait() -> None:
    seen = preview(order_size=50, equity="500", coins="0")
    assert codes(seen, "danger") == {"base_reserve_missing"}
    assert not seen.offers
    assert not preview(order_size=50, equity="500", coins="0", max_legs=1).is_dangerous
    assert not preview(order_size=50, coins="0", rules=market(maker_fee=Decimal(0))).is_dangerous


def test_a_few_coins_pay_the_fees_of_a_smaller_order() -> None:
    seen = preview(order_size=100, equity="500", coins="0.0008")
    assert codes(seen, "danger") == {"base_reserve_missing"}
    (offer,) = seen.offers
    assert offer.code == "lower_order_size"
    assert not preview(equity="500", coins="0.0008", **offer.changes).is_dangerous


def test_coins_for_some_rounds_are_told_and_those_for_all_are_not() -> None:
    (finding,) = [each for each in preview(order_size=100, coins="0.0205").findings if "reserve" in each.code]
    assert (finding.code, finding.severity, finding.values["rounds"]) == ("base_reserve_low", "note", "20")
    assert not [each for each in preview(order_size=100, coins="0.1").findings if "reserve" in each.code]


def test_where_the_worth_is_not_known_it_is_looked_up_and_offered() -> None:
    rules = market(quote="BTC", symbol="ETH/BTC", min_cost=Decimal("0.0001"), price_tick=Decimal("0.00001"))
    strategy, config = PingPongStrategy(), PingPongConfig()
    wanted = [sight.symbol for sight in strategy.sights(config, rules, Decimal("0.03"), {})]
    assert wanted[:2] == ["BTC/USDT", "BTC/USDC"]
    prices: dict[str, str | None] = {"BTC/USDT": None, "BTC/USDC": "95123.456"}
    seen = preview("0.03", "0.05", rules, "1", prices)
    assert codes(seen) == {"usd_rate_needed"}
    assert seen.at_risk == Decimal(300) / Decimal(95123)
    assert {(offer.changes["usd_market"], offer.changes["usd_per_quote"]) for offer in seen.offers} == {
        ("BTC/USDC", "95123")
    }


ETH_BTC = market(base="ETH", quote="BTC", symbol="ETH/BTC", min_cost=Decimal("0.0001"), price_tick=Decimal("0.00001"))


@pytest.mark.parametrize("now", ["50000", "100000", "200000"])
def test_the_dollar_markets_own_rate_counts_before_the_fixed_one(now: str) -> None:
    """As in the plan. An order of 0.0029 BTC is 145, 290 or 580 USD; the budget is 300."""
    shape: dict[str, Any] = {
        "order_size": "0.0029", "budget": 300, "usd_market": "BTC/USDT", "usd_per_quote": 100_000,
    }  # fmt: skip
    seen = preview("0.03", None, ETH_BTC, "1", {"BTC/USDT": now}, **shape)
    assert seen.at_risk == seen.figures["budget"] == 300 / Decimal(now)
    assert codes(seen) == ({"order_over_budget"} if now == "200000" else set())
    for finding in seen.findings:
        if finding.code == "order_over_budget":
            assert Decimal("580") < Decimal(finding.values["cost"]) < 581
    for offer in seen.offers:
        again = preview("0.03", None, ETH_BTC, "1", {"BTC/USDT": now}, **{**shape, **offer.changes})
        assert not again.is_refused
        cost = Decimal(again.rows[0].cost) * Decimal(now)
        assert cost <= Decimal(offer.changes.get("budget") or 300)
    assert {offer.code for offer in seen.offers} == ({"lower_order_size", "raise_budget"} if now == "200000" else set())


@pytest.mark.parametrize(("now", "needed"), [("50000", "0.006"), ("200000", "0.003")])
def test_the_account_must_hold_what_the_plan_takes_and_what_the_house_sets_aside(now: str, needed: str) -> None:
    shape: dict[str, Any] = {
        "order_size": "0.001", "budget": 300, "usd_market": "BTC/USDT", "usd_per_quote": 100_000,
    }  # fmt: skip
    markets: dict[str, str | None] = {"BTC/USDT": now}
    assert not codes(preview("0.03", needed, ETH_BTC, "1", markets, **shape))
    less = str(Decimal(needed) * Decimal("0.9"))
    seen = preview("0.03", less, ETH_BTC, "1", markets, **shape)
    (finding,) = [finding for finding in seen.findings if finding.severity == "refusal"]
    assert (finding.code, finding.values["deposit"]) == ("equity_too_small", needed)
    assert seen.offers[0].code == "lower_budget"
    for offer in seen.offers:
        assert not preview("0.03", less, ETH_BTC, "1", markets, **{**shape, **offer.changes}).is_refused


def test_nothing_is_looked_up_for_dollars() -> None:
    assert PingPongStrategy().sights(PingPongConfig(), market(), Decimal(100), {}) == []
