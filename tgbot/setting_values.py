"""What the text of a setting may be, and the value that it becomes. Each raises ValueError with what would be right."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator


def from_text(parse: Callable[[str], Any]) -> BeforeValidator:
    """``parse`` turns the text of a setting into its value, or raises ValueError with what would be right."""
    return BeforeValidator(lambda value: parse(value.strip()) if isinstance(value, str) else value)


def whole(low: int, high: int) -> BeforeValidator:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {text!r}")
        return int(text)

    return from_text(parse)


def number(high: str | None = None) -> BeforeValidator:
    right = "must be a number above 0" + (f" and at most {high}" if high else "")

    def parse(text: str) -> Decimal:
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number <= 0 or (high is not None and number > Decimal(high)):
            raise ValueError(f"{right}, not {text!r}")
        return number

    return from_text(parse)


def one_of(*words: str, change: Callable[[str], str]) -> BeforeValidator:
    def parse(text: str) -> str:
        if change(text) not in words:
            raise ValueError(f"must be one of {', '.join(words)}, not {text!r}")
        return change(text)

    return from_text(parse)


def json_of(value: Callable[[Any], Any], right: str) -> BeforeValidator:
    def parse(text: str) -> dict[str, Any]:
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ValueError(f"must be JSON such as {right}")  # noqa: TRY004  # pydantic collects ValueErrors
        return {name: _item(name, item, value) for name, item in found.items()}

    return from_text(parse)


def _item(name: str, item: Any, value: Callable[[Any], Any]) -> Any:
    try:
        return value(item)
    except ValueError as error:
        raise ValueError(f"{error} (at {name})") from error


def address(found: Any) -> str:
    """Encrypted, or not leaving this machine. The error does not repeat it: it may hold a password."""
    right = "must be an https:// address (http:// only on this machine)"
    try:
        parts = urlsplit(found if isinstance(found, str) else "")
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as error:
        raise ValueError(right) from error
    if not host or not (parts.scheme in ("https", "wss") or (parts.scheme in ("http", "ws") and is_loopback(host))):
        raise ValueError(right)
    return str(found)


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def token(text: str) -> str:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", text):
        raise ValueError("must look like 123456:ABC-def, as BotFather gives it")
    return text


def webhook_secret(text: str) -> str:
    """What Telegram takes as a secret token, and long enough not to be guessed."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", text):
        raise ValueError("must be 16 to 256 Latin letters, digits, _ and -")
    return text


def webhook_address(text: str) -> str:
    if urlsplit(address(text)).scheme not in ("https", "http") or {"?", "#"} & set(text):
        raise ValueError("must be an https:// address without ? and #, such as https://bot.example/telegram")
    return text.rstrip("/")


def ids(text: str) -> frozenset[int]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    wrong = [name for name in names if not re.fullmatch(r"[0-9]{1,18}", name)]
    if wrong:
        raise ValueError(f"must be Telegram ids (numbers) with commas between them, not {', '.join(wrong)}")
    return frozenset(map(int, names))


def master_keys(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for number, name in enumerate(names, 1):
        try:
            size = len(base64.b64decode(name, altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
            size = 0
        if size != 32:
            raise ValueError(
                f"must be 32 bytes in URL-safe base64 (44 characters), several with commas; number {number} is not"
            )
    return names


def database(text: str) -> str:
    if not re.fullmatch(r"sqlite\+aiosqlite:///[^?]+", text) or text.endswith((":memory:", "/")):
        raise ValueError("must be sqlite+aiosqlite:/// and a file, such as sqlite+aiosqlite:///data/makergram.db")
    return text


def recording(found: Any) -> Path:
    if not isinstance(found, str) or not Path(found).is_file():
        raise ValueError(f"must name recordings that are there; {found!r} is no file")
    return Path(found)


def budget(found: Any) -> int:
    if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= 100_000:
        raise ValueError(f"must give each venue a whole number from 1 to 100000, not {found!r}")
    return found
