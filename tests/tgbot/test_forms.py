"""Forms come from any pydantic model, and an answer is understood or refused with what would be right."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from tgbot.forms import FormField, Kind, WrongAnswer, fields_of, find_field, read_answer
from tgbot.suggesting import Advice, suggestions
from trading.strategies import STRATEGIES


class _Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class _Sample(BaseModel):
    symbols: tuple[str, ...] = ()
    size: Decimal = Field(gt=0, lt=10, title="Size", json_schema_extra={"unit": "quote"})
    legs: int | None = Field(default=None, ge=1)
    colour: _Colour = _Colour.RED
    mode: Literal["fast", "slow"] = "fast"
    loud: bool = False
    path: str = ""
    share: float = Field(default=0.5, le=1, json_schema_extra={"level": "advanced"})


def field(name: str) -> FormField:
    found = find_field(_Sample, name)
    assert found is not None
    return found


def test_a_model_is_read_into_settings_in_its_own_order() -> None:
    assert [(each.name, each.kind) for each in fields_of(_Sample)] == [
        ("size", Kind.NUMBER),
        ("legs", Kind.WHOLE),
        ("colour", Kind.CHOICE),
        ("mode", Kind.CHOICE),
        ("loud", Kind.SWITCH),
        ("path", Kind.TEXT),
        ("share", Kind.NUMBER),
    ]
    assert field("size").is_asked
    assert not field("legs").is_asked
    assert field("share").is_advanced
    assert field("legs").options() == (("off", None),)
    assert field("mode").options() == (("fast", "fast"), ("slow", "slow"))


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("size", "1,5", "1.5"),
        ("size", " 2 USDT ", "2"),
        ("size", "$3", None),
        ("legs", "20x", 20),
        ("legs", "off", None),
        ("legs", "ВЫКЛ", None),
        ("colour", "Blue", "blue"),
        ("loud", "on", True),
        ("path", " a b ", "a b"),
    ],
)
def test_an_answer_is_understood(name: str, typed: str, value: Any) -> None:
    if typed == "$3":
        with pytest.raises(WrongAnswer):
            read_answer(field(name), typed)
    else:
        assert read_answer(field(name), typed) == value


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("size", "0", "not_between"),
        ("size", "10", "not_between"),
        ("size", "ten", "not_a_number"),
        ("size", "inf", "not_a_number"),
        ("size", "1,000", "ambiguous_comma"),
        ("size", "10,500 USDT", "ambiguous_comma"),
        ("legs", "1.5", "not_whole"),
        ("legs", "0", "too_small"),
        ("share", "2", "too_big"),
        ("colour", "green", "not_a_choice"),
        ("path", "x" * 41, "too_long"),
    ],
)
def test_a_wrong_answer_says_what_would_be_right(name: str, typed: str, code: str) -> None:
    with pytest.raises(WrongAnswer) as refused:
        read_answer(field(name), typed)
    assert refused.value.code == code


@given(st.text(max_size=60))
def test_no_text_breaks_a_form_and_what_is_taken_the_model_takes_too(text: str) -> None:
    for strategy in STRATEGIES.values():
        needed = {each.name: "A/B" for each in fields_of(strategy.config_model) if each.required}
        for each in fields_of(strategy.config_model):
            try:
                value = read_answer(each, text)
            except WrongAnswer:
                continue
            try:
                strategy.config_model.model_validate({**needed, each.name: value})
            except ValidationError as error:
                # Only what does not fit with other settings may be left to the whole model.
                # A check of the field's own has a code that the locales word.
                assert all(problem["loc"] == () or problem["type"] == "value_error" for problem in error.errors())


def test_suggestions_are_what_works_and_what_the_account_holds() -> None:
    deposit = find_field(STRATEGIES["grid"].config_model, "deposit")
    assert deposit is not None
    assert suggestions(deposit, Advice(["41.8"], Decimal(1234))) == ("41.8", "60", "100", "300", "600")
    assert suggestions(deposit, Advice(["41.8"], Decimal(20))) == ("1", "2", "5", "10")
    assert suggestions(deposit, Advice(equity=Decimal("9948.4"))) == ("100", "500", "1000", "2500", "5000")
    assert suggestions(deposit) == ("100", "500", "1000", "2000")


@pytest.mark.parametrize(
    ("whole", "least", "shown"),
    [
        ("300", "5", ("15", "30", "75", "150")),
        ("60", "5", ("6", "15", "30")),
        ("3", "5.0432", ("5.1",)),
        ("0.0030572", "0.0001", ("0.00015", "0.0003", "0.00075", "0.0015")),
    ],
)
def test_an_order_size_is_suggested_as_a_part_of_the_money_at_risk_that_makes_an_order(
    whole: str, least: str, shown: tuple[str, ...]
) -> None:
    size = find_field(STRATEGIES["pingpong"].config_model, "order_size")
    assert size is not None
    assert suggestions(size, Advice(whole=Decimal(whole), least=Decimal(least))) == shown


def test_each_strategy_asks_what_has_no_good_default_and_nothing_else() -> None:
    asked = {
        name: tuple(each.name for each in fields_of(strategy.config_model) if each.is_asked)
        for name, strategy in STRATEGIES.items()
    }
    assert asked == {
        "grid": ("deposit",),
        "liquidity": ("deposit", "reference_venue"),
        "peg": ("price", "deviation", "quote_order_limit"),
        "pingpong": ("budget", "order_size"),
    }


def test_an_order_size_is_in_the_currency_that_another_setting_names() -> None:
    size = find_field(STRATEGIES["pingpong"].config_model, "order_size")
    assert size is not None
    assert [size.in_unit(values).unit for values in ({}, {"size_currency": "base"}, {"size_currency": "quote"})] == [
        "quote",
        "base",
        "quote",
    ]
