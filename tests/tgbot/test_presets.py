"""Presets in the chat: the strategy's, one's own, the last settings; chosen, kept, renamed, deleted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tgbot.fake_desk import ADMIN, GUEST, FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor, parsed
from tgbot.cards.fields import value_text
from tgbot.coins import Coins
from tgbot.forms import find_field
from tgbot.words import words_for
from trading.desk.answers import DeskError
from trading.strategies import STRATEGIES


async def to_the_deposit(room: ChatRoom) -> Visitor:
    bob = room.bob
    words = words_for(room.desk.people[GUEST].language)
    await bob.say("/new")
    for label in (words.plain("paper"), "CRV/USDT", words.plain("button-done", count=1)):
        await bob.press(label)
    return bob


async def to_the_summary(room: ChatRoom) -> Visitor:
    bob = await to_the_deposit(room)
    await bob.say("50")
    return bob


async def test_a_preset_of_the_strategy_leaves_the_money_to_the_person() -> None:
    bob = await to_the_deposit(make_room())
    await bob.press("Presets")
    assert "Careful\nLeverage ×2 · Grid levels 8" in parsed(bob.last.text)
    toast = await bob.press("Careful")
    assert toast == "🐢 Careful: taken"
    assert "Careful is taken. What it leaves open:" in bob.text
    assert "Deposit?" in bob.text
    await bob.say("50")
    assert {"Leverage: ×2", "Grid levels: 8", "Deposit: 50 USDT"} <= set(parsed(bob.last.text).splitlines())


async def test_a_preset_takes_the_place_of_what_was_tuned_and_keeps_what_was_asked() -> None:
    bob = await to_the_summary(make_room())
    await bob.press("Take-profit")
    await bob.say("9")
    for label in ("Presets", "Bold"):
        await bob.press(label)
    lines = set(parsed(bob.last.text).splitlines())
    assert {"Leverage: ×8", "Take-profit: 1 %", "Deposit: 50 USDT"} <= lines
    for label in ("Presets", "Balanced"):
        await bob.press(label)
    assert "Leverage: ×4" in parsed(bob.last.text).splitlines()


async def test_as_last_time_answers_everything_with_one_press() -> None:
    room = make_room()
    room.desk.give_bot(GUEST, config=room.desk.check_settings("grid", {"deposit": "77", "leverage": 3}))
    bob = await to_the_deposit(room)
    await bob.press("As last time")
    assert {"Deposit: 77 USDT", "Leverage: ×3"} <= set(parsed(bob.last.text).splitlines())


async def test_who_has_made_no_bot_is_offered_no_last_time() -> None:
    room = make_room()
    room.desk.give_bot(ADMIN)
    bob = await to_the_deposit(room)
    assert not [text for text in bob.last.buttons if "last time" in text]


async def test_settings_of_a_new_bot_are_kept_under_a_name_and_taken_up_again() -> None:
    room = make_room()
    room.desk.give_preset(ADMIN, "Ann's")
    bob = await to_the_summary(room)
    await bob.press("Leverage")
    await bob.say("4")
    for label in ("Presets", "Save as preset"):
        await bob.press(label)
    await bob.say("x" * 31)
    assert "1 to 30 characters" in bob.text
    await bob.say("Calm <one>")
    assert "Grid" in bob.text
    assert "Preview" in str(bob.last.buttons)
    [(owner, kept)] = [each for each in room.desk.owned_presets.values() if each[0] == GUEST]
    assert (owner, kept.name, kept.settings["leverage"], kept.settings["deposit"]) == (GUEST, "Calm <one>", 4, "50")
    bob = await to_the_deposit(room)
    await bob.press("Presets")
    assert "Ann" not in bob.text
    await bob.press("Calm <one>")
    assert {"Deposit: 50 USDT", "Leverage: ×4"} <= set(parsed(bob.last.text).splitlines())


async def test_back_leads_out_of_every_new_step() -> None:
    bob = await to_the_deposit(make_room())
    await bob.press("Presets")
    await bob.press("Back")
    assert "Deposit?" in bob.text
    await bob.press("Back")
    assert "Which pair?" in bob.text
    await bob.press("Done")
    await bob.say("50")
    for label in ("Presets", "Save as preset", "Back"):
        await bob.press(label)
    assert "Presets" in bob.text
    await bob.press("Back")
    assert "Deposit: 50 USDT" in parsed(bob.last.text)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_the_new_steps_survive_a_restart(language: str) -> None:
    room, words = make_room(FakeDesk(language)), words_for(language)
    await (await to_the_summary(room)).press(words.plain("button-presets"))
    room = room.restarted()
    await room.bob.press(words.plain("button-save-preset"))
    room = room.restarted()
    await room.bob.say("Мой")
    assert [card.name for _, card in room.desk.owned_presets.values()] == ["Мой"]
    await room.bob.press(words.plain("button-presets"))
    room = room.restarted()
    await room.bob.press("⭐ Мой")
    assert "50 USDT" in room.bob.text


async def test_a_preset_that_is_gone_when_it_is_pressed_is_said_to_be() -> None:
    room = make_room()
    room.desk.give_preset(GUEST, "Gone")
    bob = await to_the_deposit(room)
    await bob.press("Presets")
    room.desk.owned_presets.clear()
    assert await bob.press("⭐ Gone") == "That does not exist any more."


async def test_a_full_shelf_is_told_and_the_form_goes_on() -> None:
    room = make_room()
    room.desk.failing["save_preset"] = DeskError("too_many_presets", limit="20")
    bob = await to_the_summary(room)
    for label in ("Presets", "Save as preset"):
        await bob.press(label)
    await bob.say("One more")
    assert "as many presets as are allowed" in bob.text
    for label in ("Back", "Back"):
        await bob.press(label)
    assert "Deposit: 50 USDT" in parsed(bob.last.text)


async def test_settings_of_a_bot_are_kept_then_renamed_and_deleted_in_settings() -> None:
    room = make_room()
    room.desk.give_bot(GUEST, config=room.desk.check_settings("grid", {"leverage": 6}))
    bob = room.bob
    await bob.say("/bots")
    for label in ("CRV/USDT", "Edit", "Save as preset"):
        await bob.press(label)
    await bob.say("From bot")
    assert "Kept: From bot" in bob.text
    assert "Leverage: ×6" in parsed(bob.last.text)
    await bob.say("/settings")
    for label in ("Presets", "From bot", "Rename"):
        await bob.press(label)
    await bob.say("Better")
    assert [card.name for _, card in room.desk.owned_presets.values()] == ["Better"]
    await bob.press("Delete")
    assert room.desk.owned_presets
    await bob.press("Yes, delete")
    assert room.desk.owned_presets == {}
    assert "no presets yet" in bob.text


@pytest.mark.parametrize(("language", "told"), [("en", "the quote currency"), ("ru", "валюта котировки")])
async def test_what_is_called_by_a_coin_is_worded_without_one_too(language: str, told: str) -> None:
    """A preset knows no pair, and several pairs have different coins: a button may not be empty."""
    setting = find_field(STRATEGIES["pingpong"].config_model, "size_currency")
    assert setting is not None
    words = words_for(language)
    assert value_text(words, setting, "quote", Coins.of("BTC/USDT")) == "USDT"
    assert value_text(words, setting, "quote") == told
    assert value_text(words, setting, "base", Coins.of("BTC/USDT", "ETH/USDT"))


async def test_a_name_typed_after_leaving_names_nothing() -> None:
    room = make_room()
    room.desk.give_preset(GUEST, "Mine")
    bob = room.bob
    await bob.say("/settings")
    for label in ("Presets", "Mine", "Rename", "Menu"):
        await bob.press(label)
    await bob.say("Other")
    assert [card.name for _, card in room.desk.owned_presets.values()] == ["Mine"]


async def test_a_recent_pair_has_its_price_and_what_this_strategy_cannot_trade_is_not_offered() -> None:
    room = make_room()
    room.desk.give_bot(GUEST, "CRV/USDT")
    room.desk.give_bot(GUEST, "CRV/USDT:USDT")
    bob = room.bob
    await bob.say("/new")
    await bob.press("Paper")
    [recent] = [text for text in bob.last.buttons if text.startswith("🕘")]
    assert recent == "🕘 CRV/USDT · 0.5000 · 34M"
    await bob.press(recent)
    await bob.say("btc")
    assert next(text for text in bob.last.buttons if "·" in text).startswith("✅ CRV/USDT · 0.5000")
    await bob.say("nothing like it")
    assert "Nothing found for" in bob.text
    await bob.press("Done (1)")
    assert "Deposit?" in bob.text


async def test_a_button_of_presets_shown_before_does_nothing_on_another_step() -> None:
    bob = await to_the_deposit(make_room())
    await bob.press("Presets")
    page = replace(bob.last)
    await bob.press("Back")
    await bob.say("50")
    assert await bob.press("Careful", on=page) == "The form shows something else by now. Look again, then press."
    assert "Leverage: ×20" in parsed(bob.last.text)


async def test_a_form_that_is_not_filled_in_cannot_be_kept() -> None:
    bob = await to_the_summary(make_room())
    await bob.press("Presets")
    page = replace(bob.last)
    await bob.press("Back")
    await bob.press("Back")
    assert "Deposit?" in bob.text
    assert await bob.press("Save as preset", on=page) == "That does not exist any more."
    assert "Deposit?" in bob.text
