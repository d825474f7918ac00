"""From /start to running bots, step by step."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.tgbot.fake_desk import GUEST, FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor, parsed
from trading.desk.answers import DeskError


@pytest.fixture(params=["en", "ru"])
def room(request: pytest.FixtureRequest) -> ChatRoom:
    return make_room(FakeDesk(request.param))


MOVED = "The form shows something else by now. Look again, then press."
LABELS = {
    "en": {
        "new": "New bot",
        "paper": "Paper",
        "done": "Done",
        "preview": "Preview",
        "start": "Start",
        "sure": "I know",
    },
    "ru": {"new": "Новый", "paper": "Бумага", "done": "Готово", "preview": "Предпр", "start": "Старт", "sure": "Риск"},
}


def labels(room: ChatRoom) -> dict[str, str]:
    return LABELS[room.desk.people[GUEST].language]


async def to_the_deposit(room: ChatRoom) -> Visitor:
    bob, label = room.bob, labels(room)
    await bob.say("/start")
    for pressed in (label["new"], label["paper"], "CRV/USDT", label["done"]):
        await bob.press(pressed)
    return bob


async def to_the_preview(room: ChatRoom) -> Visitor:
    bob = await to_the_deposit(room)
    deposit = next(text for text in bob.last.buttons if "USDT" in text)
    await bob.press(deposit)
    await bob.press(labels(room)["preview"])
    return bob


async def test_ten_presses_lead_from_start_to_a_running_paper_grid(room: ChatRoom) -> None:
    bob, label = room.bob, labels(room)
    await bob.say("/start")
    presses = 0
    for pressed in (label["new"], label["paper"], "CRV/USDT", label["done"], "USDT", label["preview"]):
        await bob.press(pressed)
        presses += 1
    while not any(change[0] == "create" for change in room.desk.changes):
        buttons = bob.last.buttons
        wanted = next(
            (text for text in buttons if label["start"] in text or label["sure"] in text),
            next((text for text in buttons if text.startswith(("🛠", "🛡"))), None),
        )
        assert wanted is not None, bob.text
        await bob.press(wanted)
        presses += 1
    assert presses <= 9
    assert "CRV/USDT" in bob.text
    assert "📄" in bob.text


async def test_the_preview_is_a_picture_and_a_table_that_a_phone_shows(room: ChatRoom) -> None:
    bob = await to_the_preview(room)
    picture = bob.messages[-2]
    assert picture.is_photo
    assert "📄" in picture.text
    table = bob.last.text.split("<pre>")[1].split("</pre>")[0]
    assert max(len(line) for line in table.splitlines()) <= 34
    assert len(table.splitlines()) == 16


async def test_money_at_risk_is_told_before_anything_about_profit(room: ChatRoom) -> None:
    bob = await to_the_preview(room)
    at_risk = bob.text.index("💥")
    assert at_risk < min(bob.text.find(word) % 10_000 for word in ("Take-profit", "Тейк-профит", "bounce", "отскок"))


async def test_a_refused_preview_has_no_start_and_its_fix_leads_to_one() -> None:
    room = make_room()
    bob = await to_the_deposit(room)
    await bob.say("10")
    await bob.press("Preview")
    assert "⛔" in bob.text
    assert not [text for text in bob.last.buttons if "Start" in text]
    fix = next(text for text in bob.last.buttons if text[1:].startswith(" Deposit"))
    await bob.press(fix)
    assert [text for text in bob.last.buttons if "Start" in text]
    assert len([each for each in bob.messages if each.is_photo]) == 1


async def test_danger_asks_a_second_time_with_the_reasons() -> None:
    room = make_room()
    room.desk.failing["danger"] = DeskError("danger")
    bob = await to_the_preview(room)
    await bob.press("🛠 Deposit") if any("🛠 Deposit" in text for text in bob.last.buttons) else None
    await bob.press("Start on paper")
    assert room.desk.changes == []
    assert "Are you sure?" in bob.text
    assert "Liquidation near 0.472" in bob.text
    await bob.press("I know the risk")
    assert room.desk.changes[0][0] == "create"
    assert room.desk.changes[0][-1] is True


async def test_a_second_press_of_start_says_that_it_is_done() -> None:
    room = make_room()
    room.desk.failing["danger"] = DeskError("danger")
    bob = await to_the_preview(room)
    await bob.press("🛠 Deposit") if any("🛠 Deposit" in text for text in bob.last.buttons) else None
    await bob.press("Start on paper")
    sure = next(data for text, data in bob.last.buttons.items() if "I know" in text)
    await bob.press_data(sure)
    assert await bob.press_data(sure) == "Already done."
    assert len([change for change in room.desk.changes if change[0] == "create"]) == 1


async def test_several_pairs_are_ticked_and_each_has_its_preview() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/new")
    await bob.press("Paper")
    await bob.press("CRV/USDT")
    await bob.press("BTC/USDT")
    assert [text for text in bob.last.buttons if text.startswith("✅ ")][:2] == [
        "✅ CRV/USDT · 0.5000 · 34M",
        "✅ BTC/USDT · 95000.5 · 9.0B",
    ]
    await bob.press("Done (2)")
    await bob.say("500")
    await bob.press("Preview")
    assert "Pair 1 of 2" in bob.text
    await bob.press("▶ BTC/USDT")
    assert "Pair 2 of 2" in bob.text


async def test_a_pair_is_found_by_a_part_of_its_name_and_foreign_text_is_escaped() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/new")
    await bob.press("Paper")
    await bob.say("cr v")
    assert "Found for “crv”" in bob.text
    assert any("CRV/USDT" in text for text in bob.last.buttons)
    await bob.say("<b>x")
    assert "Nothing found for “<b>x”" in bob.text
    await bob.press("Busiest")
    assert len(bob.last.buttons) >= 3


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("abc", "not a number"),
        ("-5", "more than 0 and at most 10000000"),
        ("0", "more than 0 and at most 10000000"),
        ("NaN", "not a number"),
        ("1e99", "not a number"),
        ("9" * 60, "too long"),
        ("10k", "not a number"),
    ],
)
async def test_a_wrong_deposit_is_refused_with_what_would_be_right(typed: str, told: str) -> None:
    room = make_room()
    bob = await to_the_deposit(room)
    await bob.say(typed)
    assert told in bob.text
    await bob.say("50,5 usdt")
    assert "Deposit: 50.5 USDT" in bob.text


async def test_settings_that_do_not_fit_together_are_refused_at_once() -> None:
    room = make_room()
    bob = await to_the_deposit(room)
    await bob.say("500")
    await bob.press("Martingale")
    await bob.say("4")
    assert "These settings do not fit" in bob.text
    await bob.say("1.2")
    assert "Martingale: ×1.2" in bob.text


async def test_every_setting_can_be_edited_from_the_summary_and_choices_are_buttons() -> None:
    room = make_room()
    bob = await to_the_deposit(room)
    await bob.say("500")
    await bob.press("Direction")
    await bob.press("Short")
    assert "Direction: Short" in bob.text
    await bob.press("Advanced")
    await bob.press("Sizing")
    await bob.press("Exact")
    assert "Sizing: Exact" in bob.text
    await bob.press("Basic")
    await bob.press("Stop-loss")
    await bob.press("off")
    await bob.press("Stop-loss")
    await bob.say("30 %")
    assert "Stop-loss: 30 %" in bob.text


async def test_back_leads_through_every_step_to_the_beginning() -> None:
    room = make_room()
    bob = await to_the_preview(room)
    for label, expected in (
        ("Edit", "Press a setting to change it"),
        ("Back", "Deposit?"),
        ("Back", "Which pair?"),
        ("Back", "On which account?"),
        ("Cancel", "Nothing was made"),
    ):
        await bob.press(label)
        assert expected in bob.text
    assert not [each for each in bob.messages if each.is_photo]


@pytest.mark.parametrize(("strategy", "is_kept"), [("Grid", True), ("Peg", False)])
async def test_what_was_answered_stays_with_the_same_strategy_and_not_with_another(
    strategy: str, is_kept: bool
) -> None:
    room = make_room()
    room.desk.offered = ("grid", "peg")
    bob = room.bob
    await bob.say("/new")
    for label in ("Grid", "Paper", "CRV/USDT", "Done"):
        await bob.press(label)
    await bob.say("777")
    for label in ("Back", "Back", "Back", "Back", strategy, "Paper"):
        await bob.press(label)
    assert ("Done" in str(list(bob.last.buttons))) is is_kept, "the pair is still chosen"
    if is_kept:
        await bob.press("Done")
        assert "777" in bob.text


async def test_a_half_made_bot_survives_a_restart() -> None:
    room = make_room()
    bob = await to_the_deposit(room)
    shown = bob.last
    again = room.restarted().bob
    await again.say("500")
    assert "Deposit: 500 USDT" in again.text
    assert "Pair: CRV/USDT" in again.text
    assert shown.markup is None


async def test_buttons_of_an_older_form_change_nothing() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/new")
    old = bob.last
    await bob.say("/new")
    assert await bob.press("Paper", on=old) == "This form is no longer open. Begin a new one from /menu."


async def test_a_second_press_of_an_answer_does_not_answer_the_next_question() -> None:
    """A finger that presses twice, or a message that changes late: the old button would be an answer by its number."""
    room = make_room()
    bob = await to_the_deposit(room)
    page = replace(bob.last)
    deposit = next(text for text in page.buttons if "USDT" in text)
    await bob.press(deposit)
    summary = parsed(bob.last.text)
    assert await bob.press(deposit, on=page) == MOVED
    assert parsed(bob.last.text) == summary


async def test_start_starts_only_what_was_looked_at() -> None:
    room = make_room()
    bob = await to_the_preview(room)
    looked_at = replace(bob.last)
    await bob.press("Edit")
    await bob.press("Leverage")
    await bob.say("25")
    await bob.press("Preview")
    assert await bob.press("Start", on=looked_at) == MOVED
    assert room.desk.changes == []
    await bob.press("Start")
    await bob.press("I know the risk")
    [created] = room.desk.changes
    assert created[0] == "create"
    assert created[4]["leverage"] == 25


async def test_no_offer_of_the_preview_is_taken_under_the_question_whether_to_start() -> None:
    room = make_room()
    bob = await to_the_preview(room)
    page = replace(bob.last)
    await bob.press("Start on paper")
    asked = parsed(bob.last.text)
    assert "Are you sure?" in asked
    assert await bob.press("🛡 Leverage", on=page) == MOVED
    assert parsed(bob.last.text) == asked
    assert await bob.press("Start on paper", on=page) == MOVED
    assert room.desk.changes == []


async def test_a_preview_on_paper_starts_nothing_on_an_account() -> None:
    room = make_room()
    key = room.desk.give_key(GUEST)
    bob = await to_the_preview(room)
    on_paper = replace(bob.last)
    while not any(key.tail in text for text in bob.last.buttons):
        await bob.press("Back" if any("Back" in text for text in bob.last.buttons) else "Edit")
    for pressed in (key.tail, "CRV/USDT", "Done", "Preview"):
        await bob.press(pressed)
    assert "Bitget" in bob.text
    assert await bob.press("Start", on=on_paper) == MOVED
    assert room.desk.changes == []


async def test_an_offer_is_taken_once_and_no_other_in_its_place() -> None:
    room = make_room()
    bob = await to_the_deposit(room)
    await bob.say("10")
    await bob.press("Preview")
    page = replace(bob.last)
    offers = [text for text in page.buttons if text.startswith(("🛠", "🛡"))]
    await bob.press(offers[0])
    after = parsed(bob.last.text)
    for offer in offers:
        assert await bob.press(offer, on=page) == MOVED
    assert parsed(bob.last.text) == after


async def test_a_pair_is_ticked_only_in_the_list_that_shows_it() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/new")
    await bob.press("Paper")
    page = replace(bob.last)
    await bob.say("btc")
    assert await bob.press("CRV/USDT", on=page) == MOVED
    assert not any(text.startswith("✅") for text in bob.last.buttons)


async def test_a_refusal_at_start_is_told_and_nothing_is_lost() -> None:
    room = make_room()
    bob = await to_the_deposit(room)
    await bob.say("500")
    await bob.press("Preview")
    room.desk.failing["create"] = DeskError("deposits_exceed_equity", deposits="500", equity="100")
    while not room.desk.changes and "more than it holds" not in "".join(each.text for each in bob.messages):
        wanted = next(text for text in bob.last.buttons if "tart" in text)
        await bob.press(wanted)
    del room.desk.failing["create"]
    await bob.press(next(text for text in bob.last.buttons if "tart" in text))
    if not room.desk.changes:
        await bob.press("I know the risk")
    assert room.desk.changes[0][0] == "create"


async def test_a_picture_that_cannot_be_drawn_does_not_stand_in_the_way() -> None:
    room = make_room()
    room.desk.failing["preview_picture"] = DeskError("venue_away")
    bob = await to_the_preview(room)
    assert "💥" in bob.text


async def test_a_venue_that_is_away_is_told_in_a_toast() -> None:
    room = make_room()
    bob = room.bob
    await bob.say("/new")
    room.desk.failing["find_markets"] = DeskError("venue_away", venue="Bitget", detail="x")
    assert "does not answer" in (await bob.press("Paper") or "")


async def test_the_draft_holds_no_more_than_answers() -> None:
    room = make_room()
    await to_the_preview(room)
    (body,) = room.desk.drafts.values()
    draft = json.loads(body)["data"]["draft"]
    assert draft["symbols"] == ["CRV/USDT:USDT"]
    assert Decimal(draft["config"]["deposit"]) > 0


async def test_the_whole_way_is_worded_in_russian() -> None:
    room = make_room(FakeDesk("ru"))
    bob = await to_the_preview(room)
    assert "Можно потерять" in parsed(bob.last.text)
