"""Client order ids are read back as what they were made from, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.core.client_ids import EPOCHS, ClientId, client_id, parse_client_id


@given(st.integers(0, EPOCHS - 1), st.integers(0, 36**5 - 1), st.integers(0, 36**7 - 1))
def test_an_id_is_read_back(epoch: int, bot: int, sequence: int) -> None:
    text = client_id(epoch, bot, sequence)
    assert parse_client_id(text) == ClientId(epoch, bot, sequence)
    assert len(text) == 18
    assert text.isalnum()
    assert text.islower()


def test_ids_sort_by_sequence() -> None:
    ids = [client_id(1, 2, sequence) for sequence in (0, 1, 35, 36, 1000, 36**6)]
    assert ids == sorted(ids)


@pytest.mark.parametrize("numbers", [(-1, 0, 0), (EPOCHS, 0, 0), (0, 36**5, 0), (0, 0, 36**7), (0, 0, -1)])
def test_a_number_that_does_not_fit_is_refused(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        client_id(*numbers)


@pytest.mark.parametrize(
    "text",
    ["", "mg", "x-123", "mg0001000010000001x", "MG0001000010000001", "mg000100001000000-", "ab0001000010000001",
     "mgmg01000010000001 ", "mg00010000100000é1"],
)  # fmt: skip
def test_what_is_not_ours_is_not_read(text: str) -> None:
    assert parse_client_id(text) is None


@given(st.text(max_size=24))
def test_any_text_is_ours_or_not_without_an_error(text: str) -> None:
    read = parse_client_id(text)
    assert read is None or client_id(read.epoch, read.bot_id, read.sequence) == text
