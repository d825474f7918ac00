"""How long an obligation was kept: shares by day, and each breach with its time, length and cause.

Made from samples of kind ``obligation``, one a second. What no sample speaks for is unknown, and never counted as kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from trading.core.planning import Sample

SPEAKS_FOR = timedelta(seconds=2)
"""The longest that a sample stands for the time after it: a second, and one more for a late tick."""
NOTHING = timedelta(0)
ONE_DAY = timedelta(days=1)


class Kept(StrEnum):
    KEPT = "kept"
    BREACHED = "breached"
    UNKNOWN = "unknown"


_WORDS = {"yes": Kept.KEPT, "no": Kept.BREACHED}


@dataclass(frozen=True, slots=True)
class Reading:
    """One second of the obligation. A number is None where there was none; depth in quote currency."""

    at: datetime
    spread: Kept
    depth: Kept
    cause: str
    body: Mapping[str, str]

    @property
    def says(self) -> tuple[Kept, Kept, str]:
        return self.spread, self.depth, self.cause

    @property
    def spread_percent(self) -> Decimal | None:
        return _number(self.body.get("spread_percent", ""))

    @property
    def lowest_depth(self) -> Decimal | None:
        """Of the poorer side."""
        bids, asks = _number(self.body.get("bid_depth", "")), _number(self.body.get("ask_depth", ""))
        return None if bids is None or asks is None else min(bids, asks)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in which nothing changed; ``start`` belongs to it, ``end`` does not."""

    start: datetime
    end: datetime
    spread: Kept
    depth: Kept
    cause: str = ""

    @property
    def both(self) -> Kept:
        """Kept when both are, breached when either is."""
        if Kept.BREACHED in (self.spread, self.depth):
            return Kept.BREACHED
        return Kept.UNKNOWN if Kept.UNKNOWN in (self.spread, self.depth) else Kept.KEPT


@dataclass(frozen=True, slots=True)
class Uptime:
    """Lengths of time. The shares are of all the time, 0 to 1, and add up to one."""

    kept: timedelta = NOTHING
    breached: timedelta = NOTHING
    unknown: timedelta = NOTHING

    @property
    def kept_share(self) -> float:
        return self._share(self.kept)

    @property
    def breached_share(self) -> float:
        return self._share(self.breached)

    @property
    def unknown_share(self) -> float:
        return self._share(self.unknown)

    def _share(self, part: timedelta) -> float:
        whole = self.kept + self.breached + self.unknown
        return part / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Breach:
    """A stretch in which spread or depth (or both, or one after the other) was not kept.

    ``cause`` is the one that lasted longest. ``worst_spread_percent`` and ``lowest_depth`` (quote, the poorer side) are
    the worst that was seen, None where there was nothing to measure. ``is_open``: not over when the report was made.
    """

    start: datetime
    end: datetime
    spread: bool
    depth: bool
    cause: str
    worst_spread_percent: Decimal | None
    lowest_depth: Decimal | None
    is_open: bool = False

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the report's time zone, or as much of it as the report covers. ``begins``: its midnight, there."""

    day: date
    begins: datetime
    spans: tuple[Span, ...]
    spread: Uptime
    depth: Uptime
    both: Uptime
    breaches: int


@dataclass(frozen=True, slots=True)
class Report:
    """The obligation between two moments."""

    since: datetime
    until: datetime
    days: tuple[Day, ...]
    spread: Uptime
    depth: Uptime
    both: Uptime
    breaches: tuple[Breach, ...]

    @property
    def longest(self) -> Sequence[Breach]:
        """The breaches, the longest first."""
        return sorted(self.breaches, key=lambda breach: (-breach.length, breach.start))


def make_report(samples: Iterable[Sample], since: datetime, until: datetime, tz: tzinfo = UTC) -> Report:
    """The report of [since, until) from samples in time order; those of another kind or time are left out.

    Its days are those of ``tz``.

    Raises ValueError when ``until`` is not after ``since``.
    """
    if until <= since:
        raise ValueError(f"a report needs time: {since} to {until}")
    readings = [reading for reading in read(samples) if since <= reading.at < until]
    covered = list(spans(readings, since, until))
    breaches = tuple(find_breaches(readings, covered, until))
    return Report(
        since=since,
        until=until,
        days=tuple(_days(covered, breaches, tz)),
        spread=_uptime(covered, "spread"),
        depth=_uptime(covered, "depth"),
        both=_uptime(covered, "both"),
        breaches=breaches,
    )


def read(samples: Iterable[Sample]) -> Iterator[Reading]:
    """The obligation's samples as readings. One that cannot be read says nothing, so its second is unknown."""
    for sample in samples:
        if sample.kind == "obligation":
            body = sample.body
            spread, depth = (_WORDS.get(body.get(name, ""), Kept.UNKNOWN) for name in ("spread", "depth"))
            yield Reading(sample.at, spread, depth, body.get("cause", ""), body)


def spans(readings: Iterable[Reading], since: datetime, until: datetime) -> Iterator[Span]:
    """What was so from ``since`` to ``until`` without a gap, neighbours that are alike joined.

    A reading stands until the next one, for SPEAKS_FOR at most; what no reading stands for is unknown.
    """
    held: Span | None = None
    for span in _raw_spans(readings, since, until):
        if held is not None and _are_alike(held, span):
            held = Span(held.start, span.end, held.spread, held.depth, held.cause)
        else:
            if held is not None:
                yield held
            held = span
    if held is not None:
        yield held


def find_breaches(readings: Sequence[Reading], covered: Iterable[Span], until: datetime) -> Iterator[Breach]:
    """Each unbroken stretch of breached spans; the unknown ends a breach, for nobody knows how it went on."""
    run: list[Span] = []
    place = 0
    for span in [*covered, Span(until, until, Kept.UNKNOWN, Kept.UNKNOWN)]:
        if span.both is Kept.BREACHED:
            run.append(span)
        elif run:
            while place < len(readings) and readings[place].at < run[0].start:
                place += 1
            first = place
            while place < len(readings) and readings[place].at < run[-1].end:
                place += 1
            yield _breach(run, readings[first:place], until)
            run = []


def _breach(run: Sequence[Span], seen: Sequence[Reading], until: datetime) -> Breach:
    lasted: Counter[str] = Counter()
    for span in run:
        lasted[span.cause] += round((span.end - span.start).total_seconds() * 1000)
    return Breach(
        start=run[0].start,
        end=run[-1].end,
        spread=any(span.spread is Kept.BREACHED for span in run),
        depth=any(span.depth is Kept.BREACHED for span in run),
        cause=lasted.most_common(1)[0][0],
        worst_spread_percent=max(_known(one.spread_percent for one in seen), default=None),
        lowest_depth=min(_known(one.lowest_depth for one in seen), default=None),
        is_open=run[-1].end >= until,
    )


def _raw_spans(readings: Iterable[Reading], since: datetime, until: datetime) -> Iterator[Span]:
    """Spans of readings that say the same and follow each other closely, and unknown ones where they do not."""
    first: Reading | None = None
    start = last_at = since
    for reading in readings:
        if first is not None and reading.at - last_at <= SPEAKS_FOR and reading.says == first.says:
            last_at = max(last_at, reading.at)
            continue
        if reading.at < last_at:
            continue
        yield from _between(first, start, last_at, min(reading.at, until))
        first, start, last_at = reading, reading.at, reading.at
    yield from _between(first, start, last_at, until)


def _between(said: Reading | None, start: datetime, last_at: datetime, end: datetime) -> Iterator[Span]:
    """From ``start`` to ``end``; the last reading that says so is of ``last_at``."""
    spoken = start if said is None else min(end, last_at + SPEAKS_FOR)
    if said is not None and spoken > start:
        yield Span(start, spoken, said.spread, said.depth, said.cause)
    if end > spoken:
        yield Span(spoken, end, Kept.UNKNOWN, Kept.UNKNOWN)


def _are_alike(one: Span, other: Span) -> bool:
    return (one.spread, one.depth, one.cause) == (other.spread, other.depth, other.cause)


def _days(covered: Sequence[Span], breaches: Sequence[Breach], tz: tzinfo) -> Iterator[Day]:
    """The spans cut at midnight. A breach counts on each day that it touches."""
    by_day: dict[date, list[Span]] = {}
    for span in covered:
        for part in _cut(span, tz):
            by_day.setdefault(part.start.astimezone(tz).date(), []).append(part)
    for day, parts in sorted(by_day.items()):
        begins, ends = _midnight(day, tz), _midnight(day + ONE_DAY, tz)
        touched = sum(breach.start < ends and breach.end > begins for breach in breaches)
        yield Day(
            day=day,
            begins=begins.astimezone(tz),
            spans=tuple(parts),
            spread=_uptime(parts, "spread"),
            depth=_uptime(parts, "depth"),
            both=_uptime(parts, "both"),
            breaches=touched,
        )


def _cut(span: Span, tz: tzinfo) -> Iterator[Span]:
    start, end = span.start.astimezone(UTC), span.end.astimezone(UTC)
    while start < end:
        midnight = _midnight(start.astimezone(tz).date() + ONE_DAY, tz)
        yield Span(start, min(end, midnight), span.spread, span.depth, span.cause)
        start = midnight


def _midnight(day: date, tz: tzinfo) -> datetime:
    """As a moment of UTC: only so do moments compare, whatever clocks do there."""
    return datetime(day.year, day.month, day.day, tzinfo=tz).astimezone(UTC)


def _uptime(parts: Iterable[Span], what: str) -> Uptime:
    lengths = dict.fromkeys(Kept, NOTHING)
    for part in parts:
        lengths[getattr(part, what)] += part.end - part.start
    return Uptime(lengths[Kept.KEPT], lengths[Kept.BREACHED], lengths[Kept.UNKNOWN])


def _known(numbers: Iterable[Decimal | None]) -> list[Decimal]:
    return [number for number in numbers if number is not None]


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
