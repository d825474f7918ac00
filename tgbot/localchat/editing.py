"""Methods that change or remove messages that are there already, and those that answer presses."""

from typing import Any

from tgbot.localchat.accounts import Account, set_pinned
from tgbot.localchat.calls import Call, Method, written
from tgbot.localchat.errors import BadRequest
from tgbot.localchat.keyboards import parse_markup
from tgbot.localchat.messages import (
    MEDIA,
    StoredMessage,
    change_message,
    delete_message,
    find_message,
    react,
    replies_to,
)
from tgbot.localchat.queries import Answer, answer_query
from tgbot.localchat.sending import input_media

DELETABLE_SECONDS = 48 * 3600
_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_CONTENT = ("text", "entities", "caption", "caption_entities", *MEDIA, "reply_markup")
_CAPTION = ("caption", "caption_entities")
_EMOJI = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 "
    "🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
_REACTIONS = frozenset(_EMOJI.split())


async def edit_message_text(call: Call) -> Any:
    message = await _message_to_edit(call)
    if message.has_media:
        raise BadRequest("there is no text in the message to edit")
    return await _edit(call, message, ("text", "entities"), written("text", call.message_text()))


async def edit_message_caption(call: Call) -> Any:
    message = await _message_to_edit(call)
    if not message.has_media:
        raise BadRequest("there is no caption in the message to edit")
    return await _edit(call, message, _CAPTION, call.caption())


async def edit_message_media(call: Call) -> Any:
    message = await _message_to_edit(call)
    media = await input_media(call, call.arguments.object("media"))
    return await _edit(call, message, ("text", "entities", *MEDIA, *_CAPTION), media)


async def edit_message_reply_markup(call: Call) -> Any:
    return await _edit(call, await _message_to_edit(call), (), {})


async def _message_to_edit(call: Call) -> StoredMessage:
    if call.arguments.text("inline_message_id"):
        raise BadRequest("MESSAGE_ID_INVALID")
    message = await call.message_to("edit", await call.reachable_chat())
    if not message.editable:
        raise BadRequest("message can't be edited")
    return message


async def _edit(call: Call, message: StoredMessage, replaced: tuple[str, ...], content: dict[str, Any]) -> Any:
    """Replaces these fields and the buttons; buttons that are not given again go away."""
    markup = parse_markup(call.arguments.object("reply_markup"))
    if markup.reply is not None:
        raise BadRequest("inline keyboard expected")
    kept = {name: value for name, value in message.body.items() if name not in (*replaced, "reply_markup")}
    buttons = {"reply_markup": markup.inline} if markup.inline else {}
    body = kept | content | buttons
    if all(body.get(name) == message.body.get(name) for name in _CONTENT):
        raise BadRequest(_UNCHANGED)
    if replaced:
        body["edit_date"] = call.date
    await change_message(call.tx, message, body)
    return body


async def delete_one(call: Call) -> bool:
    account = await call.chat()
    message = await call.message_to("delete", account)
    if call.now - message.date > DELETABLE_SECONDS:
        raise BadRequest("message can't be deleted for everyone")
    await _delete(call, account, message)
    return True


async def delete_many(call: Call) -> bool:
    """Those that are not there any more are passed over in silence."""
    account = await call.chat()
    numbers = call.arguments.array("message_ids", "expected an Array of message identifiers")
    if not numbers:
        raise BadRequest("message identifiers are not specified")
    if len(numbers) > 100:
        raise BadRequest("too many message identifiers specified")
    for number in numbers:
        found = await find_message(call.tx, account.person.id, int(number)) if str(number).isdecimal() else None
        if found and call.now - found.date <= DELETABLE_SECONDS:
            await _delete(call, account, found)
    return True


async def _delete(call: Call, account: Account, message: StoredMessage) -> None:
    await delete_message(call.tx, message)
    if account.pinned == message.id:
        await set_pinned(call.tx, account.person.id, None)
    for reply in await replies_to(call.tx, message):
        body = {name: value for name, value in reply.body.items() if name != "reply_to_message"}
        await change_message(call.tx, reply, body)


async def answer_callback_query(call: Call) -> bool:
    said = call.arguments
    text = said.text("text")
    if len(text) > 200:
        raise BadRequest("MESSAGE_TOO_LONG")
    answer = Answer(said.text("callback_query_id"), text, said.flag("show_alert"), said.text("url"))
    if answer.url and not answer.url.startswith(f"https://t.me/{call.bot_username}?start="):
        raise BadRequest("URL_INVALID")
    await answer_query(call.tx, answer, oldest=call.now - call.query_lifetime)
    return True


async def pin_chat_message(call: Call) -> bool:
    account = await call.chat()
    message = await call.message_to("pin", account)
    await set_pinned(call.tx, account.person.id, message.id)
    return True


async def unpin_chat_message(call: Call) -> bool:
    account = await call.chat()
    number = call.arguments.integer("message_id") or account.pinned
    if account.pinned is None or number != account.pinned:
        raise BadRequest("message to unpin not found")
    await set_pinned(call.tx, account.person.id, None)
    return True


async def set_message_reaction(call: Call) -> bool:
    message = await call.message_to("react", await call.chat())
    reactions = call.arguments.array("reaction", "expected an Array of ReactionType")
    emoji = [item.get("emoji") if isinstance(item, dict) else None for item in reactions]
    if len(emoji) > 1 or any(one not in _REACTIONS for one in emoji):
        raise BadRequest("REACTION_INVALID")
    await react(call.tx, message, emoji[0] if emoji else None)
    return True


METHODS: dict[str, Method] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_one,
    "deleteMessages": delete_many,
    "answerCallbackQuery": answer_callback_query,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "setMessageReaction": set_message_reaction,
}
