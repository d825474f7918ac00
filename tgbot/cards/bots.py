"""A bot's card, its orders, and the questions before it is stopped, started or deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import AskCancel, AskStop, BotAct, DeleteBot, Go, OnBot, Page, StartBot, StopBot
from tgbot.cards.accounts import key_name
from tgbot.cards.card import TABLE_WIDTH, Card, blocks, button, clip, in_rows, lines, table
from tgbot.cards.clocks import times_line
from tgbot.cards.doing import doing_lines
from tgbot.cards.findings import finding_lines
from tgbot.cards.home import home_button
from tgbot.coins import Coins
from tgbot.times import clock_text, local_text
from tgbot.words import Html, Words
from trading.core.instrument import ZERO, Instrument, plain
from trading.core.orders import Order
from trading.desk.answers import Activity, BotCard, BotOrders, PreviewCard, StopChoice
from trading.desk.manual_answers import order_number

_MOST_BOTS = 60
_LIVE_ROWS, _RECENT_ROWS = 40, 15
_MOST_CANCELS = 40

_RECORDS = ((BotAct.CHART, BotAct.STATISTICS), (BotAct.TRIAL, BotAct.EXPORT))
_BUTTONS: dict[Activity, tuple[tuple[BotAct, ...], ...]] = {
    Activity.RUNNING: ((BotAct.PAUSE, BotAct.STOP), (BotAct.EDIT, BotAct.ORDERS, BotAct.REFRESH), *_RECORDS),
    Activity.COOLING_DOWN: ((BotAct.PAUSE, BotAct.STOP), (BotAct.EDIT, BotAct.ORDERS, BotAct.REFRESH), *_RECORDS),
    Activity.PAUSED: ((BotAct.RESUME, BotAct.STOP), (BotAct.EDIT, BotAct.ORDERS, BotAct.REFRESH), *_RECORDS),
    Activity.STOPPING: ((BotAct.STOP, BotAct.ORDERS, BotAct.REFRESH), *_RECORDS),
    Activity.STOPPED: ((BotAct.START, BotAct.EDIT), (BotAct.ORDERS, BotAct.DELETE, BotAct.REFRESH), *_RECORDS),
}


_CHOICES = (StopChoice.KEEP_EXIT, StopChoice.CANCEL_ORDERS, StopChoice.CLOSE_ALL)


def is_spot(bot: BotCard) -> bool:
    return ":" not in bot.symbol


def key_for(words: Words, key: str, bot: BotCard) -> str:
    """A bot's sentence in the words of its strategy, else of its kind of market, else as it is for all."""
    return words.key_for(key, bot.strategy, *(("spot",) if is_spot(bot) else ()))


def stop_choices(words: Words, bot: BotCard) -> list[StopChoice]:
    """On spot only what has words of its own: where nothing is wound down, there is no exit to keep."""
    return [
        each
        for each in _CHOICES
        if not is_spot(bot) or key_for(words, f"stop-{each.value}", bot) != f"stop-{each.value}"
    ]


def account_name(words: Words, bot: BotCard) -> Html:
    """Paper is always marked, so that it is never taken for money."""
    if bot.is_paper:
        return words("paper")
    key = "account-live" if bot.is_proven else "account-unproven"
    return words(key, name=key_name(bot.venue_title, bot.key_label))


def mark(bot: BotCard) -> str:
    return {
        Activity.RUNNING: "🟢",
        Activity.COOLING_DOWN: "⏳",
        Activity.PAUSED: "⏸",
        Activity.STOPPING: "🟠",
        Activity.STOPPED: "⏹",
    }[bot.activity]


def bots_card(words: Words, bots: Sequence[BotCard]) -> Card:
    if not bots:
        return Card(words("bots-none"), [[button(words.plain("button-new"), Go(page=Page.NEW))], [home_button(words)]])
    rows = [[button(_bot_line(words, bot), OnBot(act=BotAct.OPEN, bot=bot.id))] for bot in bots[:_MOST_BOTS]]
    more = words("bots-more", count=len(bots) - _MOST_BOTS) if len(bots) > _MOST_BOTS else None
    return Card(
        lines(words("bots-title", count=len(bots)), words("bots-legend"), more),
        [*rows, [button(words.plain("button-new"), Go(page=Page.NEW)), home_button(words)]],
    )


def bot_card(words: Words, bot: BotCard) -> Card:
    rows = [[_act_button(words, act, bot) for act in row] for row in _BUTTONS[bot.activity]]
    if not figures.is_dust(bot.position, bot.instrument) and bot.activity is not Activity.STOPPED:
        rows.insert(1, [_act_button(words, BotAct.REDUCE, bot)])
    return Card(bot_text(words, bot), [*rows, [bots_button(words), home_button(words)]])


def bot_text(words: Words, bot: BotCard) -> Html:
    return blocks(
        lines(
            words("bot-title", mark=mark(bot), id=str(bot.id), title=bot.title, account=account_name(words, bot)),
            _activity_line(words, bot),
            *(doing_lines(words, bot) if bot.activity is Activity.RUNNING else ()),
        ),
        position_lines(words, bot),
        lines(
            _today_line(words, bot),
            words(key_for(words, "bot-realized", bot), value=_profit(bot, bot.realized_net), cycles=bot.cycles),
            words(
                key_for(words, "bot-deposit", bot),
                value=figures.money(bot.deposit, Coins.of(bot.symbol).quote),
                quote=Coins.of(bot.symbol).quote,
                percent=_percent(bot.realized_net, bot.deposit),
            ),
        ),
        words("bot-error", error=_reason(words, bot.last_error)) if bot.last_error else None,
        words("bot-paper-note") if bot.is_paper else None,
        None if bot.is_proven else words("bot-unproven-note", venue=bot.venue_title),
    )


def orders_card(words: Words, bot: BotCard, orders: BotOrders) -> Card:
    instrument = orders.instrument or bot.instrument
    live = sorted(orders.live, key=lambda order: order.price or order.trigger_price or ZERO, reverse=True)
    text = blocks(
        words("orders-title", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        lines(words("orders-live", count=len(live)), live_table(words, live, instrument)) if live else None,
        None if live else words("orders-none"),
        lines(
            words("orders-recent"),
            _recent_table(words, orders.recent[:_RECENT_ROWS], instrument),
            times_line(words, orders.recent[0].updated_at, is_paper=bot.is_paper),
        )
        if orders.recent
        else None,
    )
    act = button(words.plain("button-refresh"), OnBot(act=BotAct.ORDERS, bot=bot.id))
    cancels = [] if bot.activity is Activity.STOPPED else list(_cancel_buttons(words, bot, live))
    note = words("orders-cancel-how") if cancels else None
    return Card(blocks(text, note), [*in_rows(cancels, 2), [act], [back_to(words, bot.id), home_button(words)]])


def stop_card(words: Words, bot: BotCard) -> Card:
    """The three ways to stop, each explained."""
    choices = stop_choices(words, bot)
    text = blocks(
        words("stop-title", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        position_lines(words, bot),
        *(words(key_for(words, f"stop-{choice.value}", bot)) for choice in choices),
    )
    rows = [
        [button(words.plain(key_for(words, f"button-stop-{c.value}", bot)), AskStop(bot=bot.id, choice=c))]
        for c in choices
    ]
    return Card(text, [*rows, [back_to(words, bot.id)]])


def stop_confirm_card(words: Words, bot: BotCard, choice: StopChoice, token: str) -> Card:
    text = blocks(
        words("stop-sure", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        words(key_for(words, f"stop-{choice.value}", bot)),
        position_lines(words, bot),
    )
    label = words.plain(key_for(words, f"button-stop-yes-{choice.value}", bot))
    yes = button(label, StopBot(bot=bot.id, choice=choice, token=token))
    return Card(text, [[yes], [button(words.plain("button-back"), OnBot(act=BotAct.STOP, bot=bot.id))]])


def delete_bot_card(words: Words, bot: BotCard, token: str) -> Card:
    text = words("delete-bot-sure", id=str(bot.id), title=bot.title, profit=_profit(bot, bot.realized_net))
    yes = button(words.plain("button-delete-yes"), DeleteBot(bot=bot.id, token=token))
    return Card(text, [[yes], [back_to(words, bot.id)]])


def start_again_card(words: Words, bot: BotCard, preview: PreviewCard, token: str, *, may_start: bool = True) -> Card:
    """A stopped bot's start: what is at risk, the findings, and Start only where it is possible.

    ``may_start``: no maintenance stops everything.
    """
    facts, coins = preview.preview, Coins.of(bot.symbol)
    text = blocks(
        words("start-again", id=str(bot.id), title=bot.title, account=account_name(words, bot)),
        words("preview-at-risk", value=figures.money(facts.at_risk, coins.quote), quote=coins.quote),
        *finding_lines(words, facts.findings, coins),
        words("preview-refused") if facts.is_refused else words("start-danger") if facts.is_dangerous else None,
        None if may_start else words("preview-not-now"),
    )
    rows: list[list[InlineKeyboardButton]] = []
    if may_start and not facts.is_refused:
        key = "button-start-anyway" if facts.is_dangerous else "button-start"
        rows.append([button(words.plain(key), StartBot(bot=bot.id, sure=facts.is_dangerous, token=token))])
    edit = button(words.plain("button-edit"), OnBot(act=BotAct.EDIT, bot=bot.id))
    return Card(text, [*rows, [edit, back_to(words, bot.id)]])


def bots_button(words: Words) -> InlineKeyboardButton:
    return button(words.plain("button-all-bots"), Go(page=Page.BOTS))


def back_to(words: Words, bot_id: int) -> InlineKeyboardButton:
    return button(words.plain("button-back"), OnBot(act=BotAct.OPEN, bot=bot_id))


def _act_button(words: Words, act: BotAct, bot: BotCard) -> InlineKeyboardButton:
    return button(words.plain(f"button-{act.name.lower()}"), OnBot(act=act, bot=bot.id))


def _bot_line(words: Words, bot: BotCard) -> str:
    key = "bots-line-paper" if bot.is_paper else "bots-line-live" if bot.is_proven else "bots-line-unproven"
    return words.plain(key, mark=mark(bot), id=str(bot.id), title=bot.title, profit=_profit(bot, bot.realized_net))


def _profit(bot: BotCard, value: Decimal | None) -> str:
    return figures.profit(value, Coins.of(bot.symbol).quote)


def _today_line(words: Words, bot: BotCard) -> Html:
    return words("bot-today-paper" if bot.is_paper else "bot-today", value=_profit(bot, bot.today_net))


def _activity_line(words: Words, bot: BotCard) -> Html:
    if bot.activity is Activity.COOLING_DOWN and bot.cooldown_until is not None:
        key = "activity-cooling_down-paper" if bot.is_paper else "activity-cooling_down-until"
        return words(key, until=clock_text(bot.cooldown_until, words.zone, "%H:%M:%S"))
    line = words(key_for(words, f"activity-{bot.activity.value}", bot))
    if bot.cause and bot.activity in (Activity.PAUSED, Activity.STOPPING, Activity.STOPPED):
        return words(
            "activity-because", activity=line, cause=words.first(f"cause-{bot.cause}", "cause-other", code=bot.cause)
        )
    return line


def position_lines(words: Words, bot: BotCard) -> Html:
    """Price, position and its exit, orders."""
    instrument = bot.instrument
    key = "bot-price-stale" if bot.price_is_stale else "bot-price"
    price = words(key, price=figures.price(bot.price, instrument)) if bot.price is not None else None
    orders = words("bot-orders", count=bot.open_orders)
    if figures.is_dust(bot.position, instrument):
        return lines(price, words(key_for(words, "bot-no-position", bot)), orders)
    base = instrument.base if instrument else ""
    return lines(
        price,
        words(
            key_for(words, "bot-position-long" if bot.position > 0 else "bot-position-short", bot),
            amount=figures.amount(abs(bot.position), instrument),
            base=base,
            average=figures.price(bot.average, instrument),
        ),
        None if is_spot(bot) else _take_profit_line(words, bot),
        words("bot-unrealized", value=_profit(bot, bot.unrealized)),
        orders,
    )


def _take_profit_line(words: Words, bot: BotCard) -> Html:
    if bot.take_profit is None:
        return words("bot-no-take-profit")
    return words("bot-take-profit", price=figures.price(bot.take_profit, bot.instrument))


def live_table(
    words: Words, orders: Sequence[Order], instrument: Instrument | None, most_rows: int = _LIVE_ROWS
) -> Html:
    rows = [
        [
            order_name(words, order),
            figures.price(order.price or order.trigger_price, instrument),
            figures.amount(order.remaining, instrument),
        ]
        for order in orders
    ]
    header = [words.plain("column-order"), words.plain("column-price"), words.plain("column-amount")]
    return table(header, [[clip(cell, TABLE_WIDTH // 2 - 3) for cell in row] for row in rows], most_rows=most_rows)


def _cancel_buttons(words: Words, bot: BotCard, orders: Sequence[Order]) -> Iterator[InlineKeyboardButton]:
    """One for each order that may be canceled by hand."""
    for order in orders[:_MOST_CANCELS]:
        number = order_number(order)
        if number is not None:
            price = figures.price(order.price, bot.instrument)
            label = words.plain("button-cancel-order", side=words.plain(f"side-{order.side.value}"), price=price)
            yield button(label, AskCancel(bot=bot.id, order=number))


def _recent_table(words: Words, orders: Sequence[Order], instrument: Instrument | None) -> Html:
    rows = [
        [
            local_text(order.updated_at, words.zone, "%H:%M"),
            order_name(words, order),
            figures.price(order.average or order.price, instrument),
            words.plain(f"order-{order.status.value}"),
        ]
        for order in orders
    ]
    header = [words.plain(f"column-{name}") for name in ("time", "order", "price", "state")]
    return table(header, [[clip(cell, 12) for cell in row] for row in rows], left=2)


def order_name(words: Words, order: Order) -> str:
    if order.role.is_exit:
        return words.plain(f"role-{order.role.value}")
    return words.plain(f"side-{order.side.value}")


def _percent(part: Decimal, whole: Decimal) -> str:
    """With its sign, and none where nothing is left of it."""
    text = f"{part / whole * 100:+.2f}" if whole else plain(ZERO)
    return text[1:] if not text.strip("+-0.") else text


def _reason(words: Words, code: str) -> Html:
    return words.first(f"reason-{code}", "reason-other", code=code)
