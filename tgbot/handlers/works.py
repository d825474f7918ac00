"""Cancel under long work."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from tgbot.callbacks import CancelWork
from tgbot.cards.home import plain_card
from tgbot.screen import Toast, show
from tgbot.words import Words
from tgbot.works import Canceling, Works
from trading.desk.answers import Person


def works_router() -> Router:
    router = Router(name="works")
    router.callback_query.register(cancel_work, CancelWork.filter())
    return router


async def cancel_work(
    press: CallbackQuery, callback_data: CancelWork, person: Person, words: Words, works: Works, toast: Toast
) -> None:
    """A bar that nobody moves any more (ended meanwhile, or left by a killed process) is taken away."""
    match works.cancel(person.id, callback_data.work):
        case Canceling.HEARD:
            toast.say(words.plain("work-cancel-heard"))
        case Canceling.LATE:
            toast.say(words.plain("work-cancel-late"))
        case Canceling.GONE:
            toast.say(words.plain("work-gone"), alert=True)
            await show(press, plain_card(words, words("work-gone")))
