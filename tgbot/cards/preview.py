"""What Start would do: what can be lost first, then what stands against it, then the orders."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tgbot import figures
from tgbot.callbacks import DraftAct, StartDraft
from tgbot.cards.about import Market
from tgbot.cards.card import Card, Row, blocks, button, lines
from tgbot.cards.clocks import times_labels
from tgbot.cards.facts import written
from tgbot.cards.findings import finding_lines
from tgbot.cards.making import cancel_button, on_draft, way_out
from tgbot.cards.offers import offer_text, offers_of
from tgbot.cards.paper import market_prices_name
from tgbot.cards.preview_table import preview_table
from tgbot.coins import Coins
from tgbot.forms import FormField
from tgbot.making import Draft
from tgbot.words import Html, Words
from trading.core.instrument import MarketKind
from trading.desk.answers import PreviewCard

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
    may_start: bool = True,
) -> Card:
    """The shown pair's preview. Start stands under it only when no pair is refused, and not while maintenance stops
    everything (``may_start``).

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
            _prices(words, card),
            words("preview-times", count=len(cards)) if len(cards) > 1 else None,
        ),
        *_findings(words, card),
        _others(words, cards, draft.shown),
        preview_table(words, card),
        _figures(words, card),
        _verdict(words, cards) if may_start else words("preview-not-now"),
    )
    return Card(text, [*_buttons(words, draft, cards, settings, token, can_try=can_try, may_start=may_start)])


def start_lines(words: Words, card: PreviewCard) -> list[Html | None]:
    """What Start would do, for a card that has a title and buttons of its own."""
    return [
        lines(
            _money(words, "preview-at-risk", card.preview.at_risk, card),
            _worst_case(words, card),
            _holdings(words, card),
            _prices(words, card),
        ),
        *_findings(words, card),
        preview_table(words, card),
        _figures(words, card),
    ]


def preview_caption(words: Words, card: PreviewCard, account: Html) -> Html:
    """Under the picture; the table and the buttons follow in a message of their own, which may be longer."""
    return lines(
        words("preview-caption", title=card.title, account=account),
        _money(words, "preview-at-risk", card.preview.at_risk, card),
    )


def picture_labels(words: Words) -> dict[str, str]:
    """The words in the picture, by the keys that the chart knows."""
    return {**{name: words.plain(f"picture-{name}") for name in _PICTURED}, **times_labels(words)}


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
    yes = button(words.plain("button-start-anyway"), _start(draft, token, sure=True))
    return Card(text, [[yes], way_out(words, draft)])


def _is_risky_by_itself(cards: Sequence[PreviewCard]) -> bool:
    """Whether any danger is the strategy's, not only that the exchange is unproven."""
    found = (finding for card in cards for finding in card.preview.findings)
    return any(finding.severity == "danger" and finding.code != "unproven_venue" for finding in found)


def _start(draft: Draft, token: str, *, sure: bool) -> StartDraft:
    return StartDraft(draft=draft.mark, edition=draft.edition, sure=sure, token=token)


def _buttons(
    words: Words,
    draft: Draft,
    cards: Sequence[PreviewCard],
    settings: Sequence[FormField],
    token: str,
    *,
    can_try: bool,
    may_start: bool,
) -> list[Row]:
    rows: list[Row] = []
    coins = Coins.of(cards[draft.shown].symbol)
    if may_start and not any(card.preview.is_refused for card in cards):
        key = "button-start-paper" if cards[0].is_paper else "button-start"
        rows.append([button(words.plain(key), _start(draft, token, sure=False))])
    rows += [
        [
            button(
                offer_text(words, offer, settings, coins, draft.config),
                on_draft(draft, DraftAct.OFFER, place),
            )
        ]
        for place, offer in enumerate(offers_of(cards, draft.shown))
    ]
    if len(cards) > 1:
        around = [(draft.shown - 1) % len(cards), (draft.shown + 1) % len(cards)]
        rows.append(
            [
                button(f"{arrow} {cards[place].title}", on_draft(draft, DraftAct.SHOW, place))
                for arrow, place in zip("◀▶", around, strict=True)
            ]
        )
    if can_try:
        rows.append([button(words.plain("button-trial"), on_draft(draft, DraftAct.TRIAL))])
    again = button(words.plain("button-refresh"), on_draft(draft, DraftAct.PREVIEW))
    back = button(words.plain("button-edit-back"), on_draft(draft, DraftAct.BACK))
    return [*rows, [back, again, cancel_button(words, draft)]]


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


def _findings(words: Words, card: PreviewCard) -> list[Html]:
    """What stands against it, each for itself; what is only to be known, together."""
    findings, coins = card.preview.findings, Coins.of(card.symbol)
    weighty = [line for severity in ("refusal", "danger") for line in finding_lines(words, findings, coins, severity)]
    return [*weighty, lines(*finding_lines(words, findings, coins, "note"))]


def _prices(words: Words, card: PreviewCard) -> Html | None:
    return words("preview-prices", prices=market_prices_name(words, card.prices)) if card.prices else None


def _worst_case(words: Words, card: PreviewCard) -> Html | None:
    """Not said twice where the whole of what is at risk can be lost."""
    facts = card.preview
    return _money(words, "preview-worst-case", facts.worst_case, card) if facts.worst_case < facts.at_risk else None


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
