"""MEXC's websockets: JSON requests, protobuf messages, and listen keys that live for 60 minutes of the venue's time.

Channels: spot@public.aggre.depth, spot@private.orders, .deals and .account (all v3.api.pb). The book has no snapshot
here: REST has it, changes carry versions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from tests.venues.mexc import rows
from tests.venues.spot.sockets import Session, SpotSockets
from tests.venues.spot.world import Account, BookDelta, SpotWorld
from trading.core.orders import Fill, OrderReport
from trading.core.simulated_orders import BalancesMoved, ExchangeEvent

KEY_LIFE = timedelta(minutes=60)
MOST_KEYS = 60
MOST_SUBSCRIPTIONS = 30
_DEPTH = "spot@public.aggre.depth.v3.api.pb"
_ORDERS, _DEALS, _ACCOUNT = (f"spot@private.{name}.v3.api.pb" for name in ("orders", "deals", "account"))


@dataclass
class ListenKey:
    account: Account
    until: datetime


class MexcSockets(SpotSockets):
    garbled = b"\x0a\xff\xff"

    def __init__(self, world: SpotWorld) -> None:
        super().__init__(world)
        self.keys: dict[str, ListenKey] = {}
        self._made = 0

    # Listen keys

    def new_key(self, account: Account) -> str | None:
        """None when the account has 60 of them."""
        mine = [name for name in self.valid_keys() if self.keys[name].account is account]
        if len(mine) >= MOST_KEYS:
            return None
        self._made += 1
        name = hashlib.sha256(f"{account.key} {self._made}".encode()).hexdigest()
        self.keys[name] = ListenKey(account, self.world.time.now() + KEY_LIFE)
        return name

    def valid_keys(self) -> list[str]:
        return [name for name, key in self.keys.items() if key.until > self.world.time.now()]

    def extend(self, name: str) -> bool:
        if name not in self.valid_keys():
            return False
        self.keys[name].until = self.world.time.now() + KEY_LIFE
        return True

    def end_key(self, name: str) -> None:
        self.keys.pop(name, None)
        self.end_expired()

    def end_expired(self) -> None:
        """The stream of a key that is not kept alive closes."""
        valid = set(self.valid_keys())
        for session in [one for one in self.sessions if one.token and one.token not in valid]:
            self.sessions.discard(session)
            session.hang_up()

    # Requests

    def greet(self, session: Session, request: web.Request) -> bool:
        name = request.query.get("listenKey", "")
        if not name:
            return True
        if name not in self.valid_keys():
            session.send("Invalid listen key")
            return False
        session.account, session.token = self.keys[name].account, name
        return True

    def hear(self, session: Session, text: str) -> None:
        try:
            request = json.loads(text)
            method = str(request["method"]).upper()
        except (ValueError, KeyError, TypeError):
            self._say(session, "Invalid request")
            return
        if method == "PING":
            self._say(session, "PONG")
            return
        for channel in request.get("params") or []:
            if method == "SUBSCRIPTION" and self._is_allowed(session, channel):
                session.topics.add(channel)
                self._say(session, channel)
            elif method == "UNSUBSCRIPTION":
                session.topics.discard(channel)
                self._say(session, channel)
            else:
                self._say(session, f"Not Subscribed successfully! [{channel}].Reason\uff1a Blocked! ")

    def _is_allowed(self, session: Session, channel: str) -> bool:
        if len(session.topics) >= MOST_SUBSCRIPTIONS:
            return False
        if channel in (_ORDERS, _DEALS, _ACCOUNT):
            return session.account is not None
        name, _, rest = channel.rpartition("@")
        return name in (f"{_DEPTH}@100ms", f"{_DEPTH}@10ms") and rest in self.world.markets

    @staticmethod
    def _say(session: Session, message: str) -> None:
        session.send(json.dumps({"id": 0, "code": 0, "msg": message}))

    # Pushes

    def tell_delta(self, delta: BookDelta) -> None:
        for speed in ("100ms", "10ms"):
            channel = f"{_DEPTH}@{speed}@{delta.market_id}"
            for session in self.subscribers(channel):
                session.send(rows.depth_message(channel, delta))

    def tell_events(self, account: Account, events: Iterable[ExchangeEvent]) -> None:
        self.end_expired()
        for event in events:
            if isinstance(event, Fill):
                self._push(_DEALS, account, rows.deal_message(_DEALS, self.world, event))
            elif isinstance(event, OrderReport):
                order = account.find(venue_id=event.venue_id)
                if order is not None:
                    self._push(_ORDERS, account, rows.order_message(_ORDERS, self.world, order, event))
            elif isinstance(event, BalancesMoved):
                for currency in account.exchange.balances():
                    self._push(_ACCOUNT, account, rows.account_message(_ACCOUNT, account, currency))

    def _push(self, channel: str, account: Account, message: bytes) -> None:
        for session in self.subscribers(channel, account):
            session.send(message)
