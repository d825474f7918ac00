"""Answers about what a person hears, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trading.core.hearing import QuietHours
from trading.core.telling import Level


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """One topic as this person hears it. ``following`` is what comes next when it is changed by a press.

    ``keeps_essential``: what must be known is told, silently, also when the topic is off. A topic of which everything
    must be known cannot be switched off: ``may_be_off`` is False.
    """

    topic: str
    level: Level
    may_be_off: bool
    keeps_essential: bool

    @property
    def following(self) -> Level:
        cycle = (Level.LOUD, Level.SILENT, Level.OFF) if self.may_be_off else (Level.LOUD, Level.SILENT)
        return cycle[(cycle.index(self.level) + 1) % len(cycle)]


@dataclass(frozen=True, slots=True)
class HearingCard:
    """A person's choices. ``report_at`` is minutes after local midnight, None: no daily report.

    ``now`` is the moment of the answer, for showing the local time; ``next_report_at`` is UTC.
    """

    topics: Sequence[TopicChoice]
    quiet: QuietHours | None
    time_zone: str
    report_at: int | None
    next_report_at: datetime | None
    now: datetime
