"""How the domain's values lie in columns: exact decimals, whole microseconds of UTC, words, JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator

from trading.core.by_hand import ByHand
from trading.core.instrument import plain
from trading.core.ledger import Ledger

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BY_HAND, _NOTHING = TypeAdapter(ByHand), ByHand()

WordT = TypeVar("WordT", bound=StrEnum)


class Exact(TypeDecorator[Decimal]):
    """A Decimal as text, to the last digit. Refuses what is not a finite number."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not value.is_finite():
            raise ValueError(f"{value} is not a number to be stored")
        return plain(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Moment(TypeDecorator[datetime]):
    """An aware datetime as whole microseconds since 1970, UTC. Refuses one without a time zone."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Word(TypeDecorator[WordT]):
    """A member of an enumeration as its value."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[WordT]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: WordT | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> WordT | None:
        return None if value is None else self.words(value)


class Json(TypeDecorator[Mapping[str, Any]]):
    """A mapping as JSON text; Decimals in it become strings."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(dict(value), default=_decimal_as_text, separators=(",", ":"))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Mapping[str, Any] | None:
        return None if value is None else json.loads(value)


class Numbers(TypeDecorator[tuple[int, ...]]):
    """A few whole numbers as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(list(value), separators=(",", ":"))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[int, ...] | None:
        return None if value is None else tuple(json.loads(value))


class Books(TypeDecorator[Ledger]):
    """A ledger as JSON of strings. Numbers that a stored ledger lacks are zero, so that new ones can be added."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Ledger | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return json.dumps({field.name: _as_text(getattr(value, field.name)) for field in fields(Ledger)})

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Ledger | None:
        if value is None:
            return None
        stored: dict[str, Any] = json.loads(value)
        others = {currency: Decimal(text) for currency, text in stored.pop("other_fees").items()}
        return Ledger(other_fees=others, **{name: Decimal(text) for name, text in stored.items()})


class Hands(TypeDecorator[ByHand]):
    """What is under way by hand as JSON; what a stored one lacks is as if nothing were."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: ByHand | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        # Nearly every bot has nothing under way, and every tick of every bot stores it.
        return "{}" if value == _NOTHING else _BY_HAND.dump_json(value).decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> ByHand | None:
        return None if value is None else _NOTHING if value == "{}" else _BY_HAND.validate_json(value)


def _as_text(value: Decimal | Mapping[str, Decimal]) -> str | dict[str, str]:
    return str(value) if isinstance(value, Decimal) else {name: str(number) for name, number in value.items()}


def _decimal_as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON")
