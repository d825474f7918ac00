"""Forms made from a strategy's config model: what each field is, which answers it takes, what is wrong with one.

Adding a strategy adds nothing here: titles, bounds and choices come from its pydantic model. Values are kept as
JSON-able raw values: numbers as strings, switches as bool, "off" as None.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import Enum, StrEnum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tgbot.numbers import AmbiguousComma, read_number
from trading.core.instrument import plain

_LONGEST_ANSWER = 40
_LIKE = frozenset({"market", "venue"})
"""Units of text whose wrong answer is worded by itself."""
_NOT_SETTINGS = frozenset({"symbol", "symbols"})
"""Asked as pairs, not as a setting."""
_OFF = frozenset({"-", "off", "no", "none", "выкл", "нет"})

_UNIT = re.compile(r"(?i)(usdt|usdc|fdusd|usd|btc|eth|bnb|eur|\$|%|x|х|×|ms|мс|s|sec|с|сек|min|мин)$")
"""People write 20x, 2 % and 50 USDT; a suffix that scales, like 10k, is not guessed at."""


class Kind(StrEnum):
    NUMBER = "number"
    WHOLE = "whole"
    CHOICE = "choice"
    SWITCH = "switch"
    TEXT = "text"


class WrongAnswer(Exception):
    """An answer that the field does not take. ``code`` is worded as ``answer-<code>``."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True, slots=True)
class FormField:
    """One setting. ``low`` and ``high`` are inclusive unless ``above`` or ``below`` says that they are not."""

    name: str
    title: str
    description: str
    kind: Kind
    default: Any
    required: bool
    can_be_off: bool
    choices: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    above: bool = False
    below: bool = False
    unit: str = ""
    is_advanced: bool = False
    pattern: str = ""
    is_worth_asking: bool = False
    is_money: bool = False
    """How much money a person means to use: asked though it has a default, because none is right for everybody."""
    is_part: bool = False
    """One order's part of the money at risk."""
    unit_from: str = ""
    """The setting whose answer names the unit: an order size in the base or in the quote currency."""
    paper_only: tuple[str, ...] = ()
    distance_from: str = ""
    """For a distance: the setting that it is measured from."""

    @property
    def can_be_empty(self) -> bool:
        return self.kind is Kind.TEXT and self.default == ""

    @property
    def is_asked(self) -> bool:
        """Whether the person is asked before the summary, because no default is good."""
        return not self.is_advanced and (self.required or self.is_money or self.is_worth_asking)

    def in_unit(self, values: Mapping[str, Any]) -> FormField:
        """The same setting in the unit that the other answers give it."""
        named = values.get(self.unit_from) if self.unit_from else None
        return self if named is None else replace(self, unit=raw_text(named))

    def options(self, *, is_paper: bool = True) -> tuple[tuple[str, Any], ...]:
        """What can be answered with one press: pairs of a locale code and the raw value."""
        hidden = () if is_paper else self.paper_only
        found: list[tuple[str, Any]] = [(choice, choice) for choice in self.choices if choice not in hidden]
        if self.kind is Kind.SWITCH:
            found = [("on", True), ("off", False)]
        if self.can_be_off:
            found.append(("off", None))
        return tuple(found)


@cache
def fields_of(model: type[BaseModel]) -> tuple[FormField, ...]:
    """The settings of a config model in its own order."""
    return tuple(_field(name, info) for name, info in model.model_fields.items() if name not in _NOT_SETTINGS)


def find_field(model: type[BaseModel], name: str) -> FormField | None:
    return next((field for field in fields_of(model) if field.name == name), None)


def read_answer(field: FormField, text: str) -> Any:
    """The raw value that ``text`` means for this field. Raises WrongAnswer, which says what would be right."""
    cleaned = text.strip()
    if cleaned.lower() in _OFF and (field.can_be_off or field.can_be_empty):
        return None if field.can_be_off else ""
    if len(cleaned) > _LONGEST_ANSWER:
        raise WrongAnswer("too_long", limit=str(_LONGEST_ANSWER))
    if field.kind in (Kind.CHOICE, Kind.SWITCH):
        return _read_choice(field, cleaned)
    if field.kind is Kind.TEXT:
        return _read_text(field, cleaned)
    number = _read_number(field, cleaned)
    check_bounds(field, number)
    return int(number) if field.kind is Kind.WHOLE else plain(number)


def raw_text(value: Any) -> str:
    """A raw value as text, for a person to read back."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        try:
            return plain(Decimal(value))
        except InvalidOperation:
            return value
    return str(value)


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name, value in after.items() if raw_text(before.get(name)) != raw_text(value))


def _field(name: str, info: FieldInfo) -> FormField:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    bare, can_be_off = _without_none(info.annotation)
    kind, choices = _kind(bare)
    low, above = _bound(info, "ge", "gt")
    high, below = _bound(info, "le", "lt")
    required = info.is_required()
    return FormField(
        name=name,
        title=info.title or name.replace("_", " ").capitalize(),
        description=info.description or "",
        kind=kind,
        default=None if required else info.get_default(call_default_factory=True, validated_data={}),
        required=required,
        can_be_off=can_be_off,
        choices=choices,
        low=low,
        high=high,
        above=above,
        below=below,
        unit=str(extra.get("unit", "")),
        is_advanced=extra.get("level", "basic") == "advanced",
        pattern=next((found for each in info.metadata if (found := getattr(each, "pattern", None))), ""),
        is_worth_asking=bool(extra.get("asked", False)),
        is_money=bool(extra.get("money", False)),
        is_part=bool(extra.get("part", False)),
        unit_from=str(extra.get("unit_from", "")),
        paper_only=_texts(extra.get("paper_only")),
        distance_from=str(extra.get("distance_from", "")),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        if len(inner) < len(get_args(annotation)):
            return inner[0], True
    return annotation, False


def _kind(annotation: Any) -> tuple[Kind, tuple[str, ...]]:
    if get_origin(annotation) is Literal:
        return Kind.CHOICE, tuple(str(choice) for choice in get_args(annotation))
    if isinstance(annotation, type):
        if issubclass(annotation, Enum):
            return Kind.CHOICE, tuple(str(member.value) for member in annotation)
        if issubclass(annotation, bool):
            return Kind.SWITCH, ()
        if issubclass(annotation, int):
            return Kind.WHOLE, ()
        if issubclass(annotation, Decimal | float):
            return Kind.NUMBER, ()
    return Kind.TEXT, ()


def _bound(info: FieldInfo, inclusive: str, exclusive: str) -> tuple[Decimal | None, bool]:
    for constraint in info.metadata:
        for name, is_exclusive in ((inclusive, False), (exclusive, True)):
            value = getattr(constraint, name, None)
            if value is not None:
                return Decimal(str(value)), is_exclusive
    return None, False


def _read_choice(field: FormField, text: str) -> Any:
    for code, value in field.options():
        if text.lower() == code.lower():
            return value
    raise WrongAnswer("not_a_choice")


def _read_text(field: FormField, text: str) -> str:
    """As it is, or in the case that the pattern wants: btc/usdt is BTC/USDT."""
    for written in (text, text.upper(), text.lower()):
        if not field.pattern or re.fullmatch(field.pattern, written):
            return written
    raise WrongAnswer(f"not_a_{field.unit}" if field.unit in _LIKE else "not_like_this")


def _read_number(field: FormField, text: str) -> Decimal:
    try:
        number = read_number(_UNIT.sub("", text.strip()))
    except AmbiguousComma as comma:
        raise WrongAnswer("ambiguous_comma", whole=comma.whole, part=comma.part) from None
    if number is None or abs(number.adjusted()) > 18:
        raise WrongAnswer("not_a_number")
    if field.kind is Kind.WHOLE and number != number.to_integral_value():
        raise WrongAnswer("not_whole")
    return number


def check_bounds(field: FormField, number: Decimal) -> None:
    """Raises WrongAnswer, which says what would be right."""
    low, high = field.low, field.high
    too_low = low is not None and (number <= low if field.above else number < low)
    too_high = high is not None and (number >= high if field.below else number > high)
    if not (too_low or too_high):
        return
    above_only = field.above and not field.below
    if low is not None and high is not None:
        code = "not_above_up_to" if above_only else "not_between"
        raise WrongAnswer(code, low=plain(low), high=plain(high))
    if low is not None and too_low:
        raise WrongAnswer("not_above" if field.above else "too_small", low=plain(low))
    raise WrongAnswer("too_big", high=plain(high or Decimal(0)))
