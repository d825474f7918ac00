"""The Bot API refuses what Telegram refuses, in Telegram's words."""

import json
from pathlib import Path

import aiohttp
import pytest

from tests.tgbot.localchat.wire import ALICE, BORIS, Clock, Wire, buttons, png
from tgbot.localchat import FloodLimits, LocalChat

UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.mark.parametrize(
    ("token", "status", "description"),
    [("1000000:wrong", 401, "Unauthorized"), ("nonsense", 404, "Not Found"), ("12:", 404, "Not Found")],
)
async def test_a_wrong_token_is_unauthorized_and_a_malformed_one_unknown(
    wire: Wire, token: str, status: int, description: str
) -> None:
    answer = await wire.bot_raw("getMe", token=token)
    assert (answer.status, answer.refusal) == (status, description)


async def test_an_unknown_method_is_not_found(wire: Wire) -> None:
    answer = await wire.bot("sendEverything")
    assert (answer.status, answer.said) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})


async def test_method_names_are_read_in_any_case(wire: Wire) -> None:
    assert (await wire.bot("GETME")).result["id"] == 1000000


@pytest.mark.parametrize(
    ("arguments", "description"),
    [
        ({}, "Bad Request: chat_id is empty"),
        ({"chat_id": 5, "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": BORIS, "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": ALICE}, "Bad Request: message text is empty"),
        ({"chat_id": ALICE, "text": "  \n "}, "Bad Request: message text is empty"),
        ({"chat_id": ALICE, "text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: message text is empty"),
        ({"chat_id": ALICE, "text": "x" * 4097}, "Bad Request: message is too long"),
        (
            {"chat_id": ALICE, "text": "x", "reply_parameters": {"message_id": 99}},
            "Bad Request: message to be replied not found",
        ),
        ({"chat_id": ALICE, "text": "x", "reply_markup": [1]}, "Bad Request: object expected as reply markup"),
        ({"chat_id": ALICE, "text": "\ud800"}, "Bad Request: strings must be encoded in UTF-8"),
        (
            {"chat_id": ALICE, "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 9}]},
            "Bad Request: entity begins or ends outside of the message",
        ),
    ],
)
async def test_a_bad_message_is_refused(wire: Wire, arguments: dict[str, object], description: str) -> None:
    answer = await wire.bot("sendMessage", **arguments)
    assert (answer.status, answer.refusal) == (400, description)


async def test_length_is_counted_after_the_tags_are_read(wire: Wire) -> None:
    assert len((await wire.send("<b>" + "x" * 4096 + "</b>"))["text"]) == 4096


async def test_explicit_entities_need_no_parse_mode(wire: Wire) -> None:
    entities = [{"type": "bold", "offset": 0, "length": 2}]
    sent = (await wire.bot("sendMessage", chat_id=ALICE, text="ab <i>", entities=entities)).result
    assert (await wire.shown(sent["message_id"]))["html"] == "<b>ab</b> &lt;i&gt;"


def one(**button: object) -> dict[str, object]:
    return {"inline_keyboard": [[button]]}


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        (one(text="x", callback_data="я" * 33), "Bad Request: BUTTON_DATA_INVALID"),
        (one(text="x", callback_data=""), "Bad Request: BUTTON_DATA_INVALID"),
        (
            one(text="x"),
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (one(callback_data="x"), "Bad Request: can't parse inline keyboard button: Can't find field \"text\""),
        (
            one(text=" ", callback_data="x"),
            "Bad Request: can't parse inline keyboard button: Button text must be non-empty",
        ),
        (one(text="x", url="ds"), "Bad Request: inline keyboard button URL 'ds' is invalid: Wrong HTTP URL"),
        (
            one(text="x", url="http://localhost/a"),
            "Bad Request: inline keyboard button URL 'http://localhost/a' is invalid: Wrong HTTP URL",
        ),
        (
            one(text="x", url="javascript://a.bc"),
            "Bad Request: inline keyboard button URL 'javascript://a.bc' is invalid: Unsupported URL protocol",
        ),
        (
            one(text="x", url="https://"),
            "Bad Request: inline keyboard button URL 'https://' is invalid: URL host is empty",
        ),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 8] * 13},
            "Bad Request: reply markup is too long",
        ),
        (one(text="x", copy_text={"text": ""}), "Bad Request: BUTTON_COPY_TEXT_INVALID"),
        ({"keyboard": []}, "Bad Request: reply keyboard must have at least one button"),
    ],
)
async def test_a_bad_keyboard_is_refused(wire: Wire, markup: dict[str, object], description: str) -> None:
    assert (await wire.bot("sendMessage", chat_id=ALICE, text="x", reply_markup=markup)).refusal == description


async def test_good_buttons_are_shown(wire: Wire) -> None:
    rows = [[{"text": "a", "callback_data": "я" * 32}, {"text": "b", "url": "https://example.com/x"}], []]
    sent = await wire.send(reply_markup={"inline_keyboard": rows})
    (row,) = (await wire.shown(sent["message_id"]))["buttons"]
    assert [(button["text"], button["data"], button["url"]) for button in row] == [
        ("a", "я" * 32, None),
        ("b", None, "https://example.com/x"),
    ]


async def test_an_edit_that_changes_nothing_is_refused(wire: Wire) -> None:
    markup = buttons([("a", "1")])
    number = (await wire.send("<b>x</b>", reply_markup=markup))["message_id"]
    edit = {"chat_id": ALICE, "message_id": number, "parse_mode": "HTML"}
    assert (
        await wire.bot("editMessageText", **edit, text=" <strong>x</strong> ", reply_markup=markup)
    ).refusal == UNCHANGED
    assert (await wire.bot("editMessageReplyMarkup", **edit, reply_markup=markup)).refusal == UNCHANGED
    assert (await wire.bot("editMessageText", **edit, text="<i>x</i>", reply_markup=markup)).result["edit_date"]


async def test_an_edit_without_buttons_takes_them_away(wire: Wire) -> None:
    number = (await wire.send("x", reply_markup=buttons([("a", "1")])))["message_id"]
    await wire.bot("editMessageText", chat_id=ALICE, message_id=number, text="y")
    shown = await wire.shown(number)
    assert (shown["html"], shown["buttons"], shown["edited"]) == ("y", [], True)


async def test_what_cannot_be_edited_is_refused(wire: Wire) -> None:
    theirs = await wire.say("mine")
    with_keyboard = (await wire.send(reply_markup={"keyboard": [[{"text": "Yes"}]]}))["message_id"]
    text = (await wire.send())["message_id"]
    edit = {"chat_id": ALICE, "text": "y"}
    assert (
        await wire.bot("editMessageText", **edit, message_id=99)
    ).refusal == "Bad Request: message to edit not found"
    assert (await wire.bot("editMessageText", **edit)).refusal == "Bad Request: message identifier is not specified"
    for number in (theirs, with_keyboard):
        assert (
            await wire.bot("editMessageText", **edit, message_id=number)
        ).refusal == "Bad Request: message can't be edited"
    caption = await wire.bot("editMessageCaption", chat_id=ALICE, message_id=text, caption="y")
    assert caption.refusal == "Bad Request: there is no caption in the message to edit"
    wrong = await wire.bot("editMessageText", **edit, message_id=text, reply_markup={"keyboard": [[{"text": "Yes"}]]})
    assert wrong.refusal == "Bad Request: inline keyboard expected"


async def test_a_photo_has_a_caption_and_no_text_to_edit(wire: Wire) -> None:
    form = aiohttp.FormData({"chat_id": str(ALICE), "caption": "old"})
    form.add_field("photo", png(), filename="a.png")
    number = (await wire.bot_raw("sendPhoto", data=form)).result["message_id"]
    edit = {"chat_id": ALICE, "message_id": number}
    answer = await wire.bot("editMessageText", **edit, text="y")
    assert answer.refusal == "Bad Request: there is no text in the message to edit"
    too_long = await wire.bot("editMessageCaption", **edit, caption="x" * 1025)
    assert too_long.refusal == "Bad Request: message caption is too long"
    assert (await wire.bot("editMessageCaption", **edit, caption="new")).result["caption"] == "new"
    assert (await wire.bot("editMessageCaption", **edit, caption="new")).refusal == UNCHANGED


async def test_a_message_is_deleted_once_and_leaves_nothing_behind(wire: Wire, tmp_path: Path) -> None:
    number = await wire.say("the-secret-of-mine")
    last = (await wire.bot("getUpdates")).result[-1]["update_id"]
    await wire.bot("getUpdates", offset=last + 1)
    assert (await wire.bot("deleteMessage", chat_id=ALICE, message_id=number)).result is True
    again = await wire.bot("deleteMessage", chat_id=ALICE, message_id=number)
    assert again.refusal == "Bad Request: message to delete not found"
    shown = await wire.shown(number)
    assert (shown["deleted"], shown["html"]) == (True, "")
    await wire.chat.stop()
    assert b"the-secret-of-mine" not in (tmp_path / "chat.db").read_bytes()


async def test_a_message_of_the_day_before_yesterday_cannot_be_deleted(wire: Wire, clock: Clock) -> None:
    number = (await wire.send())["message_id"]
    clock.now += 48 * 3600 + 1
    answer = await wire.bot("deleteMessage", chat_id=ALICE, message_id=number)
    assert answer.refusal == "Bad Request: message can't be deleted for everyone"


async def test_deleting_many_passes_over_what_is_gone(wire: Wire) -> None:
    numbers = [(await wire.send())["message_id"] for _ in range(2)]
    assert (await wire.bot("deleteMessages", chat_id=ALICE, message_ids=[*numbers, 999])).result is True
    assert all([(await wire.shown(number))["deleted"] for number in numbers])
    assert (
        await wire.bot("deleteMessages", chat_id=ALICE)
    ).refusal == "Bad Request: message identifiers are not specified"


async def test_a_press_is_answered_once(wire: Wire) -> None:
    query = await wire.press((await wire.send(reply_markup=buttons([("a", "1")])))["message_id"], "1")
    assert (await wire.bot("answerCallbackQuery", callback_query_id=query, text="done")).result is True
    assert (await wire.bot("answerCallbackQuery", callback_query_id=query)).refusal == TOO_OLD
    assert (await wire.bot("answerCallbackQuery", callback_query_id="1")).refusal == TOO_OLD


async def test_a_press_is_answered_in_time_or_not_at_all(wire: Wire, clock: Clock) -> None:
    query = await wire.press((await wire.send(reply_markup=buttons([("a", "1")])))["message_id"], "1")
    clock.now += 61
    assert (await wire.bot("answerCallbackQuery", callback_query_id=query)).refusal == TOO_OLD


async def test_an_answer_is_short(wire: Wire) -> None:
    query = await wire.press((await wire.send(reply_markup=buttons([("a", "1")])))["message_id"], "1")
    answer = await wire.bot("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert answer.refusal == "Bad Request: MESSAGE_TOO_LONG"


async def test_a_flood_is_told_to_wait(tmp_path: Path, clock: Clock) -> None:
    limits = FloodLimits(chat_burst=3, chat_rate=0.5)
    async with (
        LocalChat(database=tmp_path / "flood.db", key="k", clock=clock, limits=limits) as chat,
        aiohttp.ClientSession() as http,
    ):
        wire = Wire(chat, http)
        await wire.say("/start")
        for _ in range(3):
            await wire.send()
        refused = await wire.bot("sendMessage", chat_id=ALICE, text="x")
        assert (refused.status, refused.refusal) == (429, "Too Many Requests: retry after 2")
        assert refused.said["parameters"] == {"retry_after": 2}
        assert len((await wire.state())["messages"]) == 4
        clock.now += 2
        await wire.send()


async def test_all_chats_together_have_a_limit_too(tmp_path: Path, clock: Clock) -> None:
    limits = FloodLimits(total_burst=2, total_rate=1)
    async with (
        LocalChat(database=tmp_path / "flood.db", key="k", clock=clock, limits=limits) as chat,
        aiohttp.ClientSession() as http,
    ):
        wire = Wire(chat, http)
        for user in (ALICE, BORIS):
            await wire.say("/start", user)
            await wire.bot("sendMessage", chat_id=user, text="x")
        assert (await wire.bot("sendMessage", chat_id=BORIS, text="x")).status == 429


async def test_a_person_who_blocked_the_bot_gets_nothing(wire: Wire) -> None:
    await wire.chat.set_blocked(ALICE, True)
    answer = await wire.bot("sendMessage", chat_id=ALICE, text="x")
    assert (answer.status, answer.refusal) == (403, "Forbidden: bot was blocked by the user")
    (update,) = (await wire.bot("getUpdates")).result
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await wire.say("I am back")
    await wire.send()


@pytest.mark.parametrize(
    ("method", "arguments", "description"),
    [
        ("sendChatAction", {"action": "dancing"}, "Bad Request: wrong parameter action in request"),
        ("copyMessage", {"from_chat_id": ALICE, "message_id": 99}, "Bad Request: message to copy not found"),
        ("forwardMessage", {"from_chat_id": ALICE, "message_id": 99}, "Bad Request: message to forward not found"),
        ("pinChatMessage", {"message_id": 99}, "Bad Request: message to pin not found"),
        ("unpinChatMessage", {}, "Bad Request: message to unpin not found"),
        (
            "setMessageReaction",
            {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "x"}]},
            "Bad Request: REACTION_INVALID",
        ),
        ("getChatMember", {"user_id": 5}, "Bad Request: member not found"),
        (
            "setMyCommands",
            {"commands": [{"command": "Bad-One", "description": "x"}]},
            "Bad Request: BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": ""}]},
            "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": "x"}] * 101},
            "Bad Request: BOT_COMMANDS_TOO_MUCH",
        ),
        ("setMyCommands", {"scope": {"type": "chat", "chat_id": BORIS}}, "Bad Request: chat not found"),
        ("setMyCommands", {"language_code": "english"}, "Bad Request: invalid language code specified"),
        ("editMessageText", {"inline_message_id": "x", "text": "y"}, "Bad Request: MESSAGE_ID_INVALID"),
        ("getFile", {"file_id": "x"}, "Bad Request: invalid file_id"),
    ],
)
async def test_other_methods_refuse_nonsense_too(
    wire: Wire, method: str, arguments: dict[str, object], description: str
) -> None:
    assert (await wire.bot(method, chat_id=ALICE, **arguments)).refusal == description


async def test_a_body_that_cannot_be_read_is_refused(wire: Wire) -> None:
    headers = {"Content-Type": "application/json"}
    assert (await wire.bot_raw("sendMessage", data=b"{", headers=headers)).status == 400
    assert (await wire.bot_raw("sendMessage", data=b"[]", headers=headers)).status == 400


async def test_a_refused_call_leaves_no_trace(wire: Wire) -> None:
    before = await wire.state()
    album = [{"type": "photo", "media": "attach://a"}, {"type": "photo", "media": "attach://b"}]
    form = aiohttp.FormData({"chat_id": str(ALICE), "media": json.dumps(album)})
    form.add_field("a", png(), filename="a.png")
    form.add_field("b", b"not a picture", filename="b.png")
    assert (await wire.bot_raw("sendMediaGroup", data=form)).refusal == "Bad Request: IMAGE_PROCESS_FAILED"
    assert await wire.state() == before
