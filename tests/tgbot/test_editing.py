"""Settings of a bot changed: put together, looked at, made with one press."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tgbot.fake_desk import GUEST, FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor, parsed
from trading.core.effects import Effect
from trading.core.planning import Finding
from trading.desk.answers import Activity, DeskError, EditRefused


async def at_the_settings(room: ChatRoom, *pressed: str, **facts: object) -> Visitor:
    room.desk.give_bot(GUEST, **facts)
    bob = room.bob
    await bob.say("/bots")
    for label in ("CRV/USDT", "Edit", *pressed):
        await bob.press(label)
    return bob


async def test_nothing_is_changed_before_it_was_seen_and_confirmed() -> None:
    room = make_room()
    bob = await at_the_settings(room, "Take-profit")
    await bob.say("3")
    assert "Take-profit: 2 % → 3 %" in parsed(bob.text)
    assert "Take-profit: from 0.5100 to 0.5200" in parsed(bob.text)
    assert room.desk.changes == []
    await bob.press("Apply")
    assert [change[0] for change in room.desk.changes] == ["edit {'take_profit_percent': '3'}"]
    assert "✅ Take-profit: 3 %" in parsed(bob.text)


async def test_several_settings_are_changed_with_one_press() -> None:
    room = make_room()
    bob = await at_the_settings(room, "Leverage")
    await bob.say("500")
    assert "from 1 to 125" in bob.text
    await bob.say("10x")
    assert "Waits for the next cycle: Leverage" in bob.text
    await bob.press("Change more")
    assert "Leverage: ×20 → ×10" in parsed(bob.text)
    await bob.press("Advanced")
    await bob.press("Sizing")
    await bob.press("Exact")
    assert {"Leverage: ×20 → ×10", "Sizing: Classic → Exact"} <= {
        line.removeprefix("✏️ ") for line in parsed(bob.text).splitlines()
    }
    await bob.press("Apply")
    [(made, owner, _)] = room.desk.changes
    assert (owner, made) == (GUEST, "edit {'leverage': 10, 'sizing': 'exact'}")


async def test_what_was_put_together_survives_a_restart() -> None:
    room = make_room()
    await (await at_the_settings(room, "Take-profit")).say("3")
    bob = room.restarted().bob
    await bob.press("Apply")
    assert len(room.desk.changes) == 1


async def test_a_second_press_of_apply_says_that_it_is_done() -> None:
    room = make_room()
    bob = await at_the_settings(room, "Take-profit")
    await bob.say("3")
    review = replace(bob.last)
    await bob.press("Apply")
    assert await bob.press("Apply", on=review) == "Already done."
    assert len(room.desk.changes) == 1


async def test_a_button_that_was_shown_with_other_changes_makes_none() -> None:
    room = make_room()
    bob = await at_the_settings(room, "Take-profit")
    await bob.say("3")
    older = replace(bob.last)
    await bob.press("Change more")
    await bob.press("Leverage")
    await bob.say("10")
    toast = await bob.press("Apply", on=older)
    assert toast is not None
    assert "no longer valid" in toast
    assert room.desk.changes == []


async def test_changes_of_one_bot_are_never_made_to_another() -> None:
    room = make_room()
    bob = await at_the_settings(room, "Take-profit")
    await bob.say("3")
    room.desk.give_bot(GUEST, "BTC/USDT:USDT")
    await bob.say("/bots")
    for label in ("BTC/USDT", "Edit"):
        await bob.press(label)
    assert "→" not in bob.text
    await bob.press("Leverage")
    await bob.say("7")
    await bob.press("Apply")
    assert [change[0] for change in room.desk.changes] == ["edit {'leverage': 7}"]


async def test_an_edit_of_another_bot_leaves_what_was_put_together_for_the_first() -> None:
    room = make_room()
    bob = await at_the_settings(room, "Take-profit")
    await bob.say("3")
    room.desk.give_bot(GUEST, "BTC/USDT:USDT")
    for pair, name, value in (("BTC/USDT", "Leverage", "7"), ("CRV/USDT", "", "")):
        await bob.say("/bots")
        for label in (pair, "Edit", *([name] if name else [])):
            await bob.press(label)
        if value:
            await bob.say(value)
            await bob.press("Discard")
    await bob.press("What would change")
    await bob.press("Apply")
    assert [change[0] for change in room.desk.changes] == ["edit {'take_profit_percent': '3'}"]


async def test_making_a_bot_meanwhile_leaves_what_was_put_together() -> None:
    room = make_room()
    bob = await at_the_settings(room, "Take-profit")
    await bob.say("3")
    await bob.say("/new")
    await bob.press("Cancel")
    await bob.say("/bots")
    for label in ("CRV/USDT", "Edit", "What would change"):
        await bob.press(label)
    assert "→" in bob.text


async def test_changes_can_be_taken_back_as_a_whole_or_one_by_one() -> None:
    room = make_room()
    bob = await at_the_settings(room, "Take-profit")
    await bob.say("3")
    await bob.press("Discard")
    assert "→" not in bob.text
    await bob.press("Take-profit")
    await bob.say("3")
    await bob.press("Change more")
    await bob.press("Take-profit")
    await bob.say("2")
    assert "It is already set to that" in bob.text
    assert not [text for text in bob.last.buttons if "What would change" in text]
    assert room.desk.changes == []


async def test_an_edit_that_does_not_fit_is_explained_and_changes_nothing() -> None:
    room = make_room()
    bob = await at_the_settings(room, "Martingale")
    await bob.say("5")
    assert "do not fit" in bob.text
    assert "Now: ×1.3" in parsed(bob.text), "what was refused is not what is set"
    room.desk.failing["edit"] = DeskError("deposits_exceed_equity", deposits="9", equity="1")
    await bob.say("1.1")
    assert "more than it holds" in bob.text
    assert room.desk.changes == []


async def test_an_edit_with_which_a_bot_could_not_work_says_why() -> None:
    room = make_room()
    room.desk.offered = ("grid", "peg")
    findings = [Finding("self_trade_forbidden", "refusal", {})]
    room.desk.failing["edit"] = EditRefused("CRV/USDT", findings)
    bob = await at_the_settings(room, "Activity", "Quotes", symbol="CRV/USDT", strategy="peg", config={})
    assert "Not changed" in bob.text
    assert "wash trading" in bob.text
    assert "Activity in the band?" in bob.text


async def test_an_edit_that_is_refused_at_the_last_moment_can_be_tried_again() -> None:
    room = make_room()
    bob = await at_the_settings(room, "Take-profit")
    await bob.say("3")
    room.desk.failing["edit"] = DeskError("venue_away")
    review = replace(bob.last)
    await bob.press("Apply")
    assert "does not answer" in bob.text
    assert room.desk.changes == []
    room.desk.failing.clear()
    await bob.press("Apply", on=review)
    assert len(room.desk.changes) == 1


async def test_what_cannot_be_known_now_is_said_and_not_guessed() -> None:
    room = make_room()
    room.desk.effect = None
    bob = await at_the_settings(room, "Take-profit")
    await bob.say("3")
    assert "cannot be known now" in bob.text
    room.desk.effect = Effect()
    await bob.press("Refresh")
    assert "No order changes" in bob.text


async def test_a_stopped_bot_shows_what_start_would_do() -> None:
    room = make_room()
    bob = await at_the_settings(room, "Grid levels", activity=Activity.STOPPED)
    await bob.say("4")
    assert "💥" in bob.text
    assert len(bob.last.text.split("<pre>")[1].split("</pre>")[0].splitlines()) == 5
    room.desk.failing["start_preview"] = DeskError("venue_away")
    await bob.press("Refresh")
    assert "cannot show what Start would do" in bob.text
    await bob.press("Apply")
    assert len(room.desk.changes) == 1


@pytest.mark.parametrize(("count", "said"), [(1, "1 ордер будет снят"), (3, "3 ордера будут сняты"), (5, "5 ордеров")])
async def test_russian_counts_orders_rightly(count: int, said: str) -> None:
    room = make_room(FakeDesk("ru"))
    live = (await room.desk.orders(GUEST, room.desk.give_bot(GUEST).id)).live
    room.desk.owned_bots.clear()
    room.desk.effect = Effect(canceled=tuple(live[:1]) * count)
    room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/bots")
    for label in ("CRV/USDT", "Изменить", "Тейк-профит"):
        await bob.press(label)
    await bob.say("3")
    assert said in parsed(bob.text)
