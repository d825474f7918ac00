"""Who may do what, and in which language."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest

from tests.e2e import books
from tests.e2e.house import CHAT_KEY, GUEST, House, Person, at_home
from tests.e2e.story import SLOW, recording

pytestmark = [pytest.mark.timeout(240)]


async def speak(house: House, person: Person, language: str) -> None:
    """The profile's language, as Telegram tells it with every update."""
    body = {"user": person.user, "language": language}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{house.url}/client/language?key={CHAT_KEY}", json=body) as answer,
    ):
        assert answer.status == 200, await answer.text()


async def paper_bot(person: Person, pair: str) -> None:
    """From the menu to a running paper bot that survives a fall."""
    await person.send("/start")
    await person.see("Makergram")
    for words in ("New bot", "Grid", "Paper$", pair, "Done"):
        await person.choose(words)
    await person.see("Deposit?")
    await person.send("400")
    await person.see("Press a setting to change it")
    await person.choose("Leverage")
    await person.see("Leverage?")
    await person.send("3")
    await person.see("Leverage: ×3")
    await person.choose("Preview and start")
    await person.see("Ready.", seconds=60)
    await person.choose("Start on paper")
    await person.see("Bot started")


@pytest.mark.xdist_group("e2e-people")
async def test_a_stranger_asks_is_let_in_and_sees_only_what_is_theirs(tmp_path: Path) -> None:
    async with at_home(tmp_path) as (house, admin), aiohttp.ClientSession() as session:
        guest = Person(house, session, GUEST)
        await admin.send("/start")
        await admin.see("Makergram")
        await paper_bot(admin, "CRV")

        await guest.send("/start")
        line = await guest.see("with the admins")
        assert "\n" not in line.text
        assert not line.buttons
        await guest.send("/bots")
        await guest.send("/status")
        await guest.send("hello")
        request = await admin.see("Boris (1000002) asks to use the bot")
        assert all(text == line.text for text in guest.texts())
        await admin.press(request, "Approve")
        await admin.see("may use the bot now")
        await guest.see("You may use the bot now")

        await guest.send("/bots")
        await guest.see("You have no bots yet")
        await paper_bot(guest, "CRV")
        assert [bot["user_id"] for bot in books.rows(house.database, "SELECT user_id FROM bots ORDER BY id")] == [
            admin.user,
            guest.user,
        ]
        await guest.send("/bots")
        listed = await guest.see("Your bots: 1")
        assert "#1" not in listed.text + str(listed.buttons)

        # Buttons that were never shown to the guest, and the admin's request again.
        before = books.rows(house.database, "SELECT id, mode, active, config FROM bots WHERE id = 1")
        for data in ("b:o:1", "b:p:1", "bs:1:close_all", "be:1:deposit", f"acc:{GUEST}:0"):
            await guest.forge(listed, data)
        await guest.send("/admin")
        await guest.see("Only an admin may do that")
        assert not any("#1 " in text for text in guest.texts())
        assert books.rows(house.database, "SELECT id, mode, active, config FROM bots WHERE id = 1") == before
        [person] = books.rows(house.database, f"SELECT status, role FROM users WHERE id = {GUEST}")  # noqa: S608  ours
        assert (person["status"], person["role"]) == ("active", "member")
        assert house.process is not None
        assert house.process.returncode is None


NAMES = re.compile(
    r"Makergram|Telegram|Alice|Bitget|CRV|USDT|USDC|USD|BTC|ETH|SOL|XRP|DOGE|LINK|ADA|BTCUSDT|UTC|English|IP|API"
    r"|[0-9.]+[KMB]\b|/[a-z_]+|\bcrv\b|\bbtc\b|\bTP\b|\bSL\b|isolated|cross|PNG|CSV|Excel",
)


def english_in(text: str) -> list[str]:
    """Latin words that are no names, tickers or commands."""
    return re.findall(r"[A-Za-z]{2,}", NAMES.sub(" ", text))


@pytest.mark.xdist_group("e2e-people")
async def test_the_short_story_in_russian(tmp_path: Path) -> None:
    prices = recording(tmp_path, ["0.5"] * 5)
    async with at_home(tmp_path, PAPER_PRICES=prices, PAPER_SPEED=SLOW) as (house, person):
        await speak(house, person, "ru")
        await person.send("/start")
        await person.see("Новый бот")
        for command in ("/help", "/settings", "/keys", "/status", "/bots", "/admin", "/nonsense"):
            before = person.newest().id
            await person.send(command)
            await person.see(lambda message: bool(message.text), after=before)
        await person.send("/start")
        await person.see("Новый бот", after=person.newest().id)
        for words in ("Новый бот", "Сетка", "Бумага", "CRV", "Готово"):
            await person.choose(words)
        await person.see("Депозит?")
        await person.send("десять")
        await person.see("это не число")
        await person.send("10")
        await person.choose("Ещё настройки")
        await person.choose("Основные")
        await person.choose("Предпросмотр")
        await person.see_button("🛡 Плечо", seconds=60)
        await person.choose("🛡 Плечо")
        await person.choose("Старт на бумаге", seconds=60)
        await person.see("Запущен 1 бот")
        await person.see("Цикл 1 начат")
        await person.choose("#1 CRV")
        for words in ("Ордера", "Назад"):
            await person.choose(words)
        await person.choose("Изменить")
        await person.read()
        buttons = {b["text"] for message in person.messages.values() for row in message.buttons for b in row}
        leftovers = {text: english_in(text) for text in {*person.heard, *person.toasts, *buttons}}
        assert not {text: words for text, words in leftovers.items() if words}
        assert all(re.search("[а-яА-Я]", text) for text in person.heard)

        # Back to English from the settings; what comes next is English.
        before = person.newest().id
        await person.send("/settings")
        await person.press(await person.see("Язык, что я рассказываю", after=before), "English")
        await person.see("The language, what I tell you", after=before)
        await person.send("/bots")
        await person.see("Your bots")
