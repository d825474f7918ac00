"""What admins do, in the real process: people, maintenance, copies, and broadcasts over a kill -9."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.e2e import books
from tests.e2e.door import Door, a_door
from tests.e2e.house import ADMIN, CHAT_KEY, GUEST, House, Person, at_home
from tests.e2e.test_people import paper_bot
from tests.tgbot.localchat.wire import mp4, png
from tgbot.localchat import FloodLimits, LocalChat
from tgbot.localchat import Person as Account

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("e2e-admins")]


async def until(holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"never: {what}"
        await asyncio.sleep(0.1)


def count(house: House, table: str, condition: str = "1") -> int:
    [row] = books.rows(house.database, f"SELECT count(*) AS n FROM {table} WHERE {condition}")  # noqa: S608  ours
    return int(row["n"])


def entries(house: House) -> int:
    return count(house, "orders", "live = 1 AND role = 'entry'")


async def admin_page(admin: Person, *buttons: str) -> None:
    """A fresh /admin, then these buttons, each on the newest message that has it."""
    await admin.read()
    before = admin.newest().id if admin.messages else 0
    await admin.send("/admin")
    page = await admin.see("Health", after=before)
    for words in buttons:
        await admin.press(page, words)
        await asyncio.sleep(0.3)
        page = await admin.see(lambda message: bool(message.buttons), after=page.id - 1)


async def test_from_an_invite_to_the_removal_with_a_fall_in_the_middle_of_maintenance(tmp_path: Path) -> None:
    async with at_home(tmp_path, PAPER_SPEED="5") as (house, admin), aiohttp.ClientSession() as session:
        guest = Person(house, session, GUEST)
        await admin.send("/start")
        await admin.see("Makergram")

        # The link of an invite, opened as Telegram does it; a second time by nobody.
        await admin_page(admin, "Invites")
        await admin.choose("One day")
        shown = await admin.see("?start=")
        code = shown.text.partition("?start=")[2].split()[0]
        await guest.send("/start made-up-code")
        await guest.see("This invite is not valid")
        await guest.send(f"/start {code}")
        await guest.see("Makergram: a market maker")
        await admin.see("came in by your invite")
        assert code.encode() not in b"".join(each.read_bytes() for each in house.database.parent.glob("makergram.db*"))
        await paper_bot(guest, "CRV")
        await until(lambda: entries(house) > 3, "the grid rests")

        # Suspended: entries leave, the exit stays, and nobody is let in by talking.
        await admin_page(admin, "People")
        await admin.choose("Boris")
        await admin.choose("Suspend")
        await admin.choose("Yes, suspend")
        await guest.see("suspended your access")
        await until(lambda: entries(house) == 0, "no entries rest")
        assert count(house, "orders", "live = 1 AND role = 'take_profit'") == 1
        await guest.send("/bots")
        await guest.see("Your access is suspended")
        await admin.choose("Let back in")
        await admin.choose("Yes, let back in")
        await guest.see("One bot is still paused")
        await guest.send("/bots")
        await guest.choose("#1 CRV")
        await guest.choose("Resume")
        await until(lambda: entries(house) > 0, "it trades again")

        # Maintenance outlives kill -9; nothing can be resumed; the end lets go on what it paused.
        await admin_page(admin, "Maintenance")
        await admin.choose("Yes, stop all trading")
        await admin.see("One bot takes no new entries")
        await guest.see("Maintenance.")
        await until(lambda: entries(house) == 0, "no entries rest")
        await house.kill()
        await house.start()
        await guest.see("Restarted.")
        await guest.send("/bots")
        await guest.see("Maintenance since")
        await guest.choose("#1 CRV")
        await guest.choose("Resume")
        deadline = time.monotonic() + 20
        while not any("nothing can be started or resumed now" in toast for toast in guest.toasts):
            assert time.monotonic() < deadline, guest.toasts
            await guest.read(wait=True)
        assert entries(house) == 0
        await admin.send("/menu")
        await admin.choose("End maintenance")
        await admin.choose("Yes, go on trading")
        await admin.see("One bot trades again")
        await guest.see("Maintenance is over")
        await until(lambda: entries(house) > 0, "it trades again")
        assert sum("Maintenance." in text and "no new entries" in text for text in guest.heard) == 1

        # Removed: bots stop first, then everything is forgotten.
        await admin_page(admin, "People")
        await admin.choose("Boris")
        await admin.choose("Remove")
        await admin.choose("Yes, remove for good")
        await until(lambda: count(house, "bots", "active = 1") == 0, "the bots stopped")
        await asyncio.sleep(1)
        await admin.choose("Yes, remove for good")
        await admin.see("Nothing of theirs is kept here")
        await guest.see("removed you from this bot")
        for table, condition in (("users", f"id = {GUEST}"), ("bots", "1"), ("keys", "1"), ("orders", "1")):
            assert count(house, table, condition) == 0
        await guest.send("/bots")
        await guest.see("with the admins")


async def test_an_admin_gets_the_log_and_a_copy_as_files(tmp_path: Path) -> None:
    async with at_home(tmp_path) as (house, admin):
        await admin.send("/start")
        await admin.see("Makergram")
        await admin.send("/admin")
        health = (await admin.see("Health")).text
        for line in ("Bots working: 0 of 0", "People: 1", "Notices waiting: ", "Database: ", "Event loop lag: "):
            assert line in health
        assert "Exchanges: all answer" in health
        await admin_page(admin, "Backup")
        await admin.see("exchange keys of all users, sealed")
        await admin.choose("Yes, send it")
        sent = await admin.see(lambda message: message.document is not None)
        assert isinstance(sent.document, dict)
        content = await _download(house, sent.document["id"])
        copy = tmp_path / "copy.db"
        copy.write_bytes(content)
        with closing(sqlite3.connect(copy)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.execute("SELECT id FROM users").fetchall() == [(ADMIN,)]


async def _download(house: House, file: str) -> bytes:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{house.url}/client/file/{file}?key={CHAT_KEY}") as answer,
    ):
        assert answer.status == 200
        return await answer.read()


# Broadcasts: the chat server is a process of the test, so that it outlives the bot

PEOPLE = 40
TEXT = "The exchange will be away on Sunday."
TOKEN = "1000000:a-token-for-this-test-only"


@asynccontextmanager
async def crowd(folder: Path) -> AsyncIterator[tuple[House, LocalChat, Door, Person, aiohttp.ClientSession]]:
    """A bot that polls a chat of many people over HTTP, through a door, all of them let in, and its admin."""
    people = (
        Account(ADMIN, "Alice", "en", admin=True),
        *(Account(2_000_000 + number, f"Guest{number}", "en", admin=False) for number in range(PEOPLE)),
    )
    async with (
        LocalChat(database=folder / "chat.db", key=CHAT_KEY, token=TOKEN, people=people, limits=FloodLimits()) as chat,
        aiohttp.ClientSession() as session,
        a_door(chat.api_url, session) as door,
    ):
        settings = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": door.address, "ADMIN_IDS": str(ADMIN)}
        house = House(folder, settings, port=int(chat.api_url.rpartition(":")[2]))
        admin = Person(house, session)
        try:
            await house.spawn()
            await admin.send("/start")
            await admin.see("Makergram", seconds=60)
            for account in people[1:]:
                await Person(house, session, account.id).send("/start")
            await until(lambda: count(house, "users") == PEOPLE + 1, "all have knocked")
            await house.stop()
            with closing(sqlite3.connect(house.database)) as database, database:
                database.execute("UPDATE users SET status = 'active'")
                database.execute("DELETE FROM notices")
            await house.spawn()
            yield house, chat, door, admin, session
        finally:
            await house.stop()


async def received(house: House, session: aiohttp.ClientSession) -> Counter[int]:
    """How often each guest has the text in their chat."""
    found: Counter[int] = Counter()
    for number in range(PEOPLE):
        guest = Person(house, session, 2_000_000 + number)
        await guest.read()
        found[guest.user] = sum(TEXT in text for text in guest.texts())
    return found


async def album_of(house: House, session: aiohttp.ClientSession, person: int) -> list[dict[str, Any]]:
    """The parts of the album in that person's chat."""
    params = {"key": CHAT_KEY, "user": person, "since": 0}
    async with session.get(f"{house.url}/client/state", params=params) as answer:
        return [each for each in (await answer.json())["messages"] if each["from_bot"] and each["album"]]


async def to_confirmation(admin: Person, *album: tuple[str, bytes]) -> None:
    await admin_page(admin, "Broadcast")
    await admin.see(f"as {PEOPLE} people will get it")
    if album:
        await admin.show(*album, caption=TEXT)
    else:
        await admin.send(TEXT)
    await admin.see(f"what {PEOPLE} people get")


async def test_an_album_for_everybody_is_cut_by_kill_nine_and_nobody_gets_it_twice(tmp_path: Path) -> None:
    async with crowd(tmp_path) as (house, chat, door, admin, session):
        await to_confirmation(admin, ("photo", png()), ("video", mp4()), ("photo", png(8, 6)))
        await admin.see("An album of 3")
        await chat.set_blocked(2_000_005, True)
        door.hold("copyMessages", after=10)
        await admin.choose(f"Send ({PEOPLE})")
        await until(lambda: count(house, "deliveries", "state = 'delivered'") >= 8, "some have got it")
        await house.kill()
        states = Counter(row["state"] for row in books.rows(house.database, "SELECT state FROM deliveries"))
        assert states["waiting"] > 10
        door.open()
        await house.spawn()
        result = await admin.see("Broadcast done", seconds=90)
        after = {
            row["user_id"]: row["state"] for row in books.rows(house.database, "SELECT user_id, state FROM deliveries")
        }
        got = await received(house, session)
        assert max(got.values()) == 1
        assert after[2_000_005] == "blocked"
        assert got[2_000_005] == 0
        for person, state in after.items():
            if state == "delivered":
                assert got[person] == 1
            else:
                assert state in ("uncertain", "blocked")
        uncertain = Counter(after.values())["uncertain"]
        assert uncertain == states["sending"]
        assert f"Delivered: {PEOPLE - 1 - uncertain}" in result.text
        if uncertain:
            assert f"Uncertain, not sent again: {uncertain}" in result.text
        for person in [person for person, state in after.items() if state == "delivered"][:3]:
            parts = await album_of(house, session, person)
            assert len(parts) == 3
            assert len({part["album"] for part in parts}) == 1
        await admin.press(await admin.see("Broadcast done"), "Past broadcasts")
        listed = await admin.see("Past broadcasts: 1")
        assert f"🖼×3 {TEXT}" in listed.text
        assert f"✅ {PEOPLE - 1 - uncertain} · 🔕 1" in listed.text
        await admin.press(listed, "#1")
        await admin.see("Broadcast #1,")
        await one_fails_and_the_log_says_why_without_its_secret(house, chat, admin)


async def one_fails_and_the_log_says_why_without_its_secret(house: House, chat: LocalChat, admin: Person) -> None:
    await to_confirmation(admin)
    why = "Bad Request: see https://x.example/why?token=SECRETSECRET"
    chat.faults.fail("copyMessage", code=400, description=why)
    await admin.choose(f"Send ({PEOPLE})")
    result = await admin.see(
        lambda message: "Broadcast done" in message.text and "Failed: 1" in message.text, seconds=60
    )
    await admin.press(result, "Retry the failed (1)")
    await admin.see(
        lambda message: message.id == result.id and "Delivered: 39" in message.text and "Failed" not in message.text,
        seconds=60,
    )
    await admin_page(admin, "Log")
    shown = await admin.see("the last")
    assert "INFO tgbot.broadcaster: broadcast 2: " in shown.text
    assert "https://x.example/why?***" in shown.text
    assert "Times: UTC" in shown.text
    await admin.press(shown, "All as a file")
    sent = await admin.see(lambda message: message.document is not None)
    assert isinstance(sent.document, dict)
    whole = (await _download(house, sent.document["id"])).decode()
    assert whole.startswith("The log since the start, without secrets. Times: UTC\n")
    assert "https://x.example/why?***" in whole
    for text in (shown.text, whole, house.log.read_text()):
        assert "SECRETSECRET" not in text
        assert TOKEN not in text


async def test_a_broadcast_is_canceled_on_the_way(tmp_path: Path) -> None:
    async with crowd(tmp_path) as (house, _, door, admin, session):
        await to_confirmation(admin)
        door.hold("copyMessage", after=8)
        await admin.choose(f"Send ({PEOPLE})")
        await until(lambda: count(house, "deliveries", "state = 'delivered'") >= 5, "some have got it")
        await admin.press(await admin.see("On its way"), "Cancel")
        await until(lambda: count(house, "broadcasts", "status = 'running'") == 0, "the press was heard")
        door.open()
        result = await admin.see("Broadcast canceled")
        delivered = count(house, "deliveries", "state = 'delivered'")
        assert 5 <= delivered < PEOPLE
        assert f"Not sent: {PEOPLE - delivered}" in result.text
        assert sum((await received(house, session)).values()) == delivered
