"""The ledger is exact: when the position is flat, what was realized is the cash flow to the last digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.core.instrument import Instrument, MarketKind, Side, total
from trading.core.ledger import Funding, Ledger, coins_text, fees_elsewhere, fold
from trading.core.orders import Fill

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MARKET = Instrument("paper", "A/B", MarketKind.PERPETUAL, "A", "B", Decimal("0.01"), Decimal("0.1"))
_trades = count()


def fill(side: Side, amount: str, price: str, fee: str = "0", currency: str = "B") -> Fill:
    trade = str(next(_trades))
    return Fill(trade, "v", "c", "A/B", side, Decimal(price), Decimal(amount), Decimal(fee), currency, None, NOW)


def buy(amount: str, price: str, fee: str = "0", currency: str = "B") -> Fill:
    return fill(Side.BUY, amount, price, fee, currency)


def sell(amount: str, price: str, fee: str = "0", currency: str = "B") -> Fill:
    return fill(Side.SELL, amount, price, fee, currency)


@pytest.mark.parametrize(
    ("fills", "position", "average", "realized"),
    [
        ([buy("1", "10")], "1", "10", "0"),
        ([buy("1", "10"), buy("3", "14")], "4", "13", "0"),
        ([buy("4", "13"), sell("1", "15")], "3", "13", "2"),
        ([buy("4", "13"), sell("4", "12")], "0", None, "-4"),
        ([buy("2", "10"), sell("5", "12")], "-3", "12", "4"),
        ([sell("2", "10")], "-2", "10", "0"),
        ([sell("2", "10"), buy("1", "8")], "-1", "10", "2"),
        ([sell("2", "10"), buy("3", "8")], "1", "8", "4"),
        ([buy("4", "10"), sell("1", "12"), buy("1", "6")], "4", "9", "2"),
    ],
)
def test_average_cost(fills: list[Fill], position: str, average: str | None, realized: str) -> None:
    ledger = fold(fills, MARKET)
    assert ledger.position == Decimal(position)
    assert ledger.average == (None if average is None else Decimal(average))
    assert ledger.realized == Decimal(realized)


def test_net_is_after_fees_and_funding() -> None:
    ledger = fold([buy("1", "10", "0.01"), sell("1", "12", "0.02")], MARKET)
    ledger = ledger.apply_funding(Funding("f", "A/B", Decimal("-0.5"), NOW))
    assert (ledger.realized, ledger.fees, ledger.funding, ledger.net) == (
        Decimal(2),
        Decimal("0.03"),
        Decimal("-0.5"),
        Decimal("1.47"),
    )
    assert ledger.volume == 22


def test_a_fee_in_the_base_currency_leaves_the_position() -> None:
    ledger = fold([buy("1", "100", "0.001", "A")], MARKET)
    assert ledger.position == Decimal("0.999")
    assert ledger.average == 100
    assert ledger.fees == Decimal("0.1")
    sold = ledger.apply(sell("0.999", "100"), MARKET)
    assert sold.net == Decimal("-0.1")
    assert sold.position == 0


def test_a_rebate_is_a_fee_below_zero() -> None:
    assert fold([buy("1", "10", "-0.01")], MARKET).net == Decimal("0.01")


def test_fees_in_a_third_currency_are_kept_apart() -> None:
    ledger = fold([buy("1", "10", "0.1", "BNB"), buy("1", "10", "0.2", "BNB")], MARKET)
    assert ledger.other_fees == {"BNB": Decimal("0.3")}
    assert ledger.fees == 0
    later = ledger.apply(sell("2", "10", "0.4", "BNB"), MARKET)
    assert later.since(ledger).other_fees == {"BNB": Decimal("0.4")}
    assert ledger.since(ledger).other_fees == {}


def test_a_position_closed_elsewhere_is_taken_at_its_price() -> None:
    ledger = fold([sell("2", "10")], MARKET).close_at(Decimal(7))
    assert (ledger.position, ledger.realized) == (0, 6)
    assert Ledger().close_at(Decimal(7)) == Ledger()


def test_unrealized_has_the_sign_of_the_gain() -> None:
    assert fold([buy("2", "10")], MARKET).unrealized(Decimal(11)) == 2
    assert fold([sell("2", "10")], MARKET).unrealized(Decimal(11)) == -2
    assert Ledger().unrealized(Decimal(11)) == 0


fills = st.lists(
    st.builds(
        fill,
        st.sampled_from(list(Side)),
        st.decimals("0.1", "1000", places=3).map(str),
        st.decimals("0.01", "10000", places=4).map(str),
        st.decimals("-1", "5", places=6).map(str),
        st.sampled_from(["B", "B", "BNB"]),
    ),
    max_size=20,
)


def closed(ledger: Ledger) -> Ledger:
    """The ledger after one more fill that makes it flat."""
    side = Side.SELL if ledger.position > 0 else Side.BUY
    return ledger.apply(fill(side, str(abs(ledger.position)), "3.3333"), MARKET) if ledger.position else ledger


@given(fills)
def test_flat_means_exact(done: list[Fill]) -> None:
    ledger = closed(fold(done, MARKET))
    assert ledger.position == 0
    assert ledger.cost == 0
    assert ledger.average is None
    cash = total([-one.side.sign * one.amount * one.price for one in done])
    assert fold(done, MARKET).cash == cash
    assert ledger.realized == ledger.cash
    assert ledger.fees == total([one.fee for one in done if one.fee_currency == "B"])


@given(fills, fills)
def test_cycles_add_up(first: list[Fill], second: list[Fill]) -> None:
    middle = closed(fold(first, MARKET))
    end = closed(fold(second, MARKET, middle))
    parts = [middle, end.since(middle)]
    assert total([part.net for part in parts]) == end.net
    assert total([part.volume for part in parts]) == end.volume


@given(fills)
def test_a_short_is_a_long_in_the_mirror(done: list[Fill]) -> None:
    there = fold(done, MARKET)
    mirrored = fold([replace(one, side=one.side.opposite) for one in done], MARKET)
    assert mirrored.position == -there.position
    assert mirrored.cash == -there.cash
    assert mirrored.average == there.average


@given(fills)
def test_the_average_lies_between_the_prices_paid(done: list[Fill]) -> None:
    ledger = fold(done, MARKET)
    if ledger.average is not None:
        prices = [one.price for one in done]
        hair = Decimal("1e-12")
        assert min(prices) - hair <= ledger.average <= max(prices) + hair


def test_fees_in_third_coins_are_summed_and_told_by_coin() -> None:
    fills = [buy("1", "10", "0.5", "B"), buy("1", "10", "0.1", "A"), buy("1", "9", "0.00120", "KCS")]
    fills += [sell("1", "9", "0.0000000012", "BNB"), sell("1", "9", "0.3", "BNB"), sell("1", "9", "0", "XYZ")]
    paid = fees_elsewhere(fills, MARKET)
    assert paid == fold(fills, MARKET).other_fees == {"KCS": Decimal("0.0012"), "BNB": Decimal("0.3000000012")}
    assert coins_text(paid) == "0.3 BNB, 0.0012 KCS"
    assert coins_text({}) == ""
