"""The chat half put together: routers, gates and storage round one desk."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import suppress

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    LinkPreviewOptions,
)

from tgbot.albums import Albums
from tgbot.answering import AnsweringDispatcher
from tgbot.commands import menu
from tgbot.drafts import DraftStorage
from tgbot.handlers.access import access_router
from tgbot.handlers.bots import bots_router
from tgbot.handlers.broadcast import broadcast_router
from tgbot.handlers.by_hand import by_hand_router
from tgbot.handlers.create import create_router
from tgbot.handlers.edit import edit_router
from tgbot.handlers.errors import errors_router
from tgbot.handlers.everywhere import everywhere_router
from tgbot.handlers.export import export_router
from tgbot.handlers.hearing import hearing_router
from tgbot.handlers.key_form import key_form_router
from tgbot.handlers.keys import keys_router
from tgbot.handlers.looking import balances_router, prices_router
from tgbot.handlers.members import members_router
from tgbot.handlers.paper import paper_router
from tgbot.handlers.presets import presets_router
from tgbot.handlers.profit import profit_router, stats_router
from tgbot.handlers.reports import reports_router
from tgbot.handlers.settings import settings_router
from tgbot.handlers.sharing import sharing_router
from tgbot.handlers.start import start_router
from tgbot.handlers.status import status_router
from tgbot.handlers.system import system_router
from tgbot.handlers.trials import trials_router
from tgbot.handlers.works import works_router
from tgbot.key_forms import KeyForms
from tgbot.logtail import LogTail
from tgbot.middlewares.access import AccessMiddleware
from tgbot.middlewares.heard import HeardMiddleware
from tgbot.middlewares.leaving import LeavingMiddleware
from tgbot.middlewares.presses import PressMiddleware
from tgbot.middlewares.throttling import ThrottlingMiddleware
from tgbot.middlewares.tokens import TokenMiddleware
from tgbot.middlewares.urgent import UrgentIsolation, UrgentMiddleware
from tgbot.words import DEFAULT_LANGUAGE, LANGUAGES
from tgbot.works import Works
from trading.desk.protocol import DeskProtocol


def build_bot(token: str, api_url: str | None = None) -> Bot:
    """A Bot API client that speaks HTML, to Telegram or to the server at ``api_url``.

    Raises aiogram's TokenValidationError for what is not a token.
    """
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_url)) if api_url else AiohttpSession()
    defaults = DefaultBotProperties(
        parse_mode=ParseMode.HTML, link_preview=LinkPreviewOptions(is_disabled=True), allow_sending_without_reply=True
    )
    return Bot(token, session=session, default=defaults)


def build_dispatcher(
    desk: DeskProtocol,
    *,
    monotonic: Callable[[], float] = time.monotonic,
    now: Callable[[], float] = time.time,
    burst: int = 30,
    rate: float = 3.0,
    works: Works | None = None,
    log_tail: LogTail | None = None,
    albums: Albums | None = None,
) -> AnsweringDispatcher:
    """Everything that answers a person. ``monotonic`` answers seconds, ``now`` seconds since 1970.

    ``burst`` and ``rate`` are one person's updates. ``works`` carries what takes long, ``albums`` gathers the parts of
    what is sent together; whoever gives them closes them.

    The gates stand in this order: how much, who, then one update of a person at a time, but for what is urgent.
    Strangers never reach the drafts. Commands come before what is typed into a form, and what nobody wanted comes last.
    """
    dispatcher = AnsweringDispatcher(
        storage=DraftStorage(desk),
        events_isolation=UrgentIsolation(),
        disable_fsm=True,
        desk=desk,
        key_forms=KeyForms(monotonic),
        works=works or Works(),
        log_tail=log_tail or LogTail(),
        albums=albums or Albums(),
    )
    for gate in (
        ThrottlingMiddleware(monotonic, burst=burst, rate=rate),
        AccessMiddleware(desk),
        HeardMiddleware(desk, monotonic),
        PressMiddleware(),
        UrgentMiddleware(),
        dispatcher.fsm,  # by hand instead of by aiogram, so that it stands behind the gate
    ):
        dispatcher.update.outer_middleware(gate)
    dispatcher.callback_query.middleware(TokenMiddleware(now))
    dispatcher.message.middleware(LeavingMiddleware())
    dispatcher.callback_query.middleware(LeavingMiddleware())
    dispatcher.include_routers(
        start_router(),
        access_router(),
        members_router(),
        system_router(),
        broadcast_router(),
        bots_router(),
        status_router(),
        by_hand_router(),
        everywhere_router(),
        prices_router(),
        balances_router(),
        reports_router(),
        export_router(),
        trials_router(),
        works_router(),
        profit_router(),
        stats_router(),
        settings_router(),
        hearing_router(),
        keys_router(),
        paper_router(),
        presets_router(),
        sharing_router(),
        create_router(),
        edit_router(),
        key_form_router(),
        errors_router(),
    )
    return dispatcher


async def set_commands(bot: Bot, admins: Collection[int] = ()) -> None:
    """Tell Telegram the menu: for private chats and for groups, in every language; admins have one more."""
    for language in LANGUAGES:
        code = None if language == DEFAULT_LANGUAGE else language
        private, groups = BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()
        await bot.set_my_commands(menu(language), scope=private, language_code=code)
        await bot.set_my_commands(menu(language, groups=True), scope=groups, language_code=code)
        for admin in admins:
            scope = BotCommandScopeChat(chat_id=admin)
            # Telegram refuses a chat in which nobody has spoken yet; that admin gets the longer menu at the next start.
            with suppress(TelegramBadRequest):
                await bot.set_my_commands(menu(language, admin=True), scope=scope, language_code=code)
