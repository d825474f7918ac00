"""The worked numbers of the grid: P = 0.50, deposit 10, leverage 20, 15 levels, 40 %, 1.3, 2 %."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies.small_venue import coin, money
from trading.core.instrument import Instrument, total
from trading.core.planning import Preview
from trading.strategies.grid import Direction, GridConfig, GridStrategy, GridTerms
from trading.strategies.grid.ladder import (
    Level,
    average_price,
    build_ladder,
    classic_base,
    exact_base,
    level_objection,
    level_prices,
    level_weights,
    money_needed,
    step_shares,
    take_profit_price,
)

P = Decimal("0.50")


def fine(**rules: object) -> Instrument:
    """A market without rounding, fees or minimum: what the bare formulas give."""
    free = {
        "price_tick": Decimal("1e-12"),
        "amount_step": Decimal("1e-12"),
        "min_amount": Decimal(0),
        "min_cost": Decimal(0),
        "maker_fee": Decimal(0),
        "taker_fee": Decimal(0),
    }
    return coin(**{**free, **rules})


def config(**settings: object) -> GridConfig:
    return GridConfig.model_validate({"deposit": 10, **settings})


def levels(**settings: object) -> tuple[Level, ...]:
    return build_ladder(config(**settings), fine(), P).levels


def preview(instrument: Instrument | None = None, equity: str | None = None, **settings: object) -> Preview:
    at = Decimal(equity) if equity else None
    return GridStrategy().preview(config(**settings), instrument or fine(min_cost=Decimal(5)), P, money(at))


def near(value: Decimal, expected: str) -> bool:
    """Equal to as many digits as the expectation shows."""
    wanted = Decimal(expected)
    return abs(value - wanted) <= Decimal(1).scaleb(wanted.as_tuple().exponent) / 2


def test_the_classic_formula_gives_the_numbers_of_the_specification() -> None:
    weights = level_weights(15, Decimal("1.3"))
    assert near(total(weights), "167.28631")
    assert near(classic_base(Decimal(200), weights, P), "2.39111")
    assert near(classic_base(Decimal(200), weights, P) * P, "1.1956")
    ladder = levels()
    assert near(ladder[0].price - ladder[1].price, "0.0142857")
    assert near(ladder[1].price, "0.485714")
    assert near(ladder[1].amount, "3.10844")
    assert near(ladder[14].price, "0.30")
    assert near(ladder[14].amount, "94.147")


def test_all_levels_together_are_400_units_with_one_take_profit() -> None:
    figures = preview().figures
    assert near(figures["total_amount"], "400.00")
    assert near(figures["total_cost"], "137.34")
    assert near(figures["average"], "0.34335")
    assert near(figures["take_profit"], "0.35022")
    assert near(figures["bounce_percent"], "16.7")
    assert near(figures["used_percent"], "68.7")


def test_three_fills_give_the_average_and_the_take_profit_of_the_specification() -> None:
    fills = [("0.486", "2.8"), ("0.471", "3.64"), ("0.457", "4.73")]
    average = average_price([Level(Decimal(price), Decimal(amount)) for price, amount in fills])
    assert near(average, "0.46883")
    assert near(take_profit_price(Direction.LONG, average, Decimal(2)), "0.47821")


def test_the_exact_formula_uses_the_whole_money() -> None:
    weights = level_weights(15, Decimal("1.3"))
    prices = level_prices(config(), fine(), P)
    assert near(exact_base(Decimal(200), weights, prices), "3.4820")
    assert near(levels(sizing="exact")[0].amount, "3.4820")
    assert near(total([level.cost for level in levels(sizing="exact")]), "200.0000")


def test_a_classic_short_would_overspend_and_is_capped() -> None:
    ladder = build_ladder(config(direction="short"), fine(), P)
    assert near(ladder.formula_cost, "262.66")
    assert near(ladder.levels[14].price, "0.70")
    assert Decimal("199.99") < ladder.cost <= 200
    assert [finding.values["wanted"] for finding in preview(direction="short").findings if "overspend" in finding.code]


@pytest.mark.parametrize(("sizing", "count"), [("classic", "7"), ("exact", "5")])
def test_the_first_levels_are_below_the_minimum_cost(sizing: str, count: str) -> None:
    finding = next(finding for finding in preview(sizing=sizing).findings if finding.code == "below_min_cost")
    assert (finding.severity, dict(finding.values)) == ("refusal", {"count": count, "minimum": "5"})


@pytest.mark.parametrize(
    ("sizing", "deposit", "count", "multiplier"),
    # 41.82 and 28.72 lift level 0 to just 5 USDT, and 1.1287, 1.1682 and 11 exact levels do: at this very price. Offers
    # keep 1 % to spare for the price at which the grid will really begin.
    [("classic", "42.3", "9", "1.127"), ("exact", "29.1", "10", "1.166")],
)
def test_the_offers_are_those_of_the_specification(sizing: str, deposit: str, count: str, multiplier: str) -> None:
    offers = {offer.code: offer.changes for offer in preview(sizing=sizing).offers}
    assert offers["raise_deposit"] == {"deposit": deposit}
    assert offers["fewer_levels"] == {"grid_levels": count}
    assert offers["smaller_multiplier"] == {"martingale_multiplier": multiplier}
    assert offers["merge_levels"] == {"small_levels": "merge"}


@pytest.mark.parametrize(("sizing", "deposit"), [("classic", "41.82"), ("exact", "28.72")])
def test_the_deposit_that_lifts_level_0_to_the_minimum(sizing: str, deposit: str) -> None:
    assert near(10 * 5 / levels(sizing=sizing)[0].cost, deposit)


def test_isolated_at_20x_is_liquidated_after_two_fills() -> None:
    seen = preview()
    danger = next(finding for finding in seen.findings if finding.severity == "danger")
    assert danger.code == "unreachable_levels"
    assert danger.values == {"level": "2", "count_fills": "2", "count": "13", "price": "0.47205"}
    assert [row.reachable for row in seen.rows] == [True] * 2 + [False] * 13
    assert near(seen.rows[1].liquidation or P, "0.472")
    assert near(seen.at_risk, "0.1353")


def test_cross_with_ten_of_wallet_is_liquidated_after_eleven_fills() -> None:
    seen = preview(margin_mode="cross", sizing="exact")
    assert sum(row.reachable for row in seen.rows) == 11
    assert near(seen.rows[10].liquidation or P, "0.348")
    assert seen.at_risk == 10


@pytest.mark.parametrize(
    ("sizing", "wallet", "too_little"),
    # Exact sizing spends 200 on 582 units and needs 27 to ride them; the 400 units of the classic one need 18.6.
    [("exact", "27", "26.9"), ("classic", "18.6", "18.5")],
)
def test_the_wallet_that_a_whole_ride_needs(sizing: str, wallet: str, too_little: str) -> None:
    ride = {"margin_mode": "cross", "sizing": sizing}
    assert not preview(equity=wallet, **ride).is_dangerous
    assert preview(equity=too_little, **ride).is_dangerous


def test_merging_gathers_small_levels_at_the_first_of_them() -> None:
    merged = build_ladder(config(small_levels="merge"), fine(min_cost=Decimal(5)), P).levels
    assert near(merged[0].amount, "14.7938")  # three of them are 4.77 USDT; the fourth lifts them over 5
    assert merged[0].price == P
    assert all(level.cost >= 5 for level in merged)
    assert near(total([level.amount for level in merged]), "400.000")


def test_never_does_merging_spend_more_than_there_is() -> None:
    instrument = coin()
    terms = config(small_levels="merge", sizing="exact")
    merged = build_ladder(terms, instrument, P).levels
    assert money_needed(merged, terms.leverage, instrument) <= terms.deposit
    assert all(level_objection(level, instrument) is None for level in merged)


def test_steps_widen_over_the_same_coverage() -> None:
    shares = step_shares(4, Decimal(2))
    assert [share * 7 for share in shares] == pytest.approx([0, 1, 3, 7])
    assert levels(step_multiplier="1.2")[14].price == levels()[14].price
    assert levels(step_multiplier="1.2")[1].price > levels()[1].price


terms = st.builds(
    lambda **given: GridTerms.model_validate(given),
    deposit=st.decimals("1", "5000", places=1),
    leverage=st.integers(1, 50),
    direction=st.sampled_from(["long", "short"]),
    grid_levels=st.integers(2, 30),
    coverage_percent=st.decimals("0.5", "90", places=1),
    martingale_multiplier=st.decimals("1", "1.6", places=2),
    step_multiplier=st.decimals("1", "1.3", places=2),
    sizing=st.sampled_from(["classic", "exact"]),
    small_levels=st.sampled_from(["refuse", "merge"]),
)


@given(terms, st.decimals("0.01", "90000", places=4), st.decimals("0.001", "50", places=3))
def test_a_grid_never_needs_more_than_its_deposit(terms: GridTerms, price: Decimal, step: Decimal) -> None:
    instrument = coin(amount_step=step, min_amount=step)
    ladder = build_ladder(terms, instrument, price)
    assert money_needed(ladder.levels, terms.leverage, instrument) <= terms.deposit
    assert all(level.amount % step == 0 and level.price % instrument.price_tick == 0 for level in ladder.levels)
    assert 1 <= len(ladder.levels) <= terms.grid_levels


@given(terms)
def test_prices_run_monotonically_away_from_the_market(terms: GridTerms) -> None:
    prices = level_prices(terms, fine(), P)
    away = sorted(prices, reverse=terms.direction is Direction.LONG)
    assert list(prices) == away
    reach = P * (1 - terms.entry.sign * terms.coverage_percent / 100)
    assert abs(prices[-1] - reach) <= Decimal("1e-11")


@given(st.integers(2, 20), st.decimals("1", "1.5", places=2))
def test_short_mirrors_long(count: int, multiplier: Decimal) -> None:
    shape = {"grid_levels": count, "martingale_multiplier": multiplier, "deposit": 100, "coverage_percent": 30}
    long = build_ladder(config(**shape), fine(), P).levels
    short = build_ladder(config(**shape, direction="short"), fine(), P).levels
    for one, other in zip(long, short, strict=True):
        assert abs((P - one.price) - (other.price - P)) < Decimal("1e-10")
    growth = [other.amount / one.amount for one, other in zip(long, short, strict=True)]
    assert max(growth) - min(growth) < Decimal("1e-6"), "the cap scales every level alike"


def test_fees_are_set_aside() -> None:
    dear = replace(fine(), maker_fee=Decimal("0.01"), taker_fee=Decimal("0.02"))
    ladder = build_ladder(config(sizing="exact"), dear, P)
    assert Decimal("9.99") < money_needed(ladder.levels, 20, dear) <= 10
    assert ladder.cost < Decimal(170)
