"""Which paper time it was at a moment of the machine's: paper time stands still while the process is down."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_KEPT = timedelta(days=3)
"""A daily report looks back a day, and may be late by another."""


@dataclass(frozen=True, slots=True)
class PaperRun:
    """One life of the process: when it began, at which paper time, and how fast that ran."""

    began: datetime
    paper: datetime
    speed: float

    def at(self, moment: datetime) -> datetime:
        return self.paper + (moment - self.began) * self.speed


@dataclass(frozen=True, slots=True)
class PaperRuns:
    """The lives of late, the oldest first; there is one at least."""

    runs: Sequence[PaperRun]

    def at(self, moment: datetime) -> datetime:
        """Paper time at ``moment``, as if the oldest life known had always gone on before it."""
        place = max((number for number, run in enumerate(self.runs) if run.began <= moment), default=0)
        later = self.runs[place + 1 :]
        found = self.runs[place].at(moment)
        return min(found, later[0].paper) if later else found

    def and_then(self, run: PaperRun) -> PaperRuns:
        """With one more life; what ended long before it is forgotten."""
        runs = [*self.runs, run]
        ended_long_ago = [number for number, each in enumerate(runs) if each.began < run.began - _KEPT]
        return PaperRuns(tuple(runs[max(ended_long_ago, default=0) :]))

    def dump(self) -> str:
        return json.dumps([[run.began.isoformat(), run.paper.isoformat(), run.speed] for run in self.runs])

    @classmethod
    def load(cls, text: str | None) -> PaperRuns:
        told = json.loads(text) if text else []
        moments = [
            (datetime.fromisoformat(began), datetime.fromisoformat(paper), speed) for began, paper, speed in told
        ]
        return cls(tuple(PaperRun(*each) for each in moments))
