"""KuCoin's websockets: tokens from bullet-*, welcome, ping, acknowledgements, and the topics /market/level2,
/spotMarket/tradeOrders and /account/balance. The book has no snapshot here: REST has it, changes carry numbers.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.venues.kucoin import rows
from tests.venues.spot.sockets import Session, SpotSockets
from tests.venues.spot.world import Account, BookDelta, SpotWorld
from trading.core.instrument import ZERO, plain
from trading.core.orders import Fill, OrderEvent, OrderReport
from trading.core.simulated_orders import BalancesMoved, ExchangeEvent

PING_MS = 18_000
_TOKEN_LIFE = timedelta(hours=24)
_ORDERS, _BALANCE, _LEVEL2 = "/spotMarket/tradeOrders", "/account/balance", "/market/level2"
_ENDED = {OrderEvent.FILLED: "filled", OrderEvent.CANCELED: "canceled", OrderEvent.EXPIRED: "canceled"}


@dataclass
class Token:
    account: Account | None
    until: datetime


class KucoinSockets(SpotSockets):
    def __init__(self, world: SpotWorld) -> None:
        super().__init__(world)
        self.tokens: dict[str, Token] = {}
        self._numbers = itertools.count(1)

    def token(self, account: Account | None) -> str:
        name = f"2neAiuYvAU61ZDXANAGAsiL4-{next(self._numbers)}"
        self.tokens[name] = Token(account, self.world.time.now() + _TOKEN_LIFE)
        return name

    def greet(self, session: Session, request: web.Request) -> bool:
        """A token is good for 24 hours."""
        name = request.query.get("token", "")
        token = self.tokens.get(name)
        connect_id = request.query.get("connectId", "")
        if token is None or token.until < self.world.time.now():
            said = "token is expired" if token else "token is invalid"
            session.send(json.dumps({"id": connect_id, "type": "error", "code": 401, "data": said}))
            return False
        session.account, session.token = token.account, name if token.account else ""
        session.send(json.dumps({"id": connect_id, "type": "welcome"}))
        return True

    def hear(self, session: Session, text: str) -> None:
        try:
            request = json.loads(text)
            kind, number = request["type"], str(request["id"])
        except (ValueError, KeyError, TypeError):
            session.send(json.dumps({"id": "", "type": "error", "code": 400, "data": "invalid message"}))
            return
        if kind == "ping":
            session.send(json.dumps({"id": number, "type": "pong", "timestamp": time.time_ns() // 1000}))
        elif kind in ("subscribe", "unsubscribe"):
            self._subscribe(session, request, number, wanted=kind == "subscribe")
        else:
            session.send(json.dumps({"id": number, "type": "error", "code": 415, "data": "type is not supported"}))

    def _subscribe(self, session: Session, request: dict[str, Any], number: str, *, wanted: bool) -> None:
        name, _, markets = str(request.get("topic", "")).partition(":")
        problem = ""
        if name in (_ORDERS, _BALANCE):
            if session.account is None or request.get("privateChannel") is not True:
                problem = "the private channel needs a private token"
            topics = {name}
        elif name == _LEVEL2 and markets and all(market in self.world.markets for market in markets.split(",")):
            topics = {f"{name}:{market}" for market in markets.split(",")}
        else:
            problem, topics = f"topic {request.get('topic')} is not found", set()
        if problem:
            session.send(json.dumps({"id": number, "type": "error", "code": 404, "data": problem}))
            return
        session.topics = session.topics | topics if wanted else session.topics - topics
        if request.get("response"):
            session.send(json.dumps({"id": number, "type": "ack"}))

    def tell_delta(self, delta: BookDelta) -> None:
        numbers = itertools.count(delta.first)
        sides = {
            side: [[price, amount, str(next(numbers))] for price, amount in rows_of]
            for side, rows_of in (("asks", delta.asks), ("bids", delta.bids))
        }
        data = {
            "changes": sides,
            "sequenceStart": delta.first,
            "sequenceEnd": delta.last,
            "symbol": delta.market_id,
            "time": int(time.time() * 1000),
        }
        self._push(f"{_LEVEL2}:{delta.market_id}", "trade.l2update", data, None)

    def tell_events(self, account: Account, events: Iterable[ExchangeEvent]) -> None:
        matches: list[Fill] = []
        for event in events:
            if isinstance(event, Fill):
                matches.append(event)
            elif isinstance(event, OrderReport):
                self._tell_order(account, event, [one for one in matches if one.venue_order_id == event.venue_id])
                matches = []
            elif isinstance(event, BalancesMoved):
                for currency in account.exchange.balances():
                    self._tell_balance(account, currency)

    def _tell_order(self, account: Account, report: OrderReport, matches: list[Fill]) -> None:
        order = account.find(venue_id=report.venue_id)
        if order is None:
            return
        for match in matches:
            row = rows.streamed_order(self.world, order, report, "match")
            self._push(_ORDERS, "orderChange", rows.matched(row, match), account)
        kind = _ENDED.get(report.event) or (None if matches else "open")
        if kind is not None:
            self._push(_ORDERS, "orderChange", rows.streamed_order(self.world, order, report, kind), account)

    def _tell_balance(self, account: Account, currency: str) -> None:
        row = rows.balance(account, currency)
        data = {
            "accountId": row["id"],
            "currency": currency,
            "total": row["balance"],
            "available": row["available"],
            "hold": row["holds"],
            "availableChange": plain(ZERO),
            "holdChange": plain(ZERO),
            "relationContext": {},
            "relationEvent": "trade_hf.setted",
            "relationEventId": str(next(self._numbers)),
            "time": str(int(time.time() * 1000)),
        }
        self._push(_BALANCE, "account.balance", data, account)

    def _push(self, topic: str, subject: str, data: dict[str, Any], account: Account | None) -> None:
        message = {"type": "message", "topic": topic, "subject": subject, "data": data}
        if account is not None:
            message |= {"channelType": "private", "userId": account.key}
        text = json.dumps(message)
        for session in self.subscribers(topic, account):
            session.send(text)
