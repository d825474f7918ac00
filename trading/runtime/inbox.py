"""What one bot was told and has not heard yet, and the wishes that wait for the database."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from trading.core.effects import Effect
from trading.runtime.bench import Bench
from trading.runtime.events import Wish, WorkerEnded, WorkerEvent
from trading.runtime.folding import fold


class Inbox:
    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._events: deque[WorkerEvent] = deque()
        self._wishes: list[Wish] = []

    def __bool__(self) -> bool:
        return bool(self._events)

    def put(self, event: WorkerEvent) -> None:
        self._events.append(event)

    def hear(self, now: datetime) -> None:
        """Fold everything that came in. A wish that cannot be is answered at once, the others when they are stored."""
        while self._events:
            event = self._events.popleft()
            if isinstance(event, Wish):
                self._hear_wish(event, now)
            else:
                fold(self._bench, event, now)

    def _hear_wish(self, wish: Wish, now: datetime) -> None:
        try:
            fold(self._bench, wish, now)
        except ValueError as invalid:
            if not wish.done.done():
                wish.done.set_exception(invalid)
        else:
            self._wishes.append(wish)

    def grant(self, effect: Effect | None) -> None:
        """What was wished for is stored, and does this to the orders."""
        for wish in self._wishes:
            if not wish.done.done():
                wish.done.set_result(effect)
        self._wishes.clear()

    def refuse(self) -> None:
        """The bot has ended: nothing that was not stored will be."""
        for wish in [*self._wishes, *(event for event in self._events if isinstance(event, Wish))]:
            if not wish.done.done():
                wish.done.set_exception(WorkerEnded(str(self._bench.record.id)))
