"""Numbers as people of two languages type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tgbot.numbers import AmbiguousComma, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("25", "25"),
        ("1.5", "1.5"),
        ("1,5", "1.5"),
        ("0,125", "0.125"),
        ("10 000", "10000"),
        ("10 000,5", "10000.5"),
        ("10\u00a0000", "10000"),
        ("1,000,000", "1000000"),
        ("10,000.50", "10000.50"),
        ("1,0000", "1.0000"),
        ("0", "0"),
        ("-3", "-3"),
        ("", None),
        ("ten", None),
        ("1,2,3", None),
        ("1.2.3", None),
        ("1.000.000", None),
        ("1e5", None),
        ("٣", None),
        (".5", "0.5"),
        ("inf", None),
        ("nan", None),
        ("9" * 41, None),
    ],
)
def test_a_number_is_read_in_either_language(text: str, number: str | None) -> None:
    assert read_number(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(("text", "whole", "part"), [("10,000", "10000", "10.000"), ("1,234", "1234", "1.234")])
def test_a_comma_that_may_mean_two_things_is_not_guessed_at(text: str, whole: str, part: str) -> None:
    with pytest.raises(AmbiguousComma) as asked:
        read_number(text)
    assert (asked.value.whole, asked.value.part) == (whole, part)


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    try:
        number = read_number(text)
    except AmbiguousComma:
        return
    assert number is None or number.is_finite()
