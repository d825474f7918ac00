"""Methods that put messages into a chat."""

import secrets
from collections import Counter
from collections.abc import Callable
from typing import Any

from tgbot.localchat.accounts import Account, set_action, set_keyboard
from tgbot.localchat.arguments import Arguments
from tgbot.localchat.calls import Call, Method, written
from tgbot.localchat.errors import BadRequest
from tgbot.localchat.files import StoredFile, find_file, save_upload
from tgbot.localchat.keyboards import Markup, parse_markup
from tgbot.localchat.messages import MEDIA, StoredMessage, add_message, find_message

_ACTION_NAMES = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note cancel"
)
_ACTIONS = frozenset(_ACTION_NAMES.split())
_ACTION_SECONDS = 5
_COPIED = ("text", "entities", "caption", "caption_entities", *MEDIA)
_MOST_BROUGHT = 100


async def send_message(call: Call) -> dict[str, Any]:
    account = await call.reachable_chat()
    return await _send(call, account, written("text", call.message_text()))


async def send_photo(call: Call) -> dict[str, Any]:
    return await _send_media(call, "photo")


async def send_video(call: Call) -> dict[str, Any]:
    return await _send_media(call, "video")


async def send_document(call: Call) -> dict[str, Any]:
    return await _send_media(call, "document")


async def _send_media(call: Call, kind: str) -> dict[str, Any]:
    account = await call.reachable_chat()
    caption = call.caption()
    file = await take_file(call, kind, call.arguments.text(kind), field=kind)
    return await _send(call, account, file.as_media() | caption)


async def take_file(call: Call, kind: str, reference: str, field: str = "") -> StoredFile:
    """An upload under its own field or behind attach://, or a file that is here already."""
    name = reference.removeprefix("attach://") if reference.startswith("attach://") else field
    if upload := call.arguments.uploads.get(name):
        return await save_upload(call.tx, kind, upload)
    if not reference:
        raise BadRequest(f"there is no {kind} in the request")
    if reference.startswith(("http://", "https://")):
        raise BadRequest("failed to get HTTP URL content")
    found = await find_file(call.tx, reference)
    if found is None:
        raise BadRequest("wrong file identifier/HTTP URL specified")
    if found.kind != kind:
        raise BadRequest(f"can't use file of type {found.kind.capitalize()} as {kind.capitalize()}")
    return found


async def send_media_group(call: Call) -> list[dict[str, Any]]:
    media = call.arguments.array("media", "can't parse media JSON object")
    if not media:
        raise BadRequest("there are no messages to send")
    if not 2 <= len(media) <= 10:
        raise BadRequest("wrong number of messages in an album: from 2 to 10 expected")
    kinds = {item.get("type") if isinstance(item, dict) else None for item in media}
    if "document" in kinds and len(kinds) > 1:
        raise BadRequest("document can't be mixed with other media types")
    account = await call.reachable_chat(len(media))
    group = str(secrets.randbits(60))
    bodies = [{"media_group_id": group, **await input_media(call, item)} for item in media]
    return [await _send(call, account, body) for body in bodies]


async def input_media(call: Call, item: Any) -> dict[str, Any]:
    """An InputMediaPhoto, InputMediaVideo or InputMediaDocument as the part of a message that it becomes."""
    if not isinstance(item, dict) or item.get("type") not in MEDIA:
        raise BadRequest("can't parse InputMedia: type must be photo, video or document")
    said = Arguments(item)
    file = await take_file(call, item["type"], said.text("media"))
    return file.as_media() | call.caption(said)


async def forward_message(call: Call) -> dict[str, Any]:
    account = await call.reachable_chat()
    source = await call.message_to("forward", await call.chat("from_chat_id"))
    return await _send(call, account, forwarded(source))


async def copy_message(call: Call) -> dict[str, Any]:
    account = await call.reachable_chat()
    source = await call.message_to("copy", await call.chat("from_chat_id"))
    body = _copied(source)
    if call.arguments.has("caption") and source.has_media:
        body = {name: body[name] for name in body if not name.startswith("caption")} | call.caption()
    sent = await _send(call, account, body)
    return {"message_id": sent["message_id"]}


async def forward_messages(call: Call) -> list[dict[str, Any]]:
    return await _bring(call, forwarded)


async def copy_messages(call: Call) -> list[dict[str, Any]]:
    return await _bring(call, _bare if call.arguments.flag("remove_caption") else _copied)


def forwarded(source: StoredMessage) -> dict[str, Any]:
    """What a forwarded message says, and who said it first."""
    origin = {"type": "user", "sender_user": source.body["from"], "date": source.date}
    return _copied(source) | {"forward_origin": source.body.get("forward_origin", origin)}


def _copied(source: StoredMessage) -> dict[str, Any]:
    return {name: source.body[name] for name in _COPIED if name in source.body}


def _bare(source: StoredMessage) -> dict[str, Any]:
    return {name: value for name, value in _copied(source).items() if not name.startswith("caption")}


async def _bring(call: Call, made: Callable[[StoredMessage], dict[str, Any]]) -> list[dict[str, Any]]:
    """Several messages into another chat; what was one album is one again, where at least two of it came along."""
    sources = await _found(call)
    account = await call.reachable_chat(len(sources))
    parts = Counter(album for source in sources if (album := source.body.get("media_group_id")))
    albums = {album: str(secrets.randbits(60)) for album, many in parts.items() if many > 1}
    sent = []
    for source in sources:
        album = albums.get(source.body.get("media_group_id"))
        sent.append(await _send(call, account, made(source) | ({"media_group_id": album} if album else {})))
    return [{"message_id": each["message_id"]} for each in sent]


async def _found(call: Call) -> list[StoredMessage]:
    """Those of several messages that are there; the others are skipped."""
    numbers = call.arguments.array("message_ids", "expected an Array of message identifiers")
    if not numbers:
        raise BadRequest("message identifiers are not specified")
    if len(numbers) > _MOST_BROUGHT:
        raise BadRequest("too many message identifiers specified")
    ids = [int(number) for number in numbers if str(number).isdecimal()]
    if len(ids) != len(numbers) or sorted(set(ids)) != ids:
        raise BadRequest("message identifiers must be in a strictly increasing order")
    source = await call.chat("from_chat_id")
    found = [await find_message(call.tx, source.person.id, number) for number in ids]
    there = [each for each in found if each is not None]
    if not there:
        raise BadRequest("there are no messages to forward")
    return there


async def send_chat_action(call: Call) -> bool:
    account = await call.chat()
    action = call.arguments.text("action")
    if action not in _ACTIONS:
        raise BadRequest("wrong parameter action in request")
    shown = None if action == "cancel" else action
    await set_action(call.tx, account.person.id, shown, call.now + _ACTION_SECONDS)
    return True


async def _send(call: Call, account: Account, content: dict[str, Any]) -> dict[str, Any]:
    markup = parse_markup(call.arguments.object("reply_markup"))
    body = {"from": await call.bot_user(), "chat": account.person.as_chat(), **content}
    if replied := await _replied(call, account):
        body["reply_to_message"] = replied
    if call.arguments.flag("protect_content"):
        body["has_protected_content"] = True
    if markup.inline:
        body["reply_markup"] = markup.inline
    if account.action:
        await set_action(call.tx, account.person.id, None, 0)
    await _leave_keyboard(call, account, markup)
    return await add_message(
        call.tx,
        chat=account.person.id,
        from_bot=True,
        date=call.date,
        body=body,
        editable=markup.reply is None or bool(markup.reply.get("remove_keyboard")),
    )


async def _leave_keyboard(call: Call, account: Account, markup: Markup) -> None:
    if markup.reply is not None:
        left = None if markup.reply.get("remove_keyboard") else markup.reply
        await set_keyboard(call.tx, account.person.id, left)


async def _replied(call: Call, account: Account) -> dict[str, Any] | None:
    wanted = call.arguments.object("reply_parameters")
    said = Arguments(wanted if isinstance(wanted, dict) else {})
    number = said.integer("message_id") or call.arguments.integer("reply_to_message_id")
    if not number:
        return None
    found = await find_message(call.tx, account.person.id, number)
    if found is None:
        if said.flag("allow_sending_without_reply") or call.arguments.flag("allow_sending_without_reply"):
            return None
        raise BadRequest("message to be replied not found")
    return {name: value for name, value in found.body.items() if name != "reply_to_message"}


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendVideo": send_video,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "sendChatAction": send_chat_action,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
}
