"""Bitget's websockets (v2): login, subscriptions, ping, and the channels books, orders, orders-algo, fill, positions,
account. Everything sent to one socket goes through its own queue, so that pushes and REST answers race as they do.
"""

from __future__ import annotations

import asyncio
import binascii
import contextlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from aiohttp import WSMsgType, web

from tests.venues.bitget import rows
from tests.venues.bitget.call import signed
from tests.venues.bitget.world import MARKETS, Account, World
from trading.core.instrument import ZERO, plain
from trading.core.orders import Fill, OrderEvent, OrderReport, OrderStatus, OrderType
from trading.core.simulated_orders import BalancesMoved, ExchangeEvent, PositionMoved, VenueOrder

CHECKSUM_DEPTH = 25
_STATES = {
    OrderEvent.ACCEPTED: OrderStatus.OPEN,
    OrderEvent.PARTLY_FILLED: OrderStatus.PARTLY_FILLED,
    OrderEvent.FILLED: OrderStatus.FILLED,
    OrderEvent.CANCELED: OrderStatus.CANCELED,
    OrderEvent.EXPIRED: OrderStatus.EXPIRED,
    OrderEvent.REFUSED: OrderStatus.REJECTED,
}
_PRIVATE = {"orders", "orders-algo", "fill", "positions", "account"}
_PUBLIC = {"books"}


@dataclass(eq=False)
class Session:
    """One open socket. ``shown`` is what each subscribed book's listener has seen."""

    socket: web.WebSocketResponse
    is_private: bool
    account: Account | None = None
    channels: dict[str, dict[str, str]] = field(default_factory=dict)
    shown: dict[str, tuple[dict[str, str], dict[str, str]]] = field(default_factory=dict)
    outbox: asyncio.Queue[str] = field(default_factory=asyncio.Queue)


class Sockets:
    """All open sockets, and what can be done to them. ``silent``: nothing at all is sent, not even pongs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: set[Session] = set()
        self.silent: set[str] = set()
        self.muted: set[str] = set()
        self.duplicate = False
        self.bad_checksums = 0
        self.refuse = False
        world.on_events = self.on_events
        world.on_market = self.on_market

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        if self.refuse:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        session = Session(socket, is_private=request.path.endswith("private"))
        self.sessions.add(session)
        writer = asyncio.create_task(self._write(session))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(session, message.data)
        finally:
            self.sessions.discard(session)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return socket

    async def cut(self, scope: str = "all") -> None:
        """Close sockets without a word."""
        for session in [s for s in self.sessions if scope in ("all", _scope(s))]:
            self.sessions.discard(session)
            await session.socket.close(code=1006)

    def garbage(self, scope: str = "all") -> None:
        """A frame that is not JSON although it looks like it."""
        for session in self.sessions:
            if scope in ("all", _scope(session)):
                session.outbox.put_nowait('{"action": "snapshot", "arg": {')

    async def _write(self, session: Session) -> None:
        while True:
            text = await session.outbox.get()
            if _scope(session) not in self.silent:
                with contextlib.suppress(ConnectionError, RuntimeError):
                    await session.socket.send_str(text)

    def subscribed(self, account: Account) -> set[str]:
        """The channels of which this account is told."""
        return {each["channel"] for one in self.sessions if one.account is account for each in one.channels.values()}

    # Requests

    def _hear(self, session: Session, text: str) -> None:
        if text == "ping":
            session.outbox.put_nowait("pong")
            return
        try:
            request = json.loads(text)
            operation, arguments = request["op"], request["args"]
        except (ValueError, KeyError, TypeError):
            self._error(session, 30003, "Invalid op")
            return
        if operation == "login":
            self._login(session, arguments[0])
        elif operation == "subscribe":
            for argument in arguments:
                self._subscribe(session, argument)
        elif operation == "unsubscribe":
            for argument in arguments:
                session.channels.pop(_key(argument), None)
                session.shown.pop(str(argument.get("instId")), None)
                self._send(session, {"event": "unsubscribe", "arg": argument})
        else:
            self._error(session, 30003, "Invalid op")

    def _login(self, session: Session, argument: dict[str, Any]) -> None:
        """Signs timestamp (seconds) + GET + /user/verify."""
        account = self.world.accounts.get(argument.get("apiKey", ""))
        stamp = str(argument.get("timestamp", ""))
        if account is None:
            self._error(session, 30011, "Invalid ACCESS_KEY")
        elif argument.get("passphrase") != account.passphrase:
            self._error(session, 30012, "Invalid ACCESS_PASSPHRASE")
        elif not stamp.isdigit() or abs(int(stamp) - time.time()) > 30:
            self._error(session, 30014, "Request timestamp expired")
        elif argument.get("sign") != signed(account.secret, f"{stamp}GET/user/verify"):
            self._error(session, 30015, "Invalid sign")
        else:
            session.account = account
            self._send(session, {"event": "login", "code": 0})

    def _subscribe(self, session: Session, argument: dict[str, str]) -> None:
        channel = argument.get("channel", "")
        known = _PRIVATE if session.is_private else _PUBLIC
        if channel not in known or argument.get("instType") != "USDT-FUTURES":
            self._error(session, 30001, f"channel:{channel} doesn't exist")
            return
        if session.is_private and session.account is None:
            self._error(session, 30004, "User needs to log in")
            return
        if channel == "books" and argument.get("instId") not in MARKETS:
            self._error(session, 30001, f"instId:{argument.get('instId')} doesn't exist")
            return
        session.channels[_key(argument)] = argument
        self._send(session, {"event": "subscribe", "arg": argument})
        # Books, positions and account begin with a snapshot.
        if channel == "books":
            self._show(session, argument, argument["instId"])
        elif channel == "positions" and session.account:
            self._push(session, channel, self._positions(session.account))
        elif channel == "account" and session.account:
            self._push(session, channel, [rows.balance(session.account)])

    # Pushes

    def on_events(self, account: Account, events: Sequence[ExchangeEvent]) -> None:
        update = ZERO
        for event in events:
            if isinstance(event, Fill):
                update = event.amount
                self._tell(account, "fill", [rows.fill(account, event, streamed=True)])
            elif isinstance(event, OrderReport):
                self._tell_order(account, event, update)
                update = ZERO
            elif isinstance(event, PositionMoved):
                self._tell(account, "positions", self._positions(account))
            elif isinstance(event, BalancesMoved):
                self._tell(account, "account", [rows.balance(account)])

    def _tell_order(self, account: Account, report: OrderReport, update: Decimal) -> None:
        now = account.find(told=account.told_id(report.venue_id))
        if report.venue_id in account.refused:
            now = account.refused[report.venue_id]
        if now is None:
            return
        then = _as_reported(now, report)
        if then.type is OrderType.STOP_MARKET:
            self._tell(account, "orders-algo", [rows.streamed_plan(account, then)])
            if then.execution_id is None:
                return
        self._tell(account, "orders", [rows.streamed_order(account, then, update)])

    def _tell(self, account: Account, channel: str, data: list[dict[str, Any]]) -> None:
        for session in self.sessions:
            if session.account is account:
                for _ in range(2 if self.duplicate else 1):
                    self._push(session, channel, data)

    def _push(self, session: Session, channel: str, data: list[dict[str, Any]]) -> None:
        for argument in session.channels.values():
            if argument["channel"] == channel and _scope(session) not in self.muted:
                message = {"action": "snapshot", "arg": argument, "data": data, "ts": int(time.time() * 1000)}
                self._send(session, message)

    @staticmethod
    def _positions(account: Account) -> list[dict[str, Any]]:
        """Every push is the whole list; a closed position is simply missing."""
        return [rows.position(account, held) for held in account.exchange.positions()]

    def on_market(self, market_id: str) -> None:
        for session in self.sessions:
            for argument in session.channels.values():
                if argument.get("instId") == market_id and argument["channel"] == "books":
                    self._show(session, argument, market_id)

    def _show(self, session: Session, argument: dict[str, str], market_id: str) -> None:
        """A snapshot first, then what changed; a level that is gone has size 0. Updates carry a checksum."""
        if "public" in self.muted:
            return
        bids, asks = (
            {plain(level.price): plain(level.amount) for level in levels} for levels in self.world.shown(market_id)
        )
        before = session.shown.get(market_id)
        session.shown[market_id] = now = bids, asks
        changes = [_changes(old, new) for old, new in zip(before or ({}, {}), now, strict=True)]
        if before is not None and not any(changes):
            return
        checksum = _checksum(bids, asks)
        if before is not None and self.bad_checksums > 0:
            self.bad_checksums -= 1
            checksum += 1
        stamp = str(int(time.time() * 1000))
        data = {"bids": changes[0], "asks": changes[1], "checksum": checksum, "seq": stamp, "ts": stamp}
        action = "snapshot" if before is None else "update"
        self._send(session, {"action": action, "arg": argument, "data": [data], "ts": int(stamp)})

    def _error(self, session: Session, code: int, message: str) -> None:
        self._send(session, {"event": "error", "code": code, "msg": message})

    @staticmethod
    def _send(session: Session, message: dict[str, Any]) -> None:
        session.outbox.put_nowait(json.dumps(message))


def _scope(session: Session) -> str:
    return "private" if session.is_private else "public"


def _key(argument: dict[str, str]) -> str:
    return f"{argument.get('channel')}:{argument.get('instId') or argument.get('coin')}"


def _changes(old: dict[str, str], new: dict[str, str]) -> list[list[str]]:
    gone = [[price, "0"] for price in old if price not in new]
    return gone + [[price, amount] for price, amount in new.items() if old.get(price) != amount]


def _checksum(bids: dict[str, str], asks: dict[str, str]) -> int:
    """CRC32 (signed) of the best 25 of both sides, interleaved: bid:size:ask:size..."""
    parts: list[str] = []
    best = (list(bids.items()), list(asks.items()))
    for index in range(CHECKSUM_DEPTH):
        for side in best:
            if index < len(side):
                parts += side[index]
    number = binascii.crc32(":".join(parts).encode())
    return number - 2**32 if number >= 2**31 else number


def _as_reported(order: VenueOrder, report: OrderReport) -> VenueOrder:
    """The order as it was when the report was written; several may be waiting."""
    return replace(
        order,
        status=_STATES[report.event],
        filled=report.filled,
        execution_id=report.execution_id,
        updated_at=report.at,
    )
