"""What goes in comes out, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import StatementError

from tests.kinds import BOOK, KINDS
from tests.storage import made
from tests.storage.made import NOW, bot_record, order
from trading.core.ledger import Ledger
from trading.core.orders import Fill, Order
from trading.core.planning import CycleResult
from trading.core.telling import Notice
from trading.storage import bots, cycles, fills, notices, samples
from trading.storage import orders as orders_
from trading.storage.records import BotRecord, SampleRecord

pytestmark = pytest.mark.usefixtures("bot")
many = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@many
@given(made.orders)
def test_an_order(connection: Connection, stored: Order) -> None:
    with connection.begin_nested():
        orders_.put_orders(connection, [stored], 1)
        assert orders_.find_order(connection, stored.client_id) == stored
        assert (stored in orders_.live_orders(connection, 1)) == stored.is_live
        assert (stored in orders_.finals_in_scope(connection, 1, "")) == (not stored.is_live)


@many
@given(made.fills)
def test_a_fill(connection: Connection, stored: Fill) -> None:
    with connection.begin_nested() as undo:
        assert fills.add_fills(connection, 1, 1, [stored, stored]) == [stored]
        assert fills.fills_of(connection, 1) == [stored]
        undo.rollback()


@many
@given(made.ledgers)
def test_a_ledger(connection: Connection, bot: BotRecord, ledger: Ledger) -> None:
    bots.update_bot(connection, replace(bot, ledger=ledger))
    assert bots.find_bot(connection, bot.id) == replace(bot, ledger=ledger)


@many
@given(made.cycle_results)
def test_a_cycle(connection: Connection, result: CycleResult) -> None:
    with connection.begin_nested() as undo:
        cycles.add_cycles(connection, 1, 1, "CRV", [result])
        assert [record.result for record in cycles.cycles_of(connection, 1)] == [result]
        undo.rollback()


@many
@given(st.one_of(*[st.from_type(kind) for kind in KINDS]))
def test_a_notice(connection: Connection, notice: Notice) -> None:
    with connection.begin_nested() as undo:
        (number,) = notices.put_notices(connection, 7, None, [notice], NOW)
        (stored,) = notices.undelivered(connection, 10, NOW, BOOK)
        assert (stored.id, stored.user_id, stored.notice, stored.created_at) == (number, 7, notice, NOW)
        undo.rollback()


def test_a_ledger_keeps_a_quotient_to_its_last_digit(connection: Connection, bot: BotRecord) -> None:
    third = Ledger(cost=Decimal(1) / 3, other_fees={"BNB": Decimal("1E-8")})
    bots.update_bot(connection, replace(bot, ledger=third))
    found = bots.find_bot(connection, bot.id)
    assert found is not None
    assert found.ledger == third


def test_times_of_other_zones_come_back_as_utc(connection: Connection) -> None:
    elsewhere = datetime(2026, 1, 1, 3, tzinfo=timezone(timedelta(hours=3)))
    orders_.put_orders(connection, [order(created_at=elsewhere)], 1)
    (found,) = orders_.live_orders(connection, 1)
    assert found.created_at == elsewhere
    assert found.created_at.isoformat() == "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal("NaN")},
        {"price": Decimal("Infinity")},
        {"created_at": datetime(2026, 1, 1)},  # noqa: DTZ001  # on purpose without a zone
        {"role": "lost"},
    ],
)
def test_what_is_no_number_no_time_and_no_word_is_refused(connection: Connection, changes: dict[str, object]) -> None:
    with pytest.raises(StatementError):
        orders_.put_orders(connection, [replace(order(), **changes)], 1)  # type: ignore[arg-type]


def test_samples_keep_decimals_as_text(connection: Connection) -> None:
    body = {"bid": Decimal("0.10"), "levels": [[1, "2"]], "ok": True, "note": None}
    samples.add_samples(connection, [SampleRecord(1, 1, "book", NOW, body)])
    (found,) = samples.samples_of(connection, 1, "book")
    assert found.body == {**body, "bid": "0.10"}
    with pytest.raises(StatementError):
        samples.add_samples(connection, [SampleRecord(1, 1, "book", NOW, {"at": NOW})])


def test_a_bot_with_every_field_set(connection: Connection) -> None:
    record = bot_record(
        1,
        key_id=4,
        state='{"cycle": 7}',
        active=False,
        mode=made.Mode.WIND_DOWN,
        cause="errors",
        last_error="сеть",
        next_sequence=36**7 - 1,
        started_at=NOW,
        deposit=Decimal("10.000000000000000001"),
    )
    stored = bots.add_bot(connection, record)
    assert stored == replace(record, id=stored.id)
    assert bots.find_bot(connection, stored.id) == stored
