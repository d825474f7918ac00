"""Settings of the float that would work: each offer was tried before it is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pydantic import ValidationError

from trading.core.instrument import Instrument, decimal_places, plain
from trading.core.planning import Offer, Preview, Surroundings
from trading.strategies.pingpong.config import PingPongConfig, SizeCurrency
from trading.strategies.pingpong.dollars import dollar_settings, likely_rate
from trading.strategies.pingpong.market import buy_cost
from trading.strategies.pingpong.moves import sized
from trading.strategies.pingpong.preview import findings, preview_without_offers
from trading.strategies.pingpong.rounding import MONEY, down, up

_HEADROOM = Decimal("1.02")
"""What is offered leaves this room for the price to move before the first order."""
_RATE = frozenset({"usd_rate_needed", "usd_market_missing"})

Changes = Mapping[str, str | None]


def make_preview(config: PingPongConfig, instrument: Instrument, price: Decimal, around: Surroundings) -> Preview:
    """The first pair of orders at ``price`` (quote), and offers that mend what is wrong with them."""
    seen = preview_without_offers(config, instrument, price, around)
    return replace(seen, offers=tuple(_offers(_Bench(config, instrument, price, around))))


@dataclass(frozen=True, slots=True)
class _Bench:
    """The settings that a preview was asked for, and the market on which others are tried."""

    config: PingPongConfig
    instrument: Instrument
    price: Decimal
    around: Surroundings

    def changed(self, changes: Changes) -> _Bench | None:
        """None for settings that are not valid."""
        try:
            return replace(self, config=PingPongConfig.model_validate({**self.config.model_dump(), **changes}))
        except ValidationError:
            return None

    @property
    def rate(self) -> Decimal:
        """USD for one quote currency."""
        return likely_rate(self.config, self.instrument, self.around.prices)

    def codes(self, severity: str = "refusal") -> set[str]:
        found = findings(self.config, self.instrument, self.price, self.around)
        return {finding.code for finding in found if finding.severity == severity}

    def allows(self, changes: Changes) -> bool:
        """Whether with them nothing is refused any more."""
        changed = self.changed(changes)
        return changed is not None and not changed.codes()


def _offers(bench: _Bench) -> Iterator[Offer]:
    """With each of them nothing is refused any more, and what it is for is gone."""
    codes = bench.codes()
    if codes & _RATE:
        yield from _with_a_rate(bench)
    elif codes:
        working = [offer for offer in _candidates(bench, codes) if bench.allows(offer.changes)]
        yield from working or (offer for offer in _smallest(bench) if bench.allows(offer.changes))
    elif "base_reserve_missing" in bench.codes("danger"):
        yield from _within_reserve(bench)


def _with_a_rate(bench: _Bench) -> Iterator[Offer]:
    """The first way to know the worth of the quote currency, with what else has to change then."""
    for settings in dollar_settings(bench.instrument, bench.around.prices):
        rated = bench.changed(settings)
        if rated is None or rated.codes() & _RATE:
            continue
        if not rated.codes():
            yield Offer("dollar_market", settings)
            return
        merged = [replace(offer, changes={**_first(settings), **offer.changes, **settings}) for offer in _offers(rated)]
        if merged:
            yield from merged
            return


def _first(settings: Changes) -> Changes:
    """The market's name, which says the most on a button; the rate comes last there."""
    return {"usd_market": settings["usd_market"]}


def _candidates(bench: _Bench, codes: set[str]) -> Iterator[Offer]:
    config, instrument, price = bench.config, bench.instrument, bench.price
    held = bench.around.balances.get(instrument.quote)
    budget: dict[str, str] = {}
    if "equity_too_small" in codes and held is not None:
        budget = {"budget": plain(down(held * min(bench.rate, config.usd_per_quote), MONEY))}
    if codes & {"below_min_cost", "below_min_amount"}:
        enough = instrument.smallest_amount(price) * _HEADROOM
        size = _size(config, instrument, price, enough, ROUND_CEILING)
        yield Offer("raise_order_size", {**budget, "order_size": size})
        # Where even the smallest order costs more than the budget.
        yield from _raised_budget(bench, {"order_size": size})
    elif "above_max_amount" in codes and instrument.max_amount is not None:
        most = instrument.max_amount / _HEADROOM
        size = _size(config, instrument, price, most, ROUND_FLOOR)
        yield Offer("lower_order_size", {**budget, "order_size": size})
        yield from _fitting(bench, budget)
    elif "order_over_budget" in codes or budget:
        if budget:
            yield Offer("lower_budget", budget)
        yield from _fitting(bench, budget)
        if "order_over_budget" in codes and not budget:
            yield from _raised_budget(bench, {})


def _fitting(bench: _Bench, budget: Mapping[str, str]) -> Iterator[Offer]:
    """The largest order that the budget pays."""
    limit = Decimal(budget["budget"]) if budget else bench.config.budget
    fitting = limit / bench.rate / buy_cost(bench.instrument, Decimal(1), bench.price) / _HEADROOM
    smaller = _size(bench.config, bench.instrument, bench.price, fitting, ROUND_FLOOR)
    yield Offer("lower_order_size", {**budget, "order_size": smaller})


def _raised_budget(bench: _Bench, changes: Mapping[str, str]) -> Iterator[Offer]:
    """A budget that pays the order, where the one that is set does not."""
    changed = bench.changed(changes)
    if changed is None or "order_over_budget" not in changed.codes():
        return
    amount = sized(changed.config, bench.instrument, bench.price)
    cost = buy_cost(bench.instrument, amount, bench.price) * bench.rate
    yield Offer("raise_budget", {**changes, "budget": plain(up(cost * _HEADROOM, MONEY))})


def _smallest(bench: _Bench) -> Iterator[Offer]:
    """The smallest order there is, and the smallest budget that pays it."""
    amount = bench.instrument.smallest_amount(bench.price) * _HEADROOM
    size = _size(bench.config, bench.instrument, bench.price, amount, ROUND_CEILING)
    changed = bench.changed({"order_size": size})
    if changed is not None:
        cost = buy_cost(bench.instrument, sized(changed.config, bench.instrument, bench.price), bench.price)
        budget = up(cost * bench.rate * _HEADROOM, MONEY)
        yield Offer("smallest_order", {"order_size": size, "budget": plain(budget)})


def _within_reserve(bench: _Bench) -> Iterator[Offer]:
    """An order so small that what the account holds of the coin pays the fee of a buy."""
    held = bench.around.balances.get(bench.instrument.base)
    if held is not None and held > 0:
        most = held / bench.instrument.maker_fee / _HEADROOM
        changes = {"order_size": _size(bench.config, bench.instrument, bench.price, most, ROUND_FLOOR)}
        changed = bench.changed(changes)
        if changed is not None and not changed.codes() and not changed.codes("danger"):
            yield Offer("lower_order_size", changes)


def _size(config: PingPongConfig, instrument: Instrument, price: Decimal, amount: Decimal, rounding: str) -> str:
    """An amount (base) as the setting that gives it, rounded to the side that works."""
    if config.size_currency is SizeCurrency.BASE:
        return plain((amount / instrument.amount_step).to_integral_value(rounding) * instrument.amount_step)
    # One step of amount is worth this much; a tenth of it is as fine as a size need be said.
    worth = instrument.amount_step * price / 10
    step = Decimal(1).scaleb(-max(2, decimal_places(Decimal(1).scaleb(worth.adjusted()))))
    whole = amount if rounding == ROUND_FLOOR else instrument.ceil_amount(amount)
    return plain((whole * price / step).to_integral_value(rounding) * step)
