"""The machine as its admins see it: health, maintenance, the end of the log, a copy of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import Go, Page, SendBackup, SendLog, SwitchMaintenance
from tgbot.cards.card import Card, blocks, button, clip, length, lines
from tgbot.cards.home import home_button
from tgbot.words import Html, Words
from trading.desk.answers import Health

LOG_LINES = 40
_LOG_ROOM = 3600
_LOG_LINE = 300


def admin_card(words: Words, health: Health, maintenance: datetime | None) -> Card:
    text = blocks(
        words("admin-maintenance", since=figures.moment(maintenance, words.zone)) if maintenance else None,
        lines(
            words("admin-title"),
            words("admin-bots", active=str(health.bots_active), total=str(health.bots_total)),
            words("admin-users", count=str(health.users)),
            words("admin-notices", count=str(health.notices_waiting)),
            words("admin-database", size=f"{health.database_bytes / 1_000_000:.1f}"),
            words("admin-lag", milliseconds=f"{health.loop_lag_ms:.0f}"),
            words("admin-venues-away", venues=", ".join(health.venues_away))
            if health.venues_away
            else words("admin-venues-fine"),
        ),
    )
    return Card(
        text,
        [
            [
                button(words.plain("button-people", count=health.users), Go(page=Page.PEOPLE)),
                button(words.plain("button-invites"), Go(page=Page.INVITES)),
            ],
            [
                button(words.plain("button-broadcast"), Go(page=Page.BROADCAST)),
                button(words.plain("button-log"), Go(page=Page.LOG)),
            ],
            [
                button(words.plain("button-backup"), Go(page=Page.BACKUP)),
                button(words.plain("button-refresh"), Go(page=Page.ADMIN)),
            ],
            [button(words.plain("button-go-on" if maintenance else "button-maintenance"), Go(page=Page.MAINTENANCE))],
            [home_button(words)],
        ],
    )


def maintenance_card(words: Words, since: datetime | None, token: str) -> Card:
    """Asks once, in either direction."""
    if since is None:
        yes = button(words.plain("button-maintenance-yes"), SwitchMaintenance(on=True, token=token))
        return Card(words("maintenance-sure"), [[yes], [admin_button(words)]])
    yes = button(words.plain("button-go-on-yes"), SwitchMaintenance(on=False, token=token))
    return Card(words("maintenance-end-sure", since=figures.moment(since, words.zone)), [[yes], [admin_button(words)]])


def switched_card(words: Words, *, on: bool, bots: int) -> Card:
    return Card(words("maintenance-on" if on else "maintenance-off", bots=bots), [[admin_button(words)]])


def log_card(words: Words, tail: Sequence[str]) -> Card:
    """As many of the newest lines as one message takes."""
    kept: list[str] = []
    room = _LOG_ROOM
    for line in reversed(tail[-LOG_LINES:]):
        shown = escape(clip(line, _LOG_LINE), quote=False)
        room -= length(shown) + 1
        if room < 0:
            break
        kept.append(shown)
    text = lines(
        words("log-title", count=len(kept)) if kept else words("log-empty"),
        Html(f"<pre>{chr(10).join(reversed(kept))}</pre>") if kept else None,
    )
    as_file = [button(words.plain("button-log-file"), SendLog())] if kept else []
    return Card(text, [as_file, [button(words.plain("button-refresh"), Go(page=Page.LOG)), admin_button(words)]])


def backup_card(words: Words, token: str) -> Card:
    """Says what the file is before it is sent."""
    yes = button(words.plain("button-backup-yes"), SendBackup(token=token))
    return Card(words("backup-sure"), [[yes], [admin_button(words)]])


def admin_button(words: Words) -> InlineKeyboardButton:
    return button(words.plain("button-to-admin"), Go(page=Page.ADMIN))
