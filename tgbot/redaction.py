"""Keeps secrets out of the log: tokens, API keys, signatures and the queries of addresses."""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

_HIDDEN = "***"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A Telegram token, also inside an API address.
    (re.compile(r"(?<!\d)(\d{6,12}):[A-Za-z0-9_-]{10,}"), rf"\1:{_HIDDEN}"),
    # Everything behind the question mark of an address, and credentials before its host.
    (re.compile(r"(https?|wss?)://[^/\s@]+@"), rf"\1://{_HIDDEN}@"),
    (re.compile(r"((?:https?|wss?)://[^\s?'\"<>]+)\?[^\s'\"<>]+"), rf"\1?{_HIDDEN}"),
    # name=value, "name": "value" and Header: value, of whatever is called like a secret.
    (
        re.compile(
            r"(?i)([\w-]*(?:api[_-]?key|apikey|secret|passphrase|password|signature|\bsign|token|authorization|"
            r"private[_-]?key|twofa|access[_-]key|listen[_-]?key|master[_-]key)[\w-]*[\"']?\s*[=:]\s*)(?:Bearer\s+)?"
            r"(\"[^\"]*\"|'[^']*'|[^\s,;&\"'}\])]+)"
        ),
        rf"\1{_HIDDEN}",
    ),
)

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def redact(text: str) -> str:
    """``text`` without what must not be written down."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


class RedactionFilter(logging.Filter):
    """Put on every handler of the log: it rewrites the message, its values and the traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = redact(_formatted((record.exc_info[0], record.exc_info[1], record.exc_info[2])))
            record.exc_info = None
        elif record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True


def _formatted(exc_info: _ExcInfo) -> str:
    return "".join(traceback.format_exception(*exc_info)).rstrip()


def redact_logs(logger: logging.Logger | None = None) -> None:
    """Put the filter on every handler of ``logger`` (the root by default) that has none yet."""
    for handler in (logger or logging.getLogger()).handlers:
        if not any(isinstance(each, RedactionFilter) for each in handler.filters):
            handler.addFilter(RedactionFilter())
