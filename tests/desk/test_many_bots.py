"""The list of a person's bots: the same figures as one by one, in no more questions to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, event

from tests.desk.place import ADMIN, OWNER, Place, a_bot
from trading.core.planning import CycleResult
from trading.storage import Connection, bots, cycles


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of any database meanwhile."""
    heard: list[str] = []

    def hear(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        heard.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


async def test_many_bots_are_read_in_as_many_questions_as_few(place: Place) -> None:
    async with place.open() as desk:
        first = await a_bot(desk, place)
        now = place.clock.now()
        [record] = await place.storage.read(lambda c: bots.bots_of(c, OWNER))

        def more(connection: Connection) -> None:
            for number in range(2, 40):
                stopped = replace(record, id=0, name=f"n{number}", active=False)
                made = bots.add_bot(connection, stopped)
                ended = [now - timedelta(days=3), now]
                results = [
                    CycleResult(n, now - timedelta(days=4), at, "take_profit", Decimal(number), *[Decimal(0)] * 3)
                    for n, at in enumerate(ended, 1)
                ]
                cycles.add_cycles(connection, made.id, OWNER, record.symbol, results)

        with statements() as alone:
            assert await desk.bots(OWNER) == [await desk.bot(OWNER, first.id)]
        await place.storage.write(more)
        with statements() as together:
            cards = await desk.bots(OWNER)
        assert len(cards) == 39
        assert len(together) < len(alone)
        assert [(card.cycles, card.today_net) for card in cards[1:]] == [(2, cards[0].realized_net)] * 38
        assert [await desk.bot(OWNER, card.id) for card in cards] == cards
        assert await desk.bots(ADMIN) == []
