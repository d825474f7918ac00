"""What a person does at the chat, as Telegram would tell the bot about it."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from tgbot.localchat.accounts import Account, Accounts, set_blocked, set_keyboard, set_language, set_started
from tgbot.localchat.calls import CAPTION_LIMIT, TEXT_LIMIT, written
from tgbot.localchat.errors import BadRequest, RequestRefused
from tgbot.localchat.files import Upload, save_upload
from tgbot.localchat.formatting import spoken
from tgbot.localchat.messages import add_message, find_message
from tgbot.localchat.queries import add_query
from tgbot.localchat.sending import forwarded
from tgbot.localchat.storage import Storage, Transaction
from tgbot.localchat.updates import push_update
from tgbot.localchat.view import inline_data

LANGUAGES = ("en", "ru")
MOST_IN_ALBUM = 10


class Visits:
    """Every act is one transaction: the message and its update are kept together."""

    def __init__(self, storage: Storage, accounts: Accounts, bot: dict[str, Any], clock: Callable[[], float]) -> None:
        self._storage = storage
        self._accounts = accounts
        self._bot = bot
        self._clock = clock

    async def say(self, person: int, words: str) -> int:
        """Answers the new message's number."""
        text = spoken(words)
        if not text.text:
            raise RequestRefused("there is nothing in the message")
        if len(text.text) > TEXT_LIMIT:
            raise RequestRefused(f"the message is longer than {TEXT_LIMIT} characters")
        async with self._storage.transaction() as tx:
            return await self._post(tx, await self.account(tx, person), written("text", text))

    async def show(self, person: int, uploads: Sequence[tuple[str, Upload]], words: str) -> list[int]:
        """Files, each with its kind: one alone, or an album. Answers the new messages' numbers."""
        caption = spoken(words)
        if len(caption.text) > CAPTION_LIMIT:
            raise RequestRefused(f"the caption is longer than {CAPTION_LIMIT} characters")
        if not 1 <= len(uploads) <= MOST_IN_ALBUM:
            raise RequestRefused(f"an album has from 2 to {MOST_IN_ALBUM} files")
        async with self._storage.transaction() as tx:
            account = await self.account(tx, person)
            try:
                files = [await save_upload(tx, kind, upload) for kind, upload in uploads]
            except BadRequest as error:
                raise RequestRefused(f"the file was not taken: {error.description}") from error
            if len({file.kind == "document" for file in files}) > 1:
                raise RequestRefused("documents make an album of their own")
            album = {"media_group_id": str(secrets.randbits(60))} if len(files) > 1 else {}
            bodies = [file.as_media() | album for file in files]
            bodies[0] |= written("caption", caption)
            return [await self._post(tx, account, body) for body in bodies]

    async def forward(self, person: int, numbers: Sequence[int]) -> list[int]:
        """Something of this very chat sent to the bot once more, under the name of whoever said it first."""
        async with self._storage.transaction() as tx:
            account = await self.account(tx, person)
            found = [await find_message(tx, person, number) for number in numbers]
            there = [each for each in found if each is not None]
            if not there or len(there) < len(numbers):
                raise RequestRefused("there is no such message in this chat, or it was deleted")
            album = {"media_group_id": str(secrets.randbits(60))} if len(there) > 1 else {}
            return [await self._post(tx, account, forwarded(each) | album) for each in there]

    async def _post(self, tx: Transaction, account: Account, content: dict[str, Any]) -> int:
        person, now = account.person.id, self._clock()
        if account.blocked:
            await self._set_blocked(tx, account, False)
        if not account.started:
            await set_started(tx, person)
        if account.keyboard and (account.keyboard.get("one_time_keyboard") or account.keyboard.get("force_reply")):
            await set_keyboard(tx, person, None)
        body = {"from": account.as_user(), "chat": account.person.as_chat(), **content}
        shown = await add_message(tx, chat=person, from_bot=False, date=int(now), body=body, editable=False)
        await push_update(tx, "message", shown, now)
        return int(shown["message_id"])

    async def press(self, person: int, message: int, data: str) -> str:
        """Answers the number of the callback query."""
        async with self._storage.transaction() as tx:
            account = await self.account(tx, person)
            if account.blocked:
                raise RequestRefused("you have blocked the bot; write to it to let it speak again")
            found = await find_message(tx, person, message)
            if found is None:
                raise RequestRefused("there is no such message in this chat, or it was deleted")
            if data not in inline_data(found):
                raise RequestRefused("this message has no such button")
            now = self._clock()
            query = await add_query(tx, person, message, now)
            told = {"id": query, "from": account.as_user(), "message": found.body, "chat_instance": str(-person)}
            await push_update(tx, "callback_query", told | {"data": data}, now)
            return query

    async def speak(self, person: int, language: str) -> None:
        if language not in LANGUAGES:
            raise RequestRefused(f"language must be one of {', '.join(LANGUAGES)}")
        async with self._storage.transaction() as tx:
            await self.account(tx, person)
            await set_language(tx, person, language)

    async def block(self, person: int, blocked: bool) -> None:
        async with self._storage.transaction() as tx:
            account = await self.account(tx, person)
            if account.blocked != blocked:
                await self._set_blocked(tx, account, blocked)

    async def _set_blocked(self, tx: Transaction, account: Account, blocked: bool) -> None:
        await set_blocked(tx, account.person.id, blocked)
        before, after = (self._membership(barred) for barred in (not blocked, blocked))
        change = {"chat": account.person.as_chat(), "from": account.as_user(), "date": int(self._clock())}
        change |= {"old_chat_member": before, "new_chat_member": after}
        await push_update(tx, "my_chat_member", change, self._clock())

    def _membership(self, barred: bool) -> dict[str, Any]:
        return (
            {"user": self._bot, "status": "kicked", "until_date": 0}
            if barred
            else {"user": self._bot, "status": "member"}
        )

    async def account(self, tx: Transaction, person: int) -> Account:
        account = await self._accounts.find(tx, person)
        if account is None:
            raise RequestRefused("there is no such person here")
        return account
