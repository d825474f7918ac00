"""Settings replayed over past candles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Any, Protocol

from trading.desk.file_answers import Progress, silent
from trading.desk.trial_answers import TrialReport, TrialSource


class Trials(Protocol):
    async def trial_of_bot(
        self,
        user_id: int,
        bot_id: int,
        source: TrialSource,
        *,
        labels: Mapping[str, str],
        dark: bool = False,
        tz: tzinfo = UTC,
        progress: Progress = silent,
    ) -> TrialReport:
        """A bot's settings over candles of its market, in a process of its own. Canceling the call ends it.

        ``labels`` are the words in the picture. DeskError: not_replayable (``lacks``: what candles do not hold),
        trial_running, too_many_trials, candles_few, candles_unreadable (``line``), candles_unordered (``line``),
        candles_header, candles_many, candles_large, trial_long, trial_failed, unknown_market, venue_away, key_refused.
        """
        ...

    async def trial_of_form(
        self,
        user_id: int,
        key_id: int | None,
        strategy: str,
        symbol: str,
        config: Mapping[str, Any],
        source: TrialSource,
        *,
        labels: Mapping[str, str],
        dark: bool = False,
        tz: tzinfo = UTC,
        progress: Progress = silent,
    ) -> TrialReport:
        """As ``trial_of_bot``, for a bot that is not there yet. Raises InvalidSettings too."""
        ...
