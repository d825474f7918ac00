"""What the chat page is shown: rows of the store as the small JSON it asks for."""

from typing import Any

from tgbot.localchat.accounts import Account
from tgbot.localchat.messages import StoredMessage
from tgbot.localchat.queries import Answer
from tgbot.localchat.rendering import render

_EXCERPT = 160


def message_view(message: StoredMessage) -> dict[str, Any]:
    body = message.body
    text, entities = body.get("text"), body.get("entities", [])
    if text is None:
        text, entities = body.get("caption", ""), body.get("caption_entities", [])
    photo, video, document = (body.get("photo") or [None])[-1], body.get("video"), body.get("document")
    return {
        "id": message.id,
        "from_bot": message.from_bot,
        "date": message.date,
        "html": render(text, entities),
        "buttons": [[_button(button) for button in row] for row in _rows(body.get("reply_markup"))],
        "photo": photo["file_id"] if photo else None,
        "photo_size": [photo["width"], photo["height"]] if photo else None,
        "video": video["file_id"] if video else None,
        "video_size": [video["width"], video["height"]] if video else None,
        "document": _document(document) if document else None,
        "album": body.get("media_group_id"),
        "reply": _quote(body["reply_to_message"]) if "reply_to_message" in body else None,
        "forwarded": body["forward_origin"]["sender_user"]["first_name"] if "forward_origin" in body else None,
        "reaction": message.reaction,
        "edited": "edit_date" in body,
        "deleted": message.deleted,
    }


def account_view(account: Account, now: float) -> dict[str, Any]:
    """What the page shows around the messages."""
    keyboard = account.keyboard or {}
    return {
        "language": account.language,
        "started": account.started,
        "blocked": account.blocked,
        "action": account.action if account.action_until > now else None,
        "pinned": account.pinned,
        "keyboard": [[button["text"] for button in row] for row in keyboard.get("keyboard", [])],
        "placeholder": keyboard.get("input_field_placeholder"),
    }


def answers_view(answers: list[Answer]) -> dict[str, Any]:
    return {
        "toasts": [{"text": answer.text, "alert": answer.alert} for answer in answers if answer.text],
        "answers": [
            {"query": answer.query, "text": answer.text, "alert": answer.alert, "url": answer.url or None}
            for answer in answers
        ],
    }


def inline_data(message: StoredMessage) -> set[str]:
    """The callback data of the buttons under a message."""
    rows = _rows(message.body.get("reply_markup"))
    return {button["callback_data"] for row in rows for button in row if "callback_data" in button}


def _rows(markup: dict[str, Any] | None) -> list[list[dict[str, Any]]]:
    return list((markup or {}).get("inline_keyboard", []))


def _button(button: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": button["text"],
        "data": button.get("callback_data"),
        "url": button.get("url"),
        "copy": button.get("copy_text", {}).get("text"),
        "style": button.get("style"),
    }


def _document(document: dict[str, Any]) -> dict[str, Any]:
    return {"id": document["file_id"], "name": document["file_name"], "size": document["file_size"]}


def _quote(body: dict[str, Any]) -> dict[str, Any]:
    words = body.get("text") or body.get("caption") or body.get("document", {}).get("file_name")
    words = words or ("🎬" if "video" in body else "🖼")
    return {"id": body["message_id"], "name": body["from"]["first_name"], "text": words[:_EXCERPT]}
