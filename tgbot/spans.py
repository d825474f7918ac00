"""A span of days as a person types it: "2026-01-05 2026-01-31", "5.1.2026 - 31.1.2026", or one day to begin with."""

from __future__ import annotations

import re
from datetime import UTC, date, timedelta, tzinfo

from trading.core.hearing import moment_of
from trading.desk.file_answers import Span

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")
_FIRST, _LAST = date(2009, 1, 1), date(2100, 1, 1)
_LONGEST = 60


class WrongSpan(Exception):
    """``code``: dates-odd, dates-turned."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_span(text: str, zone: tzinfo = UTC) -> Span:
    """Whole days of ``zone``, the last one included; without a last day everything since. Raises WrongSpan."""
    found = list(_DAY.finditer(text))
    rest = _DAY.sub(" ", text)
    if len(text) > _LONGEST or len(found) not in (1, 2) or re.search(r"\w", re.sub(r"\b(по|to|с|from|до)\b", "", rest)):
        raise WrongSpan("dates-odd")
    days = [_day(match) for match in found]
    if days != sorted(days):
        raise WrongSpan("dates-turned")
    until = moment_of(days[1] + timedelta(days=1), 0, zone) if len(days) == 2 else None
    return Span(since=moment_of(days[0], 0, zone), until=until)


def _day(match: re.Match[str]) -> date:
    year, month, day, other_day, other_month, other_year = match.groups()
    try:
        told = date(int(year or other_year), int(month or other_month), int(day or other_day))
    except ValueError as error:
        raise WrongSpan("dates-odd") from error
    if not _FIRST <= told < _LAST:
        raise WrongSpan("dates-odd")
    return told
