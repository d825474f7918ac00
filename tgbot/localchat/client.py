"""The page's own JSON interface, under /client/."""

import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web

from tgbot.localchat.accounts import Accounts
from tgbot.localchat.arguments import Arguments, read_arguments
from tgbot.localchat.bells import rung
from tgbot.localchat.calls import DEFAULT_BOT_NAME
from tgbot.localchat.commands import commands_for, saved_profile
from tgbot.localchat.errors import ApiError, RequestRefused
from tgbot.localchat.files import content_of, find_file
from tgbot.localchat.messages import MEDIA, messages_after
from tgbot.localchat.queries import answers_after
from tgbot.localchat.storage import Storage
from tgbot.localchat.view import account_view, answers_view, message_view
from tgbot.localchat.visits import Visits

LONGEST_WAIT = 25
"""Seconds a request for the state may wait for something new."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Client:
    def __init__(
        self, *, storage: Storage, accounts: Accounts, visits: Visits, bot_username: str, clock: Callable[[], float]
    ) -> None:
        self._storage = storage
        self._accounts = accounts
        self._visits = visits
        self._bot_username = bot_username
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/client/people", self._people),
            web.get("/client/state", _explained(self._state)),
            web.post("/client/send", _explained(self._send)),
            web.post("/client/press", _explained(self._press)),
            web.post("/client/upload", _explained(self._upload)),
            web.post("/client/forward", _explained(self._forward)),
            web.post("/client/language", _explained(self._language)),
            web.get("/client/file/{file}", _explained(self._file)),
        ]

    async def _people(self, _: web.Request) -> web.Response:
        people = self._accounts.people.values()
        return web.json_response([{"id": each.id, "name": each.name, "admin": each.admin} for each in people])

    async def _state(self, request: web.Request) -> web.Response:
        asked = Arguments(dict(request.query))
        person, since = asked.integer("user"), max(0, asked.integer("since"))
        deadline = time.monotonic() + LONGEST_WAIT
        while True:
            bell = self._storage.bells.listen(person)
            state, fresh = await self._look(person, since)
            remaining = deadline - time.monotonic()
            if fresh or since == 0 or remaining <= 0 or self._storage.bells.closed:
                return web.json_response(state)
            await rung(bell, remaining)

    async def _look(self, person: int, since: int) -> tuple[dict[str, Any], bool]:
        """What is newer than `since`, and whether anything is."""
        async with self._storage.transaction() as tx:
            account = await self._visits.account(tx, person)
            row = await tx.one("SELECT value FROM sequence")
            seq = int(row["value"]) if row else 0
            if since > seq:
                since = 0
            messages = await messages_after(tx, person, since)
            answers = await answers_after(tx, person, since)
            commands = await commands_for(tx, person, account.language)
            name = await saved_profile(tx, "name", account.language) or DEFAULT_BOT_NAME
            about = await saved_profile(tx, "description", account.language)
        state = {
            "seq": seq,
            "messages": [message_view(message) for message in messages],
            **answers_view(answers),
            "commands": commands,
            "bot": {"name": name, "username": self._bot_username, "description": about},
            **account_view(account, self._clock()),
        }
        return state, bool(messages or answers or account.seq > since or since == 0)

    async def _send(self, request: web.Request) -> web.Response:
        said = await read_arguments(request)
        return web.json_response({"message": await self._visits.say(said.integer("user"), said.text("text"))})

    async def _press(self, request: web.Request) -> web.Response:
        said = await read_arguments(request)
        query = await self._visits.press(said.integer("user"), said.integer("message"), said.text("data"))
        return web.json_response({"query": query})

    async def _upload(self, request: web.Request) -> web.Response:
        said = await read_arguments(request)
        # The parts of an album are called photo, photo2, video3: two of one name would be one.
        uploads = [(name.rstrip("0123456789"), upload) for name, upload in said.uploads.items()]
        if not uploads or any(kind not in MEDIA for kind, _ in uploads):
            raise RequestRefused("there is no photo, video or document in the form")
        messages = await self._visits.show(said.integer("user"), uploads, said.text("caption"))
        return web.json_response({"message": messages[0], "messages": messages})

    async def _forward(self, request: web.Request) -> web.Response:
        said = await read_arguments(request)
        numbers = [int(each) for each in said.array("messages", "expected an array") if str(each).isdecimal()]
        return web.json_response({"messages": await self._visits.forward(said.integer("user"), numbers)})

    async def _language(self, request: web.Request) -> web.Response:
        said = await read_arguments(request)
        await self._visits.speak(said.integer("user"), said.text("language"))
        return web.json_response({"language": said.text("language")})

    async def _file(self, request: web.Request) -> web.Response:
        async with self._storage.transaction() as tx:
            found = await find_file(tx, request.match_info["file"])
            if found is None:
                raise RequestRefused("there is no such file", status=404)
            content = await content_of(tx, found)
        shown = found.kind in ("photo", "video")
        disposition = "inline" if shown else f"attachment; filename*=UTF-8''{quote(found.name)}"
        headers = {"Content-Disposition": disposition, "Cache-Control": "private, max-age=31536000, immutable"}
        mime = found.mime if shown else "application/octet-stream"
        return web.Response(body=content, content_type=mime, headers=headers)


def _explained(handler: Handler) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except RequestRefused as refusal:
            return web.json_response({"error": refusal.explanation}, status=refusal.status)
        except ApiError as error:
            return web.json_response({"error": error.description}, status=error.code)

    return handle
