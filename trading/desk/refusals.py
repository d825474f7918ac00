"""Trouble in the desk's words: what venues and schemas say, made fit to be shown to a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from trading.core.planning import Unfit
from trading.desk.answers import DeskError, Problem
from trading.desk.connecting import title_of
from trading.exchanges.errors import BadCredentials, VenueError

LONGEST_DETAIL = 200

_ADDRESS = re.compile(r"\b\w+://\S+")
_SECRET = re.compile(
    r"(?i)\b([\w-]*(?:api[_-]?key|private[_-]?key|twofa|secret|passphrase|password|sign|signature|token))\b([\"']?\s*[=:]\s*[\"']?)[^\s\"',;&}]+"
)

_WHAT_IS_RIGHT = {
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "decimal_parsing": "must be a number",
    "decimal_type": "must be a number",
    "finite_number": "must be a number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_parsing": "must be yes or no",
    "enum": "must be {expected}",
    "missing": "is missing",
    "extra_forbidden": "is not a setting of this strategy",
}


def detail_of(problem: Exception, secrets: Iterable[str] = ()) -> str:
    """A venue's own words without addresses, values that look secret, and anything of ``secrets``."""
    text = str(problem)
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "…")
    text = _SECRET.sub(r"\1\2…", _ADDRESS.sub("(address)", text))
    return " ".join(text.split())[:LONGEST_DETAIL]


def venue_error(venue: str, problem: VenueError, secrets: Iterable[str] = ()) -> DeskError:
    """A venue's trouble as a refusal."""
    detail = detail_of(problem, secrets)
    if isinstance(problem, BadCredentials):
        return DeskError("key_refused", detail=detail)
    return DeskError("venue_away", venue=title_of(venue) if venue else "", detail=detail)


def settings_problems(wrong: ValidationError) -> Mapping[str, Problem]:
    """What would be right, by field ("" for the whole), in plain English; the first word on each field counts."""
    problems: dict[str, Problem] = {}
    for error in wrong.errors(include_url=False, include_input=False):
        problems.setdefault(".".join(str(part) for part in error["loc"]), _problem(dict(error)))
    return problems


def _problem(error: Mapping[str, Any]) -> Problem:
    values = error.get("ctx", {})
    if error["type"] != "value_error":
        return Problem(_WHAT_IS_RIGHT.get(error["type"], str(error["msg"])).format(**values))
    raised = values["error"]
    return Problem(str(raised), raised.code, raised.values) if isinstance(raised, Unfit) else Problem(str(raised))
