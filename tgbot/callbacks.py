"""What a button carries. Ids only, checked again at every press; 64 bytes are Telegram's limit.

Everything that creates, starts, stops or moves money carries a single-use token, so that a second press does nothing.
"""

from __future__ import annotations

import secrets
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from trading.core.telling import Level
from trading.desk.answers import StopChoice
from trading.desk.profit_answers import Period, ProfitView


def new_token() -> str:
    """Short enough for a button, long enough not to be met twice."""
    return secrets.token_hex(6)


class Page(StrEnum):
    HOME = "home"
    HELP = "help"
    BOTS = "bots"
    STATUS = "status"
    KEYS = "keys"
    NEW = "new"
    SETTINGS = "settings"
    PANIC = "panic"
    ADMIN = "admin"
    EXPORT = "export"
    PROFIT = "profit"
    STATS = "stats"
    PICTURES = "pictures"
    PEOPLE = "people"
    INVITES = "invites"
    BROADCAST = "cast"
    LOG = "log"
    BACKUP = "backup"
    MAINTENANCE = "maint"


class Go(CallbackData, prefix="go"):
    page: Page


class SetLanguage(CallbackData, prefix="lang"):
    language: str


class DecideAccess(CallbackData, prefix="acc"):
    person: int
    approve: bool


class BotAct(StrEnum):
    OPEN = "o"
    REFRESH = "r"
    PAUSE = "p"
    RESUME = "c"
    STOP = "s"
    START = "g"
    ORDERS = "l"
    STATISTICS = "t"
    CHART = "h"
    EXPORT = "x"
    EDIT = "e"
    ADVANCED = "a"
    DELETE = "d"


class OnBot(CallbackData, prefix="b"):
    act: BotAct
    bot: int


class AskStop(CallbackData, prefix="bs"):
    bot: int
    choice: StopChoice


class StopBot(CallbackData, prefix="bS"):
    bot: int
    choice: StopChoice
    token: str


class DeleteBot(CallbackData, prefix="bD"):
    bot: int
    token: str


class StartBot(CallbackData, prefix="bG"):
    bot: int
    sure: bool
    token: str


class EditField(CallbackData, prefix="be"):
    bot: int
    field: str


class EditChoice(CallbackData, prefix="bc"):
    """``option`` counts the choices of the field; -1 means none (switched off)."""

    bot: int
    field: str
    option: int


class KeyAct(StrEnum):
    OPEN = "o"
    TEST = "t"
    DELETE = "d"


class OnKey(CallbackData, prefix="k"):
    act: KeyAct
    key: int


class DeleteKey(CallbackData, prefix="kD"):
    key: int
    token: str


class KeyFormAct(StrEnum):
    BEGIN = "b"
    LIST = "l"
    VENUE = "v"
    OTHER = "o"
    FOUND = "f"
    KIND = "k"
    SAVE = "s"
    INSIST = "i"
    INSIST_AGAIN = "I"
    CANCEL = "x"


class OnKeyForm(CallbackData, prefix="kf"):
    """``form`` is the form's own mark: a button of another form does nothing; ``option`` counts what was shown."""

    act: KeyFormAct
    form: str = ""
    option: int = 0


class DraftAct(StrEnum):
    """What can be pressed while a bot is being made."""

    STRATEGY = "s"
    ACCOUNT = "a"
    PAIR = "p"
    PAIRS_BUSIEST = "pb"
    PAIRS_DONE = "pd"
    VALUE = "v"
    EDIT = "e"
    ADVANCED = "ea"
    SUMMARY = "m"
    PREVIEW = "w"
    SHOW = "n"
    OFFER = "o"
    BACK = "b"
    CANCEL = "x"


class OnDraft(CallbackData, prefix="d"):
    """``draft`` is the mark of the half-made bot; ``option`` counts what was shown, -1 means none."""

    act: DraftAct
    draft: str
    option: int = 0


class StartDraft(CallbackData, prefix="dG"):
    draft: str
    sure: bool
    token: str


class Panic(CallbackData, prefix="pan"):
    token: str


class ExportTable(CallbackData, prefix="xt"):
    bot: int
    what: str


class ExportPeriod(CallbackData, prefix="xp"):
    bot: int
    what: str
    period: str


# Profit, statistics, pictures


class OnProfit(CallbackData, prefix="pf"):
    """``paper`` and ``quote`` name the part that is shown; where there is none of that name the first one is."""

    period: Period
    view: ProfitView
    paper: bool
    quote: str


class SetPictures(CallbackData, prefix="pic"):
    dark: bool


# What admins do. Everything is checked again at the press: an admin may be one no more.


class PeoplePage(CallbackData, prefix="um"):
    """``number`` counts the pages of the list from 0."""

    number: int


class MemberAct(StrEnum):
    OPEN = "o"
    SUSPEND = "s"
    REMOVE = "r"
    MAX_DEPOSIT = "d"
    MAX_BOTS = "b"


class OnMember(CallbackData, prefix="u"):
    act: MemberAct
    person: int


class SuspendMember(CallbackData, prefix="uS"):
    person: int
    token: str


class LetBackMember(CallbackData, prefix="uB"):
    person: int
    token: str


class RemoveMember(CallbackData, prefix="uR"):
    person: int
    token: str


class LikeEverybody(CallbackData, prefix="uE"):
    """No limit of one's own any more; ``limit`` is MAX_DEPOSIT or MAX_BOTS."""

    limit: MemberAct
    person: int


class MakeInvite(CallbackData, prefix="in"):
    """``hours`` 0: it does not expire."""

    hours: int


class WithdrawInvite(CallbackData, prefix="iw"):
    invite: int


class SwitchMaintenance(CallbackData, prefix="mt"):
    on: bool
    token: str


class SendLog(CallbackData, prefix="lf"):
    pass


class SendBackup(CallbackData, prefix="bk"):
    token: str


class SendBroadcast(CallbackData, prefix="mB"):
    """``message`` is the copy that was shown as the preview, so that what is sent is what was seen."""

    message: int
    token: str


class CancelBroadcast(CallbackData, prefix="mX"):
    broadcast: int


class ResendBroadcast(CallbackData, prefix="mR"):
    broadcast: int
    token: str


# What a person hears, and when


class HearPage(StrEnum):
    LEVELS = "l"
    QUIET = "q"
    ZONE = "z"
    REPORT = "r"


class OnHearing(CallbackData, prefix="h"):
    page: HearPage


class SetLevel(CallbackData, prefix="hl"):
    """The level that it is to have, not the next one: a second press of the same button changes nothing more."""

    topic: str
    level: Level


class SetQuiet(CallbackData, prefix="hq"):
    """Minutes after midnight; -1 for both: no quiet hours."""

    begins: int
    ends: int


class SetZone(CallbackData, prefix="hz"):
    zone: str


class SetReport(CallbackData, prefix="hr"):
    """Minutes after midnight; -1: no daily report."""

    minute: int
