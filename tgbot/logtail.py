"""The end of the log, kept in memory for admins to look at from the chat."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence

from tgbot.redaction import RedactionFilter

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_MOST_LINES = 2000


class LogTail(logging.Handler):
    """The last lines since the start of the process, without secrets whatever else handles the records."""

    def __init__(self, most: int = _MOST_LINES) -> None:
        super().__init__()
        self._lines: deque[str] = deque(maxlen=most)
        self.setFormatter(logging.Formatter(LOG_FORMAT))
        self.addFilter(RedactionFilter())

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.extend(self.format(record).splitlines())

    def last(self, count: int | None = None) -> Sequence[str]:
        """The newest ``count`` lines, the oldest of them first; None: all there are."""
        lines = list(self._lines)
        return lines if count is None else lines[-count:] if count else []
