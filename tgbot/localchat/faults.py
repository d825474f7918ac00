"""Trouble on purpose, so that tests can see how a bot bears it."""

import asyncio
from dataclasses import dataclass

from tgbot.localchat.errors import ApiError, TooManyRequests


class _Failing(ApiError):
    """A fault with a code of the test's choice."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__()
        self.code, self.description = code, description


@dataclass(slots=True)
class _Ordered:
    error: ApiError
    times: int
    methods: frozenset[str]


class Faults:
    """What goes wrong between the bot and Telegram. Touches the Bot API only, never the page."""

    def __init__(self) -> None:
        self.delay: float = 0.0
        """Seconds that every call waits before it is looked at."""
        self._away = False
        self._lost_answers: list[_Ordered] = []
        self._ordered: list[_Ordered] = []
        self._connections: set[asyncio.Transport] = set()

    @property
    def away(self) -> bool:
        """While true, connections are closed without an answer, also those that are waiting for updates now."""
        return self._away

    @away.setter
    def away(self, away: bool) -> None:
        self._away = away
        if away:
            for connection in list(self._connections):
                connection.abort()

    def throttle(self, retry_after: int, *methods: str, times: int = 1) -> None:
        """The next `times` calls (of these methods, or of any but getUpdates) get 429."""
        self._ordered.append(_Ordered(TooManyRequests(retry_after), times, _lowered(methods)))

    def fail(self, *methods: str, code: int = 500, description: str = "Internal Server Error", times: int = 1) -> None:
        """The next `times` calls get this error and have no effect."""
        self._ordered.append(_Ordered(_Failing(code, description), times, _lowered(methods)))

    def lose_answer(self, *methods: str, times: int = 1) -> None:
        """The next `times` calls are carried out, and then the connection dies before the answer is sent."""
        self._lost_answers.append(_Ordered(_Failing(0, "lost"), times, _lowered(methods)))

    def raise_ordered(self, method: str) -> None:
        if error := _next(self._ordered, method):
            raise error

    def answer_is_lost(self, method: str) -> bool:
        return self._away or _next(self._lost_answers, method) is not None

    def watch(self, connection: asyncio.Transport) -> None:
        self._connections.add(connection)

    def forget(self, connection: asyncio.Transport) -> None:
        self._connections.discard(connection)


def _lowered(methods: tuple[str, ...]) -> frozenset[str]:
    return frozenset(method.lower() for method in methods)


def _next(orders: list[_Ordered], method: str) -> ApiError | None:
    for order in orders:
        if order.times > 0 and (method in order.methods or (not order.methods and method != "getupdates")):
            order.times -= 1
            if order.times == 0:
                orders.remove(order)
            return order.error
    return None
