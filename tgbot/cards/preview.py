"""What Start would do: what can be lost first, then what stands against it, then the orders."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import DraftAct, OnDraft, StartDraft
from tgbot.cards.about import Market
from tgbot.cards.card import CAPTION_LIMIT, TABLE_WIDTH, Card, Row, blocks, button, lines, table
from tgbot.cards.facts import written
from tgbot.cards.fields import field_name, value_text
from tgbot.cards.findings import field_title, finding_lines
from tgbot.coins import Coins
from tgbot.forms import FormField
from tgbot.making import Draft
from tgbot.words import Html, Words
from trading.core.instrument import MarketKind
from trading.core.planning import Offer, PreviewRow
from trading.desk.answers import PreviewCard

_MOST_OFFERS = 8
_PICTURED = (
    "price",
    "average",
    "take_profit",
    "liquidation",
    "unreachable",
    "paper",
    "below_min_cost",
    "below_min_amount",
    "above_max_amount",
)


def preview_card(
    words: Words,
    draft: Draft,
    cards: Sequence[PreviewCard],
    settings: Sequence[FormField],
    *,
    account: Html,
    token: str,
    can_try: bool = False,
) -> Card:
    """The shown pair's preview. Start stands under it only when no pair is refused.

    ``can_try``: candles say enough of a market to try the settings over them.
    """
    card = cards[draft.shown]
    facts = card.preview
    text = blocks(
        lines(
            words(
                "preview-title", title=card.title, account=account, price=figures.price(facts.price, card.instrument)
            ),
            words("preview-place", place=str(draft.shown + 1), all=str(len(cards))) if len(cards) > 1 else None,
        ),
        lines(
            _money(words, "preview-at-risk", facts.at_risk, card),
            _worst_case(words, card),
            _holdings(words, card),
            words("preview-times", count=len(cards)) if len(cards) > 1 else None,
        ),
        *finding_lines(words, facts.findings, Coins.of(card.symbol)),
        _others(words, cards, draft.shown),
        preview_table(words, card),
        _figures(words, card),
        _verdict(words, cards),
    )
    return Card(text, [*_buttons(words, draft, cards, settings, token, can_try=can_try)])


def start_lines(words: Words, card: PreviewCard) -> list[Html | None]:
    """What Start would do, for a card that has a title and buttons of its own."""
    return [
        lines(
            _money(words, "preview-at-risk", card.preview.at_risk, card),
            _worst_case(words, card),
            _holdings(words, card),
        ),
        *finding_lines(words, card.preview.findings, Coins.of(card.symbol)),
        preview_table(words, card),
        _figures(words, card),
    ]


def preview_caption(words: Words, card: PreviewCard, account: Html) -> Html:
    """Under the picture; the table and the buttons follow in a message of their own, which may be longer."""
    return blocks(
        words("preview-caption", title=card.title, account=account),
        _money(words, "preview-at-risk", card.preview.at_risk, card),
        limit=CAPTION_LIMIT,
    )


def picture_labels(words: Words) -> dict[str, str]:
    """The words in the picture, by the keys that the chart knows."""
    return {name: words.plain(f"picture-{name}") for name in _PICTURED}


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


def confirm_card(words: Words, draft: Draft, cards: Sequence[PreviewCard], account: Html, token: str) -> Card:
    """The second, explicit yes, with every reason against it."""
    worst = max(cards, key=lambda card: card.preview.at_risk)
    reasons = {
        line: None
        for card in cards
        for line in finding_lines(words, card.preview.findings, Coins.of(card.symbol), "danger")
    }
    text = blocks(
        words("danger-title", account=account, pairs=", ".join(card.title for card in cards)),
        _money(words, "preview-at-risk", worst.preview.at_risk, worst),
        *reasons,
        words("danger-question" if _is_risky_by_itself(cards) else "danger-question-unproven"),
    )
    yes = button(words.plain("button-start-anyway"), StartDraft(draft=draft.mark, sure=True, token=token))
    back = button(words.plain("button-back"), OnDraft(act=DraftAct.BACK, draft=draft.mark))
    return Card(text, [[yes], [back, _cancel(words, draft)]])


def _is_risky_by_itself(cards: Sequence[PreviewCard]) -> bool:
    """Whether any danger is the strategy's, not only that the exchange is unproven."""
    found = (finding for card in cards for finding in card.preview.findings)
    return any(finding.severity == "danger" and finding.code != "unproven_venue" for finding in found)


def offer_text(words: Words, offer: Offer, settings: Sequence[FormField], coins: Coins) -> str:
    """A button that mends: what it would change, in the settings' own names and units."""
    known = {each.name: each for each in settings}
    changes = ", ".join(
        f"{field_name(words, known[name])} {value_text(words, known[name], value, coins)}"
        if name in known
        else f"{field_title(words, name)} {value}"
        for name, value in offer.changes.items()
    )
    return words.plain("offer-survive" if offer.code.startswith("survive") else "offer-mend", changes=changes)


def offers_of(cards: Sequence[PreviewCard], shown: int) -> tuple[Offer, ...]:
    return tuple(cards[shown].preview.offers[:_MOST_OFFERS])


def _cancel(words: Words, draft: Draft) -> InlineKeyboardButton:
    return button(words.plain("button-cancel"), OnDraft(act=DraftAct.CANCEL, draft=draft.mark))


def _buttons(
    words: Words,
    draft: Draft,
    cards: Sequence[PreviewCard],
    settings: Sequence[FormField],
    token: str,
    *,
    can_try: bool,
) -> list[Row]:
    rows: list[Row] = []
    coins = Coins.of(cards[draft.shown].symbol)
    if not any(card.preview.is_refused for card in cards):
        start = StartDraft(draft=draft.mark, sure=False, token=token)
        key = "button-start-paper" if cards[0].is_paper else "button-start"
        rows.append([button(words.plain(key), start)])
    rows += [
        [
            button(
                f"🛠 {offer_text(words, offer, settings, coins)}",
                OnDraft(act=DraftAct.OFFER, draft=draft.mark, option=place),
            )
        ]
        for place, offer in enumerate(offers_of(cards, draft.shown))
    ]
    if len(cards) > 1:
        around = [(draft.shown - 1) % len(cards), (draft.shown + 1) % len(cards)]
        rows.append(
            [
                button(f"{arrow} {cards[place].title}", OnDraft(act=DraftAct.SHOW, draft=draft.mark, option=place))
                for arrow, place in zip("◀▶", around, strict=True)
            ]
        )
    if can_try:
        rows.append([button(words.plain("button-trial"), OnDraft(act=DraftAct.TRIAL, draft=draft.mark))])
    again = button(words.plain("button-refresh"), OnDraft(act=DraftAct.PREVIEW, draft=draft.mark))
    back = button(words.plain("button-edit-back"), OnDraft(act=DraftAct.BACK, draft=draft.mark))
    return [*rows, [back, again, _cancel(words, draft)]]


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


def _others(words: Words, cards: Sequence[PreviewCard], shown: int) -> Html | None:
    """Other pairs of the same form that stand in the way of Start."""
    refused = [card.title for place, card in enumerate(cards) if place != shown and card.preview.is_refused]
    return words("preview-others-refused", pairs=", ".join(refused)) if refused else None


def _money(words: Words, key: str, value: Decimal, card: PreviewCard) -> Html:
    quote = card.instrument.quote
    return words(key, value=figures.money(value, quote), quote=quote)


def _holdings(words: Words, card: PreviewCard) -> Html | None:
    """What is on the account; on spot of both currencies, where both are known."""
    if card.equity is None:
        return None
    base = card.balances.get(card.instrument.base)
    if card.instrument.kind is not MarketKind.SPOT or base is None:
        return _money(words, "preview-equity", card.equity, card)
    return words(
        "preview-holdings",
        value=figures.money(card.equity, card.instrument.quote),
        quote=card.instrument.quote,
        held=figures.amount(base, card.instrument),
        base=card.instrument.base,
    )


def _worst_case(words: Words, card: PreviewCard) -> Html | None:
    """Not said twice where the whole of what is at risk can be lost."""
    facts = card.preview
    if card.instrument.kind is not MarketKind.SPOT:
        return _money(words, "preview-worst-case", facts.worst_case, card)
    return (
        _money(words, "preview-worst-case-spot", facts.worst_case, card) if facts.worst_case < facts.at_risk else None
    )


def _figures(words: Words, card: PreviewCard) -> Html | None:
    """The strategy's sums, in its own order."""
    facts, coins = card.preview, Coins.of(card.symbol)
    market = Market(words, card.instrument)
    told = [
        words(f"figure-{name}", value=written(market, facts.figures[name], unit, coins.quote), **coins.values())
        for name, unit in facts.told.items()
        if name in facts.figures
    ]
    return lines(*told) if told else None


def _verdict(words: Words, cards: Sequence[PreviewCard]) -> Html:
    if any(card.preview.is_refused for card in cards):
        return words("preview-refused")
    if any(card.preview.is_dangerous for card in cards):
        return words("preview-danger")
    return words("preview-ready-paper" if cards[0].is_paper else "preview-ready-live")
