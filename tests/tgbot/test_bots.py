"""A bot's card and what its buttons do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.tgbot.fake_desk import GUEST, FakeDesk
from tests.tgbot.room import make_room
from trading.desk.answers import Activity, DeskError


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_page_opens_by_command_and_by_button(language: str) -> None:
    room = make_room(FakeDesk(language))
    room.desk.give_bot(GUEST)
    bob = room.bob
    for command in (
        "/start",
        "/menu",
        "/help",
        "/new",
        "/bots",
        "/status",
        "/orders",
        "/price",
        "/panic",
        "/keys",
        "/settings",
    ):
        await bob.say(command)
        assert bob.last.buttons, command
    for label in ("➕", "🤖", "📊", "🔑", "⚙️", "❓", "🚨"):
        await bob.say("/menu")
        await bob.press(label)
        assert bob.last.buttons


async def test_one_message_is_edited_in_place_and_an_identical_edit_is_no_error() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/bots")
    await bob.press("CRV/USDT")
    assert await bob.press("Refresh") == "Up to date"
    await bob.press("Pause")
    assert "Paused" in bob.text
    assert len(bob.messages) == 1


async def test_pause_resume_and_the_three_ways_to_stop() -> None:
    for label, yes, activity in (
        ("Keep the take-profit", "Yes", Activity.STOPPING),
        ("Cancel all orders", "Yes", Activity.STOPPED),
        ("Close everything", "Yes", Activity.STOPPED),
    ):
        room = make_room()
        card = room.desk.give_bot(GUEST, position=Decimal("400"), average=Decimal("0.34335"))
        bob = room.bob
        await bob.say("/bots")
        for pressed in ("CRV/USDT", "Pause", "Resume", "Stop"):
            await bob.press(pressed)
        assert all(f"{each}." in bob.text for each in ("Keep the take-profit", "Cancel all orders", "Close everything"))
        await bob.press(label)
        confirm = bob.last.buttons
        assert len(room.desk.changes) == 2
        await bob.press(yes)
        assert room.desk.owned_bots[card.id][1].activity is activity
        assert await bob.press_data(next(iter(confirm.values()))) == "Already done."


async def test_a_stopped_bot_is_started_again_only_through_its_preview() -> None:
    room = make_room()
    bot = room.desk.give_bot(GUEST, activity=Activity.STOPPED, cause="user")
    room.desk.failing["danger"] = DeskError("danger")
    bob = room.bob
    await bob.say("/bots")
    await bob.press("CRV/USDT")
    await bob.press("Start")
    assert "Liquidation near" in bob.text
    assert room.desk.previewed == [bot.id], "what the bot itself holds counts"
    assert room.desk.changes == []
    await bob.press("I know the risk")
    assert room.desk.changes[0][0] == "start"


async def test_a_start_that_became_dangerous_is_asked_again() -> None:
    room = make_room()
    room.desk.give_bot(GUEST, activity=Activity.STOPPED)
    room.desk.failing["start"] = DeskError("danger_not_accepted", symbol="CRV/USDT")
    bob = room.bob
    await bob.say("/bots")
    await bob.press("CRV/USDT")
    await bob.press("Start")
    label = next(text for text in bob.last.buttons if "tart" in text or "I know" in text)
    assert "warnings to read" in (await bob.press(label) or "")
    assert "at risk" in bob.text.lower()


async def test_delete_asks_first_and_only_for_stopped_bots() -> None:
    room = make_room()
    card = room.desk.give_bot(GUEST, activity=Activity.STOPPED)
    bob = room.bob
    await bob.say("/bots")
    for pressed in ("CRV/USDT", "Delete"):
        await bob.press(pressed)
    question = bob.last
    room.desk.owned_bots[card.id] = (GUEST, replace(card, activity=Activity.RUNNING))
    assert "still running" in (await bob.press("Yes, delete", on=question) or "")
    room.desk.owned_bots[card.id] = (GUEST, card)
    await bob.press("Back")
    await bob.press("Delete")
    await bob.press("Yes, delete")
    assert room.desk.owned_bots == {}
    assert "no bots" in bob.text


async def test_a_number_typed_after_leaving_the_question_changes_nothing() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/bots")
    for pressed in ("CRV/USDT", "Edit", "Leverage", "Menu"):
        await bob.press(pressed)
    await bob.say("100")
    assert room.desk.changes == []
    assert "did not understand" in bob.text


async def test_orders_are_shown_on_the_markets_ticks() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/bots")
    await bob.press("CRV/USDT")
    await bob.press("Orders")
    assert "0.4200" in bob.text
    assert "0.5100" in bob.text
    assert await bob.press("Refresh") == "Up to date"


async def test_status_never_adds_paper_to_live() -> None:
    room = make_room()
    room.desk.give_bot(GUEST, realized_net=Decimal("5"))
    room.desk.give_bot(GUEST, "BTC/USDT:USDT", is_paper=False, realized_net=Decimal("7"))
    bob = room.bob
    await bob.say("/status")
    live, paper = bob.text.split("📄")
    assert "realized net +7.00" in live
    assert "realized net +5.00" in paper


async def test_the_orders_of_all_bots_are_a_press_from_the_status() -> None:
    room = make_room()
    room.desk.give_bot(GUEST, open_orders=4)
    await room.bob.say("/status")
    await room.bob.press("Orders")
    assert "Open orders" in room.bob.text


async def test_a_result_of_nothing_has_no_sign() -> None:
    room = make_room()
    room.desk.give_bot(GUEST, realized_net=Decimal("-0.0029"))
    await room.bob.say("/bots")
    await room.bob.press("CRV/USDT")
    assert "result 0.00 %" in room.bob.text


async def test_panic_asks_once_and_reports() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/panic")
    assert room.desk.changes == []
    question = bob.last.buttons
    await bob.press("Yes, close everything now")
    assert room.desk.changes == [("panic", GUEST)]
    assert "Canceling and closing: one bot" in bob.text
    await bob.press_data(next(iter(question.values())))
    assert "Already done." in "".join(each.text for each in bob.messages)
    assert room.desk.changes == [("panic", GUEST)]


async def test_the_language_changes_at_once_and_comes_from_the_profile_at_first() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/settings")
    await bob.press("Русский")
    assert "Настройки" in bob.text
    await bob.say("/menu")
    assert "маркет-мейкер" in bob.text


@pytest.mark.parametrize("content", [{"sticker": None}, {"dice": {"emoji": "🎲", "value": 3}}])
async def test_what_is_not_text_is_answered_shortly(content: dict[str, object]) -> None:
    bob = make_room().bob
    if "sticker" in content:
        content = {
            "sticker": {
                "file_id": "s",
                "file_unique_id": "s",
                "type": "regular",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
            }
        }
    await bob.say(None, **content)
    assert "only read text and buttons" in bob.text


async def test_unknown_words_and_commands_are_answered() -> None:
    bob = make_room().bob
    await bob.say("hello")
    assert "did not understand" in bob.text
    await bob.say("/nonsense")
    assert "no such command" in bob.text


@pytest.mark.parametrize("data", ["", "x", "b:o:abc", "b:o:99999999999999999999999", "go:nowhere", "dG:x:1", "kf:z::0"])
async def test_forged_buttons_are_no_longer_valid(data: str) -> None:
    room = make_room()
    toast = await room.bob.press_data(data)
    assert toast in ("This button is no longer valid. Open /menu for fresh ones.", "That does not exist any more.")


async def test_a_failure_of_ours_is_told_with_a_reference_and_no_secrets(caplog: pytest.LogCaptureFixture) -> None:
    room = make_room()
    room.desk.failing["bots"] = RuntimeError("apiKey=SECRET")  # type: ignore[assignment]  # not a refusal: a defect
    bob = room.bob
    await bob.say("/bots")
    assert "Something went wrong on my side" in bob.text
    assert "SECRET" not in bob.text
    reference = bob.text.rsplit(": ", maxsplit=1)[1]
    assert reference in caplog.text
