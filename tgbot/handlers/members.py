"""Admins look after people: the list, suspending, letting back, removing, limits, invites."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message
from aiogram.utils.deep_linking import create_start_link

from tgbot.callbacks import (
    Go,
    LetBackMember,
    LikeEverybody,
    MakeInvite,
    MemberAct,
    OnMember,
    Page,
    PeoplePage,
    RemoveMember,
    SuspendMember,
    WithdrawInvite,
    new_token,
)
from tgbot.cards.members import (
    INVITE_HOURS,
    invite_card,
    invites_card,
    limit_card,
    member_card,
    people_card,
    remove_card,
    removed_card,
    suspend_card,
)
from tgbot.handlers.errors import error_text, error_toast
from tgbot.middlewares.admins import only_for_admins
from tgbot.middlewares.private import only_in_private
from tgbot.numbers import AmbiguousComma, read_number
from tgbot.screen import Toast, answer, show, take_buttons
from tgbot.states import Ask
from tgbot.words import Html, Words
from trading.desk.answers import DeskError, Person
from trading.desk.member_answers import Member
from trading.desk.protocol import DeskProtocol

_COMMAND = F.text.startswith("/")
_LIMITS = (MemberAct.MAX_DEPOSIT, MemberAct.MAX_BOTS)


def members_router() -> Router:
    router = Router(name="members")
    only_for_admins(router)
    only_in_private(router)
    router.callback_query.register(go_people, Go.filter(F.page == Page.PEOPLE))
    router.callback_query.register(turn_people, PeoplePage.filter())
    router.callback_query.register(open_member, OnMember.filter(F.act == MemberAct.OPEN))
    router.callback_query.register(ask_suspend, OnMember.filter(F.act == MemberAct.SUSPEND))
    router.callback_query.register(suspend, SuspendMember.filter())
    router.callback_query.register(let_back, LetBackMember.filter())
    router.callback_query.register(ask_remove, OnMember.filter(F.act == MemberAct.REMOVE))
    router.callback_query.register(remove_member, RemoveMember.filter())
    router.callback_query.register(ask_limit, OnMember.filter(F.act.in_(_LIMITS)))
    router.callback_query.register(like_everybody, LikeEverybody.filter(F.limit.in_(_LIMITS)))
    router.message.register(type_max_deposit, Ask.max_deposit, F.text, ~_COMMAND)
    router.message.register(type_max_bots, Ask.max_bots, F.text, ~_COMMAND)
    router.callback_query.register(go_invites, Go.filter(F.page == Page.INVITES))
    router.callback_query.register(make_invite, MakeInvite.filter(F.hours.in_(INVITE_HOURS)))
    router.callback_query.register(withdraw_invite, WithdrawInvite.filter())
    return router


async def go_people(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words, toast: Toast) -> None:
    if not await show(press, people_card(words, await desk.members(person.id), 0)):
        toast.say(words.plain("up-to-date"))


async def turn_people(
    press: CallbackQuery, callback_data: PeoplePage, desk: DeskProtocol, person: Person, words: Words
) -> None:
    await show(press, people_card(words, await desk.members(person.id), callback_data.number))


async def open_member(
    press: CallbackQuery, callback_data: OnMember, desk: DeskProtocol, person: Person, words: Words
) -> None:
    await show(press, member_card(words, await desk.member(person.id, callback_data.person)))


async def ask_suspend(
    press: CallbackQuery, callback_data: OnMember, desk: DeskProtocol, person: Person, words: Words
) -> None:
    member = await _touchable(desk, person, callback_data.person)
    await show(press, suspend_card(words, member, new_token(person.id)))


async def suspend(
    press: CallbackQuery, callback_data: SuspendMember, desk: DeskProtocol, person: Person, words: Words
) -> None:
    member = await desk.suspend(person.id, callback_data.person, token=callback_data.token)
    await show(press, member_card(words, member))


async def let_back(
    press: CallbackQuery, callback_data: LetBackMember, desk: DeskProtocol, person: Person, words: Words
) -> None:
    member = await desk.let_back(person.id, callback_data.person, token=callback_data.token)
    await show(press, member_card(words, member))


async def ask_remove(
    press: CallbackQuery, callback_data: OnMember, desk: DeskProtocol, person: Person, words: Words
) -> None:
    member = await _touchable(desk, person, callback_data.person)
    await show(press, remove_card(words, member, new_token(person.id)))


async def remove_member(
    press: CallbackQuery,
    callback_data: RemoveMember,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    state: FSMContext,
) -> None:
    """What is half-made of theirs in the chat goes with the rest."""
    member = await desk.member(person.id, callback_data.person)
    try:
        await desk.remove_member(person.id, member.id, token=callback_data.token)
    except DeskError as error:
        if error.code != "person_still_stopping":
            raise
        # The question is not used up: the same button goes on when they have stopped.
        left = await desk.member(person.id, member.id)
        await show(press, remove_card(words, left, callback_data.token, error_text(words, error)))
        toast.say(error_toast(words, error), alert=True)
        return
    theirs = replace(state.key, chat_id=member.id, user_id=member.id)
    await state.storage.set_state(theirs, None)
    await state.storage.set_data(theirs, {})
    await show(press, removed_card(words, member.name))


async def ask_limit(
    press: CallbackQuery,
    callback_data: OnMember,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
) -> None:
    member = await _touchable(desk, person, callback_data.person)
    await show(press, limit_card(words, member, callback_data.act))
    is_deposit = callback_data.act is MemberAct.MAX_DEPOSIT
    message = press.message.message_id if press.message else None
    await state.update_data(limit={"person": member.id, "message": message})
    await state.set_state(Ask.max_deposit if is_deposit else Ask.max_bots)


async def like_everybody(
    press: CallbackQuery, callback_data: LikeEverybody, desk: DeskProtocol, person: Person, words: Words
) -> None:
    if callback_data.limit is MemberAct.MAX_DEPOSIT:
        member = await desk.set_max_deposit(person.id, callback_data.person, None)
    else:
        member = await desk.set_max_bots(person.id, callback_data.person, None)
    await show(press, member_card(words, member))


async def type_max_deposit(
    message: Message, bot: Bot, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    limit = _limit(words, message.text or "", "max-deposit-odd", _MOST_MONEY)
    member = await desk.member(person.id, await _asked_about(state))
    if isinstance(limit, Html):
        await answer(message, limit_card(words, member, MemberAct.MAX_DEPOSIT, limit))
        return
    changed = await desk.set_max_deposit(person.id, member.id, limit)
    await _answered(message, bot, changed, words, state)


async def type_max_bots(
    message: Message, bot: Bot, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    limit = _limit(words, message.text or "", "max-bots-odd", _MOST_BOTS, is_whole=True)
    member = await desk.member(person.id, await _asked_about(state))
    if isinstance(limit, Html):
        await answer(message, limit_card(words, member, MemberAct.MAX_BOTS, limit))
        return
    changed = await desk.set_max_bots(person.id, member.id, int(limit))
    await _answered(message, bot, changed, words, state)


async def go_invites(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, invites_card(words, await desk.invites(person.id)))


async def make_invite(
    press: CallbackQuery, callback_data: MakeInvite, bot: Bot, desk: DeskProtocol, person: Person, words: Words
) -> None:
    lasts = timedelta(hours=callback_data.hours) if callback_data.hours else None
    invite = await desk.make_invite(person.id, lasts)
    await show(press, invite_card(words, invite, await create_start_link(bot, invite.code)))


async def withdraw_invite(
    press: CallbackQuery, callback_data: WithdrawInvite, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    await desk.withdraw_invite(person.id, callback_data.invite)
    await show(press, invites_card(words, await desk.invites(person.id)))
    toast.say(words.plain("invite-withdrawn"))


_MOST_BOTS = Decimal(10_000)
"""That can be allowed."""
_MOST_MONEY = Decimal("1e12")


def _limit(words: Words, text: str, odd: str, most: Decimal, *, is_whole: bool = False) -> Decimal | Html:
    """The limit that was typed, or what is wrong with it: ``odd`` names the sentence."""
    try:
        number = read_number(text)
    except AmbiguousComma as comma:
        return words("number-comma", whole=comma.whole, part=comma.part)
    is_fit = number is not None and 0 <= number <= most and not (is_whole and number % 1)
    return number if number is not None and is_fit else words(odd)


async def _touchable(desk: DeskProtocol, person: Person, user_id: int) -> Member:
    member = await desk.member(person.id, user_id)
    if member.is_admin:
        raise DeskError("admin_untouchable")
    return member


async def _asked_about(state: FSMContext) -> int:
    limit = (await state.get_data()).get("limit") or {}
    return int(limit.get("person", 0))


async def _answered(message: Message, bot: Bot, member: Member, words: Words, state: FSMContext) -> None:
    """The question has its answer: it keeps its words and loses its buttons."""
    limit = (await state.get_data()).get("limit") or {}
    await state.set_state(None)
    await take_buttons(bot, message.chat.id, limit.get("message"))
    await answer(message, member_card(words, member))
