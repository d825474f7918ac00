"""Rounding lives with the market, and never rounds against it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.core.instrument import (
    Instrument,
    MarginTier,
    MarketKind,
    Side,
    decimal_places,
    plain,
    total,
)

amounts = st.decimals("0", "1e7", allow_nan=False, places=9)
prices = st.decimals("0.000001", "1e6", allow_nan=False, places=9)
grains = st.sampled_from([Decimal(text) for text in ("1", "0.5", "0.1", "0.25", "0.001", "1e-8", "10")])


def market(**rules: object) -> Instrument:
    given_rules = {
        **{"venue": "paper", "symbol": "A/B", "kind": MarketKind.PERPETUAL, "base": "A", "quote": "B"},
        **{"price_tick": Decimal("0.01"), "amount_step": Decimal("0.1")},
    }
    return Instrument(**{**given_rules, **rules})  # type: ignore[arg-type]  # a test may set any rule


@given(amounts, grains)
def test_amounts_round_down_to_the_step_and_never_up(amount: Decimal, step: Decimal) -> None:
    floored = market(amount_step=step).floor_amount(amount)
    assert floored % step == 0
    assert amount - step < floored <= amount


@given(amounts, grains)
def test_a_ceiling_is_the_floor_or_one_step_above(amount: Decimal, step: Decimal) -> None:
    rules = market(amount_step=step)
    assert rules.ceil_amount(amount) - rules.floor_amount(amount) in (0, step)
    assert rules.ceil_amount(amount) >= amount


@given(prices, grains, st.sampled_from(list(Side)))
def test_makers_round_away_from_crossing_and_takers_towards(price: Decimal, tick: Decimal, side: Side) -> None:
    rules = market(price_tick=tick)
    maker, taker = rules.maker_price(side, price), rules.taker_price(side, price)
    assert maker % tick == taker % tick == 0
    assert side.sign * maker <= side.sign * price <= side.sign * taker
    assert rules.maker_price(side, maker) == maker, "rounding twice changes nothing"


@given(prices, grains)
def test_the_nearest_price_is_within_half_a_tick(price: Decimal, tick: Decimal) -> None:
    assert abs(market(price_tick=tick).nearest_price(price) - price) <= tick / 2


@given(prices, grains, st.sampled_from(["0", "1", "5", "100"]), st.sampled_from(["0", "0.3", "7"]))
def test_the_smallest_amount_passes_and_one_step_less_does_not(
    price: Decimal, step: Decimal, cost: str, least: str
) -> None:
    rules = market(price_tick=Decimal("1e-9"), amount_step=step, min_cost=Decimal(cost), min_amount=Decimal(least))
    smallest = rules.smallest_amount(price)
    assert rules.objection(price=price, amount=smallest) is None
    assert rules.objection(price=price, amount=smallest - step) in ("below_min_amount", "below_min_cost")


@pytest.mark.parametrize(
    ("price", "amount", "reduce_only", "why"),
    [
        ("2", "3", False, None),
        ("2", "0", False, "below_min_amount"),
        ("2", "-1", True, "below_min_amount"),
        ("2", "0.9", False, "below_min_amount"),
        ("2", "100.1", False, "above_max_amount"),
        ("2", "3.05", False, "off_step"),
        ("2.005", "3", False, "off_tick"),
        ("2", "2.4", False, "below_min_cost"),
        ("2", "2.4", True, None),
        ("2", "2.5", False, None),
    ],
)
def test_what_the_venue_would_refuse(price: str, amount: str, reduce_only: bool, why: str | None) -> None:
    rules = market(min_amount=Decimal(1), max_amount=Decimal(100), min_cost=Decimal(5))
    assert rules.objection(price=Decimal(price), amount=Decimal(amount), reduce_only=reduce_only) == why


@pytest.mark.parametrize(("notional", "rate"), [("10", "0.005"), ("1000", "0.005"), ("1001", "0.01"), ("9e9", "0.01")])
def test_the_maintenance_rate_comes_from_the_tier(notional: str, rate: str) -> None:
    tiers = (
        MarginTier(Decimal(1000), Decimal("0.005"), Decimal(50)),
        MarginTier(Decimal(5000), Decimal("0.01"), Decimal(20)),
    )
    assert market(tiers=tiers).maintenance_rate(Decimal(notional)) == Decimal(rate)


def test_one_percent_maintenance_is_assumed_where_the_venue_tells_none() -> None:
    assert market().maintenance_rate(Decimal(1)) == Decimal("0.01")
    assert not market().maintenance_known


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E+2", "100"), ("0.500", "0.5"), ("-0.0", "0"), ("1e-8", "0.00000001"), ("10", "10"), ("0", "0")],
)
def test_numbers_are_shown_plainly(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@given(st.decimals("-1e9", "1e9", allow_nan=False, places=10))
def test_plain_numbers_read_back_as_themselves(number: Decimal) -> None:
    assert Decimal(plain(number)) == number


@pytest.mark.parametrize(("step", "places"), [("1", 0), ("10", 0), ("0.1", 1), ("0.050", 2), ("1e-8", 8)])
def test_decimals_of_a_step(step: str, places: int) -> None:
    assert decimal_places(Decimal(step)) == places


def test_sides_are_opposite_and_signed() -> None:
    assert (Side.BUY.opposite, Side.SELL.opposite) == (Side.SELL, Side.BUY)
    assert total([Decimal(side.sign) for side in Side]) == 0
