"""LocalChat: storage, Bot API, chat page and gate put together behind one address."""

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from tgbot.localchat.accounts import Accounts
from tgbot.localchat.botapi import BOT_USERNAME, BotApi
from tgbot.localchat.calls import DEFAULT_BOT_NAME
from tgbot.localchat.client import Client
from tgbot.localchat.faults import Faults
from tgbot.localchat.files import MEGABYTE, UPLOAD_LIMIT
from tgbot.localchat.gate import Gate
from tgbot.localchat.limits import FloodControl, FloodLimits
from tgbot.localchat.people import DEFAULT_PEOPLE, Person
from tgbot.localchat.storage import Storage
from tgbot.localchat.visits import Visits
from tgbot.localchat.webhook import Deliveries

DEFAULT_TOKEN = "1000000:local-chat"  # noqa: S105 - opens nothing but a server that listens on this machine only
_PAGE = Path(__file__).parent / "page"


class LocalChat:
    """Telegram without Telegram: a Bot API server and a chat page in the browser, kept in one SQLite file.

    `key` opens the page; without one a new key is made at each start. `clock` answers unix time in seconds. A press of
    a button can be answered for `query_lifetime` seconds. `faults` is for tests.
    """

    def __init__(
        self,
        *,
        database: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        key: str | None = None,
        token: str = DEFAULT_TOKEN,
        people: tuple[Person, ...] = DEFAULT_PEOPLE,
        limits: FloodLimits = FloodLimits(),  # noqa: B008 - frozen
        query_lifetime: float = 60.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.faults = Faults()
        self.people = people
        self.token = token
        self._database = database
        self._host = host
        self._port = port
        self._key = key or secrets.token_urlsafe(16)
        self._limits = limits
        self._query_lifetime = query_lifetime
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self._storage: Storage | None = None
        self._visits: Visits | None = None
        self._deliveries: Deliveries | None = None

    async def start(self) -> None:
        """Raises OSError when the port is taken."""
        if self._runner is not None:
            raise RuntimeError("the local chat is started already")
        self._storage = Storage(self._database)
        try:
            await self._storage.open()
            self._runner = web.AppRunner(await self._application(self._storage), access_log=None, shutdown_timeout=2.0)
            await self._runner.setup()
            await web.TCPSite(self._runner, self._host, self._port).start()
        except BaseException:  # canceled or failed half way: what was opened is closed again
            await self.stop()
            raise
        self._port = int(self._runner.addresses[0][1])
        self._deliveries = Deliveries(self._storage, self._clock)
        self._deliveries.start()

    async def stop(self) -> None:
        runner, storage = self._runner, self._storage
        self._runner = self._storage = self._visits = None
        deliveries, self._deliveries = self._deliveries, None
        if deliveries is not None:
            await deliveries.stop()
        if storage is not None:
            storage.bells.close()
        if runner is not None:
            await runner.cleanup()
        if storage is not None:
            await storage.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def api_url(self) -> str:
        """The base for a Bot API client, as in TelegramAPIServer.from_base(...)."""
        return f"http://{self._shown_host()}:{self._port}"

    @property
    def page_url(self) -> str:
        """The chat page's address; it holds the key, so show it to nobody else."""
        return f"{self.api_url}/?key={self._key}"

    async def set_blocked(self, person_id: int, blocked: bool) -> None:
        """A person blocks the bot, or lets it speak again; the bot is told with my_chat_member."""
        if self._visits is None:
            raise RuntimeError("the local chat is not started")
        await self._visits.block(person_id, blocked)

    def _shown_host(self) -> str:
        if self._host in ("0.0.0.0", ""):  # noqa: S104 - compared with, not listened on
            return "127.0.0.1"
        return "[::1]" if self._host == "::" else f"[{self._host}]" if ":" in self._host else self._host

    async def _application(self, storage: Storage) -> web.Application:
        accounts = Accounts(self.people)
        async with storage.transaction() as tx:
            await accounts.register(tx)
        bot_id = int(self.token.partition(":")[0])
        bot = {"id": bot_id, "is_bot": True, "first_name": DEFAULT_BOT_NAME, "username": BOT_USERNAME}
        self._visits = Visits(storage, accounts, bot, self._clock)
        api = BotApi(
            storage=storage,
            accounts=accounts,
            faults=self.faults,
            flood=FloodControl(self._limits),
            token=self.token,
            query_lifetime=self._query_lifetime,
            clock=self._clock,
        )
        client = Client(
            storage=storage, accounts=accounts, visits=self._visits, bot_username=BOT_USERNAME, clock=self._clock
        )
        gate = Gate(self._host, self._key)
        application = web.Application(middlewares=[gate.middleware()], client_max_size=UPLOAD_LIMIT + MEGABYTE)
        application.add_routes([*api.routes(), *client.routes(), *_page_routes(gate)])
        return application


def _page_routes(gate: Gate) -> list[web.AbstractRouteDef]:
    async def page(request: web.Request) -> web.Response:
        if not gate.has_key(request):
            text = "The key is missing or wrong. Open the address that was printed when the bot started."
            return web.Response(text=text, status=403)
        response = web.Response(body=(_PAGE / "index.html").read_bytes(), content_type="text/html", charset="utf-8")
        gate.leave_cookie(request, response)
        return response

    return [web.get("/", page), web.static("/page", _PAGE)]
