"""What a file is asked for with, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_SHEET_ROWS = 50_000
"""Rows of one sheet of a workbook, the newest."""
MOST_WORKBOOK_ROWS = 250_000
"""Rows of a workbook in all: what a chat takes as a file and a spreadsheet opens on a phone."""

Progress = Callable[[str, float], None]
"""Hears a stage by its code, and the share of it from 0 to 1; may be called in another thread."""


def silent(stage: str, share: float) -> None:
    """Nobody looks."""


@dataclass(frozen=True, slots=True)
class Span:
    """``last``: how far back from the bot's own now; else from ``since`` on, until before ``until``. Nothing: all."""

    last: timedelta | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExportFile:
    """``name`` is ours, never what a person typed. ``cut`` names the tables of which only the newest rows are there.

    ``rows`` are counted without headers and contents.
    """

    name: str
    content: bytes
    rows: int
    cut: tuple[str, ...] = ()
