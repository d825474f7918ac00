"""/balance and /price: what is asked of venues and changes nothing."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import Go, Page, PriceAt
from tgbot.cards.home import plain_card
from tgbot.cards.looking import PAPER_KEY, balances_card, price_card, prices_card
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, answer, edit, show
from tgbot.words import Words
from trading.desk.answers import Person
from trading.desk.protocol import DeskProtocol

_MOST_OTHERS = 6


def balances_router() -> Router:
    """What somebody owns is for a private chat only."""
    router = Router(name="balances")
    only_in_private(router)
    router.message.register(open_balance, Command("balance"))
    router.callback_query.register(go_balance, Go.filter(F.page == Page.BALANCE))
    return router


def prices_router() -> Router:
    router = Router(name="prices")
    router.message.register(open_price, Command("price"))
    router.callback_query.register(go_price, Go.filter(F.page == Page.PRICE))
    router.callback_query.register(price_at, PriceAt.filter())
    return router


async def open_balance(message: Message, desk: DeskProtocol, person: Person, words: Words) -> None:
    """A venue may take seconds to answer, so something is said at once."""
    waiting = await answer(message, plain_card(words, words("balance-reading")))
    card = balances_card(words, await desk.balances(person.id))
    if message.bot is not None:
        await edit(message.bot, waiting.chat.id, waiting.message_id, card)


async def go_balance(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, toast: Toast) -> None:
    await toast.now(words.plain("balance-reading"))
    await show(press, balances_card(words, await desk.balances(person.id)))


async def open_price(
    message: Message, command: CommandObject, desk: DeskProtocol, person: Person, words: Words, is_private: bool
) -> None:
    bots, keys = await desk.bots(person.id), await desk.keys(person.id)
    text = (command.args or "").strip()
    if not text:
        await answer(message, prices_card(words, bots))
        return
    key_id = _account(
        bots_key=bots[-1].key_id if bots else None, has_bots=bool(bots), first=keys[0].id if keys else None
    )
    found = await desk.find_prices(person.id, key_id, text)
    if not found:
        await answer(message, prices_card(words, bots, not_found=text))
        return
    # What a bot of theirs trades is meant before what is traded most.
    traded = {bot.symbol for bot in bots if bot.key_id == key_id}
    first, *others = sorted(found, key=lambda each: each.symbol not in traded)
    price = await desk.price(person.id, key_id, first.symbol)
    await answer(message, price_card(words, price, keys if is_private else (), others[:_MOST_OTHERS]))


async def go_price(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, prices_card(words, await desk.bots(person.id)))


async def price_at(
    press: CallbackQuery,
    callback_data: PriceAt,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    is_private: bool,
) -> None:
    title = callback_data.title
    symbol = f"{title}:{title.rpartition('/')[2]}" if callback_data.is_perpetual else title
    key_id = None if callback_data.key == PAPER_KEY else callback_data.key
    price = await desk.price(person.id, key_id, symbol)
    keys = await desk.keys(person.id) if is_private else ()
    if not await show(press, price_card(words, price, keys)):
        toast.say(words.plain("up-to-date"))


def _account(*, bots_key: int | None, has_bots: bool, first: int | None) -> int | None:
    """Where the newest bot trades; without one the first key, and else paper."""
    return bots_key if has_bots else first
