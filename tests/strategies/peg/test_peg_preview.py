"""What a person sees before Start, the settings themselves, and offers that really work."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.strategies.peg.test_peg_sweeps import coin
from trading.core.instrument import Instrument, Side
from trading.core.planning import Preview, Surroundings
from trading.strategies import STRATEGIES
from trading.strategies.peg import PegConfig, PegStrategy
from trading.strategies.peg.band import Band, coarser

PROPERTIES: dict[str, dict[str, Any]] = PegConfig.model_json_schema()["properties"]


def preview(
    price: str = "1",
    equity: str | None = None,
    rules: Instrument | None = None,
    is_public: bool = True,
    coins: str | None = None,
    **changes: object,
) -> Preview:
    """``equity`` and ``coins``: what the account holds of the quote and of the base currency."""
    config, rules = PegConfig.model_validate(changes), rules or coin()
    held = {rules.quote: equity, rules.base: coins}
    balances = {currency: Decimal(amount) for currency, amount in held.items() if amount is not None}
    return PegStrategy().preview(config, rules, Decimal(price), Surroundings(balances, is_public=is_public))


def codes(seen: Preview, severity: str = "refusal") -> set[str]:
    return {finding.code for finding in seen.findings if finding.severity == severity}


@pytest.mark.parametrize("price", ["0.00000001", "0.00001234", "0.01", "97000"])
def test_any_price_fits_before_the_deviation_is_answered(price: str) -> None:
    assert PegConfig.model_validate({"price": price}).deviation == Decimal(price) / 100


@pytest.mark.parametrize("field", list(PegConfig.model_fields))
def test_a_form_can_be_made_from_each_field(field: str) -> None:
    shape = PROPERTIES[field]
    assert shape["title"]
    assert shape["description"]
    assert shape["unit"]
    assert shape["level"] in ("basic", "advanced")
    assert not PegConfig.model_fields[field].is_required()


def test_the_fields_are_those_of_the_specification() -> None:
    assert set(PegConfig.model_fields) == {
        *("price", "deviation", "base_min_balance", "base_order_limit", "quote_min_balance", "quote_order_limit"),
        *("base_precision", "quote_precision", "interval_seconds", "activity", "react"),
    }
    assert (PegConfig().interval_seconds, PegConfig().activity.value) == (60, "off")
    assert STRATEGIES["peg"].config_model is PegConfig


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": 0},
        {"deviation": -1},
        {"price": 1, "deviation": 1},
        {"base_order_limit": 0},
        {"quote_min_balance": -1},
        {"base_precision": 19},
        {"interval_seconds": 0},
        {"activity": "wash"},
        {"unheard_of": 1},
    ],
)
def test_what_cannot_work_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PegConfig.model_validate(wrong)


def test_a_good_setting_shows_what_one_interval_may_do() -> None:
    seen = preview(deviation="0.01", quote_order_limit=99, base_order_limit=50, equity="400", quote_min_balance=100)
    assert not seen.is_refused
    assert not seen.is_dangerous
    assert [(row.side, row.price, row.amount) for row in seen.rows] == [
        (Side.BUY, Decimal("0.99"), 100),
        (Side.SELL, Decimal("1.01"), 50),
    ]
    assert seen.at_risk == 300


@pytest.mark.parametrize(
    ("changes", "severity", "code"),
    [
        ({"quote_order_limit": "0.5"}, "refusal", "quote_limit_too_small"),
        ({"base_order_limit": "0.5"}, "refusal", "base_limit_too_small"),
        ({"activity": "quotes", "deviation": "0.0001"}, "refusal", "band_too_narrow"),
        ({"activity": "self-trade"}, "refusal", "self_trade_forbidden"),
        ({"activity": "self-trade", "is_public": False}, "note", "self_trade_allowed_here"),
        ({"price": "1", "deviation": "0.99999"}, "refusal", "no_price"),
        ({"equity": "50", "quote_min_balance": 50}, "note", "nothing_to_spend"),
        ({"base_precision": 7}, "note", "venue_precision_wins"),
    ],
)
def test_each_finding_has_a_name(changes: dict[str, Any], severity: str, code: str) -> None:
    given_ = {"base_precision": 2, "quote_precision": 4, **changes}
    market_price = given_.pop("price", None)
    more = {"price": market_price} if market_price else {}
    config = {key: value for key, value in given_.items() if key not in ("equity", "is_public")}
    rest = {key: value for key, value in given_.items() if key in ("equity", "is_public")}
    seen = preview(**{**rest, **config})
    assert code in codes(seen, severity)
    assert not more or seen.price == 1


def test_a_price_out_of_its_band_needs_a_second_yes() -> None:
    seen = preview("1.5")
    assert codes(seen, "danger") == {"price_outside_band"}
    (offer,) = seen.offers
    assert (offer.code, offer.changes) == ("price_as_market", {"price": "1.5"})


def test_self_trade_in_public_is_refused_with_what_may_be_done_instead() -> None:
    seen = preview(activity="self-trade")
    assert [(offer.code, offer.changes["activity"]) for offer in seen.offers] == [
        ("quotes_instead", "quotes"),
        ("no_activity", "off"),
    ]
    assert not preview(activity="self-trade", is_public=False).is_refused


@settings(max_examples=300, deadline=None)
@given(
    st.decimals("0.0003", "3", places=4),
    st.decimals("0.0000", "0.5", places=4),
    st.decimals("0.0001", "5", places=4),
    st.decimals("0.0001", "5", places=4),
    st.integers(0, 8),
    st.integers(0, 8),
    st.sampled_from(["off", "quotes", "self-trade"]),
    st.booleans(),
)
def test_every_offer_leads_to_a_start(
    price: Decimal,
    deviation: Decimal,
    quote_limit: Decimal,
    base_limit: Decimal,
    base_precision: int,
    quote_precision: int,
    activity: str,
    is_public: bool,
) -> None:
    if deviation >= price:
        return
    shape: dict[str, Any] = {
        "price": price,
        "deviation": deviation,
        "quote_order_limit": quote_limit,
        "base_order_limit": base_limit,
        "base_precision": base_precision,
        "quote_precision": quote_precision,
        "activity": activity,
    }
    config = PegConfig.model_validate(shape)
    around = Surroundings(is_public=is_public)
    seen = PegStrategy().preview(config, coin(), Decimal(1), around)
    for offer in seen.offers:
        changed = PegConfig.model_validate({**shape, **offer.changes})
        after = PegStrategy().preview(changed, coin(), Decimal(1), around)
        assert not after.is_refused
        assert not (offer.code == "price_as_market" and after.is_dangerous)


@pytest.mark.parametrize(
    ("own", "venue", "step"),
    [
        ("0.01", "0.0001", "0.01"),
        ("0.0001", "0.01", "0.01"),
        ("0.1", "0.025", "0.1"),
        ("0.1", "0.03", "0.3"),
        ("1", "0.00000001", "1"),
        ("0.00000001", "1000", "1000"),
        ("1", "0.25", "1"),
    ],
)
def test_the_coarser_step_wins_and_suits_both(own: str, venue: str, step: str) -> None:
    assert coarser(Decimal(own), Decimal(venue)) == Decimal(step)


def test_the_band_is_rounded_away_from_the_price() -> None:
    config = PegConfig(price=Decimal(1), deviation=Decimal("0.00015"))
    band = Band.of(config, coin())
    assert (band.low, band.high) == (Decimal("0.9998"), Decimal("1.0002"))


def test_limits_beyond_what_is_there_are_told_and_offered_lower() -> None:
    seen = preview(equity="80", coins="30", quote_min_balance=20, base_min_balance=5)
    assert {"quote_limit_above_funds", "base_limit_above_funds"} <= codes(seen, "note")
    assert not seen.is_refused
    lower = {offer.code: offer.changes for offer in seen.offers}
    assert lower["lower_base_limit"] == {"base_order_limit": "25"}
    assert Decimal("59") < Decimal(lower["lower_quote_limit"]["quote_order_limit"] or 0) <= 60
    assert (seen.figures["can_spend"], seen.figures["can_sell"]) == (
        Decimal(lower["lower_quote_limit"]["quote_order_limit"] or 0),
        25,
    )


@pytest.mark.parametrize(
    ("equity", "coins", "told"),
    [
        ("1000", "1000", set()),
        (None, None, set()),
        ("0", "1000", {"nothing_to_spend"}),
        ("1000", "0", {"nothing_to_sell"}),
        ("0", None, {"nothing_to_spend"}),
    ],
)
def test_a_side_without_means_is_a_note_and_both_are_a_refusal(
    equity: str | None, coins: str | None, told: set[str]
) -> None:
    seen = preview(equity=equity, coins=coins)
    assert codes(seen, "note") == told
    assert not seen.is_refused
    assert codes(preview(equity="0", coins="0")) == {"nothing_to_trade"}
