"""What admins do in the chat: people, invites, limits, maintenance, the log, copies, and a word to everybody."""

from __future__ import annotations

import logging
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from aiogram.types import MessageOriginHiddenUser, PhotoSize

from tests.tgbot.fake_desk import ADMIN, GUEST, NOW, STRANGER, FakeDesk
from tests.tgbot.fake_people import COPY
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import parsed
from tests.tgbot.test_access import MESSAGES, PRESSES, Press, set_state, things_of
from tgbot.callbacks import new_token
from tgbot.cards.broadcasts import (
    ON_A_PAGE,
    broadcast_card,
    broadcasts_card,
    confirm_broadcast_card,
    past_broadcast_card,
)
from tgbot.cards.card import BUTTON_LIMIT, length
from tgbot.cards.members import invites_card, member_card, people_card, remove_card, suspend_card
from tgbot.cards.system import LOG_LINES, log_card
from tgbot.logtail import LogLine, LogTail
from tgbot.states import Ask
from tgbot.words import LANGUAGES, words_for
from trading.core.notices import AccessRemoved, AccessSuspended
from trading.desk.answers import Activity, DeskError, Person
from trading.desk.member_answers import Announcement, Broadcast, BroadcastList, OpenInvite

FOR_ADMINS = (
    *("go_people", "turn_people", "open_member", "ask_suspend", "suspend", "let_back", "ask_remove", "remove_member"),
    *("ask_limit", "like_everybody", "go_invites", "make_invite", "withdraw_invite", "go_maintenance"),
    *("switch_maintenance", "go_log", "send_log", "go_backup", "send_backup", "go_broadcast", "send_broadcast"),
    *("cancel_broadcast", "resend_broadcast", "turn_broadcasts", "open_broadcast", "show_broadcast"),
    *("go_admin", "decide"),
)


async def opened(room: ChatRoom, *buttons: str) -> None:
    """From /admin through these buttons."""
    await room.ann.say("/admin")
    for label in buttons:
        await room.ann.press(label)


# Who may


@pytest.mark.parametrize("name", FOR_ADMINS)
async def test_nothing_of_it_is_done_for_who_is_no_admin_or_one_no_more(name: str) -> None:
    room = make_room()
    things = things_of(room.desk, GUEST)
    press: Press = PRESSES[name]
    assert await room.bob.press_data(press(replace(things, token=new_token(GUEST)))) == "Only an admin may do that."
    room.desk.people[ADMIN] = replace(room.desk.people[ADMIN], is_admin=False)
    assert await room.ann.press_data(press(things)) == "Only an admin may do that."
    assert room.desk.changes == []
    assert room.telegram.shown == {}
    assert room.telegram.files == []


@pytest.mark.parametrize("state", [Ask.max_deposit, Ask.max_bots, Ask.broadcast])
async def test_an_answer_that_an_admin_of_before_was_asked_for_changes_nothing(state: Any) -> None:
    room = make_room()
    await set_state(room, GUEST, state.state, limit={"person": ADMIN, "message": None})
    await room.bob.say("5")
    assert room.bob.text == "Only an admin may do that."
    assert room.desk.changes == []


@pytest.mark.parametrize("name", [name for name in FOR_ADMINS if name != "decide"])
async def test_none_of_it_is_shown_in_a_group(name: str) -> None:
    room = make_room()
    things = things_of(room.desk, ADMIN)
    ann = room.visitor(ADMIN, chat_id=-500)
    assert "private chat only" in (await ann.press_data(PRESSES[name](things)) or "")
    assert room.telegram.shown == {}
    assert room.desk.changes == []


def test_every_handler_of_admins_is_in_the_walk() -> None:
    assert set(FOR_ADMINS) <= PRESSES.keys()
    assert {"type_max_deposit", "type_max_bots", "take_message"} <= MESSAGES.keys()


# People


async def test_the_list_shows_who_asks_first_and_opens_a_person() -> None:
    room = make_room()
    room.desk.people[STRANGER] = Person(STRANGER, "Eve <b>", None, "en", False, "pending")
    room.desk.give_bot(GUEST)
    await opened(room, "People")
    labels = list(room.ann.last.buttons)
    assert labels[0].startswith("⏳ Eve <b> · 0/0")
    assert any(label.startswith("🟢 Bob · 1/1") for label in labels)
    assert any(label.startswith("🛡 Ann") for label in labels)
    await room.ann.press("Bob")
    assert "May use the bot" in room.ann.text
    assert "Bots working: 1 of 1" in room.ann.text
    await room.ann.press("Back")
    await room.ann.press("🛡 Ann")
    assert "ADMIN_IDS decides" in room.ann.text
    assert set(room.ann.last.buttons) == {"‹ Back", "🛡 Admin"}


async def test_a_long_list_has_pages() -> None:
    room = make_room()
    for number in range(100, 118):
        room.desk.people[number] = Person(number, f"Name {number}", None, "en", False, "active")
    await opened(room, "People")
    assert "Page 1 of 3" in room.ann.text
    await room.ann.press("›")
    await room.ann.press("›")
    assert "Page 3 of 3" in room.ann.text
    assert "›" not in room.ann.last.buttons
    await room.ann.press_data("um:77")
    assert "Page 3 of 3" in room.ann.text


async def test_who_asks_is_let_in_from_their_card() -> None:
    room = make_room()
    room.desk.people[STRANGER] = Person(STRANGER, "Eve", None, "en", False, "pending")
    await opened(room, "People", "Eve", "Approve")
    assert room.desk.people[STRANGER].may_act


async def test_an_admin_suspends_after_a_question_and_lets_back_in() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    await opened(room, "People", "Bob", "Suspend")
    assert room.desk.people[GUEST].may_act
    assert "Their working bot takes no new entries" in room.ann.text
    suspend = room.ann.last
    await room.ann.press("Yes, suspend")
    assert "Suspended" in room.ann.text
    assert room.desk.people[GUEST].status == "suspended"
    assert AccessSuspended(bots=1) in [each.notice for each in room.desk.waiting.values()]
    await room.bob.say("/bots")
    assert room.bob.text == "Your access is suspended. Ask the admins."
    await room.ann.press("Let back in")
    assert "stay paused until they resume" in room.ann.text
    await room.ann.press("Yes, let back in")
    assert room.desk.people[GUEST].may_act
    assert suspend.number == room.ann.last.number


async def test_a_press_of_yesterday_suspends_nobody_again() -> None:
    room = make_room()
    await opened(room, "People", "Bob", "Suspend")
    data = room.ann.last.buttons["⏸ Yes, suspend"]
    await room.ann.press("Yes, suspend")
    await room.ann.press("Let back in")
    await room.ann.press("Yes, let back in")
    assert await room.ann.press_data(data) == "Already done."
    assert room.desk.people[GUEST].may_act


async def test_removing_stops_the_bots_first_and_goes_on_at_the_same_button() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    room.desk.give_key(GUEST)
    await room.bob.say("/new")
    assert room.desk.drafts
    await opened(room, "People", "Bob", "Remove")
    assert "their keys (1)" in room.ann.text
    toast = await room.ann.press("Yes, remove for good")
    assert "bots are stopping" in (toast or "")
    assert GUEST in room.desk.people
    assert "bots are stopping" in room.ann.text
    await room.ann.press("Yes, remove for good")
    assert "Nothing of theirs is kept here" in room.ann.text
    assert GUEST not in room.desk.people
    assert room.desk.owned_bots == {}
    assert room.desk.owned_keys == {}
    assert not [key for key in room.desk.drafts if f":{GUEST}:" in key]
    assert AccessRemoved(language="en") in [each.notice for each in room.desk.waiting.values()]
    assert await room.bob.press_data("go:home") == (
        "This bot is private. Press /start to ask its admins to let you in."
    )


@pytest.mark.parametrize(("typed", "cap"), [("250", "250"), ("0", "0"), ("1 000,5", "1000.5")])
async def test_a_cap_is_typed_and_taken_back(typed: str, cap: str) -> None:
    room = make_room()
    await opened(room, "People", "Bob", "Deposit cap")
    asked = room.ann.last
    await room.ann.say(typed)
    assert room.desk.allowed[GUEST].max_deposit == Decimal(cap)
    assert f"at most {cap} (set for this person)" in room.ann.text
    assert asked.buttons == {}
    await room.ann.press("Deposit cap")
    await room.ann.press("As for everybody")
    assert room.desk.allowed[GUEST].max_deposit is None
    assert "no cap" in room.ann.text


async def test_a_number_of_bots_is_typed() -> None:
    room = make_room()
    await opened(room, "People", "Bob", "Number of bots")
    await room.ann.say("3")
    assert room.desk.allowed[GUEST].max_bots == 3
    assert "at most 3 (set for this person)" in room.ann.text
    await room.ann.press("Number of bots")
    await room.ann.press("As for everybody")
    assert room.desk.allowed[GUEST].max_bots is None


@pytest.mark.parametrize("typed", ["", "-1", "ten", "NaN", "inf", "1e400", "9" * 30, "<b>", "0x10"])
@pytest.mark.parametrize("button", ["Deposit cap", "Number of bots"])
async def test_what_is_no_limit_is_asked_for_again(button: str, typed: str) -> None:
    room = make_room()
    await opened(room, "People", "Bob", button)
    await room.ann.say(typed or "x")
    assert "❗" in room.ann.text
    assert room.desk.changes == []
    await room.ann.say("7")
    assert room.desk.changes[0][0] == ("set_max_deposit" if button == "Deposit cap" else "set_max_bots")


@pytest.mark.parametrize("button", ["Deposit cap", "Number of bots"])
async def test_a_limit_with_a_comma_that_may_mean_two_things_is_asked_back(button: str) -> None:
    room = make_room()
    await opened(room, "People", "Bob", button)
    await room.ann.say("10,000")
    assert "Is that 10000 or 10.000?" in room.ann.text
    assert room.desk.changes == []


@pytest.mark.parametrize("typed", ["1.5", "10001"])
async def test_bots_are_counted_in_whole_numbers(typed: str) -> None:
    room = make_room()
    await opened(room, "People", "Bob", "Number of bots")
    await room.ann.say(typed)
    assert "a whole number from 0 to 10000" in room.ann.text
    assert room.desk.changes == []


async def test_a_number_typed_after_going_elsewhere_limits_nobody() -> None:
    room = make_room()
    await opened(room, "People", "Bob", "Deposit cap", "Back")
    await room.ann.say("5")
    assert room.desk.changes == []


# Invites


async def test_an_invite_lets_its_first_guest_in_at_once_and_no_other() -> None:
    room = make_room()
    await opened(room, "Invites", "One day")
    link = "https://t.me/makergram_bot?start=code-1"
    assert link in room.ann.text
    assert "valid until 02.01 12:00 UTC" in room.ann.text
    eve, late = room.visitor(STRANGER, language="ru"), room.visitor(31)
    await eve.say("/start code-1")
    assert "Новый бот" in str(eve.last.buttons)
    assert room.desk.people[STRANGER].may_act
    await late.say("/start code-1")
    assert late.text == "This invite was used already. Send /start to ask the admins to let you in."
    assert 31 not in room.desk.people
    await late.say("/start")
    assert room.desk.people[31].status == "pending"


@pytest.mark.parametrize("code", ["never-made", "code-1"])
async def test_a_bad_invite_says_so_in_the_guests_language(code: str) -> None:
    room = make_room()
    room.desk.expired_codes.add("code-1")
    eve = room.visitor(STRANGER, language="ru")
    await eve.say(f"/start {code}")
    assert "Отправьте /start" in eve.text
    assert STRANGER not in room.desk.people


@pytest.mark.parametrize("payload", ["<b>", "a b", "x" * 65, "код"])
async def test_what_is_no_code_is_an_ordinary_start(payload: str) -> None:
    room = make_room()
    await room.stranger.say(f"/start {payload}")
    assert room.desk.people[STRANGER].status == "pending"


async def test_an_invite_is_of_no_use_in_a_group_and_to_who_is_suspended() -> None:
    room = make_room()
    invite = await room.desk.make_invite(ADMIN, None)
    await room.visitor(STRANGER, chat_id=-500).say(f"/start {invite.code}")
    assert STRANGER not in room.desk.people
    room.desk.people[GUEST] = replace(room.desk.people[GUEST], status="suspended")
    await room.bob.say(f"/start {invite.code}")
    assert room.bob.text == "Your access is suspended. Ask the admins."
    assert len(room.desk.open_codes) == 1


async def test_who_is_in_opens_the_menu_by_an_invite_and_leaves_it_unused() -> None:
    room = make_room()
    invite = await room.desk.make_invite(ADMIN, None)
    await room.bob.say(f"/start {invite.code}")
    assert "Makergram" in room.bob.text
    assert len(room.desk.open_codes) == 1


async def test_an_invite_is_withdrawn() -> None:
    room = make_room()
    await opened(room, "Invites", "For ever", "Invites")
    assert "One invite is open" in room.ann.text
    assert await room.ann.press("Withdraw") == "Withdrawn: its link lets nobody in any more."
    assert "No invite is open" in room.ann.text
    await room.stranger.say("/start code-1")
    assert "not valid" in room.stranger.text


# Maintenance, the log, copies


async def test_maintenance_asks_once_and_ends_by_the_same_way() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    await opened(room, "Maintenance")
    assert room.desk.since is None
    data = room.ann.last.buttons["🛑 Yes, stop all trading"]
    await room.ann.press("Yes, stop all trading")
    assert "One bot takes no new entries" in room.ann.text
    assert await room.ann.press_data(data) == "Already done."
    await room.ann.press("Admin")
    assert "Maintenance since" in room.ann.text
    await room.ann.press("End maintenance")
    await room.ann.press("Yes, go on trading")
    assert "One bot trades again" in room.ann.text
    assert room.desk.since is None


async def test_the_log_is_shown_redacted_and_sent_as_a_file() -> None:
    tail = LogTail()
    logger = logging.Logger("venue")
    logger.addHandler(tail)
    for number in range(60):
        logger.warning("line %s <b>", number)
    logger.warning("asked https://x.example/v1?apiKey=abcd with secret=hush")
    room = make_room(log_tail=tail)
    await opened(room, "Log")
    assert f"the last {LOG_LINES} lines" in room.ann.text
    assert "line 59 <b>" in room.ann.text
    assert "line 20 " not in room.ann.text
    await room.ann.press("All as a file")
    [(name, content)] = room.telegram.files
    assert name == "makergram-log.txt"
    assert content.decode().count("line ") == 60
    for text in (room.ann.last.text, content.decode(), *(each.text for each in room.ann.messages)):
        assert "abcd" not in text
        assert "hush" not in text


async def test_a_log_without_lines_says_so() -> None:
    room = make_room()
    await opened(room, "Log")
    assert "empty since the start" in room.ann.text
    assert await room.ann.press("Refresh") == "Up to date"


def test_a_log_of_long_lines_and_signs_fits_a_message() -> None:
    card = log_card(words_for("ru"), [LogLine(NOW, "<&>" * 2000)] * 100)
    assert length(card.text) <= 4096
    assert parsed(card.text)


async def test_a_copy_is_sent_to_the_admins_own_chat_once_after_saying_what_it_is() -> None:
    room = make_room()
    await opened(room, "Backup")
    assert "exchange keys of all users, sealed" in room.ann.text
    assert room.telegram.files == []
    data = room.ann.last.buttons["💾 Yes, send it"]
    await room.ann.press("Yes, send it")
    assert room.telegram.files == [("makergram-20260101T120000Z.db", COPY)]
    assert room.ann.last.chat == ADMIN
    await room.ann.press_data(data)
    assert len(room.telegram.files) == 1


async def test_a_copy_that_fails_is_told() -> None:
    room = make_room()
    room.desk.failing["backup"] = DeskError("backup_too_large", megabytes="60", name="x.db")
    await opened(room, "Backup", "Yes, send it")
    assert "60 MB" in room.ann.text
    assert room.telegram.files == []


# Broadcasts: how they are carried is in test_broadcaster.py


async def test_a_message_is_seen_as_it_will_arrive_and_sent_after_a_yes() -> None:
    room = make_room()
    await opened(room, "Broadcast")
    assert "one person will get it" in room.ann.text
    await room.ann.say("Dear all")
    preview, confirm = room.ann.messages[-2:]
    assert preview.text.startswith("copy of")
    assert "what one person gets" in confirm.text
    data = confirm.buttons["📣 Send (1)"]
    await room.ann.press("Send")
    said = Announcement((preview.number,), excerpt="Dear all")
    assert room.desk.changes == [("begin_broadcast", ADMIN, said, confirm.number)]
    assert await room.ann.press_data(data, on=confirm) == "Already done."
    assert len(room.desk.casts) == 1


PHOTO = [PhotoSize(file_id="p", file_unique_id="p", width=1, height=1)]
ORIGIN = MessageOriginHiddenUser(date=NOW, sender_user_name="Somebody")


async def test_a_picture_can_be_sent() -> None:
    room = make_room()
    await opened(room, "Broadcast")
    await room.ann.say(None, photo=PHOTO, caption="see")
    assert "what one person gets" in room.ann.text
    await room.ann.press("Send")
    [(_, _, said, _)] = room.desk.changes
    assert (said.excerpt, said.forwards) == ("🖼 see", False)


@pytest.mark.parametrize("forwarded", [False, True])
async def test_an_album_is_shown_and_sent_as_one(forwarded: bool) -> None:
    room = make_room()
    origin = {"forward_origin": ORIGIN} if forwarded else {}
    await opened(room, "Broadcast")
    sent = [await room.ann.say(None, photo=PHOTO, media_group_id="7", **origin) for _ in range(2)]
    sent.append(await room.ann.say(None, photo=PHOTO, caption="the\n news", media_group_id="7", **origin))
    assert len(room.ann.messages) == 1, "nothing is shown before the album is whole"
    await room.gathered()
    verb = "forward" if forwarded else "copy"
    *preview, confirm = room.ann.messages[-4:]
    assert [each.text for each in preview] == [f"{verb} of {number}" for number in sent]
    assert "An album of 3" in confirm.text
    assert "what one person gets" in confirm.text
    await room.ann.press("Send")
    said = Announcement(tuple(each.number for each in preview), forwarded, "🖼×3 the news")
    assert room.desk.changes == [("begin_broadcast", ADMIN, said, confirm.number)]


async def test_two_albums_at_once_are_two_previews_and_only_the_last_can_be_sent() -> None:
    room = make_room()
    await opened(room, "Broadcast")
    for group in ("7", "8", "7", "8"):
        await room.ann.say(None, photo=PHOTO, media_group_id=group)
    await room.gathered()
    albums = [each for each in room.ann.messages if "An album of 2" in each.text]
    assert len(albums) == 1, "the second one came when nothing was asked for any more"


async def test_an_album_of_which_telegram_keeps_a_part_back_is_not_shown_by_halves() -> None:
    room = make_room()
    await opened(room, "Broadcast")
    first = await room.ann.say(None, photo=PHOTO, media_group_id="7")
    await room.ann.say(None, photo=PHOTO, media_group_id="7")
    room.telegram.uncopied.add(first)
    await room.gathered()
    assert "does not let me copy" in room.ann.text
    assert not [each for each in room.ann.messages if each.text.startswith("copy of")]


async def test_an_album_that_comes_after_going_elsewhere_is_nothing_to_send() -> None:
    room = make_room()
    await opened(room, "Broadcast")
    await room.ann.say(None, photo=PHOTO, media_group_id="7")
    await room.ann.say("/menu")
    await room.gathered()
    assert not [each for each in room.ann.messages if each.text.startswith("copy of")]


async def test_what_was_forwarded_is_forwarded_on() -> None:
    room = make_room()
    await opened(room, "Broadcast")
    number = await room.ann.say("From elsewhere", forward_origin=ORIGIN)
    assert room.ann.messages[-2].text == f"forward of {number}"
    await room.ann.press("Send")
    [(_, _, said, _)] = room.desk.changes
    assert said.forwards


async def test_the_send_of_an_older_preview_sends_nothing() -> None:
    room = make_room()
    await opened(room, "Broadcast")
    await room.ann.say("First")
    older, data = room.ann.last, room.ann.last.buttons["📣 Send (1)"]
    await opened(room, "Broadcast")
    await room.ann.say("Second")
    assert "no longer valid" in (await room.ann.press_data(data, on=older) or "")
    assert room.desk.casts == {}


async def test_what_telegram_does_not_copy_is_asked_for_again() -> None:
    room = make_room()
    await opened(room, "Broadcast")
    room.telegram.uncopied = set(range(1, 100_000))
    await room.ann.say("protected")
    assert "does not let me copy" in room.ann.text
    room.telegram.uncopied.clear()
    await room.ann.say("open")
    assert "Send it?" in room.ann.text


async def test_going_elsewhere_sends_nothing() -> None:
    room = make_room()
    await opened(room, "Broadcast", "Admin")
    await room.ann.say("meant for nobody")
    assert room.desk.casts == {}
    assert "did not understand" in room.ann.text


async def test_with_nobody_else_there_is_nothing_to_send() -> None:
    room = make_room()
    del room.desk.people[GUEST]
    await opened(room, "Broadcast")
    assert room.ann.text == "There is nobody to send it to."
    await room.ann.say("Dear all")
    assert "did not understand" in room.ann.text


async def test_a_cancel_of_what_has_ended_shows_the_result() -> None:
    room = make_room()
    await opened(room, "Broadcast")
    await room.ann.say("Dear all")
    await room.ann.press("Send")
    room.desk.casts[1] = replace(room.desk.casts[1], status="done", waiting=0, failed=1)
    await room.ann.press_data("mX:1")
    assert "Broadcast done" in room.ann.text
    assert await room.ann.press("Retry the failed (1)") == "It is on its way."
    assert ("resend_broadcast", ADMIN, 1, room.ann.last.number) in room.desk.changes
    assert await room.ann.press_data("mX:1") == "Nobody else will get it."


# What was sent before


def past(number: int, **facts: Any) -> Broadcast:
    said = Announcement((5,), excerpt=f"Words {number} <b>")
    return replace(Broadcast(number, ADMIN, "Ann", NOW, said, "done", 6, ADMIN, delivered=number), **facts)


async def test_past_broadcasts_are_listed_newest_first_by_pages() -> None:
    room = make_room()
    room.desk.people[ADMIN] = replace(room.desk.people[ADMIN], time_zone="Asia/Tokyo")
    room.desk.casts = {number: past(number) for number in range(1, 9)}
    room.desk.casts[8] = past(8, blocked=2, failed=1)
    await opened(room, "Broadcast", "Past broadcasts")
    text = room.ann.text
    assert "Past broadcasts: 8\nPage 1 of 2" in text
    assert "#8 · 01.01 21:00 · Ann\nWords 8 <b>\n✅ 8 · 🔕 2 · ❌ 1" in text
    assert text.index("Words 8") < text.index("Words 3")
    assert text.count("Tokyo (UTC+9)") == 1
    assert "Words 2" not in text
    await room.ann.press("›")
    assert "Words 2 <b>\n✅ 2" in room.ann.text
    assert list(room.ann.last.buttons)[:3] == ["#2 Words 2 <b>", "#1 Words 1 <b>", "‹"]


async def test_one_of_them_is_opened_shown_again_and_sent_to_the_failed() -> None:
    room = make_room()
    cause = "Bad Request: chat not found"
    room.desk.casts = {3: past(3, failed=2, reasons={cause: 2}, said=Announcement((5, 6), excerpt="🖼×2 see"))}
    await opened(room, "Broadcast", "Past broadcasts", "#3")
    assert room.ann.text.startswith("📣 Broadcast #3, 01.01 12:00 UTC, by Ann\n\n🖼×2 see\n\n📣 Broadcast done")
    assert f"• {cause} (2)" in room.ann.text
    card = room.ann.last
    await room.ann.press("Show it to me")
    assert [each.text for each in room.ann.messages[-2:]] == ["copy of 5", "copy of 6"]
    room.telegram.gone |= {5, 6}
    assert await room.ann.press("Show it to me", on=card) == "the message above was deleted"
    assert await room.ann.press("Retry the failed (2)", on=card) == "It is on its way."
    assert ("resend_broadcast", ADMIN, 3, card.number) in room.desk.changes


async def test_one_that_is_under_way_is_opened_with_its_bar_and_canceled() -> None:
    room = make_room()
    room.desk.casts = {1: past(1, status="running", waiting=3)}
    await opened(room, "Broadcast", "Past broadcasts")
    assert "on its way: 1 of 4" in room.ann.text
    await room.ann.press("#1")
    assert "1/4" in room.ann.text
    assert await room.ann.press("Cancel") == "Nobody else will get it."


async def test_with_none_there_the_list_says_so_and_a_page_that_is_not_there_is_empty() -> None:
    room = make_room()
    await opened(room, "Broadcast", "Past broadcasts")
    assert "Nothing has been sent" in room.ann.text
    await room.ann.press_data("mP:77")
    assert "Nothing has been sent" in room.ann.text
    assert await room.ann.press_data("mO:404") == "That does not exist any more."


CASTS = (
    past(1, status="running", waiting=3),
    past(1, status="canceled", waiting=3, said=Announcement((5, 6), True, "<&>" * 26)),
    past(1, waiting=0, delivered=9, blocked=8, failed=7, uncertain=6, canceled=5,
         reasons={"not_active": 2, "message_gone": 1, "Bad <b> Request": 4}),
    past(1, author=""),
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_of_admins_is_whole_and_fits(language: str) -> None:
    words, desk = words_for(language), FakeDesk(language)
    desk.people[GUEST] = replace(desk.people[GUEST], name="<b>" * 40, username="x" * 32)
    for activity in Activity:
        desk.give_bot(GUEST, activity=activity)
    members = [
        desk._member(replace(desk.people[GUEST], status=status))
        for status in ("active", "pending", "suspended", "refused")
    ]
    invites = [OpenInvite(number, members[0].created_at, None) for number in range(50)]
    cards = [
        *(member_card(words, replace(member, is_deaf=True)) for member in members),
        *(suspend_card(words, replace(member, active_bots=bots), "t") for member in members for bots in (0, 1, 2, 5)),
        *(remove_card(words, replace(member, active_bots=bots), "t") for member in members for bots in (0, 1, 2, 5)),
        *(broadcast_card(words, cast, "t") for cast in CASTS),
        *(past_broadcast_card(words, cast, "t") for cast in CASTS),
        *(confirm_broadcast_card(words, 1, parts, people, "t") for parts in (1, 2, 10) for people in (1, 2, 5)),
        broadcasts_card(words, BroadcastList((CASTS * 2)[:ON_A_PAGE], 40), 1),
        people_card(words, members * 20, 3),
        invites_card(words, invites),
    ]
    for card in cards:
        assert parsed(card.text).strip()
        assert length(card.text) <= 4096
        assert all(len(each.text) <= BUTTON_LIMIT for row in card.rows for each in row)


# When somebody was heard


async def test_who_speaks_is_noted_now_and_then_and_never_stopped_by_it() -> None:
    room = make_room()
    for _ in range(3):
        await room.bob.say("/help")
    assert room.desk.allowed[GUEST].heard == 1
    broken = make_room()
    broken.desk.failing["note_heard"] = DeskError("storage")
    await broken.bob.say("/status")
    assert "no bots" in broken.bob.text
