"""The local KuCoin: as strict as the documentation, over one matching core."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.venues.kucoin import writes
from tests.venues.kucoin.rest import Call, account_of
from tests.venues.kucoin.sockets import PING_MS, KucoinSockets
from tests.venues.spot.server import SpotVenue
from tests.venues.spot.world import Account, SpotWorld, markets

KEYS = (("ku-key", "ku-secret", "ku-pass"), ("ku-key-2", "ku-secret-2", "ku-pass-2"))


class KucoinVenue(SpotVenue):
    socket_paths = ("/endpoint",)
    first_key = "ku-key"

    def __init__(self, port: int = 0) -> None:
        world = SpotWorld(markets("kucoin", lambda base: f"{base}-USDT"))
        self.sockets: KucoinSockets = KucoinSockets(world)
        super().__init__(world, self.sockets, port)
        world.open(KEYS)

    def answer(self, request: web.Request, body: str) -> tuple[int, Any]:
        if (request.method, request.raw_path) == ("POST", "/api/v1/bullet-public"):
            return 200, {"code": "200000", "data": self._bullet(None)}
        more = {("POST", "/api/v1/bullet-private"): lambda call: self._bullet(_owner(call))}
        return writes.answer(self.world, request.method, request.raw_path, request.headers, body, more)

    def _bullet(self, account: Account | None) -> dict[str, Any]:
        """Where the sockets are, and a token for them."""
        server = {
            "endpoint": f"{self.address.replace('http', 'ws')}{self.socket_paths[0]}",
            "encrypt": False,
            "protocol": "websocket",
            "pingInterval": PING_MS,
            "pingTimeout": 10_000,
        }
        return {"token": self.sockets.token(account), "instanceServers": [server]}

    def error_body(self, code: str) -> Any:
        return {"code": "429000" if code == "429" else code, "msg": "as ordered"}

    def empty_body(self) -> Any:
        return {"code": "200000", "data": None}


def _owner(call: Call) -> Account:
    return call.owner


__all__ = ["KEYS", "KucoinVenue", "account_of"]
