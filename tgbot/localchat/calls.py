"""One call of the Bot API, and what every method needs to carry it out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tgbot.localchat.accounts import Account, Accounts
from tgbot.localchat.arguments import Arguments
from tgbot.localchat.commands import saved_profile
from tgbot.localchat.entities import FormattedText
from tgbot.localchat.errors import BadRequest, Forbidden
from tgbot.localchat.formatting import formatted
from tgbot.localchat.messages import StoredMessage, find_message
from tgbot.localchat.storage import Transaction

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
DEFAULT_BOT_NAME = "Makergram"


@dataclass(frozen=True, slots=True)
class Call:
    """`now` is unix time in seconds; `charges` are chats and how many messages went into them, for the flood limits."""

    arguments: Arguments
    tx: Transaction
    accounts: Accounts
    bot_id: int
    bot_username: str
    query_lifetime: float
    now: float
    charges: list[tuple[int, int]] = field(default_factory=list)

    @property
    def date(self) -> int:
        return int(self.now)

    async def bot_user(self) -> dict[str, Any]:
        name = await saved_profile(self.tx, "name", "") or DEFAULT_BOT_NAME
        return {"id": self.bot_id, "is_bot": True, "first_name": name, "username": self.bot_username}

    async def chat(self, name: str = "chat_id") -> Account:
        """The chat a call is about. Telegram knows only those who have written to the bot."""
        if not self.arguments.text(name):
            raise BadRequest(f"{name} is empty")
        account = await self.accounts.find(self.tx, self.arguments.integer(name))
        if account is None or not account.started:
            raise BadRequest("chat not found")
        return account

    async def reachable_chat(self, messages: int = 1) -> Account:
        """The chat a message is about to go into; counts against the flood limits."""
        account = await self.chat()
        if account.blocked:
            raise Forbidden("bot was blocked by the user")
        self.charges.append((account.person.id, messages))
        return account

    async def message_to(self, verb: str, account: Account, name: str = "message_id") -> StoredMessage:
        number = self.arguments.integer(name)
        if number <= 0:
            raise BadRequest("message identifier is not specified")
        found = await find_message(self.tx, account.person.id, number)
        if found is None:
            raise BadRequest(f"message to {verb} not found")
        return found

    def message_text(self) -> FormattedText:
        text = formatted(
            self.arguments.text("text"),
            self.arguments.text("parse_mode"),
            self.arguments.array("entities", "expected an Array of MessageEntity"),
        )
        if not text.text:
            raise BadRequest("message text is empty")
        if len(text.text) > TEXT_LIMIT:
            raise BadRequest("message is too long")
        return text

    def caption(self, arguments: Arguments | None = None) -> dict[str, Any]:
        """The caption's part of a message; empty when there is none."""
        source = arguments or self.arguments
        text = formatted(
            source.text("caption"),
            source.text("parse_mode"),
            source.array("caption_entities", "expected an Array of MessageEntity"),
        )
        if len(text.text) > CAPTION_LIMIT:
            raise BadRequest("message caption is too long")
        return written("caption", text)


Method = Callable[[Call], Awaitable[Any]]


def written(name: str, text: FormattedText) -> dict[str, Any]:
    """The fields of a message; `name` is "text" or "caption"."""
    if not text.text:
        return {}
    part: dict[str, Any] = {name: text.text}
    if text.entities:
        part["entities" if name == "text" else "caption_entities"] = [entity.as_json() for entity in text.entities]
    return part
