"""Settings that would work: each offer was tried on the whole preview before it is made.

An offer that mends a refusal leads to a preview without refusals; one that mends a danger, to one without dangers and
refusals, also with 1 % less money: the market moves between a preview and its start, and amounts are floored anew at
each price. Numbers are rounded to the side that works: deposits up to 0.1, multipliers down to 0.001, coverage down to
0.5 %.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pydantic import ValidationError

from trading.core.instrument import Instrument, plain
from trading.core.planning import Finding, MarginMode, Offer
from trading.strategies.grid.config import GridConfig, Sizing, SmallLevels
from trading.strategies.grid.findings import find, round_trip_percent
from trading.strategies.grid.survey import survey

Changes = Mapping[str, str]

_DEPOSIT_STEP = Decimal("0.1")
_MULTIPLIER_STEP = Decimal("0.001")
_COVERAGE_STEP = Decimal("0.5")
_TAKE_PROFIT_STEP = Decimal("0.05")
_TOO_SMALL = frozenset({"below_min_cost", "below_min_amount"})
_MOST_DEPOSITS = 10_000
"""How many times the present deposit an offer may ask for."""
_SMALLEST_SHARE = 10
"""The smallest part of the present deposit that an offer to lower it names."""
_TRIES = 6
_TO_SPARE = Decimal("0.99")
"""The share of an offer's deposit with which it still has to work: amounts shrink as the price grows."""


@dataclass(frozen=True, slots=True)
class _Bench:
    """One price and account on which changed settings are tried."""

    config: GridConfig
    instrument: Instrument
    price: Decimal
    equity: Decimal | None

    def findings(self, changes: Changes) -> Sequence[Finding] | None:
        """What a preview of the changed settings would say; None when they are not valid together."""
        try:
            changed = GridConfig.model_validate({**self.config.model_dump(), **changes})
        except ValidationError:
            return None
        return find(survey(changed, self.instrument, self.price, self.equity), self.instrument, self.equity)

    def is_allowed(self, changes: Changes) -> bool:
        return self._is_free_of(changes, {"refusal"})

    def is_safe(self, changes: Changes) -> bool:
        return self._is_free_of(changes, {"refusal", "danger"})

    def survives(self, changes: Changes) -> bool:
        return self._is_free_of(changes, {"danger"})

    def _is_free_of(self, changes: Changes, severities: set[str]) -> bool:
        deposit = Decimal(changes.get("deposit", self.config.deposit)) * _TO_SPARE
        return all(
            findings is not None and not any(finding.severity in severities for finding in findings)
            for findings in (self.findings(tried) for tried in (changes, {**changes, "deposit": plain(deposit)}))
        )


def find_offers(
    config: GridConfig, instrument: Instrument, price: Decimal, equity: Decimal | None, findings: Sequence[Finding]
) -> tuple[Offer, ...]:
    """What mends ``findings``, each once: what makes Start possible first, then what survives."""
    bench = _Bench(config, instrument, price, equity)
    offers: list[Offer] = []
    if any(finding.severity == "refusal" for finding in findings):
        offers.extend(_to_be_allowed(bench, {finding.code for finding in findings}))
    if any(finding.severity == "danger" for finding in findings):
        offers.extend(_to_survive(bench))
    return tuple({tuple(sorted(offer.changes.items())): offer for offer in reversed(offers)}.values())[::-1]


# What makes Start possible


def _to_be_allowed(bench: _Bench, codes: set[str]) -> Iterator[Offer]:
    forced = _forced(bench, codes)
    if forced and bench.is_allowed(forced):
        yield Offer("within_limits", forced)
        return
    # What was hidden by too much leverage or money may show when it is taken away.
    codes = codes | {finding.code for finding in bench.findings(forced) or ()}
    candidates: list[tuple[str, Changes | None]] = []
    if codes & _TOO_SMALL:
        candidates = [
            ("raise_deposit", _least_deposit(bench, forced)),
            ("fewer_levels", _most_levels(bench, forced, bench.is_allowed)),
            ("smaller_multiplier", _largest_multiplier(bench, forced)),
            ("merge_levels", {**forced, "small_levels": SmallLevels.MERGE.value}),
            ("exact_sizing", {**forced, "sizing": Sizing.EXACT.value}),
        ]
    elif codes & {"levels_share_price", "no_price"}:
        candidates = [
            ("fewer_levels", _most_levels(bench, forced, bench.is_allowed)),
            ("less_coverage", _most_coverage(bench, forced)),
        ]
    elif "above_max_amount" in codes:
        candidates = [("lower_deposit", _most_deposit(bench, forced, bench.is_allowed))]
    yield from (Offer(code, changes) for code, changes in candidates if changes and bench.is_allowed(changes))


def _forced(bench: _Bench, codes: set[str]) -> dict[str, str]:
    """What has to change whatever else does: leverage, deposit and take-profit beyond their limits."""
    changes: dict[str, str] = {}
    if "leverage_too_high" in codes:
        changes |= _highest(range(bench.config.leverage - 1, 0, -1), "leverage", bench, {}, _is_leverage_allowed)
    if "equity_too_small" in codes and bench.equity is not None:
        changes["deposit"] = plain(_stepped(bench.equity, _DEPOSIT_STEP, ROUND_FLOOR))
    if "take_profit_below_fees" in codes:
        enough = round_trip_percent(bench.instrument) + _TAKE_PROFIT_STEP
        changes["take_profit_percent"] = plain(_stepped(enough, _TAKE_PROFIT_STEP, ROUND_CEILING))
    return changes


def _is_leverage_allowed(bench: _Bench, changes: Changes) -> bool:
    findings = bench.findings(changes)
    return findings is not None and all(finding.code != "leverage_too_high" for finding in findings)


# What survives


def _to_survive(bench: _Bench) -> Iterator[Offer]:
    """One changed setting where one is enough; else the leverage or coverage that survives, with what it needs."""
    leverages = [{"leverage": str(leverage)} for leverage in range(bench.config.leverage - 1, 0, -1)]
    yield from _surviving("survive_leverage", bench, leverages)
    top = int(_stepped(bench.config.coverage_percent, _COVERAGE_STEP, ROUND_CEILING) / _COVERAGE_STEP)
    coverages = [{"coverage_percent": plain(units * _COVERAGE_STEP)} for units in range(top - 1, 0, -1)]
    yield from _surviving("survive_coverage", bench, coverages)
    if bench.config.margin_mode is MarginMode.CROSS and bench.equity is not None:
        # Only where the wallet is larger than the deposit does a smaller grid live longer.
        smaller = _most_deposit(bench, {}, bench.is_safe)
        yield from [Offer("survive_deposit", smaller)] if smaller else []


def _surviving(code: str, bench: _Bench, mildest_first: Sequence[Changes]) -> Iterator[Offer]:
    """The mildest change that survives, alone; where the venue's minimum forbids it, with a deposit or fewer levels.

    Rounding to steps moves the edge a little, so a few harder changes are tried too.
    """
    first = next((index for index, changes in enumerate(mildest_first) if bench.survives(changes)), None)
    if first is None:
        return
    tries = mildest_first[first : first + _TRIES]
    safe = next((changes for changes in tries if bench.is_safe(changes)), None)
    if safe:
        yield Offer(code, safe)
        return
    with_deposit = (changes for base in tries if (changes := _least_deposit(bench, base)))
    richer = next((changes for changes in with_deposit if bench.is_safe(changes)), None)
    if richer:
        yield Offer(f"{code}_deposit", richer)
    with_levels = (changes for base in tries if (changes := _most_levels(bench, base, bench.is_safe)))
    shorter = next(with_levels, None)
    if shorter:
        yield Offer(f"{code}_levels", shorter)


# Searches


def _highest(
    values: range, field: str, bench: _Bench, base: Changes, works: Callable[[_Bench, Changes], bool]
) -> dict[str, str]:
    """The first of ``values`` that works, as a change; empty when none does."""
    for value in values:
        changes = {**base, field: str(value)}
        if works(bench, changes):
            return changes
    return {}


def _most_levels(bench: _Bench, base: Changes, works: Callable[[Changes], bool]) -> Changes | None:
    for levels in range(bench.config.grid_levels - 1, 1, -1):
        changes = {**base, "grid_levels": str(levels)}
        if works(changes):
            return changes
    return None


def _least_deposit(bench: _Bench, base: Changes) -> Changes | None:
    """The smallest deposit, in steps of 0.1, from which on nothing is refused; the road there is searched in halves."""
    low = int(_stepped(bench.config.deposit, _DEPOSIT_STEP, ROUND_FLOOR) / _DEPOSIT_STEP)
    found = _least(low, low * _MOST_DEPOSITS, lambda steps: bench.is_allowed(_deposit(base, steps)))
    return None if found is None else _deposit(base, found)


def _most_deposit(bench: _Bench, base: Changes, works: Callable[[Changes], bool]) -> Changes | None:
    """A smaller deposit that works, near the largest: halved until it does, then raised again in halves."""
    high = int(_stepped(bench.config.deposit, _DEPOSIT_STEP, ROUND_FLOOR) / _DEPOSIT_STEP)
    low = high // 2
    least = max(1, high // _SMALLEST_SHARE)
    while low >= least and not works(_deposit(base, low)):
        high, low = low, low // 2
    if low < least:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if works(_deposit(base, middle)) else (low, middle)
    return _deposit(base, low)


def _largest_multiplier(bench: _Bench, base: Changes) -> Changes | None:
    top = int(_stepped(bench.config.martingale_multiplier, _MULTIPLIER_STEP, ROUND_FLOOR) / _MULTIPLIER_STEP)
    return _largest("martingale_multiplier", _MULTIPLIER_STEP, range(1000, top), bench.is_allowed, base, coarse=20)


def _most_coverage(bench: _Bench, base: Changes) -> Changes | None:
    """The widest grid whose levels all have a price of their own."""
    top = int(_stepped(bench.config.coverage_percent, _COVERAGE_STEP, ROUND_FLOOR) / _COVERAGE_STEP)
    return _largest("coverage_percent", _COVERAGE_STEP, range(1, top), bench.is_allowed, base, coarse=20)


def _largest(
    field: str, step: Decimal, units: range, works: Callable[[Changes], bool], base: Changes, *, coarse: int
) -> Changes | None:
    """The largest of ``units`` (in ``step``) that works: first in coarse strides from above, then one by one."""

    def change(unit: int) -> Changes:
        return {**base, field: plain(unit * step)}

    strides = [*range(units.stop - 1, units.start, -coarse), units.start] if units else []
    for stride in strides:
        if works(change(stride)):
            above = min(stride + coarse, units.stop)
            return change(next(unit for unit in range(above - 1, stride - 1, -1) if works(change(unit))))
    return None


def _least(low: int, most: int, works: Callable[[int], bool]) -> int | None:
    """The smallest number above ``low`` that works, taking it that all above it do; None beyond ``most``."""
    high = max(low, 1)
    while not works(high):
        low, high = high, high * 2
        if high > most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high


def _deposit(base: Changes, steps: int) -> Changes:
    return {**base, "deposit": plain(steps * _DEPOSIT_STEP)}


def _stepped(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (value / step).to_integral_value(rounding) * step
