"""The composition root: settings -> trading -> dispatcher, and everything ended in the right order."""

from __future__ import annotations

import asyncio
import gc
import importlib
import importlib.util
import logging
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from types import ModuleType

from tgbot.localchat import DEFAULT_PEOPLE, LocalChat
from tgbot.logtail import LOG_FORMAT, LogTail
from tgbot.redaction import redact_logs
from tgbot.settings import Settings
from tgbot.webhook_terms import WebhookTerms
from trading.core.risk import RiskLimits
from trading.desk.connecting import LiveTerms
from trading.desk.desk import Desk
from trading.desk.house import DeskLimits
from trading.desk.housekeeping import KeepTerms
from trading.desk.paper_house import PaperTerms
from trading.desk.running import Terms, trading
from trading.runtime.station import RuntimeLimits
from trading.storage import StorageFailed
from trading.vault import VaultLocked, load_or_make_key_file

log = logging.getLogger(__name__)

Say = Callable[..., None]
MASTER_KEY_FILE = "master.key"
LOCALCHAT_FILE = "localchat.db"
LOCALCHAT_BOT_ID = 1_000_000
BACKUP_FOLDER = "backups"
EXPORT_FOLDER = "exports"
PAPER_FOLDER = "paper"


class CannotStart(Exception):
    """Why the bot cannot run, in plain words."""


async def run(settings: Settings, started: float, say: Say) -> None:
    """Run until SIGINT or SIGTERM. ``started`` is time.perf_counter() at the process's beginning.

    Raises CannotStart.
    """
    tail = _configure_logging(settings)
    _check_extras(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with AsyncExitStack() as stack:
            chat = await stack.enter_async_context(_local_chat(settings, say))
            desk = await stack.enter_async_context(trading(trading_terms(settings, say)))
            await stack.enter_async_context(_monitor(settings, desk, say))
            bot_token, api_url = _telegram(settings, chat)
            # It takes seconds; the chat page is up by now, and bots trade meanwhile.
            chat_half = await asyncio.to_thread(_load_chat)
            await stack.enter_async_context(
                chat_half.chatting(desk, bot_token, api_url, sorted(admin_ids(settings)), tail, webhook_terms(settings))
            )
            _keep_for_good()
            say(f"Ready in {time.perf_counter() - started:.1f} s. Stop with Ctrl+C.")
            await stop.wait()
            say("Stopping: orders are stored, exits stay on their venues.")
    except VaultLocked as problem:
        raise CannotStart(f"The stored keys cannot be opened: {problem}") from problem
    except (StorageFailed, ValueError) as problem:
        raise CannotStart(str(problem)) from problem
    except OSError as problem:
        raise CannotStart(f"A file or a port cannot be used: {problem}") from problem


def _keep_for_good() -> None:
    """What is loaded by now stays to the end: the collector need not walk it, the loop waiting, again and again."""
    gc.collect()
    gc.freeze()


def _load_chat() -> ModuleType:
    """The chat's half of the house, with all its sentences read."""
    importlib.import_module("tgbot.words").sentences()
    return importlib.import_module("tgbot.chatting")


def trading_terms(settings: Settings, say: Say) -> Terms:
    """The settings as trading understands them; makes the master key at the first run."""
    folder = database_folder(settings)
    return Terms(
        database_url=settings.database_url,
        master_keys=master_keys(settings, say),
        admin_ids=admin_ids(settings),
        live=LiveTerms(
            addresses=settings.venue_urls,
            requests_per_minute=settings.requests_per_minute,
            venue_requests=settings.venue_requests_per_minute,
            concurrent_requests=settings.concurrent_requests,
        ),
        paper=PaperTerms(
            speed=float(settings.paper_speed),
            seed=settings.paper_seed,
            prices=settings.paper_prices,
            uploads=folder / PAPER_FOLDER,
        ),
        desk=DeskLimits(
            max_bots=settings.max_bots_per_user,
            max_keys=settings.max_keys_per_user,
            max_deposit=settings.max_deposit,
        ),
        runtime=RuntimeLimits(
            risk=RiskLimits(fat_finger_percent=settings.fat_finger_percent),
            errors_before_pause=settings.errors_before_pause,
        ),
        keep=KeepTerms(
            samples=timedelta(days=settings.keep_samples_days),
            orders=timedelta(days=settings.keep_orders_days),
            backups=folder / BACKUP_FOLDER,
            backup_count=settings.backup_keep,
        ),
        exports=folder / EXPORT_FOLDER,
        cancel_entries_on_shutdown=settings.on_shutdown == "cancel",
    )


def webhook_terms(settings: Settings) -> WebhookTerms | None:
    """Where Telegram calls the bot, and with what secret; None where the bot polls."""
    if settings.webhook_url is None:
        return None
    chosen = settings.webhook_secret
    return WebhookTerms(
        url=settings.webhook_url,
        secret=chosen.get_secret_value() if chosen else secrets.token_urlsafe(48),
        host=settings.webhook_host,
        port=settings.webhook_port,
    )


def admin_ids(settings: Settings) -> frozenset[int]:
    """ADMIN_IDS, and on the local chat its own admin."""
    if settings.bot_token is not None:
        return settings.admin_ids
    return settings.admin_ids | {person.id for person in DEFAULT_PEOPLE if person.admin}


def master_keys(settings: Settings, say: Say) -> tuple[str, ...]:
    """ENCRYPTION_KEY, or the key file beside the database, made at the first run."""
    if settings.master_keys:
        return settings.master_keys
    path = database_folder(settings) / MASTER_KEY_FILE
    key, made = load_or_make_key_file(path)
    if made:
        say(f"A master key was made in {path} (readable by you only). Keep a copy: without it stored keys are lost.")
    return (key,)


def database_folder(settings: Settings) -> Path:
    """The folder of the database, made private when it is not there."""
    folder = Path(settings.database_url.partition("///")[2]).parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@asynccontextmanager
async def _local_chat(settings: Settings, say: Say) -> AsyncIterator[LocalChat | None]:
    """The chat page on this machine, where there is no BOT_TOKEN."""
    if settings.bot_token is not None:
        yield None
        return
    chat = LocalChat(
        database=database_folder(settings) / LOCALCHAT_FILE,
        host=settings.localchat_host,
        port=settings.localchat_port,
        key=settings.localchat_key.get_secret_value() if settings.localchat_key else None,
        token=f"{LOCALCHAT_BOT_ID}:{secrets.token_urlsafe(24)}",
    )
    try:
        await chat.start()
    except OSError as problem:
        where = f"{settings.localchat_host}:{settings.localchat_port}"
        raise CannotStart(f"The local chat cannot listen on {where} (LOCALCHAT_PORT): {problem}") from problem
    try:
        say("No BOT_TOKEN: this is the local chat with the paper venue. Open it in your browser:", f"  {chat.page_url}")
        yield chat
    finally:
        await chat.stop()


def _check_extras(settings: Settings) -> None:
    """Raise CannotStart where a setting asks for what is not installed."""
    if settings.metrics_port is not None and importlib.util.find_spec("prometheus_client") is None:
        raise CannotStart(
            "METRICS_PORT is set, but the extra [metrics] is not installed. Install it with "
            "pip install 'makergram[metrics]', or leave METRICS_PORT empty."
        )


@asynccontextmanager
async def _monitor(settings: Settings, desk: Desk, say: Say) -> AsyncIterator[None]:
    """The figures for Prometheus, where METRICS_PORT asks for them."""
    if settings.metrics_port is None:
        yield
        return
    from trading.desk.monitoring import monitoring  # noqa: PLC0415  the extra [metrics] is not everywhere

    async with AsyncExitStack() as stack:
        try:
            port = await stack.enter_async_context(monitoring(desk, settings.metrics_port))
        except OSError as problem:
            raise CannotStart(f"METRICS_PORT {settings.metrics_port} cannot be listened on: {problem}") from problem
        say(f"Metrics for Prometheus: http://127.0.0.1:{port}/metrics")
        yield


def _telegram(settings: Settings, chat: LocalChat | None) -> tuple[str, str | None]:
    """The token and, where it is not Telegram's own, the address of the Bot API."""
    if settings.bot_token is not None:
        return settings.bot_token.get_secret_value(), settings.telegram_api_url
    if chat is None:
        raise CannotStart("There is neither a BOT_TOKEN nor a local chat.")
    return chat.token, chat.api_url


def _configure_logging(settings: Settings) -> LogTail:
    """To the terminal, and to the tail that admins can look at."""
    logging.basicConfig(level=settings.log_level, format=LOG_FORMAT)
    tail = LogTail()
    logging.getLogger().addHandler(tail)
    for chatty in ("aiohttp.access", "aiogram", "aiosqlite", "alembic", "apscheduler", "sqlalchemy"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    redact_logs()
    return tail
