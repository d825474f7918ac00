"""What is to be told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from tests.kinds import BOOK
from tests.storage.made import NOW, SECOND, SYMBOL
from trading.core.notices import BotResumed, BotStarted
from trading.core.telling import Notice
from trading.storage import (
    notices,
)
from trading.storage.records import BotRecord

LATER = NOW + timedelta(days=1)


def tell(connection: Connection, user_id: int, count: int = 1) -> list[int]:
    facts: list[Notice] = [BotStarted(symbol=str(number)) for number in range(count)]
    return notices.put_notices(connection, user_id, None, facts, NOW)


def waiting(connection: Connection, limit: int = 100) -> list[int]:
    return [notice.id for notice in notices.undelivered(connection, limit, NOW, BOOK)]


def test_notices_leave_in_order_until_they_are_delivered(connection: Connection) -> None:
    first, second, third = tell(connection, 1, 3)
    assert waiting(connection) == [first, second, third]
    assert waiting(connection, limit=2) == [first, second]
    notices.mark_delivered(connection, [first, third], NOW)
    assert waiting(connection) == [second]
    assert notices.count_undelivered(connection) == 1


def test_behind_a_postponed_notice_that_person_waits_and_nobody_else(connection: Connection) -> None:
    first, held, third = tell(connection, 1, 3)
    (of_other,) = tell(connection, 2)
    notices.postpone(connection, held, NOW + SECOND)
    assert waiting(connection) == [first, of_other]
    notices.postpone(connection, held, NOW)
    assert waiting(connection) == [first, held, third, of_other]
    attempts = {notice.id: notice.attempts for notice in notices.undelivered(connection, 10, NOW, BOOK)}
    assert attempts[held] == 2


def test_a_notice_that_can_never_be_told_holds_nobody_back(connection: Connection) -> None:
    first, second = tell(connection, 1, 2)
    notices.postpone(connection, first, LATER)
    notices.mark_failed(connection, first, "bot was blocked")
    assert waiting(connection) == [second]


def test_old_notices_go_only_when_they_are_done(connection: Connection) -> None:
    told, failed, open_ = tell(connection, 1, 3)
    notices.mark_delivered(connection, [told], NOW)
    notices.mark_failed(connection, failed, "blocked")
    assert notices.delete_delivered(connection, NOW) == 0
    assert notices.delete_delivered(connection, LATER) == 2
    assert waiting(connection) == [open_]


def test_a_notice_keeps_its_bot(connection: Connection, bot: BotRecord) -> None:
    notices.put_notices(connection, 1, bot.id, [BotResumed(symbol=SYMBOL)], NOW)
    (stored,) = notices.undelivered(connection, 1, NOW, BOOK)
    assert (stored.bot_id, stored.notice) == (bot.id, BotResumed(symbol=SYMBOL))


def test_nobody_waits_behind_the_flood_of_another(connection: Connection) -> None:
    flood = tell(connection, 1, 10)
    (of_other,) = tell(connection, 2)
    assert waiting(connection, limit=3) == [*flood[:3], of_other]
