"""A local chat before and after somebody has written to the bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.tgbot.localchat.wire import Clock, Wire
from tgbot.localchat import FloodLimits, LocalChat


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def chat(tmp_path: Path, clock: Clock) -> AsyncIterator[LocalChat]:
    limits = FloodLimits(chat_burst=500, total_burst=500)
    async with LocalChat(database=tmp_path / "chat.db", key="k", clock=clock, limits=limits) as chat:
        yield chat


@pytest.fixture
async def stranger(chat: LocalChat) -> AsyncIterator[Wire]:
    """Before anybody has written to the bot."""
    async with aiohttp.ClientSession() as http:
        yield Wire(chat, http)


@pytest.fixture
async def wire(stranger: Wire) -> Wire:
    """Alice has pressed Start, and the bot has seen it."""
    await stranger.say("/start")
    first = (await stranger.bot("getUpdates")).result[0]["update_id"]
    await stranger.bot("getUpdates", offset=first + 1)
    return stranger
