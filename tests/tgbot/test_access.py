"""Who may speak, and whose rows they may touch: a walk of the whole router tree that no handler can be forgotten in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiogram import BaseMiddleware, Router
from aiogram.types import Document

from tests.tgbot.fake_desk import ADMIN, GUEST, STRANGER, FakeDesk
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor
from tgbot.callbacks import (
    AllAct,
    ApplyEdit,
    AskAll,
    AskCancel,
    AskDates,
    AskPaperPrices,
    AskReduce,
    AskShare,
    AskStop,
    AskStopAll,
    BotAct,
    BroadcastsPage,
    CancelBroadcast,
    CancelOrder,
    CancelWork,
    ChoosePaperPrices,
    DecideAccess,
    DeleteBot,
    DeleteKey,
    DraftAct,
    EditChoice,
    EditField,
    ExportPeriod,
    ExportTable,
    Go,
    HearPage,
    KeyAct,
    KeyFormAct,
    LetBackMember,
    LikeEverybody,
    MakeInvite,
    MakeShare,
    MemberAct,
    OnBot,
    OnDraft,
    OnHearing,
    OnKey,
    OnKeyForm,
    OnMember,
    OnPaper,
    OnPreset,
    OnProfit,
    OnShare,
    OpenBroadcast,
    OrdersPage,
    Page,
    Panic,
    PaperAct,
    PaperCoin,
    PaperFileFor,
    PeoplePage,
    PresetAct,
    PriceAt,
    ReduceBot,
    RemoveMember,
    ResendBroadcast,
    ResetPaper,
    SendBackup,
    SendBroadcast,
    SendLog,
    SetLanguage,
    SetLevel,
    SetPictures,
    SetQuiet,
    SetReport,
    SetZone,
    ShareAct,
    ShareSource,
    ShowBroadcast,
    StartBot,
    StartDraft,
    SteerAll,
    StopAll,
    StopBot,
    StopPaperBots,
    SuspendMember,
    SwitchMaintenance,
    TrialFile,
    TrialRecent,
    UseShare,
    WithdrawInvite,
    new_token,
)
from tgbot.states import Ask
from trading.core.telling import Level
from trading.desk.answers import Activity, BotCard, KeyCard, Person, StopChoice
from trading.desk.paper_prices import PriceKind
from trading.desk.preset_answers import PresetCard, ShareCard
from trading.desk.profit_answers import Period, ProfitView

Press = Callable[["Things"], str | None]


@dataclass
class Things:
    """What Bob owns, and the marks of his open forms."""

    bot: BotCard
    key: KeyCard
    preset: PresetCard
    share: ShareCard
    draft: str = "abc123"
    form: str = "abc123"
    token: str = "t1"


def on_bot(act: BotAct) -> Press:
    return lambda things: OnBot(act=act, bot=things.bot.id).pack()


def on_draft(act: DraftAct) -> Press:
    return lambda things: OnDraft(act=act, draft=things.draft).pack()


def on_preset(act: PresetAct) -> Press:
    return lambda things: OnPreset(act=act, preset=things.preset.id).pack()


def on_share(act: ShareAct) -> Press:
    return lambda things: OnShare(act=act, share=things.share.id).pack()


def on_form(act: KeyFormAct) -> Press:
    return lambda things: OnKeyForm(act=act, form=things.form).pack()


def on_member(act: MemberAct) -> Press:
    return lambda things: OnMember(act=act, person=GUEST).pack()


def go(page: Page) -> Press:
    return lambda things: Go(page=page).pack()


PRESSES: dict[str, Press] = {
    "go_home": go(Page.HOME),
    "go_help": go(Page.HELP),
    "go_admin": go(Page.ADMIN),
    "go_bots": go(Page.BOTS),
    "go_status": go(Page.STATUS),
    "go_panic": go(Page.PANIC),
    "go_settings": go(Page.SETTINGS),
    "go_keys": go(Page.KEYS),
    "go_new": go(Page.NEW),
    "go_export": go(Page.EXPORT),
    "decide": lambda things: DecideAccess(person=STRANGER, approve=True).pack(),
    "open_bot": on_bot(BotAct.OPEN),
    "refresh": on_bot(BotAct.REFRESH),
    "pause": on_bot(BotAct.PAUSE),
    "resume": on_bot(BotAct.RESUME),
    "ask_how_to_stop": on_bot(BotAct.STOP),
    "open_orders": on_bot(BotAct.ORDERS),
    "statistics": on_bot(BotAct.STATISTICS),
    "go_profit": go(Page.PROFIT),
    "choose_profit": lambda things: OnProfit(
        period=Period.WEEK, view=ProfitView.EQUITY, paper=True, quote="USDT"
    ).pack(),
    "open_chart": on_bot(BotAct.CHART),
    "go_stats": go(Page.STATS),
    "go_pictures": go(Page.PICTURES),
    "choose_pictures": lambda things: SetPictures(dark=True).pack(),
    "ask_table": on_bot(BotAct.EXPORT),
    "ask_period": lambda things: ExportTable(bot=things.bot.id, what="fills").pack(),
    "ask_dates": lambda things: AskDates(bot=things.bot.id, what="fills").pack(),
    "go_trials": go(Page.TRIALS),
    "ask_days_of_bot": on_bot(BotAct.TRIAL),
    "ask_days_of_form": on_draft(DraftAct.TRIAL),
    "try_recent": lambda things: TrialRecent(bot=things.bot.id, draft="", days=1).pack(),
    "ask_file": lambda things: TrialFile(bot=things.bot.id, draft="").pack(),
    "cancel_work": lambda things: CancelWork(work="abc123").pack(),
    "export": lambda things: ExportPeriod(bot=things.bot.id, what="fills", period="day").pack(),
    "ask_start": on_bot(BotAct.START),
    "bots.ask_delete": on_bot(BotAct.DELETE),
    "ask_stop": lambda things: AskStop(bot=things.bot.id, choice=StopChoice.CLOSE_ALL).pack(),
    "stop": lambda things: StopBot(bot=things.bot.id, choice=StopChoice.CLOSE_ALL, token=things.token).pack(),
    "bots.start": lambda things: StartBot(bot=things.bot.id, sure=True, token=things.token).pack(),
    "bots.delete": lambda things: DeleteBot(bot=things.bot.id, token=things.token).pack(),
    "panic": lambda things: Panic(token=things.token).pack(),
    "choose_language": lambda things: SetLanguage(language="ru").pack(),
    "open_key": lambda things: OnKey(act=KeyAct.OPEN, key=things.key.id).pack(),
    "test": lambda things: OnKey(act=KeyAct.TEST, key=things.key.id).pack(),
    "ask_key_name": lambda things: OnKey(act=KeyAct.RENAME, key=things.key.id).pack(),
    "ask_credentials": lambda things: OnKey(act=KeyAct.REPLACE, key=things.key.id).pack(),
    "keys.ask_delete": lambda things: OnKey(act=KeyAct.DELETE, key=things.key.id).pack(),
    "keys.delete": lambda things: DeleteKey(key=things.key.id, token=things.token).pack(),
    "choose_strategy": on_draft(DraftAct.STRATEGY),
    "choose_account": on_draft(DraftAct.ACCOUNT),
    "toggle_pair": on_draft(DraftAct.PAIR),
    "show_busiest": on_draft(DraftAct.PAIRS_BUSIEST),
    "finish_pairs": on_draft(DraftAct.PAIRS_DONE),
    "create.choose_value": on_draft(DraftAct.VALUE),
    "edit_setting": on_draft(DraftAct.EDIT),
    "show_summary": on_draft(DraftAct.SUMMARY),
    "show_advanced": on_draft(DraftAct.ADVANCED),
    "preview": on_draft(DraftAct.PREVIEW),
    "show_other_pair": on_draft(DraftAct.SHOW),
    "take_offer": on_draft(DraftAct.OFFER),
    "back": on_draft(DraftAct.BACK),
    "create.cancel": on_draft(DraftAct.CANCEL),
    "create.start": lambda things: StartDraft(draft=things.draft, edition="", sure=True, token=things.token).pack(),
    "open_basic": on_bot(BotAct.EDIT),
    "open_advanced": on_bot(BotAct.ADVANCED),
    "ask_field": lambda things: EditField(bot=things.bot.id, field="leverage").pack(),
    "choose": lambda things: EditChoice(bot=things.bot.id, field="direction", option=1).pack(),
    "review_edit": on_bot(BotAct.REVIEW),
    "discard_edit": on_bot(BotAct.DISCARD),
    "apply_edit": lambda things: ApplyEdit(bot=things.bot.id, token=things.token).pack(),
    "open_draft_presets": on_draft(DraftAct.PRESETS),
    "choose_preset": on_draft(DraftAct.PRESET),
    "ask_draft_name": on_draft(DraftAct.SAVE),
    "use_share": lambda things: UseShare(code=things.share.code).pack(),
    "go_presets": go(Page.PRESETS),
    "save_bot_settings": on_bot(BotAct.SAVE),
    "open_preset": on_preset(PresetAct.OPEN),
    "ask_new_name": on_preset(PresetAct.RENAME),
    "ask_delete_preset": on_preset(PresetAct.ASK_DELETE),
    "delete_preset": on_preset(PresetAct.DELETE),
    "go_shares": go(Page.SHARES),
    "ask_share": lambda things: AskShare(source=ShareSource.BOT, number=things.bot.id).pack(),
    "make_share": lambda things: MakeShare(source="b", number=things.bot.id, signed=True, token=things.token).pack(),
    "open_share": on_share(ShareAct.OPEN),
    "ask_revoke": on_share(ShareAct.ASK_REVOKE),
    "revoke_share": on_share(ShareAct.REVOKE),
    "begin": on_form(KeyFormAct.BEGIN),
    "list_again": on_form(KeyFormAct.LIST),
    "choose_venue": on_form(KeyFormAct.VENUE),
    "ask_other": on_form(KeyFormAct.OTHER),
    "choose_found": on_form(KeyFormAct.FOUND),
    "choose_kind": on_form(KeyFormAct.KIND),
    "save_without_label": on_form(KeyFormAct.SAVE),
    "insist": on_form(KeyFormAct.INSIST),
    "insist_again": on_form(KeyFormAct.INSIST_AGAIN),
    "key_form.cancel": on_form(KeyFormAct.CANCEL),
    "go_orders": go(Page.ORDERS),
    "turn_orders": lambda things: OrdersPage(page=0).pack(),
    "ask_cancel_order": lambda things: AskCancel(bot=things.bot.id, order=1).pack(),
    "cancel_order": lambda things: CancelOrder(bot=things.bot.id, order=1, token=things.token).pack(),
    "open_reduce": on_bot(BotAct.REDUCE),
    "ask_reduce": lambda things: AskReduce(bot=things.bot.id, percent=50).pack(),
    "reduce": lambda things: ReduceBot(bot=things.bot.id, percent=50, token=things.token).pack(),
    "go_pause": go(Page.PAUSE),
    "go_resume": go(Page.RESUME),
    "go_stop": go(Page.STOP),
    "ask_all": lambda things: AskAll(act=AllAct.PAUSE).pack(),
    "steer_all": lambda things: SteerAll(act=AllAct.RESUME, token=things.token).pack(),
    "ask_stop_all": lambda things: AskStopAll().pack(),
    "stop_all": lambda things: StopAll(choice=StopChoice.CLOSE_ALL, token=things.token).pack(),
    "go_balance": go(Page.BALANCE),
    "go_price": go(Page.PRICE),
    "price_at": lambda things: PriceAt(key=things.key.id, is_perpetual=True, title="CRV/USDT").pack(),
    "open_page": lambda things: OnHearing(page=HearPage.QUIET).pack(),
    "choose_level": lambda things: SetLevel(topic="fills", level=Level.SILENT).pack(),
    "choose_quiet": lambda things: SetQuiet(begins=1320, ends=420).pack(),
    "choose_zone": lambda things: SetZone(zone="Europe/Berlin").pack(),
    "choose_report": lambda things: SetReport(minute=540).pack(),
    "go_people": go(Page.PEOPLE),
    "turn_people": lambda things: PeoplePage(number=1).pack(),
    "open_member": on_member(MemberAct.OPEN),
    "ask_suspend": on_member(MemberAct.SUSPEND),
    "suspend": lambda things: SuspendMember(person=GUEST, token=things.token).pack(),
    "let_back": lambda things: LetBackMember(person=GUEST, token=things.token).pack(),
    "ask_remove": on_member(MemberAct.REMOVE),
    "remove_member": lambda things: RemoveMember(person=GUEST, token=things.token).pack(),
    "ask_limit": on_member(MemberAct.MAX_DEPOSIT),
    "like_everybody": lambda things: LikeEverybody(limit=MemberAct.MAX_BOTS, person=GUEST).pack(),
    "go_invites": go(Page.INVITES),
    "make_invite": lambda things: MakeInvite(hours=24).pack(),
    "withdraw_invite": lambda things: WithdrawInvite(invite=1).pack(),
    "go_maintenance": go(Page.MAINTENANCE),
    "switch_maintenance": lambda things: SwitchMaintenance(on=True, token=things.token).pack(),
    "go_log": go(Page.LOG),
    "send_log": lambda things: SendLog().pack(),
    "go_backup": go(Page.BACKUP),
    "send_backup": lambda things: SendBackup(token=things.token).pack(),
    "go_broadcast": go(Page.BROADCAST),
    "send_broadcast": lambda things: SendBroadcast(message=1, token=things.token).pack(),
    "cancel_broadcast": lambda things: CancelBroadcast(broadcast=1).pack(),
    "turn_broadcasts": lambda things: BroadcastsPage(number=0).pack(),
    "open_broadcast": lambda things: OpenBroadcast(broadcast=1).pack(),
    "show_broadcast": lambda things: ShowBroadcast(broadcast=1).pack(),
    "resend_broadcast": lambda things: ResendBroadcast(broadcast=1, token=things.token).pack(),
    "go_paper": go(Page.PAPER),
    "ask_balance": lambda things: OnPaper(act=PaperAct.BALANCES).pack(),
    "ask_amount": lambda things: PaperCoin(currency="USDT").pack(),
    "ask_reset": lambda things: OnPaper(act=PaperAct.RESET).pack(),
    "reset_paper": lambda things: ResetPaper(token=things.token).pack(),
    "open_prices": lambda things: OnPaper(act=PaperAct.PRICES).pack(),
    "stop_paper_bots": lambda things: StopPaperBots(token=things.token).pack(),
    "ask_switch": lambda things: AskPaperPrices(kind=PriceKind.LIVE, venue="binance").pack(),
    "choose_prices": lambda things: ChoosePaperPrices(kind=PriceKind.SIMULATED, seed="8", token=things.token).pack(),
    "ask_seed": lambda things: OnPaper(act=PaperAct.SEED).pack(),
    "ask_market": lambda things: OnPaper(act=PaperAct.FILE).pack(),
    "ask_for_file": lambda things: PaperFileFor(market=1).pack(),
    "unknown_button": lambda things: "gibberish",
}
"""How each callback handler is pressed. A handler that is not here fails the walk."""

MESSAGES: dict[str, tuple[str | None, str]] = {
    "open_home": (None, "/start"),
    "open_link": (None, "/start s_unknown"),
    "open_help": (None, "/help"),
    "open_admin": (None, "/admin"),
    "open_bots": (None, "/bots"),
    "open_status": (None, "/status"),
    "open_panic": (None, "/panic"),
    "open_settings": (None, "/settings"),
    "open_keys": (None, "/keys"),
    "open_new": (None, "/new"),
    "open_export": (None, "/export"),
    "open_trials": (None, "/test"),
    "read_dates": (Ask.dates.state, "2026-01-05"),
    "read_file": (Ask.candles.state, ""),
    "open_all_orders": (None, "/orders"),
    "open_balance": (None, "/balance"),
    "open_price": (None, "/price crv"),
    "open_pause": (None, "/pause"),
    "open_resume": (None, "/resume"),
    "open_stop": (None, "/stop"),
    "open_profit": (None, "/profit"),
    "open_stats": (None, "/stats"),
    "type_pair": (Ask.pairs.state, "crv"),
    "create.type_value": (Ask.setting.state, "50"),
    "type_draft_name": (Ask.draft_name.state, "My own"),
    "type_preset_name": (Ask.preset_name.state, "My own"),
    "edit.type_value": (Ask.edit.state, "25"),
    "read_sought": (Ask.venue.state, "kraken"),
    "read_credential": (Ask.credential.state, "topsecret"),
    "read_label": (Ask.label.state, "main"),
    "take_stray": (Ask.credential.state, ""),
    "type_quiet": (Ask.quiet.state, "22-7"),
    "type_zone": (Ask.zone.state, "Berlin"),
    "type_report": (Ask.report.state, "8:30"),
    "type_max_deposit": (Ask.max_deposit.state, "250"),
    "type_max_bots": (Ask.max_bots.state, "3"),
    "take_message": (Ask.broadcast.state, "Dear all"),
    "type_balance": (Ask.paper_balance.state, "USDT 5000"),
    "type_seed": (Ask.paper_seed.state, "8"),
    "take_recording": (Ask.paper_file.state, ""),
    "unknown_message": (None, "hello"),
}
"""How each message handler is reached: the awaited answer and what is said."""


NAMED_TWICE = {"start", "delete", "ask_delete", "cancel", "type_value", "choose_value"}


class _Witness(BaseMiddleware):
    """Notes which handler was reached."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    async def __call__(self, handler: Callable[..., Awaitable[Any]], event: Any, data: dict[str, Any]) -> Any:
        self.reached.append(handler_name(data["handler"].callback))
        return await handler(event, data)


class _SpyDesk(FakeDesk):
    """Notes which methods were asked."""

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if callable(found) and not name.startswith(("_", "give_")):
            super().__getattribute__("__dict__").setdefault("asked", []).append(name)
        return found


async def said(visitor: Visitor, text: str) -> None:
    """Nothing is said by a file."""
    await (visitor.say(text) if text else visitor.say(document=Document(file_id="f", file_unique_id="f")))


def handler_name(callback: Any) -> str:
    module = callback.__module__.rsplit(".", maxsplit=1)[-1]
    name = str(callback.__name__)
    return f"{module}.{name}" if name in NAMED_TWICE else name


def _handlers(router: Router, event: str) -> Iterator[str]:
    for each in (router, *router.sub_routers):
        yield from (handler_name(handler.callback) for handler in each.observers[event].handlers)
        if each is not router:
            for deeper in each.sub_routers:
                yield from _handlers(deeper, event)


def _walk(event: str) -> list[str]:
    return list(_handlers(make_room().dispatcher, event))


def things_of(desk: FakeDesk, user_id: int) -> Things:
    """What a person owns; the tokens are of Ann, who presses."""
    return Things(
        desk.give_bot(user_id),
        desk.give_key(user_id),
        desk.give_preset(user_id),
        desk.give_share(user_id),
        token=new_token(ADMIN),
    )


async def set_state(room: ChatRoom, user_id: int, state: str | None, **data: Any) -> None:
    context = room.dispatcher.fsm.get_context(room.bot, chat_id=user_id, user_id=user_id)
    await context.set_state(state)
    await context.set_data(data)


def test_the_walk_knows_every_handler_and_no_other() -> None:
    assert sorted(_walk("callback_query")) == sorted(PRESSES)
    assert sorted(_walk("message")) == sorted(MESSAGES)


def test_only_messages_and_presses_have_handlers() -> None:
    dispatcher = make_room().dispatcher
    assert set(dispatcher.resolve_used_update_types()) == {"message", "callback_query"}


@pytest.mark.parametrize("status", [None, "pending", "suspended", "refused"])
async def test_no_press_of_who_may_not_act_reaches_anything_but_a_toast(status: str | None) -> None:
    desk = _SpyDesk()
    room, witness = make_room(desk), _Witness()
    room.dispatcher.callback_query.middleware(witness)
    things = things_of(desk, GUEST)
    if status is not None:
        desk.people[STRANGER] = Person(STRANGER, "Eve", None, "en", False, status)
    for name, press in PRESSES.items():
        desk.__dict__["asked"] = []
        assert await room.stranger.press_data(press(things)), name
        assert witness.reached == []
        assert set(desk.__dict__["asked"]) == {"person"}, name
        assert room.telegram.shown == {}, name


@pytest.mark.parametrize("status", [None, "pending", "suspended", "refused"])
async def test_no_words_of_who_may_not_act_reach_anything_but_one_line(status: str | None) -> None:
    desk = _SpyDesk()
    room, witness = make_room(desk), _Witness()
    room.dispatcher.message.middleware(witness)
    for name, (state, text) in MESSAGES.items():
        desk.people.pop(STRANGER, None)
        if status is not None:
            desk.people[STRANGER] = Person(STRANGER, "Eve", None, "en", False, status)
        await set_state(room, STRANGER, state)
        desk.__dict__["asked"], room.telegram.shown = [], {}
        await said(room.stranger, text)
        assert witness.reached == [], name
        assert set(desk.__dict__["asked"]) <= {"person", "arrive"} | ({"tell"} if status is None else set()), name
        assert len(room.telegram.shown) == (1 if text.startswith("/") else 0), name


@pytest.mark.parametrize("name", [name for name in PRESSES if name != "unknown_button"])
async def test_every_press_reaches_its_handler_and_is_answered(name: str) -> None:
    room, witness = make_room(), _Witness()
    room.dispatcher.callback_query.middleware(witness)
    things = things_of(room.desk, ADMIN)
    room.desk.people[STRANGER] = Person(STRANGER, "Eve", None, "en", False, "pending")
    await set_state(room, ADMIN, None)
    await room.ann.press_data(PRESSES[name](things))
    assert witness.reached == [name]


@pytest.mark.parametrize("name", list(MESSAGES))
async def test_every_message_reaches_its_handler_and_is_answered(name: str) -> None:
    room, witness = make_room(), _Witness()
    room.dispatcher.message.middleware(witness)
    state, text = MESSAGES[name]
    bot = room.desk.give_bot(ADMIN)
    edited = {"bot": bot.id, "field": "leverage", "message": None}
    await set_state(room, ADMIN, state, edit=edited, limit={"person": GUEST, "message": None})
    await said(room.ann, text)
    assert witness.reached == [name]
    assert room.ann.messages


def _numbered(number: int) -> Things:
    things = things_of(FakeDesk(), GUEST)
    return Things(
        replace(things.bot, id=number),
        replace(things.key, id=number),
        replace(things.preset, id=number),
        replace(things.share, id=number),
    )


TOUCHING = [name for name, press in PRESSES.items() if press(_numbered(7)) != press(_numbered(8))]
"""The presses that carry the id of a row."""


def test_the_presses_that_carry_an_id_are_found() -> None:
    assert {"stop", "keys.delete", "bots.delete", "bots.start", "choose", "ask_field", "test"} <= set(TOUCHING)
    assert {"delete_preset", "revoke_share", "make_share", "apply_edit"} <= set(TOUCHING)
    assert len(TOUCHING) == 50


@pytest.mark.parametrize("activity", list(Activity))
@pytest.mark.parametrize("name", TOUCHING)
async def test_nobody_touches_what_is_anothers(name: str, activity: Activity) -> None:
    room = make_room()
    things = things_of(room.desk, GUEST)
    things.bot = room.desk.give_bot(GUEST, activity=activity)
    desk = room.desk
    before = dict(desk.owned_bots), dict(desk.owned_keys), dict(desk.owned_presets), dict(desk.owned_shares)
    toast = await room.ann.press_data(PRESSES[name](things))
    assert toast == "That does not exist any more."
    assert (desk.owned_bots, desk.owned_keys, desk.owned_presets, desk.owned_shares) == before
    assert room.desk.changes == []
    assert all("CRV" not in shown.text and "9xYz" not in shown.text for shown in room.ann.messages)


@pytest.mark.parametrize("name", [name for name in PRESSES if name.startswith("create.") or "pair" in name])
async def test_anothers_form_cannot_be_pressed(name: str) -> None:
    room = make_room()
    await room.bob.say("/new")
    draft = room.bob.last.buttons["📄 Paper"].split(":")[2]
    things = replace(things_of(room.desk, GUEST), draft=draft)
    toast = await room.ann.press_data(PRESSES[name](things))
    assert toast == "This form is no longer open. Begin a new one from /menu."
    assert room.desk.changes == []


async def test_an_edit_that_is_awaited_cannot_be_turned_on_anothers_bot() -> None:
    room = make_room()
    bot = room.desk.give_bot(GUEST)
    await set_state(room, ADMIN, Ask.edit.state, edit={"bot": bot.id, "field": "leverage", "message": None})
    await room.ann.say("25")
    assert "does not exist" in room.ann.text
    assert room.desk.changes == []


async def test_a_stranger_is_let_in_by_an_admin_and_told() -> None:
    room = make_room()
    eve = room.visitor(STRANGER, language="ru")
    await eve.say("/start")
    assert "Заявка у админов" in eve.text
    assert [type(each.notice).__name__ for each in room.desk.waiting.values()] == ["AccessRequested"]
    await eve.say("/start")
    assert len(room.desk.waiting) == 1
    await room.ann.press_data(DecideAccess(person=STRANGER, approve=True).pack())
    assert room.desk.people[STRANGER].may_act
    assert "may use the bot now" in room.ann.text
    await eve.say("/start")
    assert "Makergram" in eve.text
    assert "Новый бот" in str(eve.last.buttons)


async def test_a_decision_is_an_admins_and_taken_once() -> None:
    room = make_room()
    await room.stranger.say("/start")
    decision = DecideAccess(person=STRANGER, approve=True).pack()
    assert await room.bob.press_data(decision) == "Only an admin may do that."
    assert not room.desk.people[STRANGER].may_act
    await room.ann.press_data(decision)
    assert await room.ann.press_data(decision) == "Already done."
    toast = await room.ann.press_data(DecideAccess(person=STRANGER, approve=False).pack())
    assert "decided already" in (toast or "")
    assert room.desk.people[STRANGER].may_act


async def test_the_admin_page_is_for_admins_only() -> None:
    room = make_room()
    await room.bob.say("/admin")
    assert room.bob.text == "Only an admin may do that."
    await room.ann.say("/admin")
    assert "Health" in room.ann.text


async def test_in_groups_only_the_authorised_are_answered_and_never_about_keys() -> None:
    room = make_room()
    group = -500
    eve, bob = room.visitor(STRANGER, chat_id=group), room.visitor(GUEST, chat_id=group)
    await eve.say("/start")
    await bob.say("good morning")
    assert room.telegram.shown == {}
    await bob.say("/status")
    assert "no bots" in bob.text
    for command in ("/keys", "/new", "/settings", "/balance"):
        await bob.say(command)
        assert "private chat only" in bob.text
    key, _ = room.desk.give_key(GUEST), room.desk.give_key(GUEST)
    await bob.say("/price crv")
    assert key.label not in str(bob.last.buttons)
    await bob.press("Refresh")
    assert key.label not in str(bob.last.buttons)
    await room.bob.say("/price crv")
    assert key.label in str(room.bob.last.buttons)
    toast = await bob.press_data(OnKey(act=KeyAct.OPEN, key=key.id).pack())
    assert "private chat only" in (toast or "")
    assert all("9xYz" not in shown.text for shown in room.telegram.shown.values())


async def test_a_group_member_cannot_press_anothers_bot() -> None:
    room = make_room()
    bot = room.desk.give_bot(GUEST)
    ann = room.visitor(ADMIN, chat_id=-500)
    assert await ann.press_data(OnBot(act=BotAct.PAUSE, bot=bot.id).pack()) == "That does not exist any more."


async def test_whoever_hurries_is_told_once_and_every_press_is_answered() -> None:
    room = make_room(burst=3)
    bob: Visitor = room.bob
    for _ in range(6):
        await bob.say("/help")
    assert len(bob.messages) == 4
    assert "Too fast" in bob.text
    assert "Too fast" in (await bob.press_data(Go(page=Page.HELP).pack()) or "")
