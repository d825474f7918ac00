"""The local MEXC: as strict as the documentation, over one matching core."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.venues.mexc import writes
from tests.venues.mexc.rest import Call, Endpoint, Error
from tests.venues.mexc.sockets import MexcSockets
from tests.venues.server import Control
from tests.venues.spot.server import SpotVenue
from tests.venues.spot.world import SpotWorld, markets

KEYS = (("mx-key", "mx-secret", ""), ("mx-key-2", "mx-secret-2", ""))
_STREAM = "/api/v3/userDataStream"


class MexcVenue(SpotVenue):
    socket_paths = ("/ws",)
    first_key = "mx-key"

    def __init__(self, port: int = 0) -> None:
        world = SpotWorld(markets("mexc", lambda base: f"{base}USDT"))
        self.sockets: MexcSockets = MexcSockets(world)
        super().__init__(world, self.sockets, port)
        world.open(KEYS)
        self._streams: dict[tuple[str, str], Endpoint] = {
            ("POST", _STREAM): self._new_key,
            ("PUT", _STREAM): self._extend_key,
            ("DELETE", _STREAM): self._end_key,
            ("GET", _STREAM): lambda call: {"listenKey": self.sockets.valid_keys()},
        }

    def answer(self, request: web.Request, body: str) -> tuple[int, Any]:
        return writes.answer(self.world, request.method, request.raw_path, request.headers, self._streams)

    def _new_key(self, call: Call) -> Any:
        """Valid for 60 minutes; an account has at most 60 of them."""
        name = self.sockets.new_key(call.owner)
        if name is None:
            raise Error(730003, "Unsupported operation, please contact the customer service")
        return {"listenKey": name}

    def _extend_key(self, call: Call) -> Any:
        """60 minutes from now."""
        if not self.sockets.extend(call.need("listenKey")):
            raise Error(730002, "Your input param is invalid")
        return {"listenKey": call.need("listenKey")}

    def _end_key(self, call: Call) -> Any:
        self.sockets.end_key(call.need("listenKey"))
        return {"listenKey": call.need("listenKey")}

    def jump(self, seconds: float) -> None:
        """Time passes: streams of keys that nobody kept alive close."""
        self.world.jump(seconds)
        self.sockets.end_expired()

    def controls(self) -> dict[str, Control]:
        """``jump`` also ends listen keys."""
        return {**super().controls(), "jump": lambda v: self.jump(float(v["seconds"]))}

    def error_body(self, code: str) -> Any:
        return {"code": int(code), "msg": "as ordered"}

    def empty_body(self) -> Any:
        return {}
