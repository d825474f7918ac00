"""The machine as its admins see it: health, maintenance, the end of the log, a copy of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import Go, Page, SendBackup, SendLog, SwitchMaintenance
from tgbot.cards.card import Card, Row, blocks, button, clip, length, lines
from tgbot.cards.clocks import times_line
from tgbot.cards.home import home_button
from tgbot.logtail import LogLine
from tgbot.times import local_text, zone_text
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


def under_maintenance(words: Words, card: Card, since: datetime, *, can_end: bool) -> Card:
    """Any card while there is maintenance: what that means stands above it, and for admins the button that ends it."""
    told = words("maintenance-banner", since=figures.moment(since, words.zone))
    end: list[Row] = [[button(words.plain("button-go-on"), Go(page=Page.MAINTENANCE))]] if can_end else []
    return Card(Html(f"{told}\n\n{card.text}"), [*end, *card.rows])


def maintenance_card(words: Words, since: datetime | None, token: str) -> Card:
    """Asks once, in either direction."""
    if since is None:
        yes = button(words.plain("button-maintenance-yes"), SwitchMaintenance(on=True, token=token))
        return Card(words("maintenance-sure"), [[yes], [admin_button(words)]])
    yes = button(words.plain("button-go-on-yes"), SwitchMaintenance(on=False, token=token))
    return Card(words("maintenance-end-sure", since=figures.moment(since, words.zone)), [[yes], [admin_button(words)]])


def switched_card(words: Words, *, on: bool, bots: int) -> Card:
    return Card(words("maintenance-on" if on else "maintenance-off", bots=bots), [[admin_button(words)]])


def log_card(words: Words, tail: Sequence[LogLine]) -> Card:
    """As many of the newest lines as one message takes."""
    kept: list[str] = []
    room = _LOG_ROOM
    for line in reversed(tail[-LOG_LINES:]):
        shown = escape(clip(log_text(words, line, "%d.%m %H:%M:%S"), _LOG_LINE), quote=False)
        room -= length(shown) + 1
        if room < 0:
            break
        kept.append(shown)
    text = lines(
        words("log-title", count=len(kept)) if kept else words("log-empty"),
        Html(f"<pre>{chr(10).join(reversed(kept))}</pre>") if kept else None,
        times_line(words, max(moments)) if (moments := [each.at for each in tail if each.at]) else None,
    )
    as_file = [button(words.plain("button-log-file"), SendLog())] if kept else []
    return Card(text, [as_file, [button(words.plain("button-refresh"), Go(page=Page.LOG)), admin_button(words)]])


def log_text(words: Words, line: LogLine, pattern: str = "%Y-%m-%d %H:%M:%S") -> str:
    return line.text if line.at is None else f"{local_text(line.at, words.zone, pattern)} {line.text}"


def log_file(words: Words, tail: Sequence[LogLine]) -> bytes:
    """The whole log as text; its first line says whose clock it is by."""
    moments = [each.at for each in tail if each.at]
    zone = zone_text(words.zone, max(moments)) if moments else ""
    head = words.plain("log-file-head", zone=zone) if moments else words.plain("log-empty")
    return "".join(f"{line}\n" for line in (head, *(log_text(words, each) for each in tail))).encode(errors="replace")


def backup_card(words: Words, token: str) -> Card:
    """Says what the file is before it is sent."""
    yes = button(words.plain("button-backup-yes"), SendBackup(token=token))
    return Card(words("backup-sure"), [[yes], [admin_button(words)]])


def admin_button(words: Words) -> InlineKeyboardButton:
    return button(words.plain("button-to-admin"), Go(page=Page.ADMIN))
