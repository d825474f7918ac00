"""The one door, as a Protocol: everything a front may ask of trading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, Protocol

from trading.core.hearing import QuietHours
from trading.core.summaries import DailyReport
from trading.core.telling import Level, StoredNotice
from trading.desk.answers import (
    BotCard,
    BotOrders,
    BotReport,
    EditPreview,
    EditResult,
    Health,
    KeyCard,
    KeyCheck,
    MarketCard,
    Person,
    PreviewCard,
    StopChoice,
    StrategyInfo,
    VenueInfo,
)
from trading.desk.file_answers import ExportFile, Progress, Span, silent
from trading.desk.hearing_answers import HearingCard
from trading.desk.manual_answers import AccountBalance, PriceCard, ReductionOffer
from trading.desk.member_answers import Broadcast, Invite, Member, OpenInvite
from trading.desk.paper_prices import PaperAccountCard, PaperPrices
from trading.desk.preset_answers import PresetCard, ShareCard, SharedSettings
from trading.desk.profit_answers import Period, ProfitReport, ProfitView, Statistics
from trading.desk.trial_answers import TrialReport, TrialSource


class DeskProtocol(Protocol):
    """Every method that names a user acts on that user's rows only and raises DeskError("not_found") for another's.

    ``key_id`` None means the user's paper account. ``token`` is a single-use action token: a second call with the same
    token raises DeskError("already_done") and changes nothing. It is used together with what it did: a call that was
    refused has not used it, and may be made again.
    """

    # People

    async def person(self, user_id: int) -> Person | None: ...
    async def arrive(self, user_id: int, name: str, username: str | None, language: str) -> Person:
        """Note who knocked. Admins by settings are active at once; the first knock of a stranger tells the admins."""
        ...

    async def decide_access(self, admin_id: int, user_id: int, approve: bool) -> Person: ...
    async def set_language(self, user_id: int, language: str) -> Person: ...

    # What there is

    def venues(self) -> Sequence[VenueInfo]:
        """The proven ones."""
        ...

    async def find_venues(self, text: str, limit: int = 8) -> Sequence[VenueInfo]:
        """Unproven venues whose name holds ``text``, that of this very name first. The first call takes seconds."""
        ...

    def strategies(self) -> Sequence[StrategyInfo]: ...

    # Keys

    async def keys(self, user_id: int) -> Sequence[KeyCard]: ...
    async def add_key(
        self,
        user_id: int,
        venue: str,
        label: str,
        credentials: Mapping[str, str],
        *,
        kind: str = "",
        accept_withdrawal: bool = False,
    ) -> KeyCard:
        """Test, seal and store. ``kind`` chooses among the venue's kinds of markets; "" for the one there is.

        DeskError: unknown_venue, venue_unfit (``reason``: see KeyCheck), credentials_missing, key_refused, venue_away,
        key_may_withdraw, too_many_keys,
        key_exists (also when another person has it here: two bots must not trade one account unawares).
        """
        ...

    async def test_key(self, user_id: int, key_id: int) -> KeyCheck:
        """Ask the venue what the key may do. DeskError: key_unreadable (sealed with another master key)."""
        ...

    async def delete_key(self, user_id: int, key_id: int, *, token: str) -> None:
        """Stop the key's bots (orders canceled, positions left) and forget the key.

        DeskError: bots_still_stopping: call again, with the same token, when they have stopped. Bots of a key that the
        venue refuses cannot be stopped there; they are given up with it.
        """
        ...

    # Markets and previews

    async def find_markets(
        self, user_id: int, key_id: int | None, strategy: str, text: str, limit: int = 8
    ) -> Sequence[MarketCard]:
        """Markets whose name holds ``text`` ("" for the busiest), by volume; the coin of that very name comes first.

        DeskError: venue_away, key_refused.
        """
        ...

    async def recent_symbols(self, user_id: int, key_id: int | None) -> Sequence[str]: ...
    def check_settings(self, strategy: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """The complete config as JSON-able values. Raises InvalidSettings."""
        ...

    async def preview(
        self,
        user_id: int,
        key_id: int | None,
        strategy: str,
        symbol: str,
        config: Mapping[str, Any],
        *,
        bot_id: int | None = None,
    ) -> PreviewCard:
        """What Start would do now: of a new bot, or of ``bot_id``, which goes on with the coins that it has bought.

        DeskError: not_found, unknown_market, no_price, venue_away, key_refused; InvalidSettings.
        """
        ...

    async def preview_picture(self, card: PreviewCard, *, labels: Mapping[str, str], dark: bool = False) -> bytes:
        """PNG: the orders over a recent chart, average entry, take-profit, liquidation. Made off the loop.

        ``labels`` are the words in it (keys: trading.reports.charts.PREVIEW_LABELS); English where one is missing.
        """
        ...

    # Bots

    async def create(
        self,
        user_id: int,
        key_id: int | None,
        strategy: str,
        symbols: Sequence[str],
        config: Mapping[str, Any],
        *,
        accept_danger: bool,
        token: str,
    ) -> Sequence[BotCard]:
        """Create one bot for each symbol and start them, all or none.

        DeskError: preview_refused, danger_not_accepted, symbol_busy, position_exists, deposits_exceed_equity,
        too_many_bots, deposit_over_cap, pairs_count, unknown_market, no_price, maintenance, venue_away, key_refused,
        panic_meanwhile, already_done; InvalidSettings.
        """
        ...

    async def bots(self, user_id: int) -> Sequence[BotCard]: ...
    async def bot(self, user_id: int, bot_id: int) -> BotCard: ...
    async def orders(self, user_id: int, bot_id: int) -> BotOrders: ...
    async def report(self, user_id: int, bot_id: int, *, labels: Mapping[str, str], dark: bool = False) -> BotReport:
        """What the bot has to show for itself; reckoned and drawn off the loop.

        ``labels`` are the words in the picture; English where one is missing. DeskError: unknown_market (its rules
        are not known any more).
        """
        ...

    async def refresh(self, user_id: int, bot_id: int) -> BotCard:
        """Ask the venue what is true now, then answer."""
        ...

    async def start(self, user_id: int, bot_id: int, *, accept_danger: bool, token: str) -> BotCard:
        """Start a stopped bot again with its settings; checks as in create."""
        ...

    async def pause(self, user_id: int, bot_id: int) -> BotCard: ...
    async def resume(self, user_id: int, bot_id: int) -> BotCard: ...
    async def stop(self, user_id: int, bot_id: int, choice: StopChoice, *, token: str) -> BotCard: ...
    async def edit(
        self, user_id: int, bot_id: int, changes: Mapping[str, Any], *, token: str | None = None
    ) -> EditResult:
        """Change settings in any state. Raises InvalidSettings, deposit_over_cap, and for a bot that is active
        EditRefused (when the change itself makes it impossible), deposits_exceed_equity; a stopped one is checked at
        start. ``token`` None is for callers that have no button.
        """
        ...

    async def delete(self, user_id: int, bot_id: int, *, token: str) -> None:
        """Forget a stopped bot and its history. DeskError: bot_is_running."""
        ...

    async def panic(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        """Cancel every order and close every position of this user's active bots, in whatever state they are.

        A bot whose venue is away does it when the venue is back. What a stopped bot has left is its owner's.
        """
        ...

    # Drafts of forms, and what waits to be told

    async def get_draft(self, key: str) -> str | None: ...
    async def put_draft(self, key: str, body: str | None) -> None: ...
    async def waiting_notices(self, limit: int = 100) -> Sequence[StoredNotice]:
        """What may be told now, oldest first, at most ``limit`` for each person."""
        ...

    async def wait_for_notices(self) -> None:
        """Return when something new may be waiting."""
        ...

    async def notices_delivered(self, ids: Sequence[int]) -> None: ...
    async def postpone_notice(self, notice_id: int, until: datetime) -> None: ...
    async def notice_failed(self, notice_id: int, reason: str) -> None: ...
    async def health(self, admin_id: int) -> Health: ...

    # Records as files

    async def export(
        self, user_id: int, bot_id: int, what: str, span: Span, *, progress: Progress = silent
    ) -> ExportFile:
        """One of the strategy's tables as CSV: the newest MOST_EXPORTED_ROWS records of the span.

        DeskError: unknown_export, unknown_market.
        """
        ...

    async def export_workbook(
        self, user_id: int, bot_id: int | None, span: Span, *, labels: Mapping[str, str], progress: Progress = silent
    ) -> ExportFile:
        """All tables of a bot, or of all the user's bots (None), as one Excel workbook: a sheet each, one of contents.

        ``labels`` are the names of the tables and of ``contents``. Canceling the call ends the work.
        DeskError: nothing_to_export, unknown_market.
        """
        ...

    # Trials: settings replayed over candles

    async def trial_of_bot(
        self,
        user_id: int,
        bot_id: int,
        source: TrialSource,
        *,
        labels: Mapping[str, str],
        dark: bool = False,
        progress: Progress = silent,
    ) -> TrialReport:
        """A bot's settings over candles of its market, in a process of its own. Canceling the call ends it.

        ``labels`` are the words in the picture. DeskError: not_replayable (``lacks``: what candles do not hold),
        trial_running, too_many_trials, candles_few, candles_unreadable (``line``), candles_unordered (``line``),
        candles_header, candles_many, candles_large, trial_long, trial_failed, unknown_market, venue_away, key_refused.
        """
        ...

    async def trial_of_form(
        self,
        user_id: int,
        key_id: int | None,
        strategy: str,
        symbol: str,
        config: Mapping[str, Any],
        source: TrialSource,
        *,
        labels: Mapping[str, str],
        dark: bool = False,
        progress: Progress = silent,
    ) -> TrialReport:
        """As ``trial_of_bot``, for a bot that is not there yet. Raises InvalidSettings too."""
        ...

    # Presets and shared settings

    async def last_settings(self, user_id: int, strategy: str, symbols: Sequence[str]) -> Mapping[str, Any] | None:
        """The config of the bot that was started last with this strategy, on one of ``symbols`` first.

        Complete, but for the prices in it when that bot traded another market.
        """
        ...

    async def presets(self, user_id: int) -> Sequence[PresetCard]: ...
    async def save_preset(
        self, user_id: int, strategy: str, name: str, settings: Mapping[str, Any], *, token: str
    ) -> PresetCard:
        """Keep settings under a name.

        DeskError: name_unfit, preset_exists, too_many_presets, already_done; InvalidSettings.
        """
        ...

    async def rename_preset(self, user_id: int, preset_id: int, name: str) -> PresetCard:
        """DeskError: name_unfit, preset_exists."""
        ...

    async def delete_preset(self, user_id: int, preset_id: int) -> None: ...
    async def share(
        self, user_id: int, strategy: str, symbol: str, settings: Mapping[str, Any], *, with_name: bool, token: str
    ) -> ShareCard:
        """A link to these settings, without what says how much money is used.

        DeskError: too_many_shares, already_done; InvalidSettings.
        """
        ...

    async def shares(self, user_id: int) -> Sequence[ShareCard]: ...
    async def revoke_share(self, user_id: int, share_id: int) -> None: ...
    async def shared(self, code: str) -> SharedSettings:
        """What is behind a link, whoever made it. DeskError: share_unknown, share_expired."""
        ...

    # Looking before an edit

    async def preview_edit(self, user_id: int, bot_id: int, changes: Mapping[str, Any]) -> EditPreview:
        """What ``edit`` would do now, really planned; nothing is sent or stored. Raises what ``edit`` would."""
        ...

    # Profit, statistics and a bot's picture

    async def profit(
        self,
        user_id: int,
        period: Period,
        view: ProfitView = ProfitView.EQUITY,
        *,
        part: tuple[bool, str] | None = None,
        labels: Mapping[str, str],
        dark: bool = False,
        tz: tzinfo = UTC,
    ) -> ProfitReport:
        """What the bots earned in the period that holds now, by the calendar of ``tz``, with a picture of one part.

        ``part``: is it paper, and in which quote currency; the first where there is no such part. ``labels`` are the
        words in the picture: title, period, by_hour, by_day, by_week, by_month, profit_equity, profit_bars, drawdown,
        best, worst, paper.
        """
        ...

    async def statistics(self, user_id: int, *, tz: tzinfo = UTC) -> Statistics:
        """All that is measured of the person's trading, and for admins of the process."""
        ...

    async def chart(
        self, user_id: int, bot_id: int, *, labels: Mapping[str, str], dark: bool = False, tz: tzinfo = UTC
    ) -> bytes:
        """PNG: the price of late with the bot's fills in it, its orders beside it, average entry, take-profit, stop.

        ``labels``: keys of trading.reports.charts.GRID_LABELS and timeframe_1m, _5m, _15m, _1h, _4h. DeskError:
        unknown_market, no_price.
        """
        ...

    async def set_dark_pictures(self, user_id: int, dark: bool) -> Person:
        """Pictures for a dark chat, or for a light one."""
        ...

    # People, for admins. All raise DeskError("not_allowed") for who is no admin, or one no more; none of those that
    # name a person touches an admin: DeskError("admin_untouchable").

    async def members(self, admin_id: int) -> Sequence[Member]:
        """Everybody, by when they came."""
        ...

    async def member(self, admin_id: int, user_id: int) -> Member: ...
    async def suspend(self, admin_id: int, user_id: int, *, token: str) -> Member:
        """Shut an active person out. Their bots take no new entries, exits are kept; they are told.

        DeskError: already_done.
        """
        ...

    async def let_back(self, admin_id: int, user_id: int, *, token: str) -> Member:
        """Let a suspended person in again. What was paused waits for its owner. DeskError: already_done."""
        ...

    async def remove_member(self, admin_id: int, user_id: int, *, token: str) -> None:
        """Stop the person's bots (orders canceled, positions left), then forget everything of theirs.

        DeskError: person_still_stopping: call again, with the same token, when they have stopped; let_back_meanwhile.
        """
        ...

    async def set_max_deposit(self, admin_id: int, user_id: int, max_deposit: Decimal | None) -> Member:
        """What each of the person's bots may have at most (quote); None: as the settings say. DeskError: wrong_limit.

        It counts for what is created, started or edited from now on; a bot that has more keeps it.
        """
        ...

    async def set_max_bots(self, admin_id: int, user_id: int, max_bots: int | None) -> Member:
        """How many bots the person may have, stopped ones included; None: as the settings say."""
        ...

    async def note_heard(self, user_id: int) -> None:
        """The person spoke or pressed something."""
        ...

    async def note_deaf(self, user_id: int) -> None:
        """The person has blocked the bot."""
        ...

    # Invites

    async def make_invite(self, admin_id: int, lasts: timedelta | None) -> Invite:
        """A code that lets one person in, once, within ``lasts``. DeskError: too_many_invites."""
        ...

    async def invites(self, admin_id: int) -> Sequence[OpenInvite]: ...
    async def withdraw_invite(self, admin_id: int, invite_id: int) -> None: ...
    async def enter(self, user_id: int, name: str, username: str | None, language: str, code: str) -> Person:
        """Let in whoever holds the code, and tell the admin who made it. Somebody who is in leaves it unused.

        DeskError: invite_unknown, invite_used, invite_expired.
        """
        ...

    # Maintenance

    async def maintenance(self, admin_id: int) -> datetime | None:
        """Since when there is maintenance; None: there is none."""
        ...

    async def begin_maintenance(self, admin_id: int, *, token: str) -> int:
        """No bot of anybody's takes new entries, none can be begun or resumed, everybody is told; also after a restart.

        Answers how many were paused. DeskError: already_done.
        """
        ...

    async def end_maintenance(self, admin_id: int, *, token: str) -> int:
        """Let go on what maintenance has paused, and nothing else; answers how many. DeskError: already_done."""
        ...

    # Broadcasts

    async def audience(self, admin_id: int) -> int:
        """How many people a broadcast of this admin would reach."""
        ...

    async def begin_broadcast(self, admin_id: int, message_id: int, progress_id: int, *, token: str) -> Broadcast:
        """Store who is to get a copy of a message in the admin's private chat, where another one shows the progress.

        DeskError: nobody_to_tell.
        """
        ...

    async def broadcast(self, admin_id: int, broadcast_id: int) -> Broadcast: ...
    async def cancel_broadcast(self, admin_id: int, broadcast_id: int) -> Broadcast: ...
    async def resend_broadcast(self, admin_id: int, broadcast_id: int, *, token: str) -> Broadcast:
        """Once more to those with whom it failed. DeskError: nobody_to_tell, already_done (it is under way)."""
        ...

    async def recover_broadcasts(self) -> None:
        """At a start: what was being sent when the process ended may have arrived, and is never sent again."""
        ...

    async def running_broadcasts(self) -> Sequence[Broadcast]: ...
    async def wait_for_broadcasts(self) -> None:
        """Return when something about broadcasts has changed."""
        ...

    async def next_recipient(self, broadcast_id: int) -> int | None:
        """Who is next, noted as being sent to before this answers; None: nobody any more, or it was canceled."""
        ...

    async def note_delivery(self, broadcast_id: int, user_id: int, outcome: str, reason: str = "") -> None:
        """What became of it: delivered, blocked, failed, uncertain; waiting when it certainly has not left yet."""
        ...

    async def note_progress(self, broadcast_id: int, message_id: int) -> None: ...
    async def finish_broadcast(self, broadcast_id: int, *, failed: str = "") -> Broadcast:
        """Nobody is left; with ``failed`` everybody who still waits has failed for that reason."""
        ...

    # Copies

    async def backup(self, admin_id: int, *, token: str) -> tuple[str, bytes]:
        """A copy of the whole database: its name and its bytes. DeskError: backup_failed, backup_too_large."""
        ...

    # The paper account: its money, and whose prices it trades on

    async def paper(self, user_id: int) -> PaperAccountCard: ...
    async def set_paper_balance(self, user_id: int, currency: str, amount: Decimal) -> PaperAccountCard:
        """What the paper wallet holds of a currency from now on. More is always possible.

        DeskError: paper_amount_wrong, paper_currency_unknown, paper_balance_used (less, while running bots reckon with
        it), paper_balance_held (less than orders and positions hold back), venue_away.
        """
        ...

    async def reset_paper(self, user_id: int, *, token: str) -> PaperAccountCard:
        """Begin anew: the balances of a new account, no orders, no positions. Paper bots are stopped first.

        DeskError: paper_still_stopping: call again, with the same token, when they have stopped; already_done.
        """
        ...

    async def choose_paper_prices(self, user_id: int, prices: PaperPrices, *, token: str) -> PaperAccountCard:
        """Trade on other prices from now on; orders and positions on the old ones are gone, the wallet stays.

        DeskError: paper_bots_run, paper_seed_wrong, unknown_venue, venue_away, not_found, already_done.
        """
        ...

    async def upload_paper_prices(self, user_id: int, symbol: str, content: bytes, *, token: str) -> PaperAccountCard:
        """Keep a CSV of candles as the recording of ``symbol``, and trade on it, as ``choose_paper_prices``.

        DeskError: paper_file_large, paper_file_wrong (``line``, ``why``: see BadRecording, or not_text),
        paper_file_short, unknown_market.
        """
        ...

    async def stop_paper_bots(self, user_id: int, *, token: str) -> int:
        """Stop all paper bots (orders canceled, positions left); answers how many have not stopped yet."""

    # By hand

    async def reductions(self, user_id: int, bot_id: int) -> ReductionOffer:
        """What of a bot's position can be closed by hand."""
        ...

    async def reduce(self, user_id: int, bot_id: int, percent: int, *, token: str) -> BotCard:
        """Close ``percent`` (25, 50, 75) of the bot's position at the market; the take-profit follows.

        It is stored when this returns, done once whatever crashes, and told when it is done. DeskError: not_running,
        reduction_underway, nothing_to_reduce, too_little_to_reduce, bot_unreachable (its venue is away).
        """
        ...

    async def cancel_order(self, user_id: int, bot_id: int, number: int, *, token: str) -> BotOrders:
        """Take off the order of this number (see ``order_number``); told when the venue has confirmed it.

        A one-shot order, like a level of a grid, does not come back; a standing quote does. DeskError: not_running,
        order_is_gone, order_is_exit, order_is_market, bot_unreachable.
        """
        ...

    async def pause_all(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        """Pause every bot that runs. What goes wrong with one does not keep the others from it; then it is raised."""
        ...

    async def resume_all(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        """Resume every bot that is paused; those too that the breaker paused."""
        ...

    async def stop_all(self, user_id: int, choice: StopChoice, *, token: str) -> Sequence[BotCard]: ...

    # Balances and prices

    async def balances(self, user_id: int) -> Sequence[AccountBalance]:
        """Of the paper account and of every key, read in parallel; one that does not answer hides no other."""
        ...

    async def find_prices(self, user_id: int, key_id: int | None, text: str, limit: int = 8) -> Sequence[MarketCard]:
        """Markets of any kind on this account's venue whose name holds ``text``; see ``find_markets``."""
        ...

    async def price(self, user_id: int, key_id: int | None, symbol: str) -> PriceCard:
        """Best prices of now. DeskError: unknown_market, venue_away, key_refused."""
        ...

    # What a person hears, and when

    async def hearing(self, user_id: int) -> HearingCard: ...
    async def set_level(self, user_id: int, topic: str, level: Level) -> HearingCard:
        """DeskError: unknown_topic, topic_stays_on (there is only what must be known in it)."""
        ...

    async def set_quiet_hours(self, user_id: int, quiet: QuietHours | None) -> HearingCard: ...
    async def set_time_zone(self, user_id: int, name: str) -> HearingCard:
        """``name`` is an IANA name. DeskError: unknown_time_zone."""
        ...

    async def set_report_time(self, user_id: int, minute: int | None) -> HearingCard:
        """``minute`` after local midnight; None: no daily report. DeskError: no_time_of_day."""
        ...

    def find_time_zones(self, text: str) -> Sequence[str]:
        """IANA names for a city, a part of a name or an offset from UTC, the likeliest first; a few at most."""
        ...

    async def told(self, user_id: int, ids: Sequence[int]) -> Sequence[StoredNotice]:
        """This person's notices by id, whatever became of them, oldest first."""
        ...

    async def daily_picture(
        self, user_id: int, report: DailyReport, *, labels: Mapping[str, str], dark: bool = False
    ) -> bytes | None:
        """PNG of the day; None where nothing was measured. ``labels``: those of the equity chart, and ``title``."""
        ...
