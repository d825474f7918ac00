"""What a preview found, worded: refusals first, then dangers, then notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tgbot.coins import Coins
from tgbot.words import Html, Words
from trading.core.planning import Finding

_ORDER = {"refusal": 0, "danger": 1, "note": 2}
_COUNTS = frozenset({"count", "levels", "orders", "rounds"})
_MARKS = {"refusal": "⛔", "danger": "⚠️", "note": "ℹ️"}


def finding_lines(words: Words, findings: Sequence[Finding], coins: Coins, severity: str | None = None) -> list[Html]:
    chosen = [each for each in findings if severity is None or each.severity == severity]
    return [_line(words, each, coins) for each in sorted(chosen, key=lambda each: _ORDER.get(each.severity, 3))]


def field_title(words: Words, name: str, fallback: str | None = None) -> str:
    key = f"field-{name}"
    return words.plain(key) if words.has(key) else fallback or name.replace("_", " ")


def counted(values: Mapping[str, str]) -> dict[str, str | int]:
    """Strings as they are; what counts something becomes a number, because it chooses the plural."""
    return {name: int(value) if _is_count(name) and value.isdecimal() else value for name, value in values.items()}


def _line(words: Words, finding: Finding, coins: Coins) -> Html:
    key = f"finding-{finding.code}"
    if words.has(key):
        text = words(key, **{**coins.values(), **counted(finding.values)})
    else:
        told = ", ".join(f"{name} {value}" for name, value in finding.values.items())
        text = words("finding-other", code=finding.code.replace("_", " "), values=told)
    return Html(f"{_MARKS.get(finding.severity, '•')} {text}")


def _is_count(name: str) -> bool:
    return name in _COUNTS or name.startswith("count_")
