"""The desk in memory: two people's rows, ownership enforced, tokens used once. Previews are the real grid's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from itertools import count
from typing import Any

from pydantic import ValidationError

from tests.tgbot.fake_by_hand import ByHandDesk
from tests.tgbot.fake_files import FakeFiles
from tests.tgbot.fake_hearing import FakeHearing
from tests.tgbot.fake_paper import FakePaper
from tests.tgbot.fake_people import FakePeople
from tests.tgbot.fake_presets import FakePresets
from tests.tgbot.fake_profit import ProfitOnDesk
from trading.core.client_ids import client_id
from trading.core.effects import Effect, Move
from trading.core.instrument import ZERO, Instrument, MarginTier, MarketKind, Side
from trading.core.notices import AccessDecided, AccessRequested
from trading.core.orders import Order, OrderStatus, OrderType, Role
from trading.core.planning import Finding, Mode, Surroundings, TargetOrder
from trading.core.telling import Notice, StoredNotice
from trading.desk.answers import (
    Activity,
    BotCard,
    BotOrders,
    BotReport,
    DeskError,
    EditPreview,
    EditResult,
    Health,
    InvalidSettings,
    KeyCard,
    KeyCheck,
    MarketCard,
    Person,
    PreviewCard,
    StopChoice,
    StrategyInfo,
    VenueInfo,
)
from trading.desk.markets import settings_problems
from trading.strategies import STRATEGIES

PERPETUAL, SPOT = frozenset({"perpetual"}), frozenset({"spot"})
ADMIN, GUEST, STRANGER = 10, 20, 30
NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
GRID = STRATEGIES["grid"]
PICTURE = b"\x89PNG picture"


def instrument(
    symbol: str, tick: str = "0.0001", step: str = "0.1", *, kind: MarketKind = MarketKind.PERPETUAL
) -> Instrument:
    return Instrument(
        venue="paper",
        symbol=symbol,
        kind=kind,
        base=symbol.split("/", maxsplit=1)[0],
        quote="USDT",
        price_tick=Decimal(tick),
        amount_step=Decimal(step),
        min_amount=Decimal(step),
        min_cost=Decimal(5),
        max_leverage=Decimal(50),
        tiers=(MarginTier(None, Decimal("0.01"), Decimal(50)),),
    )


MARKETS: Mapping[str, tuple[Decimal, Decimal, Instrument]] = {
    "BTC/USDT:USDT": (Decimal("95000.5"), Decimal(9_000_000_000), instrument("BTC/USDT:USDT", "0.1", "0.0001")),
    "CRV/USDT:USDT": (Decimal("0.5"), Decimal(34_000_000), instrument("CRV/USDT:USDT")),
    "CRV/USDT": (Decimal("0.5"), Decimal(12_000_000), instrument("CRV/USDT", kind=MarketKind.SPOT)),
    "<B>&/USDT:USDT": (Decimal("0.00001234"), Decimal(120), instrument("<B>&/USDT:USDT", "0.00000001", "1")),
}


class FakeDesk(FakeFiles, ByHandDesk, ProfitOnDesk, FakePeople, FakePresets, FakeHearing, FakePaper):
    """``failing`` names a DeskError that a method raises, by the method's name."""

    def __init__(self, language: str = "en") -> None:
        super().__init__()
        # The one before it in the line is a dataclass, which does not go on to it.
        FakeHearing.__init__(self)
        self.people = {
            ADMIN: Person(ADMIN, "Ann", "ann", language, True, "active"),
            GUEST: Person(GUEST, "Bob", None, language, False, "active"),
        }
        self.owned_keys: dict[int, tuple[int, KeyCard]] = {}
        self.owned_bots: dict[int, tuple[int, BotCard]] = {}
        self.drafts: dict[str, str] = {}
        self.waiting: dict[int, StoredNotice] = {}
        self.delivered: list[int] = []
        self.failed: dict[int, str] = {}
        self.postponed: dict[int, datetime] = {}
        self.failing: dict[str, DeskError] = {}
        self.changes: list[tuple[Any, ...]] = []
        self.previewed: list[int | None] = []
        """For each preview the bot that would go on, None for a new one."""
        self.withdrawable = False
        self.markets = MARKETS
        self.problems: dict[int | None, str] = {}
        self.equity = Decimal(1000)
        self.offered: tuple[str, ...] = ("grid",)
        self.figures: Mapping[str, str] = {"cycles": "3", "net": "+12.3 <USDT>", "new_one": "7"}
        self.report_picture: bytes | None = None
        self.effect: Effect | None = Effect(
            moved=(Move(order(0, "c1.tp", Decimal("0.51"), role=Role.TAKE_PROFIT), _EXIT),)
        )
        self.pictured = []
        self.asked_in: dict[str, tuple[tzinfo, str]] = {}
        """For each kind of picture in whose time it was asked for, and how that is said in it."""
        self.paper_accounts = {}
        self.brought = []
        self._tokens: set[str] = set()
        self._numbers = count(1)
        self._news = asyncio.Event()
        self._begin_presets()

    # What tests prepare

    def give_key(self, user_id: int, *, label: str = "main <key>", kinds: frozenset[str] = PERPETUAL) -> KeyCard:
        number = next(self._numbers)
        card = KeyCard(number, "bitget", "Bitget", label, "9xYz", "ok", False, 0, kinds)
        self.owned_keys[number] = (user_id, card)
        return card

    def give_bot(self, user_id: int, symbol: str = "CRV/USDT:USDT", **facts: Any) -> BotCard:
        number = next(self._numbers)
        price, _, market = MARKETS[symbol]
        card = BotCard(
            id=number,
            name="grid",
            strategy="grid",
            symbol=symbol,
            title=symbol.split(":", maxsplit=1)[0],
            venue="paper",
            venue_title="Paper",
            key_id=None,
            key_label="",
            is_paper=True,
            activity=Activity.RUNNING,
            mode=Mode.RUNNING,
            cause="",
            last_error="",
            config=self.check_settings("grid", {}),
            deposit=Decimal(100),
            instrument=market,
            price=price,
            price_is_stale=False,
            position=ZERO,
            average=None,
            take_profit=None,
            open_orders=0,
            unrealized=None,
            realized_net=Decimal("12.345"),
            today_net=Decimal("-0.5"),
            cycles=3,
            cooldown_until=None,
            created_at=NOW,
            last_fill_at=None,
        )
        card = replace(card, **facts)
        self.owned_bots[number] = (user_id, card)
        return card

    def tell(self, user_id: int, notice: Notice, bot_id: int | None = None) -> int:
        number = next(self._numbers)
        self.waiting[number] = StoredNotice(id=number, user_id=user_id, bot_id=bot_id, created_at=NOW, notice=notice)
        self._news.set()
        return number

    def _fail(self, method: str) -> None:
        if method in self.failing:
            raise self.failing[method]

    def _check_gate(self) -> None:
        if self.since is not None:
            raise DeskError("maintenance")

    def _note(self, *change: Any) -> None:
        self.changes.append(change)

    def _take(self, token: str) -> None:
        if token in self._tokens:
            raise DeskError("already_done")
        self._tokens.add(token)

    # People

    async def person(self, user_id: int) -> Person | None:
        self._fail("person")
        return self.people.get(user_id)

    async def arrive(self, user_id: int, name: str, username: str | None, language: str) -> Person:
        if user_id not in self.people:
            self.people[user_id] = Person(user_id, name, username, language, False, "pending")
            self.tell(ADMIN, AccessRequested(person_id=user_id, name=name))
        return self.people[user_id]

    async def decide_access(self, admin_id: int, user_id: int, approve: bool) -> Person:
        if not self.people[admin_id].is_admin:
            raise DeskError("not_allowed")
        if user_id not in self.people or self.people[user_id].is_admin:
            raise DeskError("not_found")
        decided = replace(self.people[user_id], status="active" if approve else "refused")
        if decided == self.people[user_id]:
            raise DeskError("already_done")
        if self.people[user_id].status in ("active", "suspended"):
            raise DeskError("already_decided")
        self.people[user_id] = decided
        self.tell(user_id, AccessDecided(approved=approve))
        return decided

    async def set_language(self, user_id: int, language: str) -> Person:
        self.people[user_id] = replace(self.people[user_id], language=language)
        return self.people[user_id]

    # What there is

    def venues(self) -> Sequence[VenueInfo]:
        return [
            VenueInfo("bitget", "Bitget", ("apiKey", "secret", "password"), True, PERPETUAL),
            VenueInfo("mexc", "MEXC <x>", ("apiKey", "secret"), True, SPOT),
        ]

    async def find_venues(self, text: str, limit: int = 8) -> Sequence[VenueInfo]:
        known = [
            VenueInfo("okx", "OKX", ("apiKey", "secret", "password"), False, PERPETUAL | SPOT),
            VenueInfo("hyperliquid", "Hyperliquid", ("walletAddress", "privateKey"), False, PERPETUAL),
            VenueInfo(
                "odd", "Odd <&> One", ("apiKey", "secret", "uid", "accountId", "login", "twofa", "token"), False, SPOT
            ),
        ]
        return [venue for venue in known if text.casefold() in venue.title.casefold()][:limit]

    def strategies(self) -> Sequence[StrategyInfo]:
        return [
            StrategyInfo(
                name,
                found.config_model,
                found.market_kinds,
                (*found.tables, "orders", "fills"),
                found.candles_lack,
                found.presets,
            )
            for name, found in STRATEGIES.items()
            if name in self.offered
        ]

    # Keys

    async def keys(self, user_id: int) -> Sequence[KeyCard]:
        return [card for owner, card in self.owned_keys.values() if owner == user_id]

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
        self._fail("add_key")
        if self.withdrawable and not accept_withdrawal:
            raise DeskError("key_may_withdraw")
        self.changes.append(("add_key", user_id, venue, label, dict(credentials), kind, accept_withdrawal))
        number = next(self._numbers)
        card = KeyCard(
            number,
            venue,
            venue.title(),
            label,
            next(iter(credentials.values()))[-4:],
            "ok",
            self.withdrawable,
            0,
            frozenset({kind}),
            is_proven := any(each.id == venue for each in self.venues()),
            {} if is_proven else {"order_stream": True, "batch": False},
        )
        self.owned_keys[number] = (user_id, card)
        return card

    async def test_key(self, user_id: int, key_id: int) -> KeyCheck:
        self._own_key(user_id, key_id)
        return KeyCheck(True, Decimal("512.3"), False)

    async def key_venue(self, user_id: int, key_id: int) -> VenueInfo:
        key = self._own_key(user_id, key_id)
        known = [*self.venues(), *await self.find_venues("")]
        return replace(next(each for each in known if each.id == key.venue), market_kinds=key.market_kinds)

    async def rename_key(self, user_id: int, key_id: int, label: str) -> KeyCard:
        card = self._own_key(user_id, key_id)
        self._fail("rename_key")
        self.changes.append(("rename_key", user_id, key_id, label))
        self.owned_keys[key_id] = (user_id, replace(card, label=label))
        return self._own_key(user_id, key_id)

    async def replace_credentials(
        self, user_id: int, key_id: int, credentials: Mapping[str, str], *, accept_withdrawal: bool = False
    ) -> KeyCard:
        card = self._own_key(user_id, key_id)
        self._fail("replace_credentials")
        if self.withdrawable and not accept_withdrawal:
            raise DeskError("key_may_withdraw")
        self.changes.append(("replace_credentials", user_id, key_id, dict(credentials), accept_withdrawal))
        tail = next(iter(credentials.values()))[-4:]
        self.owned_keys[key_id] = (user_id, replace(card, tail=tail, status="ok", can_withdraw=self.withdrawable))
        return self._own_key(user_id, key_id)

    async def delete_key(self, user_id: int, key_id: int, *, token: str) -> None:
        self._own_key(user_id, key_id)
        self._take(token)
        self._fail("delete_key")
        self.changes.append(("delete_key", user_id, key_id))
        del self.owned_keys[key_id]

    def _own_key(self, user_id: int, key_id: int) -> KeyCard:
        owner, card = self.owned_keys.get(key_id, (None, None))
        if owner != user_id or card is None:
            raise DeskError("not_found")
        return card

    # Markets and previews

    async def find_markets(
        self, user_id: int, key_id: int | None, strategy: str, text: str, limit: int = 8
    ) -> Sequence[MarketCard]:
        self._fail("find_markets")
        if strategy not in STRATEGIES:
            raise DeskError("unknown_strategy", strategy=strategy)
        if key_id is not None:
            self._own_key(user_id, key_id)
        return [
            MarketCard(symbol, symbol.split(":", maxsplit=1)[0], last, volume, market)
            for symbol, (last, volume, market) in MARKETS.items()
            if text.lower() in symbol.lower() and market.kind.value in STRATEGIES[strategy].market_kinds
        ]

    async def recent_symbols(self, user_id: int, key_id: int | None) -> Sequence[str]:
        return [card.symbol for owner, card in self.owned_bots.values() if owner == user_id]

    def check_settings(self, strategy: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return STRATEGIES[strategy].config_model.model_validate(dict(raw)).model_dump(mode="json")
        except ValidationError as error:
            raise InvalidSettings(settings_problems(error)) from error

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
        self._fail("preview")
        self.previewed.append(bot_id)
        if key_id is not None:
            self._own_key(user_id, key_id)
        last, _, market = MARKETS[symbol]
        checked = STRATEGIES[strategy].config_model.model_validate(dict(config))
        equity = self.equity
        balances = {market.quote: equity, market.base: equity / last}
        made = STRATEGIES[strategy].preview(checked, market, last, Surroundings(balances, is_public=key_id is not None))
        if "danger" in self.failing:
            made = replace(made, findings=(*made.findings, Finding("unreachable_levels", "danger", _UNREACHABLE)))
        title = symbol.split(":", maxsplit=1)[0]
        return PreviewCard(symbol, title, market, made, equity, (), key_id is None, balances)

    async def preview_picture(
        self, card: PreviewCard, *, labels: Mapping[str, str], dark: bool = False, tz: tzinfo = UTC
    ) -> bytes:
        self._fail("preview_picture")
        self.asked_in["preview"] = (tz, labels["times_paper"])
        return PICTURE

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
        self._take(token)
        self._fail("create")
        self._check_gate()
        for symbol in symbols:
            card = await self.preview(user_id, key_id, strategy, symbol, config)
            if card.preview.is_refused:
                raise DeskError("preview_refused")
            if card.preview.is_dangerous and not accept_danger:
                raise DeskError("danger_not_accepted")
        self.changes.append(("create", user_id, key_id, tuple(symbols), dict(config), accept_danger))
        return [
            self.give_bot(user_id, symbol, strategy=strategy, config=config, key_id=key_id, is_paper=key_id is None)
            for symbol in symbols
        ]

    async def bots(self, user_id: int) -> Sequence[BotCard]:
        self._fail("bots")
        return [card for owner, card in self.owned_bots.values() if owner == user_id]

    async def bot(self, user_id: int, bot_id: int) -> BotCard:
        self._fail("bot")
        owner, card = self.owned_bots.get(bot_id, (None, None))
        if owner != user_id or card is None:
            raise DeskError("not_found")
        return card

    async def orders(self, user_id: int, bot_id: int) -> BotOrders:
        card = await self.bot(user_id, bot_id)
        live = [
            replace(
                order(bot_id, f"c1.level{index}", Decimal(f"0.4{index}")), client_id=client_id(1, bot_id, index + 1)
            )
            for index in range(3)
        ]
        exit_order = order(bot_id, "c1.tp", Decimal("0.51"), side=Side.SELL, role=Role.TAKE_PROFIT)
        done = order(bot_id, "c1.level0", None, status=OrderStatus.FILLED)
        return BotOrders(bot_id, (*live, exit_order), (done,), card.instrument)

    async def report(
        self, user_id: int, bot_id: int, *, labels: Mapping[str, str], dark: bool = False, tz: tzinfo = UTC
    ) -> BotReport:
        await self.bot(user_id, bot_id)
        self.asked_in["report"] = (tz, labels["times_paper"])
        self._fail("report")
        return BotReport(bot_id, self.figures, self.report_picture, GRID.tables)

    async def refresh(self, user_id: int, bot_id: int) -> BotCard:
        return await self.bot(user_id, bot_id)

    async def start(self, user_id: int, bot_id: int, *, accept_danger: bool, token: str) -> BotCard:
        card = await self.bot(user_id, bot_id)
        self._take(token)
        self._fail("start")
        self._check_gate()
        if card.activity is not Activity.STOPPED:
            raise DeskError("already_running")
        return self._changed("start", user_id, card, activity=Activity.RUNNING, mode=Mode.RUNNING)

    async def pause(self, user_id: int, bot_id: int) -> BotCard:
        card = await self.bot(user_id, bot_id)
        if card.activity is Activity.STOPPED:
            raise DeskError("not_running")
        return self._changed("pause", user_id, card, activity=Activity.PAUSED, cause="user")

    async def resume(self, user_id: int, bot_id: int) -> BotCard:
        card = await self.bot(user_id, bot_id)
        if card.activity is not Activity.PAUSED:
            raise DeskError("not_paused")
        self._check_gate()
        return self._changed("resume", user_id, card, activity=Activity.RUNNING, cause="")

    async def stop(self, user_id: int, bot_id: int, choice: StopChoice, *, token: str) -> BotCard:
        card = await self.bot(user_id, bot_id)
        self._take(token)
        activity = Activity.STOPPING if choice is StopChoice.KEEP_EXIT else Activity.STOPPED
        return self._changed(f"stop {choice}", user_id, card, activity=activity, cause="user")

    async def edit(
        self, user_id: int, bot_id: int, changes: Mapping[str, Any], *, token: str | None = None
    ) -> EditResult:
        card = await self.bot(user_id, bot_id)
        self._fail("edit")
        if token is not None:
            self._take(token)
        config = self.check_settings(card.strategy, {**card.config, **changes})
        changed = self._changed(f"edit {dict(changes)}", user_id, card, config=config)
        return EditResult(changed, _deferred(changes), self.effect if card.is_at_work else None)

    async def preview_edit(self, user_id: int, bot_id: int, changes: Mapping[str, Any]) -> EditPreview:
        card = await self.bot(user_id, bot_id)
        self._fail("edit")
        config = self.check_settings(card.strategy, {**card.config, **changes})
        if card.is_at_work:
            return EditPreview(card, config, _deferred(changes), self.effect)
        start = await self.preview(user_id, card.key_id, card.strategy, card.symbol, config)
        return EditPreview(card, config, (), start=None if "start_preview" in self.failing else start)

    async def delete(self, user_id: int, bot_id: int, *, token: str) -> None:
        card = await self.bot(user_id, bot_id)
        self._take(token)
        if card.activity is not Activity.STOPPED:
            raise DeskError("bot_is_running")
        self.changes.append(("delete", user_id, bot_id))
        del self.owned_bots[bot_id]

    async def panic(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        self._take(token)
        self.changes.append(("panic", user_id))
        return await self.bots(user_id)

    def _changed(self, what: str, user_id: int, card: BotCard, **facts: Any) -> BotCard:
        self.changes.append((what, user_id, card.id))
        changed = replace(card, **facts)
        self.owned_bots[card.id] = (user_id, changed)
        return changed

    # Drafts and notices

    async def get_draft(self, key: str) -> str | None:
        return self.drafts.get(key)

    async def put_draft(self, key: str, body: str | None) -> None:
        if body is None:
            self.drafts.pop(key, None)
        else:
            self.drafts[key] = body

    async def waiting_notices(self, limit: int = 100) -> Sequence[StoredNotice]:
        self._fail("waiting_notices")
        return list(self.waiting.values())[:limit]

    async def wait_for_notices(self) -> None:
        await self._news.wait()
        self._news.clear()

    async def notices_delivered(self, ids: Sequence[int]) -> None:
        for each in ids:
            del self.waiting[each]
            self.delivered.append(each)

    async def postpone_notice(self, notice_id: int, until: datetime) -> None:
        self.postponed[notice_id] = until

    async def notice_failed(self, notice_id: int, reason: str) -> None:
        del self.waiting[notice_id]
        self.failed[notice_id] = reason

    async def health(self, admin_id: int) -> Health:
        if not self.people[admin_id].is_admin:
            raise DeskError("not_allowed")
        return Health(1, 2, 2, 0, ("bitget",), 1_234_567, 3.4)


_EXIT = TargetOrder("c1.tp", Role.TAKE_PROFIT, Side.SELL, OrderType.LIMIT, Decimal("12.3"), Decimal("0.52"))
_FROZEN = frozenset({"deposit", "leverage", "grid_levels", "direction"})


def _deferred(changes: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in changes if name in _FROZEN)


_UNREACHABLE = {"level": "3", "count_fills": "3", "count": "12", "price": "0.472"}


def order(
    bot_id: int,
    slot: str,
    price: Decimal | None,
    *,
    side: Side = Side.BUY,
    role: Role = Role.ENTRY,
    status: OrderStatus = OrderStatus.OPEN,
) -> Order:
    return Order(
        client_id=f"mg{bot_id}x{slot}",
        bot_id=bot_id,
        slot=slot,
        role=role,
        symbol="CRV/USDT:USDT",
        side=side,
        type=OrderType.LIMIT if price is not None else OrderType.MARKET,
        amount=Decimal("12.3"),
        price=price,
        created_at=NOW,
        updated_at=NOW,
        status=status,
    )
