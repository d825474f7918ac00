"""The real process, its venue and a person at the chat page, for end-to-end tests."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import re
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from itertools import count, islice, repeat
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]
CHAT_KEY = "e2e-key"
OFFERS = ("🛠", "🛡")
"""How buttons begin that mend a preview: they are answered before it is made anew."""
ADMIN, GUEST = 1000001, 1000002
_FIRST_PORT, _PORTS_EACH = 12_000, 1000


def _die_with_parent() -> None:
    """Nothing that a test started outlives it, however it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _ports_of_ours() -> Iterator[int]:
    """Again and again the ports that belong to this worker: below those that the system itself hands out to anybody.

    Several runs may share a machine, so each begins somewhere else in its part.
    """
    try:
        handed_out_from = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except OSError:
        handed_out_from = 32_768
    parts = (handed_out_from - _FIRST_PORT) // _PORTS_EACH
    if parts < 1:
        yield from repeat(0)  # it hands out nearly all, and leaves none for us
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first, begin = _FIRST_PORT + worker % parts * _PORTS_EACH, os.getpid() * 37
    for number in count():
        yield first + (begin + number) % _PORTS_EACH


def free_port() -> int:
    """A port that is free, and that nobody is given by chance while its house is down."""
    for port in islice(_ports, _PORTS_EACH):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise AssertionError("no port is free")


_ports = _ports_of_ours()


@dataclass
class House:
    """``python -m tgbot`` in a folder of its own. Killed and started again it finds what it left."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None
    seconds_to_page: float = 0.0
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "house.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "makergram.db"

    async def spawn(self) -> None:
        """Start without waiting for anything."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tgbot", "run"),
                cwd=self.folder,
                env=self._environ(),
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,
            )

    async def start(self) -> None:
        """Start and return when the chat page answers."""
        began = time.monotonic()
        await self.spawn()
        while not await self._answers():
            assert self.process is not None
            assert self.process.returncode is None, self.log.read_text()
            assert time.monotonic() - began < 60, self.log.read_text()
            await asyncio.sleep(0.05)
        self.seconds_to_page = time.monotonic() - began

    async def ended(self) -> tuple[int, str]:
        """The exit code and the whole log of a process that is expected to end by itself."""
        assert self.process is not None
        code = await asyncio.wait_for(self.process.wait(), 60)
        return code, self.log.read_text()

    async def kill(self) -> None:
        """kill -9."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> float:
        """SIGTERM; answers how long the end took (seconds). What does not end within half a minute is killed."""
        began = time.monotonic()
        try:
            await asyncio.wait_for(self._end(signal.SIGTERM), 30)
        except TimeoutError:
            await self.kill()
        return time.monotonic() - began

    async def _end(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(number)
            await self.process.wait()

    def _environ(self) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "LOCALCHAT_PORT": str(self.port),
            "LOCALCHAT_KEY": CHAT_KEY,
            **self.settings,
        }

    async def _answers(self) -> bool:
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"{self.url}/client/people?key={CHAT_KEY}") as it,
            ):
                return it.status == 200
        except aiohttp.ClientError:
            return False


@dataclass
class Message:
    """A message as the page shows it, without markup."""

    id: int
    from_bot: bool
    text: str
    buttons: list[list[dict[str, Any]]]
    photo: object
    document: object

    def button(self, words: str) -> dict[str, Any]:
        """The first button whose text holds ``words``. Raises AssertionError when there is none."""
        for row in self.buttons:
            for button in row:
                if _says(button["text"], words):
                    return button
        shown = [button["text"] for row in self.buttons for button in row]
        raise AssertionError(f"no button {words!r} among {shown} under: {self.text[:300]}")


class Person:
    """Somebody at the chat page: reads, types, presses. Survives restarts of the house."""

    def __init__(self, house: House, session: aiohttp.ClientSession, user: int = ADMIN) -> None:
        self._house, self._session, self.user = house, session, user
        self._seq = 0
        self.messages: dict[int, Message] = {}
        self.toasts: list[str] = []
        self.answers: dict[str, str] = {}
        """What each press was answered, by the number of the press."""
        self.heard: list[str] = []
        """Every text that the bot ever showed, in the order in which it was first seen."""

    async def read(self, wait: bool = False) -> None:
        """Take what is new on the page; with ``wait`` until there is something (25 s at most)."""
        since = self._seq if wait or self._seq else 0
        params = {"key": CHAT_KEY, "user": self.user, "since": since}
        async with self._session.get(f"{self._house.url}/client/state", params=params) as answer:
            state = await answer.json()
        self._seq = state["seq"]
        for shown in state["messages"]:
            if shown["deleted"]:
                self.messages.pop(shown["id"], None)
                continue
            message = Message(
                shown["id"],
                shown["from_bot"],
                plain(shown["html"]),
                shown["buttons"],
                shown["photo"],
                shown["document"],
            )
            self.messages[message.id] = message
            if message.from_bot and message.text not in self.heard[-50:]:
                self.heard.append(message.text)
        self.toasts += [toast["text"] for toast in state["toasts"]]
        self.answers |= {answer["query"]: answer["text"] for answer in state["answers"]}

    async def send(self, text: str) -> None:
        await self._post("send", {"user": self.user, "text": text})

    async def show(self, *files: tuple[str, bytes], caption: str = "") -> None:
        """Send files, each with its kind (photo, video, document); several are an album."""
        form = aiohttp.FormData({"user": str(self.user), "caption": caption})
        for place, (kind, content) in enumerate(files):
            form.add_field(f"{kind}{place}", content, filename=f"{place}.{kind}")
        address = f"{self._house.url}/client/upload"
        async with self._session.post(address, params={"key": CHAT_KEY}, data=form) as answer:
            assert answer.status == 200, await answer.text()

    async def press(self, message: Message, words: str) -> None:
        """Press the button whose text holds ``words``."""
        button = message.button(words)
        await self._post("press", {"user": self.user, "message": message.id, "data": button["data"]})

    async def tap(self, message: Message, data: str) -> str | None:
        """Press the button that carries ``data``; answers the number of the press, None where it is there no more."""
        body = {"user": self.user, "message": message.id, "data": data}
        async with self._session.post(f"{self._house.url}/client/press?key={CHAT_KEY}", json=body) as answer:
            pressed = await answer.json()
            assert answer.status == 200 or "no such" in pressed["error"], pressed
            return str(pressed["query"]) if answer.status == 200 else None

    async def see(self, what: str | Callable[[Message], bool], *, seconds: float = 30, after: int = 0) -> Message:
        """The newest message of the bot that holds ``what`` (or satisfies it), waited for."""
        fits = what if callable(what) else lambda message: what.casefold() in message.text.casefold()
        deadline = time.monotonic() + seconds
        await self._read_soon()
        while True:
            for message in sorted(self.messages.values(), key=lambda each: -each.id):
                if message.from_bot and message.id > after and fits(message):
                    return message
            assert time.monotonic() < deadline, (
                f"never saw {what!r}; last: {self._last_texts()} {self.toasts[-2:]}\n{self._log_tail()}"
            )
            await self._read_soon()

    async def see_button(self, words: str, *, seconds: float = 30) -> Message:
        """The newest message of the bot with such a button."""

        def has(message: Message) -> bool:
            return any(_says(button["text"], words) for row in message.buttons for button in row)

        return await self.see(has, seconds=seconds)

    async def toasted(self, words: str, *, seconds: float = 30) -> None:
        """Until a press was answered like this."""
        deadline = time.monotonic() + seconds
        while not any(words in toast for toast in self.toasts):
            assert time.monotonic() < deadline, f"never toasted {words!r}: {self.toasts[-4:]}"
            await self._read_soon()

    async def choose(self, words: str, *, seconds: float = 30) -> None:
        """Find the newest message with such a button, and press it. What mends a preview is seen mended."""
        message = await self.see_button(words, seconds=seconds)
        offer = message.button(words)
        await self.press(message, words)
        if offer["text"].startswith(OFFERS):
            await self.see(lambda _: self.messages.get(message.id) is not message, seconds=seconds)

    async def forge(self, message: Message, data: str) -> None:
        """Press what was never shown: the page refuses that, so the button is first put into its own records."""
        with closing(sqlite3.connect(self._house.folder / "localchat.db", timeout=10)) as chat, chat:
            [[body]] = chat.execute("SELECT body FROM messages WHERE id = ?", (message.id,))
            told = json.loads(body)
            keyboard = told.setdefault("reply_markup", {}).setdefault("inline_keyboard", [])
            keyboard.append([{"text": "forged", "callback_data": data}])
            chat.execute("UPDATE messages SET body = ? WHERE id = ?", (json.dumps(told), message.id))
        await self._post("press", {"user": self.user, "message": message.id, "data": data})

    async def bring(self, name: str, content: str) -> None:
        """Send a document."""
        form = aiohttp.FormData({"user": str(self.user)})
        form.add_field("document", content.encode(), filename=name, content_type="text/csv")
        async with self._session.post(f"{self._house.url}/client/upload?key={CHAT_KEY}", data=form) as answer:
            assert answer.status == 200, await answer.text()

    async def file(self, message: Message) -> bytes:
        """The document that hangs on a message."""
        assert isinstance(message.document, dict)
        place = f"{self._house.url}/client/file/{message.document['id']}"
        async with self._session.get(place, params={"key": CHAT_KEY, "user": self.user}) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.read()

    def texts(self) -> list[str]:
        """What the bot's messages say now, oldest first."""
        return [
            message.text for message in sorted(self.messages.values(), key=lambda each: each.id) if message.from_bot
        ]

    def newest(self) -> Message:
        """The bot's last message."""
        return max((message for message in self.messages.values() if message.from_bot), key=lambda each: each.id)

    async def _read_soon(self) -> None:
        try:
            await asyncio.wait_for(self.read(wait=bool(self._seq)), 1.0)
        except TimeoutError:
            return
        except aiohttp.ClientError:  # the house is down
            await asyncio.sleep(0.05)

    async def _post(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self._session.post(f"{self._house.url}/client/{what}?key={CHAT_KEY}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    def _last_texts(self) -> list[str]:
        return [message.text[:200] for message in sorted(self.messages.values(), key=lambda each: each.id)][-4:]

    def _log_tail(self) -> str:
        return self._house.log.read_text()[-3000:]


def _says(text: str, words: str) -> bool:
    """Whether a button's text holds the words, or ends with them where they end with a dollar sign."""
    text, wanted = text.casefold(), words.casefold()
    return text.endswith(wanted[:-1]) if wanted.endswith("$") else wanted in text


def plain(html: str) -> str:
    """The text of the page's HTML."""
    text = re.sub(r"<br\s*/?>", "\n", html)
    text = re.sub(r"<[^>]+>", "", text)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


class VenueProcess:
    """A venue's server as a process of its own, with its control door."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, address: str, session: aiohttp.ClientSession):
        self.name, self.address = name, address
        self._process, self._session = process, session

    async def control(self, door: str, **values: Any) -> Any:
        async with self._session.post(f"{self.address}/control/{door}", json=values) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()


@asynccontextmanager
async def venue(name: str, *arguments: str) -> AsyncIterator[VenueProcess]:
    """The venue of this name on loopback, as ``python -m tests.venues.<name>`` serves it: known markets and keys."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.venues.{name}", "--port", "0", *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=_die_with_parent,
    )
    assert process.stdout is not None
    address = (await process.stdout.readline()).decode().strip()
    try:
        async with aiohttp.ClientSession() as session:
            yield VenueProcess(name, process, address, session)
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def at_home(folder: Path, **settings: str) -> AsyncIterator[tuple[House, Person]]:
    """A running house, and its admin at the chat page."""
    house = House(folder, settings)
    async with aiohttp.ClientSession() as session:
        try:
            await house.start()
            yield house, Person(house, session)
        finally:
            await house.stop()
