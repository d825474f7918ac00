"""Fills that were stored as another hand's, and are found to be our own."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from tests.storage.made import fill
from trading.storage import fills

pytestmark = pytest.mark.usefixtures("bot")


def test_a_claimed_fill_is_its_orders_and_is_no_second_row(connection: Connection) -> None:
    theirs, ours = fill(1, ""), fill(2, "mg1")
    fills.add_fills(connection, 1, 1, [theirs, ours])
    assert fills.fills_elsewhere(connection, 1) == [theirs]
    for _ in range(2):
        fills.claim_fills(connection, 1, [fill(1, "mg2")])
    assert fills.fills_elsewhere(connection, 1) == []
    assert fills.known_trade_ids(connection, 1) == {("mg2", "t1"), ("mg1", "t2")}
    assert fills.fills_of(connection, 1) == [fill(1, "mg2"), ours]


def test_nobody_elses_fill_of_the_same_trade_is_claimed(connection: Connection) -> None:
    fills.add_fills(connection, 1, 1, [fill(1, "mg1")])
    fills.claim_fills(connection, 1, [fill(1, "mg2")])
    fills.claim_fills(connection, 2, [fill(1, "mg2")])
    assert fills.known_trade_ids(connection, 1) == {("mg1", "t1")}
