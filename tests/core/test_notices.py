"""Notices survive the outbox: what is loaded is what was dumped, of every kind."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from trading.core import notices
from trading.core.instrument import Side
from trading.core.notices import CycleFinished, Notice, dump_notice, load_notice

KINDS: tuple[type[BaseModel], ...] = get_args(get_args(Notice)[0])

VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=20),
    int: st.integers(0, 10**9),
    bool: st.booleans(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**9), max_value=10**9),
    Side: st.sampled_from(list(Side)),
    datetime: st.datetimes(),
}


def any_value(annotation: Any) -> st.SearchStrategy[Any]:
    if annotation in VALUES:
        return VALUES[annotation]
    if get_origin(annotation) is tuple:
        return st.lists(any_value(get_args(annotation)[0]), max_size=3).map(tuple)
    return st.one_of(*(st.none() if part is type(None) else any_value(part) for part in get_args(annotation)))


def any_notice(model: type[BaseModel]) -> st.SearchStrategy[BaseModel]:
    fields = {name: any_value(field.annotation) for name, field in model.model_fields.items() if name != "kind"}
    return st.builds(model, **fields)


@given(st.one_of(*(any_notice(model) for model in KINDS)))
def test_every_notice_survives_json(notice: Notice) -> None:
    loaded = load_notice(dump_notice(notice))
    assert loaded == notice
    assert type(loaded) is type(notice)


def test_every_kind_has_a_name_of_its_own_and_is_in_the_union() -> None:
    names = [model.model_fields["kind"].default for model in KINDS]
    assert len(set(names)) == len(names)
    facts = {
        thing
        for thing in vars(notices).values()
        if isinstance(thing, type) and issubclass(thing, BaseModel) and "kind" in thing.model_fields
    }
    assert facts == set(KINDS)


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
    loaded = load_notice(dump_notice(told))
    assert isinstance(loaded, CycleFinished)
    assert (str(loaded.gross), str(loaded.fees)) == ("0.1000000000000000000000000001", "1E-8")


@pytest.mark.parametrize("text", ["{}", '{"kind": "unheard_of"}', '{"kind": "bot_started"}', "nonsense"])
def test_what_is_not_a_notice_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        load_notice(text)
