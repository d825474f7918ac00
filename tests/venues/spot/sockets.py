"""Open sockets of a spot venue, and what can be done to them. The venue's own module says what is spoken."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.venues.spot.world import Account, BookDelta, SpotWorld
from trading.core.simulated_orders import ExchangeEvent


@dataclass(eq=False)
class Session:
    """One open socket. All that is sent goes through its queue, so that pushes and REST answers race as they do."""

    socket: web.WebSocketResponse
    account: Account | None = None
    token: str = ""
    topics: set[str] = field(default_factory=set)
    outbox: asyncio.Queue[str | bytes | None] = field(default_factory=asyncio.Queue)

    @property
    def scope(self) -> str:
        return "private" if self.token else "public"

    def send(self, message: str | bytes) -> None:
        self.outbox.put_nowait(message)

    def hang_up(self) -> None:
        """After everything that was sent before."""
        self.outbox.put_nowait(None)


class SpotSockets:
    """``silent``: nothing at all is sent, not even pongs; ``muted``: pongs only; ``lost``: so many changes of the book
    are not sent; ``duplicate``: private messages come twice; ``refuse``: no new sockets.
    """

    garbled: str | bytes = '{"type": "message", "data": {'

    def __init__(self, world: SpotWorld) -> None:
        self.world = world
        self.sessions: set[Session] = set()
        self.silent: set[str] = set()
        self.muted: set[str] = set()
        self.lost = 0
        self.duplicate = False
        self.refuse = False
        world.on_events = self._happened
        world.on_delta = self._changed

    # The venue's own

    def greet(self, session: Session, request: web.Request) -> bool:
        """Look at who comes, say hello. False: hang up."""
        raise NotImplementedError

    def hear(self, session: Session, text: str) -> None:
        raise NotImplementedError

    def tell_events(self, account: Account, events: Iterable[ExchangeEvent]) -> None:
        raise NotImplementedError

    def tell_delta(self, delta: BookDelta) -> None:
        raise NotImplementedError

    # Shared

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        if self.refuse:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        session = Session(socket)
        writer = asyncio.create_task(self._write(session))
        try:
            if not self.greet(session, request):
                await asyncio.sleep(0.05)  # the last words leave first
                await socket.close()
                return socket
            self.sessions.add(session)
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self.hear(session, message.data)
        finally:
            self.sessions.discard(session)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return socket

    async def cut(self, scope: str = "all") -> None:
        """Close sockets without a word."""
        for session in self._of(scope):
            self.sessions.discard(session)
            await session.socket.close(code=1006)

    def garbage(self, scope: str = "all") -> None:
        """A frame that looks like one of ours and cannot be read."""
        for session in self._of(scope):
            session.send(self.garbled)

    def subscribers(self, topic: str, account: Account | None = None) -> list[Session]:
        """Who is to be told of a topic now."""
        return [
            session
            for session in self.sessions
            if topic in session.topics and session.scope not in self.muted and account in (None, session.account)
        ]

    def subscribed(self, account: Account) -> set[str]:
        """The topics of which this account is told."""
        return {topic for session in self.sessions if session.account is account for topic in session.topics}

    def _of(self, scope: str) -> list[Session]:
        return [session for session in self.sessions if scope in ("all", session.scope)]

    async def _write(self, session: Session) -> None:
        while True:
            message = await session.outbox.get()
            if message is None:
                await session.socket.close()
            elif session.scope not in self.silent:
                with contextlib.suppress(ConnectionError, RuntimeError):
                    if isinstance(message, str):
                        await session.socket.send_str(message)
                    else:
                        await session.socket.send_bytes(message)

    def _happened(self, account: Account, events: Iterable[ExchangeEvent]) -> None:
        for _ in range(2 if self.duplicate else 1):
            self.tell_events(account, events)

    def _changed(self, delta: BookDelta) -> None:
        if self.lost > 0:
            self.lost -= 1
        else:
            self.tell_delta(delta)
