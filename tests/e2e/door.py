"""The way from the house to Telegram's server, on which calls can be held for as long as a test needs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web


class Door:
    """Passes everything on to the server at ``beyond``."""

    def __init__(self, beyond: str, session: aiohttp.ClientSession) -> None:
        self.address = ""
        self._beyond, self._session = beyond, session
        self._held: frozenset[str] = frozenset()
        self._passing = 0
        self._opened = asyncio.Event()

    def hold(self, *methods: str, after: int) -> None:
        """So many more of these calls pass, the others wait until it opens."""
        self._held, self._passing = frozenset(methods), after
        self._opened.clear()

    def open(self) -> None:
        self._held = frozenset()
        self._opened.set()

    async def serve(self, request: web.Request) -> web.Response:
        if request.path.rpartition("/")[2] in self._held:
            if self._passing > 0:
                self._passing -= 1
            else:
                await self._opened.wait()
        headers = {name: request.headers[name] for name in ("Content-Type",) if name in request.headers}
        async with self._session.request(
            request.method, f"{self._beyond}{request.path_qs}", data=await request.read(), headers=headers
        ) as answer:
            content = await answer.read()
            return web.Response(body=content, status=answer.status, content_type=answer.content_type)


@asynccontextmanager
async def a_door(beyond: str, session: aiohttp.ClientSession) -> AsyncIterator[Door]:
    door = Door(beyond, session)
    app = web.Application(client_max_size=64 * 1024**2)
    app.router.add_route("*", "/{path:.*}", door.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        door.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield door
    finally:
        door.open()
        await runner.cleanup()
