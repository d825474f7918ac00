"""The paper account: its money, beginning anew, and whose prices it trades on."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Document, Message

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
    new_token,
)
from tgbot.cards.card import Card
from tgbot.cards.paper import (
    balances_card,
    file_card,
    market_card,
    paper_card,
    prices_card,
    reset_card,
    seed_card,
    switch_card,
)
from tgbot.handlers.errors import error_text, error_toast
from tgbot.middlewares.private import only_in_private
from tgbot.numbers import AmbiguousComma, read_number
from tgbot.screen import Toast, answer, show, take_buttons
from tgbot.states import Ask
from tgbot.words import Html, Words
from trading.desk.answers import DeskError, Person
from trading.desk.paper_prices import MOST_UPLOAD, PaperPrices, PriceKind
from trading.desk.protocol import DeskProtocol

_COMMAND = F.text.startswith("/")
_MEGABYTES = MOST_UPLOAD // (1024 * 1024)
_BALANCE = re.compile(r"(?P<currency>(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,15})[\s=:]+(?P<amount>\S.*)")
_MOST, _MOST_PLACES = Decimal("1e12"), 12
_TURNED = re.compile(r"(?P<amount>[0-9][0-9\s.,]*?)\s+(?P<currency>[A-Za-z][A-Za-z0-9]{0,14})")
_SEED = re.compile(r"-?[0-9]{1,17}")


def paper_router() -> Router:
    router = Router(name="paper")
    only_in_private(router)
    router.callback_query.register(go_paper, Go.filter(F.page == Page.PAPER))
    router.callback_query.register(ask_balance, OnPaper.filter(F.act == PaperAct.BALANCES))
    router.callback_query.register(ask_amount, PaperCoin.filter())
    router.message.register(type_balance, Ask.paper_balance, F.text, ~_COMMAND)
    router.callback_query.register(ask_reset, OnPaper.filter(F.act == PaperAct.RESET))
    router.callback_query.register(reset_paper, ResetPaper.filter())
    router.callback_query.register(open_prices, OnPaper.filter(F.act == PaperAct.PRICES))
    router.callback_query.register(stop_paper_bots, StopPaperBots.filter())
    router.callback_query.register(ask_switch, AskPaperPrices.filter())
    router.callback_query.register(choose_prices, ChoosePaperPrices.filter())
    router.callback_query.register(ask_seed, OnPaper.filter(F.act == PaperAct.SEED))
    router.message.register(type_seed, Ask.paper_seed, F.text, ~_COMMAND)
    router.callback_query.register(ask_market, OnPaper.filter(F.act == PaperAct.FILE))
    router.callback_query.register(ask_for_file, PaperFileFor.filter())
    router.message.register(take_recording, Ask.paper_file, F.document)
    return router


async def go_paper(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, toast: Toast) -> None:
    if not await show(press, paper_card(words, await desk.paper(person.id))):
        toast.say(words.plain("up-to-date"))


# Money


async def ask_balance(
    press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    await show(press, balances_card(words, await desk.paper(person.id)))
    await _await(press, state, Ask.paper_balance, currency="")


async def ask_amount(
    press: CallbackQuery,
    callback_data: PaperCoin,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
) -> None:
    await show(press, balances_card(words, await desk.paper(person.id), callback_data.currency))
    await _await(press, state, Ask.paper_balance, currency=callback_data.currency)


async def type_balance(
    message: Message, bot: Bot, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    asked = await _asked(state)
    currency, typed = _balance(message.text or "", str(asked.get("currency", "")))
    amount = _amount(words, typed) if currency else words("paper-amount-odd")
    if isinstance(amount, Html):
        await answer(message, balances_card(words, await desk.paper(person.id), currency, amount))
        return
    try:
        account = await desk.set_paper_balance(person.id, currency, amount)
    except DeskError as error:
        account = await desk.paper(person.id)
        chosen = str(asked.get("currency", ""))
        await answer(message, balances_card(words, account, chosen, error_text(words, error)))
        return
    await _answered(message, bot, state, paper_card(words, account))


async def ask_reset(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, reset_card(words, await desk.paper(person.id), new_token(person.id)))


async def reset_paper(
    press: CallbackQuery, callback_data: ResetPaper, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    try:
        account = await desk.reset_paper(person.id, token=callback_data.token)
    except DeskError as error:
        if error.code != "paper_still_stopping":
            raise
        # The question is not used up: the same button goes on when they have stopped.
        left = await desk.paper(person.id)
        await show(press, reset_card(words, left, callback_data.token, error_text(words, error)))
        toast.say(error_toast(words, error), alert=True)
        return
    await show(press, paper_card(words, account))
    toast.say(words.plain("paper-was-reset"))


# Prices


async def open_prices(
    press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    await state.set_state(None)
    await show(press, prices_card(words, await desk.paper(person.id), new_token(person.id)))


async def stop_paper_bots(
    press: CallbackQuery, callback_data: StopPaperBots, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    """What can be chosen then is shown as soon as they have stopped, or with what is left of them."""
    await toast.now(words.plain("paper-stopping", count=(await desk.paper(person.id)).running))
    left = await desk.stop_paper_bots(person.id, token=callback_data.token)
    said = words("paper-stopping-still", count=left) if left else words("paper-stopped")
    await show(press, prices_card(words, await desk.paper(person.id), new_token(person.id), said))


async def ask_switch(
    press: CallbackQuery, callback_data: AskPaperPrices, desk: DeskProtocol, person: Person, words: Words
) -> None:
    await show(press, switch_card(words, await desk.paper(person.id), callback_data.prices, new_token(person.id)))


async def choose_prices(
    press: CallbackQuery,
    callback_data: ChoosePaperPrices,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
) -> None:
    try:
        account = await desk.choose_paper_prices(person.id, callback_data.prices, token=callback_data.token)
    except DeskError as error:
        if error.code not in ("paper_bots_run", "venue_away"):
            raise
        account = await desk.paper(person.id)
        await show(press, prices_card(words, account, new_token(person.id), error_text(words, error)))
        toast.say(error_toast(words, error), alert=True)
        return
    await show(press, paper_card(words, account))
    toast.say(words.plain("paper-switched"))


async def ask_seed(press: CallbackQuery, words: Words, state: FSMContext) -> None:
    await show(press, seed_card(words))
    await _await(press, state, Ask.paper_seed)


async def type_seed(
    message: Message, bot: Bot, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    text = (message.text or "").strip()
    if not _SEED.fullmatch(text):
        await answer(message, seed_card(words, words("paper-seed-odd")))
        return
    prices = PaperPrices(PriceKind.SIMULATED, seed=int(text))
    await _answered(message, bot, state, switch_card(words, await desk.paper(person.id), prices, new_token(person.id)))


async def ask_market(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, market_card(words, await desk.paper(person.id)))


async def ask_for_file(
    press: CallbackQuery,
    callback_data: PaperFileFor,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
) -> None:
    symbols = (await desk.paper(person.id)).symbols
    if not 0 <= callback_data.market < len(symbols):
        raise DeskError("not_found")
    symbol = symbols[callback_data.market]
    await show(press, file_card(words, symbol, _MEGABYTES))
    await _await(press, state, Ask.paper_file, symbol=symbol)


async def take_recording(
    message: Message, bot: Bot, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    """The message's own number is the token: however often it is brought, it acts once."""
    symbol = str((await _asked(state)).get("symbol", ""))
    try:
        content = await _content(bot, message.document)
        account = await desk.upload_paper_prices(person.id, symbol, content, token=f"file{message.message_id}")
    except DeskError as error:
        await answer(message, file_card(words, symbol, _MEGABYTES, _file_problem(words, error)))
        return
    await _answered(message, bot, state, paper_card(words, account))


async def _content(bot: Bot, document: Document | None) -> bytes:
    """Raises DeskError("paper_file_large") before anything is fetched."""
    if document is None or (document.file_size or 0) > MOST_UPLOAD:
        raise DeskError("paper_file_large", limit=str(_MEGABYTES))
    into = io.BytesIO()
    await bot.download(document, into)
    return into.getvalue()


def _file_problem(words: Words, error: DeskError) -> Html:
    if error.code != "paper_file_wrong":
        return error_text(words, error)
    why = words.plain(f"paper-file-{error.values['why']}")
    return words("paper-file-line", line=error.values["line"], why=why)


# What is asked, and its answer


async def _await(press: CallbackQuery, state: FSMContext, what: Any, **about: str) -> None:
    await state.update_data(paper={**about, "message": press.message.message_id if press.message else None})
    await state.set_state(what)


async def _asked(state: FSMContext) -> dict[str, Any]:
    return dict((await state.get_data()).get("paper") or {})


async def _answered(message: Message, bot: Bot, state: FSMContext, card: Card) -> None:
    """The question has its answer: it keeps its words and loses its buttons."""
    asked = await _asked(state)
    await state.set_state(None)
    await take_buttons(bot, message.chat.id, asked.get("message"))
    await answer(message, card)


def _balance(text: str, chosen: str) -> tuple[str, str]:
    """The currency and the amount that were typed; the one that was asked for where only a number was."""
    clean = text.strip()
    found = _BALANCE.fullmatch(clean) if not chosen or not clean[:1].isdigit() else None
    found = found or _TURNED.fullmatch(clean)
    return (found["currency"].upper(), found["amount"]) if found else (chosen, clean)


def _amount(words: Words, text: str) -> Decimal | Html:
    """What was typed, or what is wrong with it."""
    try:
        number = read_number(text)
    except AmbiguousComma as comma:
        return words("number-comma", whole=comma.whole, part=comma.part)
    is_fit = number is not None and 0 <= number < _MOST and number == round(number, _MOST_PLACES)
    return number if number is not None and is_fit else words("paper-amount-odd")
