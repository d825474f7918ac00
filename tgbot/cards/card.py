"""A message as a value, the bricks it is laid from, and Telegram's limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from tgbot.words import Html

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TOAST_LIMIT = 200
BUTTON_LIMIT = 60
TABLE_WIDTH = 34
BANNER_ROOM = 300
"""What is left free above every card for a word to everybody, such as maintenance."""
WHOLE_ROW, HALF_A_ROW, THIRD_OF_A_ROW = 40, 18, 11
"""Characters of a button that a phone shows without cutting them off."""

Row = Sequence[InlineKeyboardButton]


@dataclass(frozen=True, slots=True)
class Card:
    """Text in HTML, and rows of buttons under it."""

    text: Html
    rows: Sequence[Row] = field(default=())

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        rows = [list(row) for row in self.rows if row]
        return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def button(text: str, data: CallbackData) -> InlineKeyboardButton:
    shown = text if len(text) <= BUTTON_LIMIT else f"{text[: BUTTON_LIMIT - 1]}…"
    return InlineKeyboardButton(text=shown, callback_data=data.pack())


def in_rows(buttons: Iterable[InlineKeyboardButton], width: int) -> list[Row]:
    everything = list(buttons)
    return [everything[start : start + width] for start in range(0, len(everything), width)]


def in_pairs(buttons: Iterable[InlineKeyboardButton]) -> list[Row]:
    """Two side by side; a name that half a phone would cut off stands alone."""
    rows: list[list[InlineKeyboardButton]] = []
    for each in buttons:
        is_short = len(each.text) <= HALF_A_ROW
        if rows and is_short and len(rows[-1]) == 1 and len(rows[-1][0].text) <= HALF_A_ROW:
            rows[-1].append(each)
        else:
            rows.append([each])
    return list(rows)


def blocks(*parts: str | None, limit: int = TEXT_LIMIT - BANNER_ROOM) -> Html:
    """Paragraphs under each other; those that would not fit any more are left out from the end, and "…" says so.

    A part is whole HTML by itself, so that leaving one out never breaks a tag.
    """
    kept: list[str] = []
    room = limit - 3
    for part in parts:
        if not part:
            continue
        needed = length(part) + 2
        if needed > room:
            kept.append("…")
            break
        kept.append(part)
        room -= needed
    return Html("\n\n".join(kept))


def lines(*parts: str | None) -> Html:
    return Html("\n".join(part for part in parts if part))


def length(text: str) -> int:
    """As Telegram counts: UTF-16 units. Tags and entities are counted too, which is on the safe side."""
    return len(text.encode("utf-16-le")) // 2


def clip(text: str, limit: int) -> str:
    return text if length(text) <= limit else f"{text[: limit // 2 - 1]}…"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1, most_rows: int = 40) -> Html:
    """Monospace columns, the first ``left`` of them aligned left. A long table loses its middle."""
    shown = list(rows)
    if len(shown) > most_rows:
        shown = [*shown[: most_rows - 6], ["…"] * len(header), *shown[-5:]]
    body = [list(header), *shown] if any(header) else shown
    widths = [max((len(row[column]) for row in body), default=0) for column in range(len(header))]
    out = [
        " ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in body
    ]
    return Html(f"<pre>{escape(chr(10).join(out), quote=False)}</pre>")
