"""Notices survive the outbox: what is loaded is what was dumped, of every kind."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.kinds import BOOK, KINDS
from trading.core import notices
from trading.core.instrument import Side
from trading.core.notices import HOUSE_NOTICES, BotStarted
from trading.core.telling import MarketNotice, Notice, NoticeBook, Topic, UnknownNotice, dump_notice, kind_of
from trading.strategies.grid.notices import CycleFinished

VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=20),
    int: st.integers(0, 10**9),
    bool: st.booleans(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**9), max_value=10**9),
    Side: st.sampled_from(list(Side)),
    date: st.dates(),
    datetime: st.datetimes(),
}


def any_value(annotation: Any) -> st.SearchStrategy[Any]:
    if annotation in VALUES:
        return VALUES[annotation]
    if get_origin(annotation) is tuple:
        return st.lists(any_value(get_args(annotation)[0]), max_size=3).map(tuple)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return any_notice(annotation)
    return st.one_of(*(st.none() if part is type(None) else any_value(part) for part in get_args(annotation)))


def any_notice(model: type[BaseModel]) -> st.SearchStrategy[BaseModel]:
    fields = {name: any_value(field.annotation) for name, field in model.model_fields.items() if name != "kind"}
    return st.builds(model, **fields)


@given(st.one_of(*(any_notice(model) for model in KINDS)))
def test_every_notice_survives_json(notice: Notice) -> None:
    loaded = BOOK.load(dump_notice(notice))
    assert loaded == notice
    assert type(loaded) is type(notice)


def test_every_kind_has_a_name_and_a_topic_and_is_in_the_book() -> None:
    assert len({model.topic for model in KINDS}) > 10
    assert all(kind_of(model) == name and model.topic for name, model in BOOK.kinds.items())
    facts = {
        thing
        for thing in vars(notices).values()
        if isinstance(thing, type) and issubclass(thing, Notice) and thing not in (Notice, MarketNotice)
    }
    assert facts == set(HOUSE_NOTICES)
    assert facts < set(KINDS)


def test_two_kinds_of_one_name_make_no_book() -> None:
    class Another(Notice):
        kind: Literal["bot_started"] = "bot_started"
        topic = Topic.BOT

    with pytest.raises(ValueError, match="bot_started"):
        NoticeBook([BotStarted, Another])


def test_a_kind_without_a_name_makes_no_book() -> None:
    with pytest.raises(TypeError, match="MarketNotice"):
        NoticeBook([MarketNotice])


def test_no_digit_of_money_is_lost() -> None:
    told = CycleFinished(
        symbol="A/B",
        number=1,
        cause="take_profit",
        gross=Decimal("0.1000000000000000000000000001"),
        fees=Decimal("1E-8"),
        funding=Decimal("-0.00"),
        net=Decimal(1),
        percent_of_position=Decimal(2),
        percent_of_deposit=Decimal(3),
    )
    loaded = BOOK.load(dump_notice(told))
    assert isinstance(loaded, CycleFinished)
    assert (str(loaded.gross), str(loaded.fees)) == ("0.1000000000000000000000000001", "1E-8")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{}", None),
        ('{"kind": "unheard_of"}', "unheard_of"),
        ('{"kind": ["bot_started"]}', None),
        ('{"kind": "bot_started"}', "bot_started"),
        ("[]", None),
        ("nonsense", None),
    ],
)
def test_what_this_version_cannot_read_is_still_a_notice(text: str, name: str | None) -> None:
    assert BOOK.load(text) == UnknownNotice(name=name)
