"""Bots made, started again, and changed. Nothing is half done: all checks come first."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from trading.core.by_hand import ByHand
from trading.core.instrument import Instrument
from trading.core.notices import BotStarted
from trading.core.planning import Mode
from trading.desk import rules
from trading.desk.answers import BotCard, DeskError, EditPreview, EditResult, PreviewCard
from trading.desk.checks import ChecksRoom
from trading.desk.gates import check_gate
from trading.desk.steering import SteeringRoom
from trading.desk.titles import title_of_market
from trading.exchanges.errors import VenueError
from trading.runtime.accounts import AccountId
from trading.runtime.events import Wish
from trading.runtime.station import Station
from trading.runtime.worker import Worker
from trading.storage import Connection, RowMissing, bots, notices
from trading.storage.records import BotRecord

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Edit:
    """A change of settings that may be made."""

    record: BotRecord
    worker: Worker | None
    after: BaseModel
    deferred: tuple[str, ...]


class BotsRoom(SteeringRoom, ChecksRoom):
    """Everything that puts money to work, or changes how."""

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
        if not 1 <= len(wanted) <= self._house.limits.max_pairs:
            raise DeskError("pairs_count", limit=str(self._house.limits.max_pairs))
        checked = self._config(strategy, config)
        account = await self._account(user_id, key_id)
        async with self._turn(user_id):
            panics = self._panics[user_id]
            await self._check_token(token, user_id)
            await self._check_gate(user_id)
            owned = await self._house.storage.read(lambda c: bots.bots_of(c, user_id))
            await self._check_count(user_id, len(owned) + len(wanted))
            station = await self._station(account)
            new = self._new_record(account, station, strategy, checked)
            records = _named([replace(new, symbol=symbol) for symbol in wanted], {bot.name for bot in owned})
            markets = await self._check_start(account, station, records, checked, accept_danger)
            return await self._begin(records, markets, station, token, panics)

    async def start(self, user_id: int, bot_id: int, *, accept_danger: bool, token: str) -> BotCard:
        async with self._turn(user_id):
            panics = self._panics[user_id]
            await self._check_token(token, user_id)
            await self._check_gate(user_id)
            if (await self._own_bot(user_id, bot_id)).active:
                raise DeskError("already_running")
            await self._until_ended(bot_id)
            record = await self._own_bot(user_id, bot_id)
            checked = self._config(record.strategy, json.loads(record.config))
            account = await self._account(user_id, record.key_id)
            station = await self._station(account)
            markets = await self._check_start(account, station, [record], checked, accept_danger)
            again = self._started_again(record, station.clock.now())
            return (await self._begin([again], markets, station, token, panics))[0]

    async def edit(
        self, user_id: int, bot_id: int, changes: Mapping[str, Any], *, token: str | None = None
    ) -> EditResult:
        async with self._turn(user_id):
            if token is not None:
                await self._check_token(token, user_id)
            edit = await self._edited(user_id, bot_id, changes)
            if token is not None:
                await self._spend(token, user_id, lambda _: None)
            wish = Wish(config=edit.after.model_dump_json())
            card = await self._steer(user_id, bot_id, wish)
            # It is not done where no worker was there to do it.
            is_done = wish.done.done() and not wish.done.cancelled() and wish.done.exception() is None
            return EditResult(card, edit.deferred, wish.done.result() if is_done else None)

    async def preview_edit(self, user_id: int, bot_id: int, changes: Mapping[str, Any]) -> EditPreview:
        edit = await self._edited(user_id, bot_id, changes)
        card, config = await self.bot(user_id, bot_id), edit.after.model_dump(mode="json")
        if not edit.record.active:
            return EditPreview(card, config, (), start=await self._start_preview(edit.record, config))
        effect = edit.worker.rehearse(edit.after) if edit.worker else None
        return EditPreview(card, config, edit.deferred, effect)

    async def _edited(self, user_id: int, bot_id: int, changes: Mapping[str, Any]) -> _Edit:
        """The edit, checked. Raises the DeskError that forbids it."""
        record = await self._own_bot(user_id, bot_id)
        strategy = self._strategy(record.strategy)
        before = self._config(record.strategy, json.loads(record.config))
        after = self._config(record.strategy, {**json.loads(record.config), **changes})
        more = strategy.deposit(after) > strategy.deposit(before)
        if more:
            await self._check_cap(user_id, strategy.deposit(after))
        worker = self._house.supervisor.worker(bot_id)
        if record.active:
            # A stopped bot is checked when it starts, so that it can be mended in steps, or with its venue away.
            if more:
                await self._check_more_deposit(record, strategy.deposit(after))
            await self._check_edit(record, worker, before, after)
        state = worker.bench.state if worker else strategy.state_model.model_validate_json(record.state)
        deferred = strategy.deferred_fields(before, after, state) if record.active else ()
        return _Edit(record, worker, after, deferred)

    async def _start_preview(self, record: BotRecord, config: Mapping[str, Any]) -> PreviewCard | None:
        try:
            return await self.preview(
                record.user_id, record.key_id, record.strategy, record.symbol, config, bot_id=record.id
            )
        except DeskError as problem:
            # A stopped bot can be edited with its venue away; then nobody knows what Start would do.
            log.info("bot %s: no preview of its edit: %s", record.id, problem)
            return None

    async def _begin(
        self,
        records: Sequence[BotRecord],
        markets: Sequence[Instrument],
        station: Station,
        token: str,
        panics: int,
    ) -> Sequence[BotCard]:
        """Store and launch. From the commit on they are begun, whatever becomes of their venue."""
        user_id, now = records[0].user_id, station.clock.now()

        def store(connection: Connection) -> list[BotRecord]:
            if self._panics[user_id] != panics:
                raise DeskError("panic_meanwhile")
            check_gate(connection, user_id, self._house.admin_ids)
            for market in markets:
                rules.remember(connection, market, now)
            return [_store_begun(connection, record, now) for record in records]

        begun = await self._spend(token, user_id, store)
        for record in begun:
            try:
                await self._house.supervisor.launch(record)
            except VenueError as problem:
                # It is stored as active and the checks just passed: it begins when the venue answers again.
                self._house.supervisor.launch_later(record, problem)
            except Exception:  # the edge of one bot: the others of the same press begin all the same
                log.exception("bot %s is stored and could not be launched", record.id)
                self._house.supervisor.launch_later(record)
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
            by_hand=ByHand(count=record.by_hand.count),
        )

    def _new_record(self, account: AccountId, station: Station, strategy: str, config: BaseModel) -> BotRecord:
        now = station.clock.now()
        return BotRecord(
            user_id=account.user_id,
            key_id=account.key_id,
            venue=station.gateway.venue,
            symbol="",
            strategy=strategy,
            name="",
            config=config.model_dump_json(),
            active=True,
            mode=Mode.RUNNING,
            created_at=now,
            updated_at=now,
            started_at=now,
            deposit=self._strategy(strategy).deposit(config),
        )


def _named(records: Sequence[BotRecord], taken: Collection[str]) -> list[BotRecord]:
    """Each with a name that no other bot of its owner has: "grid CRV/USDT", "grid CRV/USDT 2"."""
    named = []
    for record in records:
        plain = name = f"{record.strategy} {title_of_market(record.symbol)}"
        number = 1
        while name in taken:
            number += 1
            name = f"{plain} {number}"
        named.append(replace(record, name=name))
    return named


def _store_begun(connection: Connection, record: BotRecord, now: datetime) -> BotRecord:
    if record.id == 0:
        record = bots.add_bot(connection, record)
    else:
        try:
            bots.update_bot(connection, record)
        except RowMissing as gone:
            raise DeskError("not_found") from gone
    notices.put_notices(connection, record.user_id, record.id, [BotStarted(symbol=record.symbol)], now)
    return record
