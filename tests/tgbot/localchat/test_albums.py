"""Albums and videos: sent by a bot and by people, copied and forwarded whole, refused where Telegram refuses them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.tgbot.localchat.wire import ALICE, BORIS, Wire, mp4, png
from tgbot.localchat import LocalChat

DOCUMENT = b"a,b"


async def upload(wire: Wire, *files: tuple[str, bytes], caption: str = "", status: int = 200) -> dict[str, Any]:
    form = aiohttp.FormData({"user": str(ALICE), "caption": caption})
    for name, content in files:
        form.add_field(name, content, filename=f"{name}.bin")
    address = f"{wire.chat.api_url}/client/upload"
    async with wire.http.post(address, params={"key": "k"}, data=form) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def album(wire: Wire) -> list[int]:
    """A picture, a film and a picture that Alice sends together."""
    files = (("photo", png()), ("video1", mp4()), ("photo2", png(8, 6)))
    return (await upload(wire, *files, caption="all of it"))["messages"]


async def test_an_album_of_a_person_comes_to_the_bot_in_parts_of_one_group(wire: Wire) -> None:
    numbers = await album(wire)
    updates = [each["message"] for each in (await wire.bot("getUpdates")).result]
    assert [each["message_id"] for each in updates] == numbers
    assert len({each["media_group_id"] for each in updates}) == 1
    assert [each.get("caption") for each in updates] == ["all of it", None, None]
    film = updates[1]["video"]
    assert (film["width"], film["height"], film["duration"], film["mime_type"]) == (320, 180, 7, "video/mp4")
    shown = await wire.shown(numbers[1])
    assert (shown["video"], shown["video_size"], shown["photo"]) == (film["file_id"], [320, 180], None)
    async with wire.http.get(f"{wire.chat.api_url}/client/file/{film['file_id']}", params={"key": "k"}) as response:
        assert (response.content_type, await response.read()) == ("video/mp4", mp4())


async def test_documents_are_an_album_of_their_own(wire: Wire) -> None:
    refused = await upload(wire, ("photo", png()), ("document1", DOCUMENT), status=400)
    assert refused["error"] == "documents make an album of their own"
    refused = await upload(wire, *((f"photo{place}", png()) for place in range(11)), status=400)
    assert "from 2 to 10" in refused["error"]
    assert (await wire.bot("getUpdates")).result == []
    assert len((await upload(wire, ("document", DOCUMENT), ("document1", DOCUMENT)))["messages"]) == 2


async def test_a_video_that_is_none_is_a_document(wire: Wire) -> None:
    await upload(wire, ("video", b"not a film"))
    [update] = (await wire.bot("getUpdates")).result
    assert update["message"]["document"]["file_name"] == "video.bin"
    form = aiohttp.FormData({"chat_id": str(ALICE)})
    form.add_field("video", mp4(64, 48, 2), filename="a.mp4")
    sent = (await wire.bot_raw("sendVideo", data=form)).result["video"]
    assert (sent["width"], sent["height"], sent["duration"]) == (64, 48, 2)
    assert (await wire.bot("sendVideo", chat_id=ALICE, video=sent["file_id"])).result["video"] == sent
    as_photo = await wire.bot("sendPhoto", chat_id=ALICE, photo=sent["file_id"])
    assert as_photo.refusal == "Bad Request: can't use file of type Video as Photo"


async def test_pictures_and_videos_are_sent_together_and_documents_are_not(wire: Wire) -> None:
    def group(*kinds: str) -> aiohttp.FormData:
        media = [{"type": kind, "media": f"attach://f{place}"} for place, kind in enumerate(kinds)]
        form = aiohttp.FormData({"chat_id": str(ALICE), "media": json.dumps(media)})
        for place, kind in enumerate(kinds):
            form.add_field(f"f{place}", mp4() if kind == "video" else png(), filename=f"{place}")
        return form

    sent = (await wire.bot_raw("sendMediaGroup", data=group("photo", "video"))).result
    assert len({each["media_group_id"] for each in sent}) == 1
    mixed = await wire.bot_raw("sendMediaGroup", data=group("photo", "document"))
    assert mixed.refusal == "Bad Request: document can't be mixed with other media types"


@pytest.mark.parametrize("verb", ["copy", "forward"])
async def test_an_album_is_brought_to_somebody_else_as_one(wire: Wire, verb: str) -> None:
    await wire.say("/start", BORIS)
    numbers = await album(wire)
    move = {"chat_id": BORIS, "from_chat_id": ALICE, "message_ids": numbers}
    brought = (await wire.bot(f"{verb}Messages", **move)).result
    assert all(set(each) == {"message_id"} for each in brought)
    shown = (await wire.state(user=BORIS))["messages"][-3:]
    assert [each["id"] for each in shown] == [each["message_id"] for each in brought]
    [group] = {each["album"] for each in shown}
    assert group not in (None, (await wire.shown(numbers[0]))["album"])
    assert [each["html"] for each in shown] == ["all of it", "", ""]
    assert {each["forwarded"] for each in shown} == {"Alice" if verb == "forward" else None}
    assert [bool(each["video"]) for each in shown] == [False, True, False]


async def test_a_forward_of_a_forward_keeps_the_first_name(wire: Wire) -> None:
    await wire.say("/start", BORIS)
    number = await wire.say("news")
    [again] = (await wire.post("forward", user=ALICE, messages=[number]))["messages"]
    update = (await wire.bot("getUpdates")).result[-1]["message"]
    assert update["forward_origin"]["sender_user"]["id"] == ALICE
    await wire.bot("forwardMessages", chat_id=BORIS, from_chat_id=ALICE, message_ids=[again])
    assert (await wire.state(user=BORIS))["messages"][-1]["forwarded"] == "Alice"


async def test_captions_can_be_left_behind(wire: Wire) -> None:
    move = {"chat_id": ALICE, "from_chat_id": ALICE, "message_ids": await album(wire), "remove_caption": True}
    copied = (await wire.bot("copyMessages", **move)).result
    assert (await wire.shown(copied[0]["message_id"]))["html"] == ""


async def test_what_is_gone_is_skipped_and_one_that_is_left_is_no_album(wire: Wire) -> None:
    numbers = await album(wire)
    for number in numbers[:2]:
        await wire.bot("deleteMessage", chat_id=ALICE, message_id=number)
    move = {"chat_id": ALICE, "from_chat_id": ALICE, "message_ids": numbers}
    [left] = (await wire.bot("copyMessages", **move)).result
    assert (await wire.shown(left["message_id"]))["album"] is None
    await wire.bot("deleteMessage", chat_id=ALICE, message_id=numbers[2])
    for verb in ("copy", "forward"):
        gone = await wire.bot(f"{verb}Messages", **move)
        assert gone.refusal == "Bad Request: there are no messages to forward"


@pytest.mark.parametrize(
    ("ids", "refusal"),
    [
        ([], "message identifiers are not specified"),
        (None, "message identifiers are not specified"),
        (list(range(1, 102)), "too many message identifiers specified"),
        ([2, 1], "message identifiers must be in a strictly increasing order"),
        ([1, 1], "message identifiers must be in a strictly increasing order"),
        (["x"], "message identifiers must be in a strictly increasing order"),
        ("1", "expected an Array of message identifiers"),
    ],
)
@pytest.mark.parametrize("verb", ["copy", "forward"])
async def test_a_bad_list_of_messages_is_refused(wire: Wire, verb: str, ids: object, refusal: str) -> None:
    move = {"chat_id": ALICE, "from_chat_id": ALICE, "message_ids": ids}
    assert (await wire.bot(f"{verb}Messages", **move)).refusal == f"Bad Request: {refusal}"


async def test_who_has_blocked_the_bot_gets_no_album(wire: Wire) -> None:
    numbers = await album(wire)
    await wire.chat.set_blocked(ALICE, True)
    blocked = await wire.bot("copyMessages", chat_id=ALICE, from_chat_id=ALICE, message_ids=numbers)
    assert blocked.refusal == "Forbidden: bot was blocked by the user"


async def test_what_is_not_there_cannot_be_forwarded_by_a_person(wire: Wire) -> None:
    number = await wire.say("mine")
    for messages in ([], [999], [number, 999]):
        refused = await wire.post("forward", status=400, user=ALICE, messages=messages)
        assert "no such message" in refused["error"]
    assert "no such message" in (await wire.post("forward", status=400, user=BORIS, messages=[number]))["error"]


async def test_a_chat_of_before_videos_is_opened_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as old, old:
        old.execute(
            "CREATE TABLE files (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
            " name TEXT NOT NULL, mime TEXT NOT NULL, size INTEGER NOT NULL, width INTEGER NOT NULL,"
            " height INTEGER NOT NULL, content BLOB NOT NULL)"
        )
        old.execute("INSERT INTO files VALUES (1, 'LCDx', 'document', 'a.csv', 'text/csv', 1, 0, 0, x'61')")
    for _ in range(2):
        async with LocalChat(database=path, key="k") as chat, aiohttp.ClientSession() as http:
            wire = Wire(chat, http)
            await wire.say("/start")
            sent = (await wire.bot("sendDocument", chat_id=ALICE, document="LCDx")).result
            assert sent["document"]["file_name"] == "a.csv"
