"""reply_markup: checked as Telegram checks it."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tgbot.localchat.errors import BadRequest

MAX_BUTTONS = 100
_EXTRAS = ("style", "icon_custom_emoji_id")
_STYLES = ("danger", "success", "primary")


@dataclass(frozen=True, slots=True)
class Markup:
    """One of the two is set, or neither: buttons under the message, or something in place of the person's keyboard."""

    inline: dict[str, Any] | None = None
    reply: dict[str, Any] | None = None


def parse_markup(markup: Any) -> Markup:
    """Raises BadRequest in Telegram's words."""
    if markup is None:
        return Markup()
    if not isinstance(markup, dict):
        raise BadRequest("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline keyboard", _inline_button)
        return Markup(inline={"inline_keyboard": rows} if rows else None)
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "keyboard", _reply_button)
        if not rows:
            raise BadRequest("reply keyboard must have at least one button")
        return Markup(reply={**markup, "keyboard": rows})
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        return Markup(reply=markup)
    return Markup()


def _rows(rows: Any, what: str, parse: Callable[[Any], dict[str, Any]]) -> list[list[dict[str, Any]]]:
    if not isinstance(rows, list):
        raise BadRequest(f'field "{what.replace(" ", "_")}" of the markup must be an array of arrays of buttons')
    parsed = []
    for row in rows:
        if not isinstance(row, list):
            raise BadRequest(f"can't parse {what} button: Array of buttons expected")
        parsed.append([parse(button) for button in row])
    if sum(map(len, parsed)) > MAX_BUTTONS * (3 if what == "keyboard" else 1):
        raise BadRequest("reply markup is too long")
    return [row for row in parsed if row]


def _unparsable(reason: str) -> BadRequest:
    return BadRequest(f"can't parse inline keyboard button: {reason}")


def _inline_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _unparsable("Object expected")
    text = button.get("text")
    if not isinstance(text, str):
        raise _unparsable('Can\'t find field "text"' if text is None else 'Field "text" must be of type String')
    if not text.strip():
        raise _unparsable("Button text must be non-empty")
    action = next((name for name in _ACTIONS if button.get(name) is not None), None)
    if action is None:
        raise _unparsable("Text buttons are unallowed in the inline keyboard")
    if button.get("style") is not None and button["style"] not in _STYLES:
        raise _unparsable("Invalid button style specified")
    extras = {name: button[name] for name in _EXTRAS if button.get(name) is not None}
    return {"text": text, action: _ACTIONS[action](button[action]), **extras}


def _callback_data(data: Any) -> str:
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= 64:
        raise BadRequest("BUTTON_DATA_INVALID")
    return data


def _url(url: Any) -> str:
    if not isinstance(url, str):
        raise _unparsable('Field "url" must be of type String')
    if reason := _bad_url(url):
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: {reason}")
    return url if "://" in url or url.startswith("tg:") else f"http://{url}/"


def _bad_url(url: str) -> str | None:
    """Why Telegram would not put it on a button: only public addresses, not this machine."""
    if url.lower().startswith(("tg://", "ton://", "tonsite://")):
        return None
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        return "Wrong HTTP URL"
    if parts.scheme not in ("http", "https"):
        return "Unsupported URL protocol"
    if not host:
        return "URL host is empty"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        name, _, top = host.rpartition(".")
        if not name or len(top) < 2 or any(character.isspace() for character in url):
            return "Wrong HTTP URL"
    return None


def _copy_text(copy: Any) -> dict[str, str]:
    text = copy.get("text") if isinstance(copy, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= 256:
        raise BadRequest("BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


def _as_given(value: Any) -> Any:
    return value


_ACTIONS: dict[str, Callable[[Any], Any]] = {
    "url": _url,
    "callback_data": _callback_data,
    "copy_text": _copy_text,
    "web_app": _as_given,
    "login_url": _as_given,
    "switch_inline_query": _as_given,
    "switch_inline_query_current_chat": _as_given,
    "switch_inline_query_chosen_chat": _as_given,
}


def _reply_button(button: Any) -> dict[str, Any]:
    text = button if isinstance(button, str) else button.get("text") if isinstance(button, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise BadRequest("can't parse keyboard button: Text of the button must be non-empty")
    return {"text": text} if isinstance(button, str) else button
