"""Messages, pictures, files and menus, as they arrive on the page."""

import io
import json

import aiohttp
import pytest

from tests.tgbot.localchat.wire import ALICE, BORIS, Wire, png


def form(**fields: str) -> aiohttp.FormData:
    return aiohttp.FormData({"chat_id": str(ALICE), **fields}, quote_fields=False)


async def test_a_call_may_be_json_a_form_multipart_or_an_address(wire: Wire) -> None:
    said = {"chat_id": str(ALICE), "text": "x"}
    multipart = aiohttp.FormData(said, default_to_multipart=True)
    for request in ({"json": said}, {"data": said}, {"data": multipart}, {"params": said}):
        assert (await wire.bot_raw("sendMessage", **request)).result["text"] == "x"


async def test_a_photo_is_uploaded_shown_and_sent_again_by_its_id(wire: Wire) -> None:
    upload = form(photo="attach://chart", caption="<b>c</b>", parse_mode="HTML")
    upload.add_field("chart", png(40, 30), filename="chart.png")
    sent = (await wire.bot_raw("sendPhoto", data=upload)).result
    (size,) = sent["photo"]
    assert (size["width"], size["height"], size["file_size"]) == (40, 30, len(png(40, 30)))
    shown = await wire.shown(sent["message_id"])
    assert (shown["photo"], shown["html"], shown["document"]) == (size["file_id"], "<b>c</b>", None)
    again = (await wire.bot("sendPhoto", chat_id=ALICE, photo=size["file_id"])).result
    assert again["photo"] == sent["photo"]


async def test_a_document_is_uploaded_shown_and_downloaded_by_both_sides(wire: Wire) -> None:
    upload = form()
    upload.add_field("document", b"a,b\n", filename='../or"ders\u202e.csv', content_type="text/csv")
    sent = (await wire.bot_raw("sendDocument", data=upload)).result["document"]
    assert sent["file_name"] == "orders.csv"
    file = (await wire.bot("getFile", file_id=sent["file_id"])).result
    async with wire.http.get(f"{wire.chat.api_url}/file/bot{wire.chat.token}/{file['file_path']}") as response:
        assert await response.read() == b"a,b\n"
    async with wire.http.get(f"{wire.chat.api_url}/client/file/{sent['file_id']}", params={"key": "k"}) as response:
        assert await response.read() == b"a,b\n"
        assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''orders.csv"
        assert response.content_type == "application/octet-stream"
    async with wire.http.get(f"{wire.chat.api_url}/file/bot{wire.chat.token}/documents/file_99.csv") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", "Bad Request: file must be non-empty"),
        (b"text", "Bad Request: IMAGE_PROCESS_FAILED"),
        (png(100, 3), "Bad Request: PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_what_is_not_a_photo_is_refused(wire: Wire, content: bytes, refusal: str) -> None:
    upload = form()
    upload.add_field("photo", content, filename="a.png")
    assert (await wire.bot_raw("sendPhoto", data=upload)).refusal == refusal


async def test_a_file_that_is_not_there_is_refused(wire: Wire) -> None:
    send = {"chat_id": ALICE}
    assert (await wire.bot("sendPhoto", **send)).refusal == "Bad Request: there is no photo in the request"
    wrong = await wire.bot("sendPhoto", **send, photo="AgAC")
    assert wrong.refusal == "Bad Request: wrong file identifier/HTTP URL specified"
    far = await wire.bot("sendPhoto", **send, photo="https://example.com/a.png")
    assert far.refusal == "Bad Request: failed to get HTTP URL content"
    upload = form()
    upload.add_field("document", b"x", filename="a.txt")
    file_id = (await wire.bot_raw("sendDocument", data=upload)).result["document"]["file_id"]
    as_photo = await wire.bot("sendPhoto", **send, photo=file_id)
    assert as_photo.refusal == "Bad Request: can't use file of type Document as Photo"


async def test_an_upload_over_the_limit_is_refused(wire: Wire) -> None:
    upload = form()
    upload.add_field("document", io.BytesIO(b"x" * (52 * 1024 * 1024)), filename="a.bin")
    answer = await wire.bot_raw("sendDocument", data=upload)
    assert (answer.status, answer.refusal) == (413, "Request Entity Too Large")


async def test_an_album_arrives_as_one_group(wire: Wire) -> None:
    media = [{"type": "photo", "media": f"attach://{name}", "caption": name} for name in ("a", "b")]
    upload = form(media=json.dumps(media))
    for name in ("a", "b"):
        upload.add_field(name, png(), filename=f"{name}.png")
    first, second = (await wire.bot_raw("sendMediaGroup", data=upload)).result
    assert first["media_group_id"] == second["media_group_id"]
    assert second["message_id"] == first["message_id"] + 1
    single = await wire.bot("sendMediaGroup", chat_id=ALICE, media=media[:1])
    assert "from 2 to 10 expected" in single.refusal


async def test_a_picture_is_exchanged_in_its_place(wire: Wire) -> None:
    upload = form()
    upload.add_field("photo", png(4, 4), filename="a.png")
    number = (await wire.bot_raw("sendPhoto", data=upload)).result["message_id"]
    media = json.dumps({"type": "photo", "media": "attach://new", "caption": "new"})
    change = form(message_id=str(number), media=media)
    change.add_field("new", png(8, 8), filename="b.png")
    edited = (await wire.bot_raw("editMessageMedia", data=change)).result
    assert (edited["photo"][0]["width"], edited["caption"]) == (8, "new")
    assert (await wire.shown(number))["photo"] == edited["photo"][0]["file_id"]


async def test_a_message_is_copied_and_forwarded_to_another_person(wire: Wire) -> None:
    await wire.say("/start", BORIS)
    number = await wire.say("news of the day")
    move = {"chat_id": BORIS, "from_chat_id": ALICE, "message_id": number}
    copied = (await wire.bot("copyMessage", **move)).result
    assert set(copied) == {"message_id"}
    forwarded = (await wire.bot("forwardMessage", **move)).result
    assert forwarded["forward_origin"]["sender_user"]["id"] == ALICE
    last = (await wire.state(user=BORIS))["messages"][-2:]
    assert [(each["html"], each["forwarded"]) for each in last] == [
        ("news of the day", None),
        ("news of the day", "Alice"),
    ]


async def test_a_reply_quotes_until_what_it_quotes_is_deleted(wire: Wire) -> None:
    number = await wire.say("question")
    reply = await wire.send("answer", reply_parameters={"message_id": number})
    assert (await wire.shown(reply["message_id"]))["reply"]["text"] == "question"
    await wire.bot("deleteMessage", chat_id=ALICE, message_id=number)
    assert (await wire.shown(reply["message_id"]))["reply"] is None


async def test_pins_reactions_actions_and_keyboards_reach_the_page(wire: Wire) -> None:
    number = await wire.say("look")
    await wire.bot("pinChatMessage", chat_id=ALICE, message_id=number)
    await wire.bot("setMessageReaction", chat_id=ALICE, message_id=number, reaction=[{"type": "emoji", "emoji": "👍"}])
    await wire.send("choose", reply_markup={"keyboard": [[{"text": "Yes"}, "No"]], "one_time_keyboard": True})
    await wire.bot("sendChatAction", chat_id=ALICE, action="typing")
    state = await wire.state()
    assert (state["pinned"], state["keyboard"], state["action"]) == (number, [["Yes", "No"]], "typing")
    assert (await wire.shown(number))["reaction"] == "👍"
    await wire.say("Yes")
    await wire.send("thanks")
    await wire.bot("unpinChatMessage", chat_id=ALICE)
    state = await wire.state()
    assert (state["pinned"], state["keyboard"], state["action"]) == (None, [], None)


async def test_the_narrowest_commands_in_the_persons_language_are_shown(wire: Wire) -> None:
    async def shown(user: int = ALICE) -> list[str]:
        return [command["command"] for command in (await wire.state(user=user))["commands"]]

    async def offer(command: str, **more: object) -> None:
        commands = [{"command": command, "description": "x"}]
        assert (await wire.bot("setMyCommands", commands=commands, **more)).result is True

    assert await shown() == []
    await offer("default")
    assert await shown() == ["default"]
    await offer("private", scope={"type": "all_private_chats"})
    await offer("private_ru", scope={"type": "all_private_chats"}, language_code="ru")
    assert await shown() == ["private"]
    await wire.post("language", user=ALICE, language="ru")
    assert (await shown(), await shown(BORIS)) == (["private_ru"], ["private"])
    await offer("mine", scope={"type": "chat", "chat_id": ALICE})
    assert (await shown(), await shown(BORIS)) == (["mine"], ["private"])
    mine = (await wire.bot("getMyCommands", scope={"type": "chat", "chat_id": ALICE})).result
    assert mine == [{"command": "mine", "description": "x"}]
    await wire.bot("deleteMyCommands", scope={"type": "chat", "chat_id": ALICE})
    assert await shown() == ["private_ru"]


async def test_the_bots_profile_is_kept_by_language(wire: Wire) -> None:
    await wire.bot("setMyName", name="Maker")
    await wire.bot("setMyDescription", description="makes markets")
    await wire.bot("setMyDescription", description="делает рынки", language_code="ru")
    await wire.bot("setMyShortDescription", short_description="short")
    assert (await wire.bot("getMe")).result["first_name"] == "Maker"
    assert (await wire.bot("getMyDescription", language_code="ru")).result == {"description": "делает рынки"}
    assert (await wire.state())["bot"]["description"] == "makes markets"
    assert (await wire.bot("setMyName", name="x" * 65)).refusal == "Bad Request: name is too long"
    assert (await wire.bot("setChatMenuButton", menu_button={"type": "commands"})).result is True
    assert (await wire.bot("getChatMenuButton")).result == {"type": "commands"}


async def test_a_chat_and_its_members_are_described(wire: Wire) -> None:
    assert (await wire.bot("getChat", chat_id=ALICE)).result["first_name"] == "Alice"
    assert (await wire.bot("getChatMember", chat_id=ALICE, user_id=ALICE)).result["status"] == "member"
