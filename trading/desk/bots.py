"""Bots: made, started, paused, changed, stopped, forgotten. Nothing is half done: all checks come first."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from trading.core.notices import BotPaused, BotResumed, BotStarted
from trading.core.planning import Mode
from trading.desk.answers import BotCard, BotOrders, DeskError, EditResult, StopChoice
from trading.desk.cards import bot_card, histories
from trading.desk.checks import ChecksRoom
from trading.desk.house import House
from trading.desk.keys import KeysRoom
from trading.desk.markets import title_of_market
from trading.exchanges.errors import VenueError
from trading.runtime.accounts import AccountId
from trading.runtime.events import Wish
from trading.runtime.station import Station
from trading.storage import Connection, bots, notices, orders
from trading.storage.records import BotRecord

_STOP_MODES = {
    StopChoice.KEEP_EXIT: Mode.WIND_DOWN,
    StopChoice.CANCEL_ORDERS: Mode.CANCEL,
    StopChoice.CLOSE_ALL: Mode.CLOSE,
}
RECENT_ORDERS = 10
MOST_PAIRS = 10


class BotsRoom(KeysRoom, ChecksRoom):
    """Everything about bots."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._creating: defaultdict[AccountId, asyncio.Lock] = defaultdict(asyncio.Lock)

    # Looking

    async def bots(self, user_id: int) -> Sequence[BotCard]:
        return await self._cards(await self._house.storage.read(lambda c: bots.bots_of(c, user_id)))

    async def bot(self, user_id: int, bot_id: int) -> BotCard:
        return (await self._cards([await self._own_bot(user_id, bot_id)]))[0]

    async def orders(self, user_id: int, bot_id: int) -> BotOrders:
        await self._own_bot(user_id, bot_id)
        worker = self._house.supervisor.worker(bot_id)
        stored = await self._house.storage.read(lambda c: orders.orders_page(c, bot_id, user_id, 100))
        live = list(worker.bench.books.live.values()) if worker else [order for order in stored if order.is_live]
        return BotOrders(
            bot_id=bot_id,
            live=live,
            recent=[order for order in stored if not order.is_live][:RECENT_ORDERS],
            instrument=worker.bench.books.instrument if worker else None,
        )

    async def refresh(self, user_id: int, bot_id: int) -> BotCard:
        await self._own_bot(user_id, bot_id)
        await self._house.supervisor.refresh(bot_id)
        return await self.bot(user_id, bot_id)

    # Starting

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
        wanted = list(dict.fromkeys(symbols))
        if not 1 <= len(wanted) <= MOST_PAIRS:
            raise DeskError("pairs_count", limit=str(MOST_PAIRS))
        checked = self._config(strategy, config)
        account = await self._account(user_id, key_id)
        await self._take_token(token, user_id)
        async with self._creating[account]:
            station = await self._station(account)
            records = [self._new_record(account, station, strategy, symbol, checked) for symbol in wanted]
            await self._check_count(user_id, len(records))
            await self._check_start(account, station, records, checked, accept_danger)
            return await self._begin(records, station)

    async def start(self, user_id: int, bot_id: int, *, accept_danger: bool, token: str) -> BotCard:
        record = await self._own_bot(user_id, bot_id)
        await self._take_token(token, user_id)
        account = await self._account(user_id, record.key_id)
        async with self._creating[account]:
            if (await self._own_bot(user_id, bot_id)).active:
                raise DeskError("already_running")
            station = await self._station(account)
            checked = self._config(record.strategy, json.loads(record.config))
            await self._check_start(account, station, [record], checked, accept_danger)
            again = self._started_again(record, station.clock.now())
            return (await self._begin([again], station))[0]

    async def _begin(self, records: Sequence[BotRecord], station: Station) -> Sequence[BotCard]:
        now = station.clock.now()

        def store(connection: Connection) -> list[BotRecord]:
            stored = []
            for record in records:
                if record.id:
                    bots.update_bot(connection, record)
                    stored.append(record)
                else:
                    stored.append(bots.add_bot(connection, record))
                started = BotStarted(symbol=record.symbol)
                notices.put_notices(connection, record.user_id, stored[-1].id, [started], now)
            return stored

        begun = await self._house.storage.write(store)
        for record in begun:
            try:
                await self._house.supervisor.launch(record)
            except VenueError as problem:
                # It is stored as active and the checks just passed: it begins when the venue answers again.
                self._house.supervisor.launch_later(record, problem)
        self._house.outbox.wake()
        return await self._cards(begun)

    def _started_again(self, record: BotRecord, now: datetime) -> BotRecord:
        strategy = self._strategy(record.strategy)
        state = strategy.started(strategy.state_model.model_validate_json(record.state))
        return replace(
            record,
            state=state.model_dump_json(),
            active=True,
            mode=Mode.RUNNING,
            cause="",
            last_error="",
            updated_at=now,
            started_at=now,
        )

    def _new_record(
        self, account: AccountId, station: Station, strategy: str, symbol: str, config: BaseModel
    ) -> BotRecord:
        now = station.clock.now()
        return BotRecord(
            user_id=account.user_id,
            key_id=account.key_id,
            venue=station.gateway.venue,
            symbol=symbol,
            strategy=strategy,
            name=f"{strategy} {title_of_market(symbol)}",
            config=config.model_dump_json(),
            active=True,
            mode=Mode.RUNNING,
            created_at=now,
            updated_at=now,
            started_at=now,
            deposit=self._strategy(strategy).deposit(config),
        )

    # Steering

    async def pause(self, user_id: int, bot_id: int) -> BotCard:
        record = await self._active_bot(user_id, bot_id)
        if record.mode is not Mode.RUNNING:
            raise DeskError("not_running")
        fact = BotPaused(symbol=record.symbol, cause="user")
        return await self._steer(record, Wish(mode=Mode.NO_ENTRIES, cause="user", notices=(fact,)))

    async def resume(self, user_id: int, bot_id: int) -> BotCard:
        record = await self._active_bot(user_id, bot_id)
        if record.mode not in (Mode.NO_ENTRIES, Mode.WIND_DOWN):
            raise DeskError("not_paused")
        return await self._steer(record, Wish(mode=Mode.RUNNING, notices=(BotResumed(symbol=record.symbol),)))

    async def stop(self, user_id: int, bot_id: int, choice: StopChoice, *, token: str) -> BotCard:
        record = await self._active_bot(user_id, bot_id)
        await self._take_token(token, user_id)
        return await self._steer(record, Wish(mode=_STOP_MODES[choice], cause="user"))

    async def panic(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        await self._take_token(token, user_id)
        owned = await self._house.storage.read(lambda c: bots.bots_of(c, user_id))
        active = [record for record in owned if record.active]
        return list(await asyncio.gather(*(self._steer(bot, Wish(mode=Mode.CLOSE, cause="panic")) for bot in active)))

    async def edit(self, user_id: int, bot_id: int, changes: Mapping[str, Any]) -> EditResult:
        record = await self._own_bot(user_id, bot_id)
        before = self._config(record.strategy, json.loads(record.config))
        after = self._config(record.strategy, {**json.loads(record.config), **changes})
        cap = self._house.limits.max_deposit
        strategy = self._strategy(record.strategy)
        if cap is not None and strategy.deposit(after) > cap:
            raise DeskError("deposit_over_cap", limit=f"{cap:f}")
        if strategy.deposit(after) > strategy.deposit(before):
            await self._check_more_deposit(record, strategy.deposit(after))
        shown = await self.preview(
            user_id, record.key_id, record.strategy, record.symbol, after.model_dump(mode="json")
        )
        if shown.preview.is_refused:
            raise DeskError("preview_refused", symbol=title_of_market(record.symbol))
        worker = self._house.supervisor.worker(bot_id)
        state = worker.bench.state if worker else strategy.state_model.model_validate_json(record.state)
        deferred = strategy.deferred_fields(before, after, state) if record.active else ()
        card = await self._steer(record, Wish(config=after.model_dump_json()))
        return EditResult(card, deferred)

    async def delete(self, user_id: int, bot_id: int, *, token: str) -> None:
        record = await self._own_bot(user_id, bot_id)
        if record.active:
            raise DeskError("bot_is_running")
        await self._take_token(token, user_id)
        await self._house.storage.write(lambda c: bots.delete_bot(c, bot_id, user_id))

    async def _steer(self, record: BotRecord, wish: Wish) -> BotCard:
        """Have a running bot changed by its own worker; change a bot without one in the database."""
        house = self._house
        worker = house.supervisor.worker(record.id)
        if worker is not None:
            await worker.wish(wish)
        else:
            changed = replace(record, updated_at=house.now())
            if wish.config is not None:
                deposit = self._strategy(record.strategy).deposit(
                    self._config(record.strategy, json.loads(wish.config))
                )
                changed = replace(changed, config=wish.config, deposit=deposit)
            if wish.mode is not None:
                changed = replace(changed, mode=wish.mode, cause=wish.cause)
            await house.storage.write(lambda c: bots.update_bot(c, changed))
            if changed.active and wish.mode is not None:
                house.supervisor.launch_later(changed)
        house.outbox.wake()
        return await self.bot(record.user_id, record.id)

    async def _own_bot(self, user_id: int, bot_id: int) -> BotRecord:
        record = await self._house.storage.read(lambda c: bots.find_bot(c, bot_id, user_id))
        if record is None:
            raise DeskError("not_found")
        return record

    async def _active_bot(self, user_id: int, bot_id: int) -> BotRecord:
        record = await self._own_bot(user_id, bot_id)
        if not record.active:
            raise DeskError("not_running")
        return record

    async def _cards(self, records: Sequence[BotRecord]) -> Sequence[BotCard]:
        found = await histories(self._house.storage, records)
        midnight = self._house.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return [
            bot_card(record, self._house.supervisor.worker(record.id), found[record.id], _day_of(record, midnight))
            for record in records
        ]


def _day_of(record: BotRecord, midnight: datetime) -> datetime:
    """Today's beginning; a paper bot's clock may run ahead of the machine's."""
    ahead = max(midnight, record.updated_at).replace(hour=0, minute=0, second=0, microsecond=0)
    return ahead if record.key_id is None else midnight
