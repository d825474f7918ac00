"""Binance's websockets: market streams (SUBSCRIBE to depth, bookTicker, trade) and the ws-api with the user's events.

Everything sent to one socket goes through its own queue, so that events and answers race as they do.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from tests.venues.binance import doors, rows
from tests.venues.binance.errors import BinanceError
from tests.venues.binance.struck import socket_frame
from tests.venues.binance.world import MARKETS, Account, World, market_id_of
from tests.venues.faults import Fault
from trading.core.instrument import Side
from trading.core.market import Trade
from trading.core.orders import Fill, OrderEvent, OrderReport, OrderStatus
from trading.core.simulated_orders import BalancesMoved, ExchangeEvent, VenueOrder

_STATES = {
    OrderEvent.ACCEPTED: OrderStatus.OPEN,
    OrderEvent.PARTLY_FILLED: OrderStatus.PARTLY_FILLED,
    OrderEvent.FILLED: OrderStatus.FILLED,
    OrderEvent.CANCELED: OrderStatus.CANCELED,
    OrderEvent.EXPIRED: OrderStatus.EXPIRED,
    OrderEvent.REFUSED: OrderStatus.REJECTED,
}
_KINDS = {
    OrderEvent.ACCEPTED: "NEW",
    OrderEvent.CANCELED: "CANCELED",
    OrderEvent.EXPIRED: "EXPIRED",
    OrderEvent.REFUSED: "REJECTED",
}


@dataclass(eq=False)
class Session:
    """One open socket. ``account`` is whose events it gets; ``streams`` what it subscribed to."""

    socket: web.WebSocketResponse
    scope: str
    account: Account | None = None
    streams: set[str] = field(default_factory=set)
    outbox: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    busy: set[asyncio.Task[None]] = field(default_factory=set)


class Sockets:
    """All open sockets, and what can be done to them. Scopes are ``market`` and ``api``.

    ``silent``: nothing is sent, not even pongs. ``muted``: no events, but answers and pongs. ``gaps``: so many depth
    events are lost. ``duplicate``: the user's events come twice. ``refuse``: no new sockets.
    """

    def __init__(self, world: World, faults: list[Fault]) -> None:
        self.world = world
        self.faults = faults
        self.requests: Counter[str] = Counter()
        self.sessions: set[Session] = set()
        self.silent: set[str] = set()
        self.muted: set[str] = set()
        self.duplicate = False
        self.gaps = 0
        self.refuse: set[str] = set()
        self._shown: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
        world.on_events, world.on_market, world.on_trade = self.on_events, self.on_market, self.on_trade
        for market_id in MARKETS:
            self._shown[market_id] = self._levels(market_id)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        scope = "api" if request.path.startswith("/ws-api") else "market"
        if scope in self.refuse:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        session = Session(socket, scope)
        self.sessions.add(session)
        writer = asyncio.create_task(self._write(session))
        try:
            async for message in socket:
                await self._hear(session, message)
        finally:
            self.sessions.discard(session)
            for task in (writer, *session.busy):
                task.cancel()
            await asyncio.gather(writer, *session.busy, return_exceptions=True)
        return socket

    async def cut(self, scope: str = "all") -> None:
        """Close sockets without a word."""
        for session in [s for s in self.sessions if scope in ("all", s.scope)]:
            self.sessions.discard(session)
            await session.socket.close(code=1006)

    def garbage(self, scope: str = "all") -> None:
        """A frame that is not JSON although it looks like it."""
        for session in self.sessions:
            if scope in ("all", session.scope):
                session.outbox.put_nowait('{"e": "depthUpdate", "b": {')

    async def _write(self, session: Session) -> None:
        while True:
            text = await session.outbox.get()
            if session.scope not in self.silent:
                with contextlib.suppress(ConnectionError, RuntimeError):
                    await session.socket.send_str(text)

    async def _hear(self, session: Session, message: WSMessage) -> None:
        if message.type is WSMsgType.PING and session.scope not in self.silent:
            with contextlib.suppress(ConnectionError):
                await session.socket.pong(message.data)
        elif message.type is WSMsgType.TEXT:
            request = json.loads(message.data)
            if session.scope == "api":
                self._asked(session, request)
            else:
                self._subscribed(session, request)

    def subscribed(self, account: Account) -> set[str]:
        """Here one subscription is for all that happens to an account."""
        return {"account" for session in self.sessions if session.account is account}

    # Market streams

    def _subscribed(self, session: Session, request: dict[str, Any]) -> None:
        """Streams are <market>@depth@100ms, @bookTicker, @trade, all in small letters."""
        self.requests[f"stream {request['method']}"] += 1
        wanted = set(request["params"])
        for stream in wanted:
            market_id, _, name = stream.partition("@")
            if market_id.upper() not in MARKETS or name not in ("depth@100ms", "depth", "bookTicker", "trade"):
                told = {"code": 2, "msg": f"Invalid request: invalid stream {stream}"}
                self._send(session, {"error": told, "id": request["id"]})
                return
        session.streams = session.streams | wanted if request["method"] == "SUBSCRIBE" else session.streams - wanted
        self._send(session, {"result": None, "id": request["id"]})

    def on_market(self, market_id: str) -> None:
        """What changed, with the numbers of the first and the last change: each event begins where the last ended."""
        before, now = self._shown[market_id], self._levels(market_id)
        self._shown[market_id] = now
        changes = [_changes(old, new) for old, new in zip(before, now, strict=True)]
        number = sum(map(len, changes))
        if not number:
            return
        first = self.world.update_ids[market_id] + 1
        self.world.update_ids[market_id] = last = first + number - 1
        stamp = self.world.milliseconds()
        names = {"e": "depthUpdate", "E": stamp, "s": market_id, "U": first, "u": last}
        if self.gaps > 0:
            self.gaps -= 1
        else:
            self._tell_market(market_id, "depth@100ms", {**names, "b": changes[0], "a": changes[1]})
        best = [next(iter(side.items()), ("0.00000000", "0.00000000")) for side in now]
        if best != [next(iter(side.items()), None) for side in before]:
            (bid, bid_size), (ask, ask_size) = best
            told = {"u": last, "s": market_id, "b": bid, "B": bid_size, "a": ask, "A": ask_size}
            self._tell_market(market_id, "bookTicker", told)

    def on_trade(self, market_id: str, trade: Trade) -> None:
        self.world.trade_numbers[market_id] += 1
        stamp = self.world.milliseconds()
        told = {"e": "trade", "E": stamp, "s": market_id, "t": self.world.trade_numbers[market_id], "T": stamp}
        amounts = {"p": rows.eight(trade.price), "q": rows.eight(trade.amount)}
        self._tell_market(market_id, "trade", {**told, **amounts, "m": trade.side is Side.SELL, "M": True})

    def _tell_market(self, market_id: str, name: str, event: dict[str, Any]) -> None:
        for session in self.sessions:
            if f"{market_id.lower()}@{name}" in session.streams and "market" not in self.muted:
                self._send(session, event)

    def _levels(self, market_id: str) -> tuple[dict[str, str], dict[str, str]]:
        bids, asks = (
            {rows.eight(level.price): rows.eight(level.amount) for level in side}
            for side in self.world.shown(market_id)
        )
        return bids, asks

    # The ws-api

    def _asked(self, session: Session, request: dict[str, Any]) -> None:
        self.requests[request["method"]] += 1
        for fault in self.faults:
            if fault.strikes(request["method"]):
                task = asyncio.create_task(self._answer_badly(session, request, fault))
                session.busy.add(task)
                task.add_done_callback(session.busy.discard)
                return
        self._send(session, {"id": request["id"], **self._answer(session, request)})

    def _answer(self, session: Session, request: dict[str, Any]) -> dict[str, Any]:
        parameters = request.get("params") or {}
        if request["method"] != "userDataStream.subscribe.signature":
            return doors.socket(self.world, request["method"], parameters)
        try:
            values = {name: str(value) for name, value in parameters.items()}
            session.account = doors.signer(self.world, values)
        except BinanceError as refused:
            return {"status": refused.status, "error": refused.body()}
        return {"status": 200, "result": {"subscriptionId": 0}}

    async def _answer_badly(self, session: Session, request: dict[str, Any], fault: Fault) -> None:
        frame = await socket_frame(fault, lambda: self._answer(session, request), self.world.milliseconds())
        if frame is None:
            self.sessions.discard(session)
            await session.socket.close(code=1006)
        elif isinstance(frame, str):
            session.outbox.put_nowait(frame)
        else:
            self._send(session, {"id": request["id"], **frame})

    def on_events(self, account: Account, events: Sequence[ExchangeEvent]) -> None:
        """A fill and the report behind it are one event here."""
        waiting: Fill | None = None
        for event in events:
            if isinstance(event, Fill):
                waiting = event
                if not event.maker:
                    self.on_trade(
                        market_id_of(event.symbol),
                        Trade(event.symbol, event.side, event.price, event.amount, event.at),
                    )
            elif isinstance(event, OrderReport):
                self._tell_order(account, event, waiting)
                waiting = None
            elif isinstance(event, BalancesMoved):
                self._tell(account, rows.position(account, self.world.milliseconds()))

    def _tell_order(self, account: Account, report: OrderReport, fill: Fill | None) -> None:
        order = account.find(order_id=report.venue_id)
        if order is None:
            return
        then = _as_reported(order, report)
        kind = "TRADE" if fill else _KINDS[report.event]
        cancel_id = account.cancel_ids.get(report.venue_id) if kind == "CANCELED" else None
        self._tell(account, rows.execution(then, kind, self.world.milliseconds(), fill=fill, cancel_id=cancel_id))

    def _tell(self, account: Account, event: dict[str, Any]) -> None:
        for session in self.sessions:
            if session.account is account and "api" not in self.muted:
                for _ in range(2 if self.duplicate else 1):
                    self._send(session, {"subscriptionId": 0, "event": event})

    @staticmethod
    def _send(session: Session, message: dict[str, Any]) -> None:
        session.outbox.put_nowait(json.dumps(message))


def _changes(old: dict[str, str], new: dict[str, str]) -> list[list[str]]:
    gone = [[price, "0.00000000"] for price in old if price not in new]
    return gone + [[price, amount] for price, amount in new.items() if old.get(price) != amount]


def _as_reported(order: VenueOrder, report: OrderReport) -> VenueOrder:
    """The order as it was when the report was written; several may be waiting."""
    refusal = order.refusal if report.event not in (OrderEvent.ACCEPTED, OrderEvent.PARTLY_FILLED) else ""
    return replace(order, status=_STATES[report.event], filled=report.filled, updated_at=report.at, refusal=refusal)
