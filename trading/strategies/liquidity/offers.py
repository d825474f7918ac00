"""Settings that would meet the obligation: each offer was tried before it is made.

A refusal is mended step by step: what mends the first of the refusals is changed, and the whole is looked at again,
until nothing is refused or nothing is left to try.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_UP, Decimal

from pydantic import ValidationError

from trading.core.instrument import Instrument, plain
from trading.core.planning import Finding, Offer, Preview, Surroundings
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.preview import deposit_without_dips, findings, preview_without_offers
from trading.strategies.liquidity.references import reference_settings
from trading.strategies.liquidity.sizing import MOST_GOAL

_HEADROOM = Decimal("1.02")
"""What is offered leaves this room for the price to move before the first order."""
_CENT, _WHOLE, _TENTH = Decimal("0.01"), Decimal(1), Decimal("0.1")
_MOST_STEPS = 8
_WIDER = Decimal("1.2")
_REFERENCE = frozenset({"reference_is_target", "reference_missing", "reference_apart"})

Changes = Mapping[str, str]


def make_preview(config: LiquidityConfig, rules: Instrument, price: Decimal, around: Surroundings) -> Preview:
    """The quotes round ``price`` (quote) if nobody else were there, what is wrong with them and what would mend it."""
    seen = preview_without_offers(config, rules, price, around)
    return replace(seen, offers=tuple(_offers(_Bench(config, rules, price, around))))


@dataclass(frozen=True, slots=True)
class _Bench:
    """Settings to be tried, and the market on which they are."""

    config: LiquidityConfig
    rules: Instrument
    price: Decimal
    around: Surroundings

    def changed(self, changes: Changes) -> _Bench | None:
        """None for settings that are not valid together."""
        try:
            return replace(self, config=LiquidityConfig.model_validate({**self.config.model_dump(), **changes}))
        except ValidationError:
            return None

    def found(self) -> Sequence[Finding]:
        return tuple(findings(self.config, self.rules, self.price, self.around))

    def codes(self, severity: str) -> set[str]:
        return {finding.code for finding in self.found() if finding.severity == severity}

    @property
    def affordable(self) -> Decimal:
        """The largest deposit for which money and coin suffice, as far as they are known; zero for none."""
        quote, base = self.around.balances.get(self.rules.quote), self.around.balances.get(self.rules.base)
        limits = [self.config.deposit]
        limits += [quote] if quote is not None else []
        limits += [base * self.price / _HEADROOM] if base is not None and base * self.price < limits[0] else []
        return min(limits).quantize(_CENT, ROUND_DOWN)


def _offers(bench: _Bench) -> Iterator[Offer]:
    """With each of them nothing is refused any more, and what it is for is gone."""
    codes = bench.codes("refusal") | bench.codes("danger")
    starts: list[Changes] = [{}]
    if codes & _REFERENCE:
        starts = list(reference_settings(bench.config, bench.rules, bench.around.prices))
    for start in starts:
        changes = _mended(bench, start)
        changed = bench.changed(changes) if changes is not None else None
        if changes is None or changed is None or changed.codes("danger") & _REFERENCE:
            continue
        if changes:
            yield Offer("mend", changes)
        yield from _deep_enough(changed, changes)
        yield from _without_dips(changed, changes)


def _mended(bench: _Bench, changes: Changes) -> Changes | None:
    """The changes with what else they need, so that nothing is refused; None where nothing does it."""
    for _ in range(_MOST_STEPS):
        changed = bench.changed(changes)
        if changed is None:
            return None
        refused = [finding.code for finding in changed.found() if finding.severity == "refusal"]
        if not refused:
            return changes
        steps = (_MENDERS[code](changed) for code in refused if code in _MENDERS)
        step = next((step for step in steps if step), None)
        if step is None:
            return None
        changes = {**changes, **step}
    return None


def _deep_enough(bench: _Bench, changes: Changes) -> Iterator[Offer]:
    """Where the deposit cannot always show the depth: more of it, or less depth where the agreement allows that."""
    if "deposit_below_depth" not in bench.codes("danger"):
        return
    enough = (bench.config.min_depth * MOST_GOAL * Decimal("1.05")).quantize(_WHOLE, ROUND_UP)
    depth = (bench.config.deposit / MOST_GOAL / _HEADROOM).quantize(_CENT, ROUND_DOWN)
    for code, step in (("raise_deposit", {"deposit": plain(enough)}), ("lower_depth", {"min_depth": plain(depth)})):
        changed = bench.changed(step)
        if changed is not None and not changed.codes("refusal") and not changed.codes("danger"):
            yield Offer(code, {**changes, **step})


def _without_dips(bench: _Bench, changes: Changes) -> Iterator[Offer]:
    """Where one order more does not fit beside the others while they are renewed: the deposit with which it does."""
    if "renewal_dips" not in bench.codes("note"):
        return
    step = {"deposit": plain(deposit_without_dips(bench.config, bench.rules, bench.price))}
    changed = bench.changed(step)
    if changed is not None and not changed.codes("refusal") and "renewal_dips" not in changed.codes("note"):
        yield Offer("bridge", {**changes, **step})


# What mends one refusal


def _larger_orders(bench: _Bench) -> Changes | None:
    """Orders that pass the venue's minimums, and the deposit that pays so many of them."""
    config, rules = bench.config, bench.rules
    needed = max(rules.min_cost, rules.min_amount * bench.price, rules.amount_step * bench.price)
    least = (needed * _HEADROOM).quantize(_CENT, ROUND_UP)
    changes = {"min_order": plain(max(least, config.min_order))}
    if config.max_order < least:
        changes["max_order"] = plain(least)
    together = (least * config.orders_per_side * _HEADROOM).quantize(_WHOLE, ROUND_UP)
    if config.deposit < together:
        changes["deposit"] = plain(together)
    return changes


def _smaller_orders(bench: _Bench) -> Changes | None:
    """Orders below the venue's largest, as many more of them as the depth needs."""
    config, rules = bench.config, bench.rules
    if rules.max_amount is None:
        return None
    # The farthest bid stands lowest, where the same worth is the most coin.
    most = rules.max_amount * bench.price * (1 - config.depth_window_percent / 100) / _HEADROOM
    count = max(config.orders_per_side, int((config.min_depth * MOST_GOAL / most).to_integral_value(ROUND_CEILING)))
    worth = most.quantize(_CENT, ROUND_DOWN)
    changes = {"orders_per_side": str(count), "max_order": plain(min(worth, config.max_order))}
    if config.min_order > worth:
        changes["min_order"] = plain(worth)
    return changes


def _wider_spread(bench: _Bench) -> Changes | None:
    """The narrowest spread, in steps, that the venue's ticks allow."""
    spread = bench.config.max_spread_percent
    while (spread := (spread * _WIDER).quantize(_TENTH, ROUND_UP)) <= 50:
        changed = bench.changed({"max_spread_percent": plain(spread)})
        if changed is not None and "tick_too_coarse" not in changed.codes("refusal"):
            return {"max_spread_percent": plain(spread)}
    return None


def _smaller_deposit(bench: _Bench) -> Changes | None:
    """What money and coin suffice for, in orders that it pays."""
    deposit = bench.affordable
    if deposit <= 0:
        return None
    changes = {"deposit": plain(deposit)}
    each = (deposit / bench.config.orders_per_side / _HEADROOM).quantize(_CENT, ROUND_DOWN)
    if each < bench.config.min_order:
        changes["min_order"] = plain(each)
    return changes


_MENDERS: Mapping[str, Callable[[_Bench], Changes | None]] = {
    "below_min_cost": _larger_orders,
    "below_min_amount": _larger_orders,
    "above_max_amount": _smaller_orders,
    "tick_too_coarse": _wider_spread,
    "equity_too_small": _smaller_deposit,
    "base_too_small": _smaller_deposit,
}
