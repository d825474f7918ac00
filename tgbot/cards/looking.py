"""Balances of accounts, and prices of markets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import Go, Page, PriceAt
from tgbot.cards.accounts import key_name
from tgbot.cards.card import Card, blocks, button, clip, in_rows, lines, table
from tgbot.cards.home import home_button
from tgbot.words import Html, Words
from trading.core.instrument import MarketKind
from trading.desk.answers import BotCard, KeyCard, MarketCard
from trading.desk.manual_answers import AccountBalance, Holding, PriceCard

PAPER_KEY = 0
_MOST_COINS = 20
_MOST_WORTHS = 8
_LONGEST_TITLE = 30
_PROBLEMS = {"key_refused": "balance-problem-key_refused", "too_slow": "balance-problem-too_slow"}


def balances_card(words: Words, balances: Sequence[AccountBalance]) -> Card:
    text = blocks(words("balance-title"), *(_balance(words, each) for each in balances))
    refresh = button(words.plain("button-refresh"), Go(page=Page.BALANCE))
    return Card(text, [[refresh], [home_button(words)]])


def price_card(words: Words, price: PriceCard, keys: Sequence[KeyCard], others: Sequence[MarketCard] = ()) -> Card:
    """One market; below it the same one on other accounts, and ``others`` that were meant perhaps."""
    rules = price.instrument
    is_spot = rules.kind is MarketKind.SPOT
    paper = price.key_id is None
    account = words("paper") if paper else words("price-venue", venue=price.venue_title)
    spread = price.spread_percent
    text = blocks(
        words("price-title", title=price.title, kind=words.plain("kind-spot" if is_spot else "kind-perpetual")),
        account,
        lines(
            words("price-bid", price=figures.price(price.bid, rules)),
            words("price-ask", price=figures.price(price.ask, rules)),
            words("price-mid", price=_mid(price)),
            words("price-spread", percent=figures.UNKNOWN if spread is None else _spread(spread)),
            words("price-volume", volume=figures.short(price.quote_volume), quote=rules.quote),
        ),
    )
    here = _at(price.key_id, rules.kind, price.title)
    refresh = [button(words.plain("button-refresh"), here)] if here else []
    accounts = [
        button(label, at)
        for key_id, label in _accounts(words, keys)
        if key_id != price.key_id and (at := _at(key_id, rules.kind, price.title))
    ]
    rows = [refresh, *in_rows(_markets(words, price.key_id, others), 2), *in_rows(accounts if keys else [], 2)]
    return Card(text, [*rows, [button(words.plain("button-prices"), Go(page=Page.PRICE)), home_button(words)]])


def prices_card(words: Words, bots: Sequence[BotCard], not_found: str = "") -> Card:
    """The pairs of a person's bots as buttons, and how to ask for another."""
    pairs = {(bot.key_id, bot.symbol): bot for bot in bots}
    buttons = [
        button(words.plain("price-pair-paper" if bot.is_paper else "price-pair", title=bot.title), at)
        for bot in pairs.values()
        if (at := _at(bot.key_id, MarketKind.PERPETUAL if ":" in bot.symbol else MarketKind.SPOT, bot.title))
    ]
    missing = words("price-not-found", text=clip(not_found, _LONGEST_TITLE)) if not_found else None
    which = words("price-which" if buttons else "price-which-typed")
    return Card(blocks(missing, which), [*in_rows(buttons[:20], 2), [home_button(words)]])


def _balance(words: Words, account: AccountBalance) -> Html:
    name = (
        words("paper") if account.is_paper else words("account-live", name=key_name(account.venue_title, account.label))
    )
    head = words("balance-account", account=name)
    if account.problem:
        return lines(head, words(_PROBLEMS.get(account.problem, "balance-problem-venue_away")))
    if not account.holdings:
        return lines(head, words("balance-empty"))
    coins = account.holdings
    more = words("balance-more", count=len(coins) - _MOST_COINS) if len(coins) > _MOST_COINS else None
    worths = [each for each in coins if each.worth is not None and each.currency != account.quote][:_MOST_WORTHS]
    unknown = any(each.worth is None for each in coins)
    return lines(
        head,
        _table(words, coins[:_MOST_COINS]),
        more,
        *(
            words("balance-worth-of", coin=each.currency, value=figures.money(each.worth), quote=account.quote)
            for each in worths
        ),
        words(
            "balance-worth-part" if unknown else "balance-worth",
            value=figures.money(account.worth),
            quote=account.quote,
        ),
        words("balance-equity", value=figures.money(account.equity), quote=account.quote)
        if account.equity is not None and figures.money(account.equity) != figures.money(account.worth)
        else None,
    )


def _table(words: Words, coins: Sequence[Holding]) -> Html:
    header = [words.plain(f"column-{name}") for name in ("coin", "total", "free", "used")]
    rows = [
        [clip(each.currency, 8), *(_figure(value) for value in (each.total, each.free, each.used))] for each in coins
    ]
    return table(header, rows)


def _figure(value: Decimal) -> str:
    """Cents where there is much of it, else what is significant of a coin that is worth much."""
    return f"{value:.2f}" if abs(value) >= 10 or not value else figures.price(value)


def _mid(price: PriceCard) -> str:
    """Between two ticks, and so with a digit more than the market shows."""
    return figures.price(price.mid)


def _spread(percent: Decimal) -> str:
    return f"{percent:.3f}" if percent >= Decimal("0.001") else f"{percent:.5f}"


def _markets(words: Words, key_id: int | None, others: Sequence[MarketCard]) -> list[InlineKeyboardButton]:
    return [
        button(words.plain("price-other", title=each.title, kind=words.plain(f"kind-{each.instrument.kind.value}")), at)
        for each in others
        if (at := _at(key_id, each.instrument.kind, each.title))
    ]


def _accounts(words: Words, keys: Sequence[KeyCard]) -> list[tuple[int | None, str]]:
    live = [(key.id, words.plain("price-account", name=key_name(key.venue_title, key.label))) for key in keys]
    return [(None, words.plain("paper")), *live]


def _at(key_id: int | None, kind: MarketKind, title: str) -> PriceAt | None:
    """None for a name that does not fit into a button."""
    if len(title) > _LONGEST_TITLE or ":" in title:
        return None
    return PriceAt(key=key_id or PAPER_KEY, is_perpetual=kind is MarketKind.PERPETUAL, title=title)
