"""The orders of a preview as a table, as wide as a phone shows in one line."""

from __future__ import annotations

from collections.abc import Sequence

from tgbot import figures
from tgbot.cards.card import TABLE_WIDTH, lines, table
from tgbot.words import Html, Words
from trading.core.instrument import MarketKind
from trading.core.planning import PreviewRow
from trading.desk.answers import PreviewCard


def preview_table(words: Words, card: PreviewCard) -> Html:
    """Level, price, cost so far, average entry, liquidation: as many of these as a phone shows in one line."""
    if card.instrument.kind is MarketKind.SPOT:
        return _orders_table(words, card)
    rows = card.preview.rows
    header = [words.plain(f"column-{name}") for name in ("level", "price", "cost", "average", "liquidation")]
    body = [_row(card, place, row) for place, row in enumerate(rows)]
    if not any(row.liquidation is not None for row in rows):
        header, body = header[:4], [cells[:4] for cells in body]
    while len(header) > 3 and _width(header, body) > TABLE_WIDTH:
        # The average can be read from the picture; where prices are long the liquidation matters more.
        drop = 3 if len(header) == 5 else len(header) - 1
        header, body = _without(header, drop), [_without(cells, drop) for cells in body]
    marks = [
        words("preview-mark-unreachable") if any(not row.reachable for row in rows) else None,
        words("preview-mark-objection") if any(row.objection for row in rows) else None,
    ]
    return lines(table(header, body, left=1), *marks)


def _orders_table(words: Words, card: PreviewCard) -> Html:
    """The orders of a strategy that has no levels: side, price, amount, cost."""
    rows = card.preview.rows
    header = [words.plain(f"column-{name}") for name in ("side", "price", "amount", "worth")]
    body = [
        [
            words.plain(f"side-{row.side.value}") + ("!" if row.objection else ""),
            figures.price(row.price, card.instrument),
            figures.amount(row.amount, card.instrument),
            figures.money(row.cost, card.instrument.quote),
        ]
        for row in rows
    ]
    if _width(header, body) > TABLE_WIDTH:
        header, body = _without(header, 3), [_without(cells, 3) for cells in body]
    mark = words("preview-mark-objection") if any(row.objection for row in rows) else None
    return lines(table(header, body, left=1), mark)


def _row(card: PreviewCard, place: int, row: PreviewRow) -> list[str]:
    mark = "✗" if not row.reachable else "!" if row.objection else ""
    return [
        f"{place}{mark}",
        figures.price(row.price, card.instrument),
        f"{row.cumulative_cost:.0f}" if row.cumulative_cost >= 100 else figures.money(row.cumulative_cost),
        figures.price(row.average, card.instrument),
        figures.price(row.liquidation, card.instrument) if row.liquidation is not None else "",
    ]


def _width(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    columns = zip(header, *rows, strict=True)
    return sum(max(len(cell) for cell in column) for column in columns) + len(header) - 1


def _without(cells: Sequence[str], place: int) -> list[str]:
    return [cell for index, cell in enumerate(cells) if index != place]
