"""Methods about the bot itself, its menus, its chats and its files."""

import json
import re
from typing import Any

from tgbot.localchat.calls import Call, Method
from tgbot.localchat.commands import save_commands, save_profile, saved_commands, saved_profile
from tgbot.localchat.errors import BadRequest
from tgbot.localchat.files import DOWNLOAD_LIMIT, find_file

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_MENU_BUTTONS = ("default", "commands", "web_app")


async def get_me(call: Call) -> dict[str, Any]:
    abilities = {"can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False}
    return await call.bot_user() | abilities


async def set_my_commands(call: Call) -> bool:
    scope, language = await _scope(call), _language(call)
    commands = [_command(item) for item in call.arguments.array("commands", "expected an Array of BotCommand")]
    if len(commands) > 100:
        raise BadRequest("BOT_COMMANDS_TOO_MUCH")
    await save_commands(call.tx, scope, language, commands)
    await call.accounts.touch_all(call.tx)
    return True


async def get_my_commands(call: Call) -> list[dict[str, Any]]:
    return await saved_commands(call.tx, await _scope(call), _language(call))


async def delete_my_commands(call: Call) -> bool:
    await save_commands(call.tx, await _scope(call), _language(call), [])
    await call.accounts.touch_all(call.tx)
    return True


def _command(item: Any) -> dict[str, str]:
    said = item if isinstance(item, dict) else {}
    command = str(said.get("command", "")).removeprefix("/")
    description = str(said.get("description", "")).strip()
    if not _COMMAND.fullmatch(command):
        raise BadRequest("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise BadRequest("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


async def _scope(call: Call) -> str:
    scope = call.arguments.object("scope")
    if scope is None:
        return "default"
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in _PLAIN_SCOPES:
        return str(kind)
    if kind != "chat":
        raise BadRequest("can't parse BotCommandScope: Unsupported type specified")
    try:
        chat = int(scope.get("chat_id", 0))
    except (TypeError, ValueError):
        chat = 0
    account = await call.accounts.find(call.tx, chat)
    if account is None or not account.started:
        raise BadRequest("chat not found")
    return f"chat:{chat}"


def _language(call: Call) -> str:
    language = call.arguments.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise BadRequest("invalid language code specified")
    return language


def _setter(name: str, limit: int) -> Method:
    async def set_it(call: Call) -> bool:
        value = call.arguments.text(name)
        if len(value) > limit:
            raise BadRequest(f"{name.replace('_', ' ')} is too long")
        await save_profile(call.tx, name, _language(call), value)
        await call.accounts.touch_all(call.tx)
        return True

    return set_it


def _getter(name: str) -> Method:
    async def get_it(call: Call) -> dict[str, str]:
        return {name: await saved_profile(call.tx, name, _language(call))}

    return get_it


async def set_chat_menu_button(call: Call) -> bool:
    button = call.arguments.object("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in _MENU_BUTTONS:
        raise BadRequest("can't parse menu button: Unsupported type specified")
    owner = str((await call.chat()).person.id) if call.arguments.has("chat_id") else ""
    await save_profile(call.tx, "menu_button", owner, json.dumps(button))
    return True


async def get_chat_menu_button(call: Call) -> dict[str, Any]:
    owner = str((await call.chat()).person.id) if call.arguments.has("chat_id") else ""
    saved = await saved_profile(call.tx, "menu_button", owner)
    return dict(json.loads(saved)) if saved else {"type": "default"}


async def get_chat(call: Call) -> dict[str, Any]:
    account = await call.chat()
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    full = {"accent_color_id": 0, "max_reaction_count": 1, "accepted_gift_types": gifts}
    return account.person.as_chat() | full | {"active_usernames": [account.person.username]}


async def get_chat_member(call: Call) -> dict[str, Any]:
    account = await call.chat()
    asked = call.arguments.integer("user_id")
    if asked == account.person.id:
        return {"status": "member", "user": account.as_user()}
    if asked == call.bot_id:
        return {"status": "kicked" if account.blocked else "member", "user": await call.bot_user(), "until_date": 0}
    raise BadRequest("member not found")


async def get_file(call: Call) -> dict[str, Any]:
    found = await find_file(call.tx, call.arguments.text("file_id"))
    if found is None:
        raise BadRequest("invalid file_id")
    if found.size > DOWNLOAD_LIMIT:
        raise BadRequest("file is too big")
    return found.as_file()


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name", 64),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description", 512),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description", 120),
    "getMyShortDescription": _getter("short_description"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getFile": get_file,
}
