"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tgbot.localchat import editing, profile, sending, webhook
from tgbot.localchat.accounts import Accounts
from tgbot.localchat.arguments import Arguments, read_arguments
from tgbot.localchat.calls import Call, Method
from tgbot.localchat.errors import ApiError, NotFound, Unauthorized
from tgbot.localchat.faults import Faults
from tgbot.localchat.files import content_of, find_file_by_path
from tgbot.localchat.limits import FloodControl
from tgbot.localchat.polling import Polling
from tgbot.localchat.storage import Storage

METHODS: dict[str, Method] = {
    name.lower(): method
    for methods in (sending.METHODS, editing.METHODS, profile.METHODS, webhook.METHODS)
    for name, method in methods.items()
}
BOT_USERNAME = "makergram_local_bot"


class BotApi:
    """Carries out one call in one transaction: what was answered is kept, what was refused left no trace."""

    def __init__(
        self,
        *,
        storage: Storage,
        accounts: Accounts,
        faults: Faults,
        flood: FloodControl,
        token: str,
        query_lifetime: float,
        clock: Callable[[], float],
    ) -> None:
        self._storage = storage
        self._accounts = accounts
        self._faults = faults
        self._flood = flood
        self._token = token
        self._bot_id = int(token.partition(":")[0])
        self._query_lifetime = query_lifetime
        self._clock = clock
        self._polling = Polling(storage, clock)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self._call),
            web.get("/file/bot{token}/{path:.+}", self._file),
        ]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        return await self._with_faults(request, method, lambda: self._answer(request, method))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return await self._with_faults(request, "file", lambda: self._serve_file(request))

    async def _with_faults(
        self, request: web.Request, method: str, answer: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Does what it does for real, unless a test has ordered trouble."""
        connection = request.transport
        if connection is None or self._faults.away:
            return _hang_up(connection)
        self._faults.watch(connection)
        try:
            if self._faults.delay > 0:
                await asyncio.sleep(self._faults.delay)
            self._faults.raise_ordered(method)
            response = await answer()
        except ApiError as error:
            response = web.json_response(error.as_json(), status=error.code)
        finally:
            self._faults.forget(connection)
        return _hang_up(connection) if self._faults.answer_is_lost(method) else response

    def _check_token(self, token: str) -> None:
        number, colon, secret = token.partition(":")
        if not (number.isdecimal() and colon and secret):
            raise NotFound
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            raise Unauthorized

    async def _answer(self, request: web.Request, method: str) -> web.StreamResponse:
        self._check_token(request.match_info["token"])
        if method == "getupdates":
            return _result(await self._polling.fetch(await read_arguments(request)))
        if method not in METHODS:
            raise NotFound
        return _result(await self._carry_out(METHODS[method], await read_arguments(request)))

    async def _carry_out(self, method: Method, arguments: Arguments) -> Any:
        async with self._storage.transaction() as tx:
            call = Call(
                arguments=arguments,
                tx=tx,
                accounts=self._accounts,
                bot_id=self._bot_id,
                bot_username=BOT_USERNAME,
                query_lifetime=self._query_lifetime,
                now=self._clock(),
            )
            result = await method(call)
            for chat, messages in call.charges:
                self._flood.spend(chat, messages, call.now)
        return result

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        self._check_token(request.match_info["token"])
        async with self._storage.transaction() as tx:
            found = await find_file_by_path(tx, request.match_info["path"])
            if found is None:
                raise NotFound
            content = await content_of(tx, found)
        return web.Response(body=content, content_type="application/octet-stream")


def _result(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _hang_up(connection: asyncio.BaseTransport | None) -> web.Response:
    if isinstance(connection, asyncio.Transport):
        connection.abort()
    return web.Response(status=503)
