"""The end of the log, kept in memory for admins to look at from the chat."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tgbot.redaction import RedactionFilter

_SAID = "%(levelname)s %(name)s: %(message)s"
LOG_FORMAT = f"%(asctime)s {_SAID}"
_MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class LogLine:
    """``at`` is None for what belongs to the line before it, as in a traceback."""

    at: datetime | None
    text: str


class LogTail(logging.Handler):
    """The last lines since the start of the process, without secrets whatever else handles the records."""

    def __init__(self, most: int = _MOST_LINES) -> None:
        super().__init__()
        self._lines: deque[LogLine] = deque(maxlen=most)
        self.setFormatter(logging.Formatter(_SAID))
        self.addFilter(RedactionFilter())

    def emit(self, record: logging.LogRecord) -> None:
        first, *others = self.format(record).splitlines() or [""]
        self._lines.append(LogLine(datetime.fromtimestamp(record.created, UTC), first))
        self._lines.extend(LogLine(None, other) for other in others)

    def last(self, count: int | None = None) -> Sequence[LogLine]:
        """The newest ``count`` lines, the oldest of them first; None: all there are."""
        lines = list(self._lines)
        return lines if count is None else lines[-count:] if count else []
