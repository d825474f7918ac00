"""What a person sees before Start: one buy and one sell, what can be lost, why it could not work and what would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pydantic import ValidationError

from trading.core.instrument import ZERO, Instrument, Side, decimal_places, plain
from trading.core.planning import Finding, Offer, Preview, PreviewRow
from trading.core.telling import Unit
from trading.strategies.pingpong.config import PingPongConfig, SizeCurrency, is_dollar
from trading.strategies.pingpong.legs import sized
from trading.strategies.pingpong.market import buy_cost

_OPEN_END_ROUNDS = 100
"""For how many rounds (a buy and a sell) the base reserve is reckoned where no end is set."""
_MONEY = Decimal("0.01")
_HEADROOM = Decimal("1.02")
"""What is offered leaves this room for the price to move before the first order."""

Changes = Mapping[str, str]


_TOLD = {"order_cost": Unit.MONEY}


def make_preview(config: PingPongConfig, instrument: Instrument, price: Decimal, equity: Decimal | None) -> Preview:
    """The first pair of orders at ``price`` (quote), and offers that mend what is wrong with them."""
    amount = sized(config, instrument, price)
    found = tuple(_findings(config, instrument, price, equity))
    at_risk = config.budget / config.usd_per_quote
    return Preview(
        rows=_rows(instrument, amount, price),
        price=price,
        at_risk=at_risk,
        worst_case=at_risk,
        findings=found,
        offers=_offers(config, instrument, price, equity, found),
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


def _findings(
    config: PingPongConfig, instrument: Instrument, price: Decimal, equity: Decimal | None
) -> Iterator[Finding]:
    yield from _refusals(config, instrument, price, equity)
    amount = sized(config, instrument, price)
    reserve = base_reserve(config, instrument, amount)
    if reserve:
        values = {"amount": plain(reserve), "currency": instrument.base, "rounds": str(_rounds(config))}
        yield Finding("base_reserve", "note", values)
    if instrument.maker_fee > 0:
        yield Finding("round_trip_fees", "note", {"percent": plain(2 * instrument.maker_fee * 100)})
    if config.max_legs is not None and config.max_legs % 2:
        yield Finding("ends_holding", "note", {"amount": plain(amount), "currency": instrument.base})


def _refusals(
    config: PingPongConfig, instrument: Instrument, price: Decimal, equity: Decimal | None
) -> Iterator[Finding]:
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
    if not is_dollar(instrument.quote) and config.usd_per_quote == 1:
        yield Finding("usd_rate_needed", "refusal", {"currency": instrument.quote})
    cost = buy_cost(instrument, amount, price) * config.usd_per_quote
    if cost > config.budget:
        values = {"cost": plain(_up(cost, _MONEY)), "budget": plain(config.budget)}
        yield Finding("order_over_budget", "refusal", values)
    deposit = config.budget / config.usd_per_quote
    if equity is not None and deposit > equity:
        # Eight digits after the point are enough for every quote currency there is.
        values = {"deposit": plain(_down(deposit, Decimal("1E-8"))), "equity": plain(equity)}
        yield Finding("equity_too_small", "refusal", values)


# Offers


def _offers(
    config: PingPongConfig,
    instrument: Instrument,
    price: Decimal,
    equity: Decimal | None,
    found: Sequence[Finding],
) -> tuple[Offer, ...]:
    """Each offer was tried: with it nothing is refused any more."""
    codes = {finding.code for finding in found if finding.severity == "refusal"}
    candidates = _candidates(config, instrument, price, equity, codes)
    return tuple(offer for offer in candidates if _works(config, instrument, price, equity, offer.changes))


def _candidates(
    config: PingPongConfig, instrument: Instrument, price: Decimal, equity: Decimal | None, codes: set[str]
) -> Iterator[Offer]:
    budget: dict[str, str] = {}
    if "equity_too_small" in codes and equity is not None:
        budget = {"budget": plain(_down(equity * config.usd_per_quote, _MONEY))}
    if codes & {"below_min_cost", "below_min_amount"}:
        enough = instrument.smallest_amount(price) * _HEADROOM
        yield Offer(
            "raise_order_size", {**budget, "order_size": _size(config, instrument, price, enough, ROUND_CEILING)}
        )
    elif "above_max_amount" in codes and instrument.max_amount is not None:
        most = instrument.max_amount / _HEADROOM
        yield Offer("lower_order_size", {**budget, "order_size": _size(config, instrument, price, most, ROUND_FLOOR)})
    elif "order_over_budget" in codes or budget:
        limit = Decimal(budget["budget"]) if budget else config.budget
        fitting = limit / config.usd_per_quote / buy_cost(instrument, Decimal(1), price) / _HEADROOM
        smaller = _size(config, instrument, price, fitting, ROUND_FLOOR)
        if budget:
            yield Offer("lower_budget", budget)
        yield Offer("lower_order_size", {**budget, "order_size": smaller})
        if "order_over_budget" in codes and not budget:
            cost = buy_cost(instrument, sized(config, instrument, price), price) * config.usd_per_quote
            yield Offer("raise_budget", {"budget": plain(_up(cost * _HEADROOM, _MONEY))})


def _works(
    config: PingPongConfig, instrument: Instrument, price: Decimal, equity: Decimal | None, changes: Changes
) -> bool:
    try:
        changed = PingPongConfig.model_validate({**config.model_dump(), **changes})
    except ValidationError:
        return False
    return not any(_refusals(changed, instrument, price, equity))


def _size(config: PingPongConfig, instrument: Instrument, price: Decimal, amount: Decimal, rounding: str) -> str:
    """An amount (base) as the setting that gives it, rounded to the side that works."""
    if config.size_currency is SizeCurrency.BASE:
        return plain((amount / instrument.amount_step).to_integral_value(rounding) * instrument.amount_step)
    # One step of amount is worth this much; a tenth of it is as fine as a size need be said.
    worth = instrument.amount_step * price / 10
    step = Decimal(1).scaleb(-max(2, decimal_places(Decimal(1).scaleb(worth.adjusted()))))
    whole = amount if rounding == ROUND_FLOOR else instrument.ceil_amount(amount)
    return plain((whole * price / step).to_integral_value(rounding) * step)


def _up(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step


def _down(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_FLOOR) * step
