"""What a button carries. Ids only, checked again at every press; 64 bytes are Telegram's limit.

Everything that creates, starts, stops or moves money carries a single-use token, so that a second press does nothing.
"""

from __future__ import annotations

import secrets
from enum import StrEnum
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from trading.core.telling import Level
from trading.desk.answers import StopChoice
from trading.desk.paper_prices import PaperPrices, PriceKind
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
    PRESETS = "pre"
    SHARES = "shr"
    SETTINGS = "settings"
    PANIC = "panic"
    ADMIN = "admin"
    EXPORT = "export"
    TRIALS = "trials"
    ORDERS = "orders"
    BALANCE = "balance"
    PRICE = "price"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    PROFIT = "profit"
    STATS = "stats"
    PICTURES = "pictures"
    PAPER = "paper"
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
    TRIAL = "y"
    EDIT = "e"
    ADVANCED = "a"
    REVIEW = "ev"
    DISCARD = "ex"
    SAVE = "es"
    DELETE = "d"
    REDUCE = "q"


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
    PRESETS = "q"
    PRESET = "qp"
    SAVE = "qs"
    SUMMARY = "m"
    PREVIEW = "w"
    SHOW = "n"
    OFFER = "o"
    TRIAL = "y"
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


# Files, trials, and work that takes long


class AskDates(CallbackData, prefix="xd"):
    bot: int
    what: str


class TrialRecent(CallbackData, prefix="tr"):
    """``bot`` 0: the form with the mark ``draft``."""

    bot: int
    draft: str
    days: int


class TrialFile(CallbackData, prefix="tf"):
    bot: int
    draft: str


class CancelWork(CallbackData, prefix="w"):
    work: str


# By hand, all bots, balances and prices


class AskReduce(CallbackData, prefix="ra"):
    bot: int
    percent: int


class ReduceBot(CallbackData, prefix="rA"):
    bot: int
    percent: int
    token: str


class AskCancel(CallbackData, prefix="oa"):
    """``order`` counts the bot's orders."""

    bot: int
    order: int


class CancelOrder(CallbackData, prefix="oA"):
    bot: int
    order: int
    token: str


class OrdersPage(CallbackData, prefix="op"):
    page: int


class AllAct(StrEnum):
    PAUSE = "p"
    RESUME = "r"


class AskAll(CallbackData, prefix="aa"):
    act: AllAct


class SteerAll(CallbackData, prefix="aA"):
    act: AllAct
    token: str


class AskStopAll(CallbackData, prefix="as"):
    """Without a choice it is asked how."""

    choice: StopChoice | None = None


class StopAll(CallbackData, prefix="aS"):
    choice: StopChoice
    token: str


class PriceAt(CallbackData, prefix="pr"):
    """``key`` 0 is the paper account. A market's name is no id, but it names nobody's row."""

    key: int
    is_perpetual: bool
    title: str


# Presets, shared settings, and edits that were looked at


class ApplyEdit(CallbackData, prefix="bE"):
    """``token`` names the very changes that were looked at."""

    bot: int
    token: str


class PresetAct(StrEnum):
    OPEN = "o"
    RENAME = "n"
    ASK_DELETE = "d"
    DELETE = "D"


class OnPreset(CallbackData, prefix="p"):
    act: PresetAct
    preset: int


class ShareSource(StrEnum):
    BOT = "b"
    PRESET = "p"


class AskShare(CallbackData, prefix="sA"):
    """``number`` is the bot's or the preset's."""

    source: ShareSource
    number: int


class MakeShare(CallbackData, prefix="sM"):
    source: ShareSource
    number: int
    signed: bool
    token: str


class ShareAct(StrEnum):
    OPEN = "o"
    ASK_REVOKE = "r"
    REVOKE = "R"


class OnShare(CallbackData, prefix="sh"):
    """A link of one's own."""

    act: ShareAct
    share: int


class UseShare(CallbackData, prefix="su"):
    """Another's link is known by its code alone, so that nobody can count through them."""

    code: str


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


# The paper account


class PaperAct(StrEnum):
    BALANCES = "b"
    RESET = "r"
    PRICES = "p"
    SEED = "s"
    FILE = "f"


class OnPaper(CallbackData, prefix="pp"):
    act: PaperAct


class PaperCoin(CallbackData, prefix="pc"):
    currency: str


class ResetPaper(CallbackData, prefix="pR"):
    token: str


class PaperFileFor(CallbackData, prefix="pF"):
    """``market`` counts the markets that a recording can be brought for."""

    market: int


class AskPaperPrices(CallbackData, prefix="pA"):
    """``seed`` and ``venue`` are empty where the kind knows none."""

    kind: PriceKind
    venue: str = ""
    seed: Annotated[str, Field(pattern=r"^(-?[0-9]{1,18})?$")] = ""

    @property
    def prices(self) -> PaperPrices:
        return PaperPrices(self.kind, seed=int(self.seed) if self.seed else None, venue=self.venue)


class ChoosePaperPrices(CallbackData, prefix="pC"):
    kind: PriceKind
    token: str
    venue: str = ""
    seed: Annotated[str, Field(pattern=r"^(-?[0-9]{1,18})?$")] = ""

    @property
    def prices(self) -> PaperPrices:
        return PaperPrices(self.kind, seed=int(self.seed) if self.seed else None, venue=self.venue)


class StopPaperBots(CallbackData, prefix="pS"):
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
