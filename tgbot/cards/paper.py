"""The paper account: what it holds, whose prices it trades on. Every card carries the mark of paper."""

from __future__ import annotations

from decimal import Decimal

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import (
    AskPaperPrices,
    ChoosePaperPrices,
    Go,
    OnPaper,
    Page,
    PaperAct,
    PaperCoin,
    PaperFileFor,
    ResetPaper,
    StopPaperBots,
)
from tgbot.cards.card import Card, Row, blocks, button, in_rows, lines, table
from tgbot.cards.home import home_button
from tgbot.words import Html, Words
from trading.core.instrument import plain
from trading.desk.connecting import title_of
from trading.desk.paper_prices import PaperAccountCard, PaperPrices, PriceKind


def paper_card(words: Words, account: PaperAccountCard) -> Card:
    text = blocks(
        words("paper-title"),
        words("paper-play"),
        _holdings(words, account),
        lines(
            words("paper-equity", equity=figures.money(account.equity)) if account.equity is not None else None,
            words("paper-prices-now", prices=prices_name(words, account, account.prices)),
            words("paper-speed", speed=_times(account.speed)) if account.speed != 1 else words("paper-speed-real"),
            words("paper-running", count=account.running) if account.running else None,
        ),
        _trouble(words, account),
    )
    return Card(
        text,
        [
            [
                button(words.plain("button-paper-balance"), OnPaper(act=PaperAct.BALANCES)),
                button(words.plain("button-paper-prices"), OnPaper(act=PaperAct.PRICES)),
            ],
            [button(words.plain("button-paper-reset"), OnPaper(act=PaperAct.RESET))],
            [button(words.plain("button-to-keys"), Go(page=Page.KEYS)), home_button(words)],
        ],
    )


def _times(speed: Decimal) -> str | int:
    """A whole number stays one, because it chooses the plural."""
    return int(speed) if speed == int(speed) else plain(speed)


def balances_card(words: Words, account: PaperAccountCard, currency: str = "", problem: Html | None = None) -> Card:
    """Which currency, or how much of the chosen one."""
    if currency:
        now = figures.amount(account.total.get(currency, Decimal(0)))
        question = words("paper-ask-amount", currency=currency, now=now)
    else:
        question = words("paper-ask-balance")
    coins = [
        button(f"{coin} · {figures.amount(held)}", PaperCoin(currency=coin))
        for coin, held in account.total.items()
        if not currency
    ]
    text = blocks(
        problem,
        question,
        words("paper-less-later", count=account.running) if account.running else None,
    )
    return Card(text, [*in_rows(coins, 2), [_back(words)]])


def reset_card(words: Words, account: PaperAccountCard, token: str, problem: Html | None = None) -> Card:
    text = blocks(
        problem,
        words("paper-reset-sure"),
        words("paper-reset-bots", count=account.running) if account.running else None,
    )
    return Card(text, [[button(words.plain("button-paper-reset-yes"), ResetPaper(token=token))], [_back(words)]])


def prices_card(words: Words, account: PaperAccountCard, token: str, problem: Html | None = None) -> Card:
    """What can be chosen; while paper bots run, only how to stop them."""
    text = blocks(
        problem,
        words("paper-prices-title"),
        words("paper-prices-now", prices=prices_name(words, account, account.prices)),
        _trouble(words, account),
        words("paper-prices-bots", count=account.running) if account.running else words("paper-prices-what"),
    )
    if account.running:
        stop = button(words.plain("button-paper-stop", count=account.running), StopPaperBots(token=token))
        return Card(text, [[stop], [_back(words)]])
    return Card(text, [*_choices(words, account), [_back(words)]])


def _choices(words: Words, account: PaperAccountCard) -> list[Row]:
    simulated = button(
        _ticked(words, account, PaperPrices(PriceKind.SIMULATED)), AskPaperPrices(kind=PriceKind.SIMULATED)
    )
    seed = button(words.plain("button-paper-seed"), OnPaper(act=PaperAct.SEED))
    rows: list[Row] = [[simulated, seed]]
    if account.operator:
        operator = PaperPrices(PriceKind.OPERATOR)
        rows.append([button(_ticked(words, account, operator), AskPaperPrices(kind=PriceKind.OPERATOR))])
    live = [
        button(
            _ticked(words, account, PaperPrices(PriceKind.LIVE, venue=venue)),
            AskPaperPrices(kind=PriceKind.LIVE, venue=venue),
        )
        for venue, _ in account.venues
    ]
    return [*rows, *in_rows(live, 2), [button(words.plain("button-paper-file"), OnPaper(act=PaperAct.FILE))]]


def switch_card(words: Words, account: PaperAccountCard, prices: PaperPrices, token: str) -> Card:
    choose = ChoosePaperPrices(
        kind=prices.kind, venue=prices.venue, seed="" if prices.seed is None else str(prices.seed), token=token
    )
    text = blocks(
        words("paper-switch-sure", prices=prices_name(words, account, prices)),
        words("paper-live-what") if prices.kind is PriceKind.LIVE else None,
        words("paper-switch-loses"),
    )
    return Card(text, [[button(words.plain("button-paper-switch-yes"), choose)], [_to_prices(words)]])


def seed_card(words: Words, problem: Html | None = None) -> Card:
    return Card(blocks(problem, words("paper-ask-seed")), [[_to_prices(words)]])


def market_card(words: Words, account: PaperAccountCard) -> Card:
    """For which market a recording is to be brought."""
    markets = [
        button(_market(words, symbol), PaperFileFor(market=number)) for number, symbol in enumerate(account.symbols)
    ]
    return Card(words("paper-ask-market"), [*in_rows(markets, 2), [_to_prices(words)]])


def file_card(words: Words, symbol: str, megabytes: int, problem: Html | None = None) -> Card:
    text = blocks(
        problem,
        words("paper-ask-file", market=_market(words, symbol), limit=str(megabytes)),
        words("paper-file-example"),
        words("paper-switch-loses"),
    )
    return Card(text, [[_to_prices(words)]])


def prices_name(words: Words, account: PaperAccountCard, prices: PaperPrices) -> str:
    match prices.kind:
        case PriceKind.SIMULATED:
            seed = account.seed if prices == account.prices else prices.seed
            return (
                words.plain("paper-kind-simulated") if seed is None else words.plain("paper-kind-seed", seed=str(seed))
            )
        case PriceKind.OPERATOR:
            return words.plain(
                "paper-kind-operator", markets=", ".join(_market(words, each) for each in account.operator)
            )
        case PriceKind.UPLOADED:
            return words.plain("paper-kind-uploaded", market=_market(words, prices.symbol))
        case PriceKind.LIVE:
            title = next((title for venue, title in account.venues if venue == prices.venue), prices.venue)
            return words.plain("paper-kind-live", venue=title)


def market_prices_name(words: Words, prices: PaperPrices) -> str:
    """Whose prices one market has, for who looks at that market."""
    match prices.kind:
        case PriceKind.SIMULATED:
            return words.plain("paper-kind-simulated")
        case PriceKind.OPERATOR:
            return words.plain("paper-kind-recorded")
        case PriceKind.UPLOADED:
            return words.plain("paper-kind-file")
        case PriceKind.LIVE:
            return words.plain("paper-kind-live", venue=title_of(prices.venue))


def _ticked(words: Words, account: PaperAccountCard, prices: PaperPrices) -> str:
    """A choice's short name, with a mark where it is the one that holds."""
    same = prices.kind is account.prices.kind and prices.venue == account.prices.venue
    if prices.kind is PriceKind.LIVE:
        name = prices_name(words, account, prices)
    else:
        name = words.plain("button-paper-simulated" if prices.kind is PriceKind.SIMULATED else "button-paper-operator")
    return f"✓ {name}" if same else name


def _holdings(words: Words, account: PaperAccountCard) -> Html:
    shown = [
        (coin, figures.amount(held), figures.amount(account.free.get(coin, held)))
        for coin, held in account.total.items()
        if held
    ]
    if not shown:
        return words("paper-empty")
    header = (words.plain("column-paper-coin"), words.plain("column-paper-holds"), words.plain("column-paper-free"))
    return table(header, shown)


def _trouble(words: Words, account: PaperAccountCard) -> Html | None:
    if account.away:
        return words("paper-away", detail=account.away)
    return words("paper-ended") if account.has_ended else None


def _market(words: Words, symbol: str) -> str:
    pair, _, settled = symbol.partition(":")
    return f"{pair} {words.plain('kind-perpetual' if settled else 'kind-spot')}"


def _back(words: Words) -> InlineKeyboardButton:
    return button(words.plain("button-back"), Go(page=Page.PAPER))


def _to_prices(words: Words) -> InlineKeyboardButton:
    return button(words.plain("button-back"), OnPaper(act=PaperAct.PRICES))
