"""Where a half-made bot is kept and shown between presses: the draft in FSM data, one message, one picture."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

from aiogram import Bot
from aiogram.fsm.context import FSMContext

from tgbot.banner import Banner
from tgbot.cards.preview import picture_labels, preview_caption
from tgbot.handlers.draft_view import DraftView, Shown
from tgbot.making import Draft, Step
from tgbot.screen import edit, remove, send, show_picture, take_buttons
from tgbot.states import Ask
from tgbot.words import Html, Words
from trading.core.hearing import zone_of
from trading.desk.answers import Person, PreviewCard
from trading.desk.protocol import DeskProtocol

log = logging.getLogger(__name__)


class DraftRoom:
    """One person's form in one chat. Every change goes through ``put``, which shows it and remembers it."""

    def __init__(
        self,
        *,
        bot: Bot,
        chat_id: int,
        desk: DeskProtocol,
        person: Person,
        words: Words,
        state: FSMContext,
        banner: Banner,
    ) -> None:
        self.view = DraftView(desk, person, words, banner)
        self._bot = bot
        self._chat_id = chat_id
        self._desk = desk
        self.words = words
        self._state = state
        self._dark = person.dark_pictures

    async def find(self, mark: str | None = None) -> Draft | None:
        """The form that is open; with ``mark`` only that very one."""
        draft = Draft.from_data((await self._state.get_data()).get("draft", {}))
        return draft if draft is not None and mark in (None, draft.mark) else None

    async def was_finished(self, mark: str) -> bool:
        """Whether that form has already made its bots: a second press of its Start."""
        return bool((await self._state.get_data()).get("made") == mark)

    async def put(self, draft: Draft, *, below: bool = False, problem: Html | None = None) -> None:
        """Show the draft's step in the form's message, or in a new one ``below`` what the person typed."""
        shown = await self.view.show(draft, problem)
        fresh = below
        if shown.pictured is not None:
            # The picture stands above the table, so the first time both are sent anew.
            fresh = fresh or draft.picture is None
            shown = await self._with_picture(shown, shown.pictured, fresh=fresh)
        elif shown.draft.picture is not None and shown.draft.step is not Step.CONFIRM:
            await remove(self._bot, self._chat_id, shown.draft.picture)
            shown = replace(shown, draft=replace(shown.draft, picture=None))
        await self._keep(await self._with_message(shown, fresh=fresh))

    def check(self, draft: Draft) -> Mapping[str, Any]:
        """The complete config. Raises InvalidSettings."""
        return self._desk.check_settings(draft.strategy, draft.config)

    async def say(self, text: str) -> None:
        await self._bot.send_message(self._chat_id, escape(text, quote=False))

    async def close(self, *, made: bool, mark: str) -> None:
        """Let go of the form; what else is remembered of the person stays."""
        await self._state.set_state(None)
        data = await self._state.get_data()
        others = {name: value for name, value in data.items() if name not in ("draft", "made")}
        await self._state.set_data({**others, "made": mark} if made else others)

    async def discard_picture(self, draft: Draft) -> None:
        await remove(self._bot, self._chat_id, draft.picture)

    async def _with_picture(self, shown: Shown, card: PreviewCard, *, fresh: bool) -> Shown:
        draft = shown.draft
        if fresh:
            await remove(self._bot, self._chat_id, draft.picture)
            await remove(self._bot, self._chat_id, draft.message)
            draft = replace(draft, picture=None, message=None)
        try:
            png = await self._desk.preview_picture(
                card, labels=picture_labels(self.words), dark=self._dark, tz=zone_of(self.words.zone)
            )
        except Exception:
            # The table says the same; a chart that cannot be drawn must not stand between a person and Start.
            log.exception("the picture of a preview could not be drawn")
            return replace(shown, draft=draft)
        caption = preview_caption(self.words, card, shown.account)
        number = await show_picture(self._bot, self._chat_id, draft.picture, png, caption)
        return replace(shown, draft=replace(draft, picture=number))

    async def _with_message(self, shown: Shown, *, fresh: bool) -> Draft:
        draft = shown.draft
        if fresh or draft.message is None:
            await take_buttons(self._bot, self._chat_id, draft.message)
            sent = await send(self._bot, self._chat_id, shown.card)
            return replace(draft, message=sent.message_id)
        number = await edit(self._bot, self._chat_id, draft.message, shown.card)
        return replace(draft, message=number)

    async def _keep(self, draft: Draft) -> None:
        await self._state.update_data(draft=draft.to_data())
        awaited = {Step.PAIRS: Ask.pairs, Step.FIELD: Ask.setting, Step.NAME: Ask.draft_name}.get(draft.step)
        await self._state.set_state(awaited)
