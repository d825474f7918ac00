"""A world in which every button can be shown: bots of all strategies, a crowd, things kept and shared."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp

from tests.e2e.house import CHAT_KEY, House, Person, VenueProcess, free_port, venue
from tests.e2e.story import PAPER_SYMBOL, recording
from tgbot.localchat import FloodLimits, LocalChat
from tgbot.localchat import Person as Account
from trading.core.telling import Level
from trading.desk.connecting import LiveTerms
from trading.desk.desk import Desk
from trading.desk.paper_house import PaperTerms
from trading.desk.running import Terms, trading
from trading.vault import new_master_key

ANN, BEN, DAN, CLARA, EVE = ADMINS = range(1000001, 1000006)
"""Ann, Ben and Dan have bots of all strategies, Clara has none, and Eve one."""
GUESTS = range(2000001, 2000013)
GRID = {"deposit": "50", "leverage": 5, "grid_levels": 5, "coverage_percent": "10", "martingale_multiplier": "1.3"}
BOTS: Sequence[tuple[str, Sequence[str], dict[str, Any]]] = (
    ("grid", [PAPER_SYMBOL, "BTC/USDT:USDT"], GRID),
    ("pingpong", ["ETH/USDT"], {"order_size": "20", "budget": "200"}),
    ("peg", ["CRV/USDC"], {"price": "0.5", "deviation": "0.01", "interval_seconds": 30}),
    ("liquidity", ["BTC/USDT"], {"deposit": "2000", "reference_venue": "binance"}),
)
SPEED = 20


@dataclass
class World:
    house: House
    chat: LocalChat
    venue: VenueProcess
    http: aiohttp.ClientSession
    share: str
    """The code of settings that a guest has shared."""


@asynccontextmanager
async def a_world(folder: Path, language: str) -> AsyncIterator[World]:
    people = (
        *(Account(each, name, language, admin=True)
          for each, name in zip(ADMINS, ("Ann", "Ben", "Dan", "Clara", "Eve"), strict=True)),
        *(Account(each, f"Guest{each % 100}", language, admin=False) for each in GUESTS),
    )  # fmt: skip
    limits = FloodLimits(chat_rate=30, chat_burst=100, total_rate=300, total_burst=300)
    chat = LocalChat(database=folder / "chat.db", key=CHAT_KEY, people=people, port=free_port(), limits=limits)
    async with venue("binance") as binance, chat, aiohttp.ClientSession() as http:
        await binance.control("key", key="bn-loose", secret="bn-loose-secret", can_withdraw=True)
        for admin in ADMINS:
            await binance.control("key", key=f"bn-{admin}", secret=f"bn-{admin}-secret", balances={"USDT": "5000"})
        key, prices = new_master_key(), recording(folder, ["0.5"] * 5)
        settings = {
            "BOT_TOKEN": chat.token,
            "TELEGRAM_API_URL": chat.api_url,
            "ADMIN_IDS": ",".join(map(str, ADMINS)),
            "ENCRYPTION_KEY": key,
            "PAPER_SPEED": str(SPEED),
            "PAPER_PRICES": prices,
            "VENUE_URLS": json.dumps({"binance": binance.address}),
        }
        house = House(folder, settings, port=int(chat.api_url.rpartition(":")[2]))
        share = await _begin(house, key, json.loads(prices), binance.address, people)
        with closing(sqlite3.connect(house.database)) as database, database:
            database.execute("DELETE FROM notices")
        for account in people:
            await Person(house, http, account.id).send("/start")
        try:
            await house.spawn()
            yield World(house, chat, binance, http, share)
        finally:
            await house.stop()


async def _begin(house: House, key: str, prices: dict[str, str], binance: str, people: Sequence[Account]) -> str:
    """Answers the code of what is shared."""
    terms = Terms(
        database_url=f"sqlite+aiosqlite:///{house.database}",
        master_keys=[key],
        admin_ids=frozenset(ADMINS),
        live=LiveTerms(addresses={"binance": binance}),
        paper=PaperTerms(speed=SPEED, prices={symbol: Path(path) for symbol, path in prices.items()}),
    )
    async with trading(terms) as desk:
        for account in people[:-2]:
            await desk.arrive(account.id, account.name, account.username, account.language_code)
        await _let_in(desk)
        for admin in (ANN, BEN, DAN):
            await _furnish(desk, admin)
        strategy, symbols, config = BOTS[1]
        await desk.create(EVE, None, strategy, symbols, config, accept_danger=True, token="eve")
        share = await desk.share(
            GUESTS[2], "grid", PAPER_SYMBOL, desk.check_settings("grid", GRID), with_name=True, token="guest"
        )
        return share.code


async def _let_in(desk: Desk) -> None:
    """One is suspended, one refused, two have not knocked yet; the others are in."""
    suspended, refused, *others = GUESTS
    for guest in (suspended, *others[:-2]):
        await desk.decide_access(ANN, guest, approve=True)
    await desk.suspend(ANN, suspended, token="suspended")
    await desk.decide_access(ANN, refused, approve=False)


async def _furnish(desk: Desk, admin: int) -> None:
    """A bot of each strategy, one of them paused; a key, a preset, a link. What need not be told is not told."""
    for topic in (await desk.hearing(admin)).topics:
        if topic.may_be_off:
            await desk.set_level(admin, topic.topic, Level.OFF)
    await desk.set_paper_balance(admin, "USDC", Decimal(5000))
    made = []
    for strategy, symbols, config in BOTS:
        made += await desk.create(
            admin, None, strategy, symbols, config, accept_danger=True, token=f"{admin}{strategy}"
        )
    await desk.pause(admin, made[1].id)
    await desk.add_key(admin, "binance", "main", {"apiKey": f"bn-{admin}", "secret": f"bn-{admin}-secret"})
    settings = desk.check_settings("grid", GRID)
    await desk.save_preset(admin, "grid", "⭐", settings, token=f"{admin}preset")
    await desk.share(admin, "grid", PAPER_SYMBOL, settings, with_name=False, token=f"{admin}share")
