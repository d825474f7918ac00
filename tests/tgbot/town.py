"""A real desk with the bots of several people at work, and what is stored of each of them."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.desk.place import (
    ADMIN,
    CRV_SYMBOL,
    GRID,
    OTHER,
    OWNER,
    SPOT_SYMBOL,
    FarConnections,
    FarKey,
    Place,
    credentials,
)
from tests.simulation.world import CRV
from tests.tgbot.room import ChatRoom
from tests.tgbot.telegram import NOW, Telegram, bot_on
from tests.tgbot.test_access import Things
from tgbot.app import build_dispatcher
from tgbot.callbacks import new_token
from tgbot.notifier import Notifier
from trading.core.client_ids import parse_client_id
from trading.core.hearing import QuietHours
from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.ledger import fold
from trading.core.orders import Fill
from trading.desk.answers import Activity, DeskError, StopChoice
from trading.desk.connecting import Connections
from trading.desk.desk import Desk
from trading.desk.paper_house import PaperHouse, PaperTerms
from trading.desk.paper_runs import PaperRun, PaperRuns
from trading.desk.preset_answers import ShareCard
from trading.exchanges.errors import Unavailable
from trading.exchanges.gateway import Gateway
from trading.runtime.accounts import AccountId
from trading.storage import Storage
from trading.storage.schema import metadata
from trading.vault import Vault

SUSPENDED, REFUSED, STRANGER = 14, 15, 16
MEMBERS = (OWNER, OTHER, SUSPENDED)


class TownConnections(FarConnections):
    """Keys open accounts of the matching core; nobody's live prices can be had."""

    async def _open_live(
        self,
        venue: str,
        credentials: Mapping[str, str] | None,
        kind: MarketKind,
        account: AccountId | None = None,
    ) -> Gateway:
        if credentials is None:
            raise Unavailable("far away")
        return await super()._open_live(venue, credentials, kind, account)


@dataclass
class TownPlace(Place):
    """Paper accounts are the real ones, stored with all else, on the made up market."""

    async def _connections(self, storage: Storage, vault: Vault) -> Connections:
        connections = TownConnections(self, storage, vault)
        terms = PaperTerms(uploads=self.path.parent / "recordings")
        now = self.clock.now()
        runs = PaperRuns((PaperRun(now, now, speed=1),))
        paper = PaperHouse(storage, terms, self.clock, now, {}, runs)  # type: ignore[arg-type]  a clock by hand
        paper.look_at = connections.look_at
        connections.paper = paper
        return connections


@dataclass
class Town:
    """``codes`` are real ones of invites and shares, which anybody may try."""

    place: TownPlace
    desk: Desk
    room: ChatRoom
    codes: Sequence[str]
    books: Books

    @property
    def ids(self) -> Sequence[int]:
        """Of rows that there are, whosever."""
        tables = ("bots", "keys", "users", "presets", "shares")
        return [number for table in tables for (number,) in self.books.asked(f"SELECT id FROM {table}")]  # noqa: S608


@asynccontextmanager
async def a_town(place: TownPlace) -> AsyncIterator[Town]:
    async with place.open() as desk:
        codes = await settle_in(desk, place)
        telegram = Telegram()
        dispatcher = build_dispatcher(desk, monotonic=lambda: 0.0, burst=1_000_000)
        # What is told unasked goes elsewhere, so that what is there after an update is its answer.
        telling = Telegram()
        room = ChatRoom(desk, telegram, bot_on(telegram), dispatcher)  # type: ignore[arg-type]  a real desk for once
        notifier = asyncio.create_task(Notifier(bot_on(telling), desk, clock=place.clock, linger=0.01).run())
        books = Books(place.path)
        try:
            await place.pass_time(2)
            yield Town(place, desk, room, codes, books)
        finally:
            books.close()
            notifier.cancel()
            await asyncio.gather(notifier, return_exceptions=True)
            await dispatcher["works"].close()


async def settle_in(desk: Desk, place: TownPlace) -> Sequence[str]:
    """Let people in and furnish them; answers codes that open something."""
    await desk.arrive(ADMIN, "Ann", "ann", "en")
    for person in (SUSPENDED, REFUSED):
        await desk.arrive(person, f"P{person} <b>", None, "ru")
        await desk.decide_access(ADMIN, person, approve=person is SUSPENDED)
    shares = [await furnish(desk, place, person) for person in MEMBERS]
    await place.pass_time(6)
    for person in MEMBERS:
        running = [bot for bot in await desk.bots(person) if bot.activity is Activity.RUNNING]
        await desk.pause(person, running[1].id)
        await desk.stop(person, running[2].id, StopChoice.CLOSE_ALL, token="stop")
    await place.pass_time(3)
    await desk.suspend(ADMIN, SUSPENDED, token="out")
    invites = [await desk.make_invite(ADMIN, timedelta(days=1)) for _ in range(2)]
    return [*(f"s_{share.code}" for share in shares), *(invite.code for invite in invites)]


async def furnish(desk: Desk, place: TownPlace, person: int) -> ShareCard:
    """Something of everything."""
    place.keys[f"key-of-{person}"] = FarKey()
    key = await desk.add_key(person, "bitget", f"of {person}", credentials(f"key-of-{person}"))
    for key_id, strategy, symbol, config in (
        (key.id, "grid", CRV_SYMBOL, GRID),
        (None, "grid", CRV_SYMBOL, GRID),
        (None, "grid", "ETH/USDT:USDT", {**GRID, "deposit": "60"}),
        (None, "pingpong", SPOT_SYMBOL, {"budget": "100"}),
    ):
        await begin(desk, person, key_id, strategy, symbol, config)
    await desk.save_preset(person, "grid", f"of {person}", GRID, token="preset")
    await desk.set_quiet_hours(person, QuietHours(60, 120))
    return await desk.share(person, "grid", CRV_SYMBOL, GRID, with_name=True, token="share")


async def refill(town: Town) -> None:
    """People have stopped their bots and deleted them; there is more to do where two run."""
    for person in (OWNER, OTHER):
        running = [bot for bot in await town.desk.bots(person) if bot.activity is Activity.RUNNING]
        for coin in ("SOL", "XRP", "DOGE", "LINK", "ADA")[: 2 - len(running)]:
            # Where it does not trade already, and its money is left.
            with suppress(DeskError):
                await begin(town.desk, person, None, "grid", f"{coin}/USDT:USDT", GRID)


async def begin(
    desk: Desk, person: int, key_id: int | None, strategy: str, symbol: str, config: Mapping[str, Any]
) -> None:
    await desk.create(person, key_id, strategy, [symbol], config, accept_danger=True, token=new_token(person))


OWNED = {
    **dict.fromkeys(
        ("keys", "bots", "orders", "fills", "funding", "cycles", "samples", "notices", "preferences", "levels",
         "presets", "shares", "tokens", "memberships", "deliveries", "paper_prices"),
        "user_id",
    ),
    "users": "id",
    "paper_accounts": "account",
    "broadcasts": "admin_id",
    "invites": "made_by",
    "backoffs": "(SELECT user_id FROM bots WHERE bots.id = bot_id)",
    "drafts": "key",
}  # fmt: skip
"""Whose a row is, by table."""
NOBODYS = {"meta", "market_cache"}
SAID = ("id", "user_id", "bot_id", "created_at", "body")
"""Of a notice what it says; the rest is when it was told."""

Rows = Mapping[tuple[int, str], Sequence[tuple[Any, ...]]]


class Books:
    """The database, read from beside as it lies on the disk."""

    def __init__(self, path: Path) -> None:
        assert OWNED.keys() | NOBODYS == metadata.tables.keys(), "say whose the rows of a new table are"
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        self._known: tuple[int, Rows] = (-1, {})

    def close(self) -> None:
        self._connection.close()

    def rows(self) -> Rows:
        """Every row by its owner and table. Reads nothing again while nothing was stored."""
        [(version,)] = self.asked("PRAGMA data_version")
        if self._known[0] != version:
            self._known = version, self._read()
        return self._known[1]

    def _read(self) -> Rows:
        found: dict[tuple[int, str], list[tuple[Any, ...]]] = defaultdict(list)
        for table, owner in OWNED.items():
            what = ", ".join(SAID) if table == "notices" else "*"
            for first, *row in self.asked(f"SELECT {owner}, {what} FROM {table} ORDER BY rowid"):  # noqa: S608
                user = str(first).split(":")[3] if table == "drafts" else first
                found[int(user), table].append(tuple(row))
        return found

    def asked(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()


def belongings(books: Books, person: int, chance: random.Random) -> Things:
    """One of each that this person has, where there is any."""

    def one_of(table: str, what: str = "id, id") -> Any:
        found = books.asked(f"SELECT {what} FROM {table} WHERE user_id = ?", person)  # noqa: S608  words of ours
        number, code = chance.choice(found or [(0, "")])
        return SimpleNamespace(id=number, code=code)

    return Things(one_of("bots"), one_of("keys"), one_of("presets"), one_of("shares", "id, code"))


def disorder(place: Place, books: Books) -> Iterator[str]:
    """What is wrong with the bots' own books, at a moment at which nothing is under way."""
    for bot, slot, count in books.asked(
        "SELECT bot_id, slot, COUNT(*) FROM orders WHERE live GROUP BY bot_id, slot HAVING COUNT(*) > 1"
    ):
        yield f"bot {bot} has {count} orders in {slot}"
    for bot, symbol, stored in books.asked("SELECT id, symbol, ledger FROM bots"):
        folded = fold(fills_in(books, bot), rules_of(symbol))
        if any(getattr(folded, name) != Decimal(json.loads(stored)[name]) for name in ("position", "cash", "fees")):
            yield f"bot {bot} says {stored} and its fills say {folded}"
    for room in place.supervisor._rooms:
        account = room.account
        there = {each.client_id for each in room.station.gateway.books_of_the_venue.open_orders()}
        here = {each for (each,) in books.asked(RESTING, account.user_id, account.key_id)}
        if here != {each for each in there if each and parse_client_id(each)}:
            yield f"{account}: {here - there} rest only here, {there - here} only there"


RESTING = (
    "SELECT client_id FROM orders JOIN bots ON bots.id = bot_id WHERE live AND bots.user_id = ? AND bots.key_id IS ?"
)


def fills_in(books: Books, bot: int) -> list[Fill]:
    found = books.asked(
        "SELECT side, price, amount, fee, fee_currency FROM fills WHERE bot_id = ? ORDER BY at, id", bot
    )
    return [
        Fill("", "", None, "", Side(side), *(Decimal(each) for each in numbers), fee_currency, None, NOW)
        for side, *numbers, fee_currency in found
    ]


def rules_of(symbol: str) -> Instrument:
    title = symbol.partition(":")[0]
    return replace(CRV, symbol=symbol, base=title.partition("/")[0], quote=title.partition("/")[2])
