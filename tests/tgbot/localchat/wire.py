"""A plain HTTP client that plays the bot and the page, a clock, and a few things to send."""

import struct
import zlib
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tgbot.localchat import LocalChat

ALICE, BORIS = 1000001, 1000002


@dataclass
class Clock:
    """Unix time that moves only when it is told to."""

    now: float = 1_750_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Answer:
    status: int
    said: dict[str, Any]

    @property
    def result(self) -> Any:
        assert self.said["ok"], self.said
        return self.said["result"]

    @property
    def refusal(self) -> str:
        assert not self.said["ok"], self.said
        assert self.said["error_code"] == self.status
        return self.said["description"]


@dataclass
class Wire:
    """`bot(...)` calls the Bot API with a JSON body; the rest is what the page does."""

    chat: LocalChat
    http: aiohttp.ClientSession
    headers: dict[str, str] = field(default_factory=dict)

    async def bot(self, method: str, /, **arguments: Any) -> Answer:
        return await self.bot_raw(method, json=arguments)

    async def bot_raw(self, method: str, token: str | None = None, **request: Any) -> Answer:
        address = f"{self.chat.api_url}/bot{token or self.chat.token}/{method}"
        async with self.http.post(address, **request) as response:
            return Answer(response.status, await response.json())

    async def post(self, path: str, status: int = 200, **said: Any) -> dict[str, Any]:
        address = f"{self.chat.api_url}/client/{path}"
        async with self.http.post(address, params={"key": "k"}, json=said) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def say(self, text: str, user: int = ALICE) -> int:
        return (await self.post("send", user=user, text=text))["message"]

    async def press(self, message: int, data: str, user: int = ALICE) -> str:
        """Presses as the page does and answers the callback query's id as the bot receives it."""
        await self.post("press", user=user, message=message, data=data)
        updates = (await self.bot("getUpdates")).result
        return updates[-1]["callback_query"]["id"]

    async def state(self, since: int = 0, user: int = ALICE) -> dict[str, Any]:
        address = f"{self.chat.api_url}/client/state"
        async with self.http.get(address, params={"key": "k", "user": user, "since": since}) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def shown(self, message: int, user: int = ALICE) -> dict[str, Any]:
        messages = (await self.state(user=user))["messages"]
        return next(each for each in messages if each["id"] == message)

    async def send(self, text: str = "hello", **more: Any) -> dict[str, Any]:
        return (await self.bot("sendMessage", chat_id=ALICE, text=text, parse_mode="HTML", **more)).result


def buttons(*rows: list[tuple[str, str]]) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data in row] for row in rows]}


def png(width: int = 4, height: int = 3) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    pixels = zlib.compress(b"".join(b"\0" + b"\x40\x80\xc0" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def mp4(width: int = 320, height: int = 180, seconds: int = 7) -> bytes:
    """The head of a film: its kind, its length in ticks of a thousandth, the size of its picture."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    length = box(b"mvhd", struct.pack(">4xIIII", 0, 0, 1000, 1000 * seconds))
    sound = box(b"trak", box(b"tkhd", bytes(76) + struct.pack(">II", 0, 0)))
    sight = box(b"trak", box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16)))
    return box(b"ftyp", b"isom" + bytes(4)) + box(b"moov", length + sound + sight) + box(b"mdat", b"...")
