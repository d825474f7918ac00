"""What a person sees before Start: one buy and one sell, what can be lost, why it could not work and what would."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument, Side, plain
from trading.core.planning import Finding, Preview, PreviewRow, Surroundings
from trading.core.telling import Unit
from trading.strategies.pingpong.config import PingPongConfig
from trading.strategies.pingpong.dollars import dollar_market, likely_rate, needs_rate, set_aside
from trading.strategies.pingpong.market import buy_cost
from trading.strategies.pingpong.moves import sized
from trading.strategies.pingpong.rounding import MONEY, down, up

_OPEN_END_ROUNDS = 100
"""For how many rounds (a buy and a sell) the base reserve is reckoned where no end is set."""


_TOLD = {"order_cost": Unit.MONEY}


def preview_without_offers(
    config: PingPongConfig, instrument: Instrument, price: Decimal, around: Surroundings
) -> Preview:
    """The first pair of orders at ``price`` (quote), and what is wrong with them."""
    amount = sized(config, instrument, price)
    at_risk = config.budget / likely_rate(config, instrument, around.prices)
    return Preview(
        rows=_rows(instrument, amount, price),
        price=price,
        at_risk=at_risk,
        worst_case=at_risk,
        findings=tuple(findings(config, instrument, price, around)),
        figures={
            "order_cost": amount * price,
            "budget": at_risk,
            "base_reserve": base_reserve(config, instrument, amount),
            "reserve_rounds": Decimal(_rounds(config)),
            "round_trip_fees_percent": 2 * instrument.maker_fee * 100,
        },
        told=_TOLD,
    )


def base_reserve(config: PingPongConfig, instrument: Instrument, amount: Decimal) -> Decimal:
    """Base currency needed beside what is bought, where each buy's fee is taken from it: for all rounds, rounded up."""
    return instrument.ceil_amount(max(ZERO, instrument.maker_fee) * amount * _rounds(config))


def _rounds(config: PingPongConfig) -> int:
    return (config.max_legs + 1) // 2 if config.max_legs is not None else _OPEN_END_ROUNDS


def _rows(instrument: Instrument, amount: Decimal, price: Decimal) -> tuple[PreviewRow, ...]:
    cost = amount * price
    why = instrument.objection(price=price, amount=amount)
    return tuple(
        PreviewRow(
            slot="quote",
            side=side,
            price=price,
            amount=amount,
            cost=cost,
            cumulative_cost=cost if side is Side.BUY else ZERO,
            average=price,
            objection=why,
        )
        for side in (Side.BUY, Side.SELL)
    )


# Findings


def findings(config: PingPongConfig, instrument: Instrument, price: Decimal, around: Surroundings) -> Iterator[Finding]:
    """Refusals first."""
    refused = tuple(refusals(config, instrument, price, around))
    yield from refused
    amount = sized(config, instrument, price)
    if not refused:
        # Of an order that will be another one nothing is said.
        yield from _reserve(config, instrument, amount, around)
    if instrument.maker_fee > 0:
        yield Finding("round_trip_fees", "note", {"percent": plain(2 * instrument.maker_fee * 100)})
    held = {"amount": plain(amount), "currency": instrument.base}
    if config.max_legs is not None and config.max_legs % 2:
        yield Finding("ends_holding", "note", held)
    elif config.max_spread_sum_usd is not None:
        # The limit may be passed by a buy as well as by a sell.
        yield Finding("may_end_holding", "note", held)


def _reserve(
    config: PingPongConfig, instrument: Instrument, amount: Decimal, around: Surroundings
) -> Iterator[Finding]:
    """Whether a sell can be for as much as the buy before it, whose fee was taken from what it bought."""
    fee, wanted = max(ZERO, instrument.maker_fee) * amount, base_reserve(config, instrument, amount)
    if not wanted:
        return
    values, held = {"amount": plain(wanted), "currency": instrument.base}, around.balances.get(instrument.base)
    if held is None:
        yield Finding("base_reserve", "note", {**values, "rounds": str(_rounds(config))})
    elif held < fee and config.max_legs != 1:
        yield Finding("base_reserve_missing", "danger", {**values, "held": plain(held)})
    elif (rounds := int(down(held / fee, Decimal(1)))) < _rounds(config):
        yield Finding("base_reserve_low", "note", {**values, "held": plain(held), "rounds": str(rounds)})


def refusals(config: PingPongConfig, instrument: Instrument, price: Decimal, around: Surroundings) -> Iterator[Finding]:
    amount = sized(config, instrument, price)
    why = instrument.objection(price=price, amount=amount)
    limits = {
        "below_min_cost": ("minimum", instrument.min_cost),
        "below_min_amount": ("minimum", max(instrument.min_amount, instrument.amount_step)),
        "above_max_amount": ("maximum", instrument.max_amount or ZERO),
    }
    if why is not None:
        key, limit = limits.get(why, ("minimum", instrument.price_tick))
        yield Finding(why, "refusal", {"count": "1", key: plain(limit)})
    market = dollar_market(config)
    if market is not None and around.prices.get(market, price) is None:
        yield Finding("usd_market_missing", "refusal", {"market": market.symbol})
    if needs_rate(config, instrument):
        # Without the rate no budget can be reckoned, and what would be said of money is wrong.
        yield Finding("usd_rate_needed", "refusal", {"currency": instrument.quote})
        return
    rate = likely_rate(config, instrument, around.prices)
    cost = buy_cost(instrument, amount, price) * rate
    if cost > config.budget:
        values = {"cost": plain(up(cost, MONEY)), "budget": plain(config.budget)}
        yield Finding("order_over_budget", "refusal", values)
    deposit, held = set_aside(config, rate), around.balances.get(instrument.quote)
    if held is not None and deposit > held:
        # Eight digits after the point are enough for every quote currency there is.
        values = {"deposit": plain(down(deposit, Decimal("1E-8"))), "equity": plain(held)}
        yield Finding("equity_too_small", "refusal", values)
