"""Foreign errors into ours, in one place.

A refusal counts as proven only with a code that the venue's profile lists; the class of ccxt's exception proves
nothing for a write. Texts name class, code and the venue's own message, never an address, a header or a key.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aiohttp
import ccxt

from trading.exchanges.errors import (
    BadCredentials,
    NotSent,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
    VenueError,
)
from trading.exchanges.live.profiles import CODE, Profile

_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    socket.gaierror,
    ConnectionRefusedError,
)
_BROKEN_ANSWERS = (aiohttp.ClientError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError)
_DEFAULT_RETRY_AFTER = 1.0
_ADDRESS = re.compile(r"\b\w+://\S+")


@contextmanager
def translated(profile: Profile, *, write: bool, headers: Any = None) -> Iterator[None]:
    """Errors that leave the body become ours. ``headers()`` gives those of the last answer, for Retry-After."""
    try:
        yield
    except VenueError:
        raise
    except TimeoutError as exc:
        raise _lost(write, "no answer in time") from exc
    except ccxt.BaseError as exc:
        raise _meaning(profile, exc, write, headers() if headers else None) from exc
    except _BROKEN_ANSWERS as exc:
        if isinstance(exc, _NEVER_LEFT):
            raise _unsent(write, type(exc).__name__) from exc
        raise _lost(write, f"unreadable answer ({type(exc).__name__})") from exc


def code_of(text: str) -> str:
    """The venue's own code in an answer, or nothing."""
    found = CODE.search(text)
    return found.group(1) if found else ""


def refusal(profile: Profile, code: str, message: str, *, write: bool) -> VenueError:
    """What a code inside an answer (a failure list) means."""
    detail = _clean(message)
    if code in profile.throttles:
        return Throttled(_DEFAULT_RETRY_AFTER, detail)
    if code in profile.bad_credentials:
        return BadCredentials(f"code {code} {detail}".strip())
    reason = _reason(profile, code, message)
    return Rejected(reason, code, detail) if reason else _lost(write, f"code {code} {detail}".strip())


def _reason(profile: Profile, code: str, message: str) -> str | None:
    for its_code, part, reason in profile.phrases:
        if code == its_code and part in message:
            return reason
    return profile.rejections.get(code)


def _meaning(  # noqa: PLR0911  a table, written as one
    profile: Profile, exc: Exception, write: bool, headers: Mapping[str, str] | None
) -> VenueError:
    text = str(exc)
    code, message = code_of(text), _message(text)
    if code in profile.throttles:
        return Throttled(_retry_after(headers), message)
    if code in profile.bad_credentials or _reason(profile, code, message) is not None:
        return refusal(profile, code, message, write=write)
    told = " ".join(part for part in (type(exc).__name__, code, message) if part)
    if isinstance(exc, ccxt.ExchangeClosedByUser) or any(isinstance(cause, _NEVER_LEFT) for cause in _causes(exc)):
        return _unsent(write, told)
    match exc:
        case ccxt.DDoSProtection() | ccxt.RateLimitExceeded():
            return Throttled(_retry_after(headers), told)
        case ccxt.AuthenticationError() | ccxt.PermissionDenied():
            return BadCredentials(told)
        case ccxt.OrderNotFound() if not write and not profile.is_proven:
            # It may be lagging: whoever calls an order absent asks twice, and every list besides.
            return Rejected("not_found", code, told)
        case ccxt.ExchangeError() if write and not profile.is_proven and exc.__cause__ is None:
            return OutcomeUnknown(told, refusal=message or told)
        case _:
            return _lost(write, told)


def _lost(write: bool, detail: str) -> VenueError:
    return OutcomeUnknown(detail) if write else Unavailable(detail)


def _unsent(write: bool, detail: str) -> VenueError:
    return NotSent(detail) if write else Unavailable(f"no connection ({detail})")


def _causes(exc: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = exc
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _message(text: str) -> str:
    """The venue's own sentence in an answer; the rest of ccxt's text holds addresses and bodies."""
    start = text.find("{")
    if start < 0:
        return ""
    try:
        body = json.loads(text[start:])
    except ValueError:
        return ""
    said = next((body[key] for key in ("msg", "message", "retMsg") if isinstance(body.get(key), str)), "")
    return _clean(said)


def _clean(text: str) -> str:
    return _ADDRESS.sub("(address)", text)[:160]


def _retry_after(headers: Mapping[str, str] | None) -> float:
    for name, value in (headers or {}).items():
        if name.lower() == "retry-after":
            try:
                return max(0.0, float(value))
            except ValueError:
                break
    return _DEFAULT_RETRY_AFTER
