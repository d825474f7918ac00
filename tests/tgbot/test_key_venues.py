"""The choice of an exchange for a key in the chat: by a button, or by a part of its name; in both languages."""

from __future__ import annotations

import pytest

from tests.tgbot.fake_desk import FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tgbot.callbacks import KeyFormAct, OnKeyForm
from trading.desk.answers import DeskError


async def to_the_search(room: ChatRoom, other: str = "Another exchange", add: str = "Add a key") -> None:
    await room.bob.say("/keys")
    await room.bob.press(add)
    await room.bob.press(other)


async def test_the_proven_ones_are_buttons_and_all_others_are_one() -> None:
    bob = make_room().bob
    await bob.say("/keys")
    await bob.press("Add a key")
    assert list(bob.last.buttons) == ["Bitget", "MEXC <x>", "🔎 Another exchange", "✖️ Cancel"]


async def test_a_part_of_a_name_finds_it_and_the_market_is_asked_for() -> None:
    room = make_room()
    bob = room.bob
    await to_the_search(room)
    assert "not proven with Makergram" in bob.text
    await bob.say("ok")
    await bob.press("OKX")
    assert "not proven" in bob.text
    await bob.press("futures")
    assert "API key" in bob.text
    assert "step 1 of 3" in bob.text
    for secret in ("okx-key-1234", "okx-secret", "okx-phrase"):
        await bob.say(secret)
    await bob.press("Just “OKX”")
    wanted = {"apiKey": "okx-key-1234", "secret": "okx-secret", "password": "okx-phrase"}
    assert room.desk.changes == [("add_key", bob.user.id, "okx", "OKX", wanted, "perpetual", False)]
    assert "It has: news of own orders by stream" in bob.text
    assert "It lacks: several orders in one request" in bob.text


async def test_in_russian_it_is_the_same_way() -> None:
    room = make_room(FakeDesk("ru"))
    bob = room.bob
    await to_the_search(room, "Другая биржа", "Добавить ключ")
    assert "с Makergram не проверены" in bob.text
    await bob.say("нет такой")
    assert "Не знаю биржи «нет такой»" in bob.text
    await bob.say("OKX")
    await bob.press("OKX")
    await bob.press("спот")
    assert "API-ключ" in bob.text
    for secret in ("okx-key-1234", "okx-secret", "okx-phrase"):
        await bob.say(secret)
    await bob.press("Просто «OKX»")
    assert room.desk.changes[0][5] == "spot"
    assert "Есть: поток новостей о своих ордерах" in bob.text
    assert "Нет: несколько ордеров одним запросом" in bob.text


async def test_what_is_not_found_can_be_typed_again() -> None:
    room = make_room()
    bob = room.bob
    await to_the_search(room)
    await bob.say("mtgox <b>")
    assert "no exchange called “mtgox <b>”" in bob.text
    await bob.say("hyper")
    await bob.press("Hyperliquid")
    assert "wallet address" in bob.text


async def test_back_leads_to_the_proven_ones_and_the_form_goes_on() -> None:
    room = make_room()
    bob = room.bob
    await to_the_search(room)
    await bob.say("okx")
    await bob.press("Back")
    await bob.press("Bitget")
    assert "step 1 of 3" in bob.text
    for secret in ("apikey-ABCD", "secret-1", "phrase-1"):
        await bob.say(secret)
    await bob.press("Just “Bitget”")
    assert room.desk.changes[0][2] == "bitget"


async def test_back_from_the_market_forgets_the_exchange() -> None:
    room = make_room()
    bob = room.bob
    await to_the_search(room)
    await bob.say("okx")
    await bob.press("OKX")
    await bob.press("Back")
    assert "🔎 Another exchange" in list(bob.last.buttons)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_credential_has_a_name_of_its_own(language: str) -> None:
    room = make_room(FakeDesk(language))
    bob = room.bob
    await to_the_search(room, "🔎", "🔑 Д" if language == "ru" else "🔑 A")
    await bob.say("odd")
    await bob.press("Odd <&> One")
    asked = []
    for number in range(7):
        asked.append(bob.last.text.split("<b>")[-1].split("</b>")[0])
        await bob.say(f"value-{number}")
    assert len(set(asked)) == 7
    assert not {"apiKey", "accountId", "twofa", "uid"} & set(asked)


async def test_a_key_in_pem_form_is_taken_as_it_is() -> None:
    room = make_room()
    bob = room.bob
    await to_the_search(room)
    await bob.say("hyper")
    await bob.press("Hyperliquid")
    await bob.say("0xwallet")
    pem = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nabc=\n-----END EC PRIVATE KEY-----"
    said = await bob.say(pem)
    assert said in room.telegram.gone
    await bob.press("Just")
    assert room.desk.changes[0][4]["privateKey"] == pem


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "OKX cannot be used: it does not list own trades"),
        ("ru", "OKX не подходит: она не даёт списка своих сделок"),
    ],
)
async def test_a_venue_on_which_no_bot_could_trade_says_why(language: str, said: str) -> None:
    room = make_room(FakeDesk(language))
    bob = room.bob
    room.desk.failing["add_key"] = DeskError("venue_unfit", reason="no_own_trades")
    await to_the_search(room, "🔎", "🔑 Д" if language == "ru" else "🔑 A")
    await bob.say("okx")
    await bob.press("OKX")
    await bob.press("спот" if language == "ru" else "spot")
    for secret in ("okx-key-1234", "okx-secret", "okx-phrase"):
        await bob.say(secret)
    await bob.press("OKX")
    assert said in bob.text


async def test_a_button_of_a_form_that_is_gone_says_so() -> None:
    room = make_room()
    bob = room.bob
    await to_the_search(room)
    for act in KeyFormAct.LIST, KeyFormAct.OTHER, KeyFormAct.FOUND, KeyFormAct.KIND:
        told = await bob.press_data(OnKeyForm(act=act, form="abcdef", option=3).pack())
        assert "begin again" in (told or "")


def test_what_a_button_carries_fits_and_is_a_number() -> None:
    for act in KeyFormAct:
        assert len(OnKeyForm(act=act, form="abcdef", option=10_000).pack().encode()) <= 64


@pytest.mark.parametrize(
    ("language", "note"), [("en", "OKX is not proven with Makergram"), ("ru", "OKX не проверена с Makergram")]
)
async def test_a_bot_on_an_unproven_exchange_is_marked(language: str, note: str) -> None:
    room = make_room(FakeDesk(language))
    bob = room.bob
    bot = room.desk.give_bot(bob.user.id, is_paper=False, is_proven=False, venue_title="OKX", key_label="main")
    await bob.say("/bots")
    assert f"🧪 #{bot.id}" in " ".join(bob.last.buttons)
    await bob.press(f"#{bot.id}")
    assert note in bob.text
