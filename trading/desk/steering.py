"""Bots looked at, and steered: paused, resumed, stopped, closed at once, forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from trading.core.hearing import moment_of, zone_of
from trading.core.notices import BotPaused, BotResumed, ClosingDelayed
from trading.core.planning import Mode
from trading.core.telling import Notice
from trading.desk.answers import BotCard, BotOrders, DeskError, StopChoice
from trading.desk.cards import bot_card, histories
from trading.desk.gates import Gate, gate_of
from trading.desk.markets import MarketsRoom
from trading.runtime.events import Wish, WorkerEnded
from trading.storage import Connection, bots, notices, orders, preferences
from trading.storage.records import BotRecord

RECENT_ORDERS = 10
LOOK_BACK_ORDERS = 100
"""Among so many of a bot's newest orders its newest finished ones are looked for."""
ENDING_SECONDS = 5.0

STOP_MODES = {
    StopChoice.KEEP_EXIT: Mode.WIND_DOWN,
    StopChoice.CANCEL_ORDERS: Mode.CANCEL,
    StopChoice.CLOSE_ALL: Mode.CLOSE,
}


class SteeringRoom(MarketsRoom):
    """What exists already. Nothing here waits for a venue, so that stopping works when nothing else does."""

    # Looking

    async def bots(self, user_id: int) -> Sequence[BotCard]:
        return await self._cards(await self._house.storage.read(lambda c: bots.bots_of(c, user_id)))

    async def bot(self, user_id: int, bot_id: int) -> BotCard:
        return (await self._cards([await self._own_bot(user_id, bot_id)]))[0]

    async def orders(self, user_id: int, bot_id: int) -> BotOrders:
        card = await self.bot(user_id, bot_id)
        live, newest = await self._house.storage.read(
            lambda c: (orders.live_orders(c, bot_id), orders.orders_page(c, bot_id, user_id, LOOK_BACK_ORDERS))
        )
        worker = self._house.supervisor.worker(bot_id)
        return BotOrders(
            bot_id=bot_id,
            live=list(worker.bench.books.live.values()) if worker else live,
            recent=[order for order in newest if not order.is_live][:RECENT_ORDERS],
            instrument=card.instrument,
        )

    async def refresh(self, user_id: int, bot_id: int) -> BotCard:
        await self._own_bot(user_id, bot_id)
        await self._house.supervisor.refresh(bot_id)
        # What the venue said is in its worker's inbox by now; an empty wish returns when all of it is in the books.
        await self._wished(bot_id, Wish())
        return await self.bot(user_id, bot_id)

    # Steering

    async def pause(self, user_id: int, bot_id: int) -> BotCard:
        record = await self._active_bot(user_id, bot_id)
        if not _may_pause(record):
            raise DeskError("not_running")
        fact = BotPaused(symbol=record.symbol, cause="user")
        wish = Wish(mode=Mode.NO_ENTRIES, cause="user", notices=(fact,), when=_may_pause)
        return await self._steer(user_id, bot_id, wish)

    async def resume(self, user_id: int, bot_id: int) -> BotCard:
        record = await self._active_bot(user_id, bot_id)
        if not _may_resume(record):
            raise DeskError("not_paused")
        await self._check_gate(user_id)
        # Asked once more where it is carried out: a panic that came meanwhile must not be undone.
        wish = Wish(mode=Mode.RUNNING, notices=(BotResumed(symbol=record.symbol),), when=_may_resume)
        card = await self._steer(user_id, bot_id, wish)
        if (closed := await self._gate(user_id)) is not None:
            # It closed while this was under way, and whoever closed it has not seen this bot run.
            await self._hold(user_id, bot_id, closed)
            raise DeskError(closed.code)
        return card

    async def stop(self, user_id: int, bot_id: int, choice: StopChoice, *, token: str) -> BotCard:
        def check(connection: Connection) -> None:
            if not _own(connection, user_id, bot_id).active:
                raise DeskError("not_running")

        await self._spend(token, user_id, check)
        return await self._steer(user_id, bot_id, Wish(mode=STOP_MODES[choice], cause="user"))

    async def panic(self, user_id: int, *, token: str) -> Sequence[BotCard]:
        # What is being started at this moment sees the count before it is stored, or is seen here after it was.
        self._panics[user_id] += 1
        owned = await self._owned_for(token, user_id)
        wanted = [
            self._steer(user_id, record.id, Wish(mode=Mode.CLOSE, cause="panic")) for record in owned if record.active
        ]
        done = await asyncio.gather(*wanted, return_exceptions=True)
        for result in done:
            # Raised only now: what went wrong with one bot has kept no other from being closed.
            if isinstance(result, BaseException):
                raise result
        return [card for card in done if isinstance(card, BotCard)]

    async def delete(self, user_id: int, bot_id: int, *, token: str) -> None:
        def forget(connection: Connection) -> None:
            if _own(connection, user_id, bot_id).active:
                raise DeskError("bot_is_running")
            bots.delete_bot(connection, bot_id, user_id)

        async with self._turn(user_id):
            await self._check_token(token, user_id)
            if not (await self._own_bot(user_id, bot_id)).active:
                await self._until_ended(bot_id)
            await self._spend(token, user_id, forget)

    # For the other rooms

    async def _owned_for(self, token: str, user_id: int) -> Sequence[BotRecord]:
        """A person's bots, for an act on all of them that uses up the token."""
        return await self._spend(token, user_id, lambda c: bots.bots_of(c, user_id))

    async def _steer(self, user_id: int, bot_id: int, wish: Wish) -> BotCard:
        """Have a wish stored: by the bot's worker, or without one (its venue is away) for the worker to come."""
        if not await self._wished(bot_id, wish):
            changed = await self._house.storage.write(lambda c: self._store_wish(c, user_id, bot_id, wish))
            # Once more without what is told: a worker may have begun meanwhile, from what was stored before.
            again = Wish(mode=wish.mode, cause=wish.cause, config=wish.config, when=wish.when)
            if not await self._wished(bot_id, again) and changed.active:
                self._house.supervisor.note_change(bot_id)
                if wish.mode is not None:
                    self._house.supervisor.launch_later(changed)
        self._house.outbox.wake()
        return await self.bot(user_id, bot_id)

    async def _gate(self, user_id: int) -> Gate | None:
        """What keeps this person's bots from new entries now."""
        return await self._house.storage.read(lambda c: gate_of(c, user_id, self._house.admin_ids))

    async def _check_gate(self, user_id: int) -> None:
        """Raise DeskError maintenance or access_suspended."""
        if (closed := await self._gate(user_id)) is not None:
            raise DeskError(closed.code)

    async def _hold(self, user_id: int, bot_id: int, gate: Gate) -> None:
        """No new entries because of ``gate``. Whatever its owner has chosen since stands, closing above all."""
        await self._steer(user_id, bot_id, Wish(mode=Mode.NO_ENTRIES, cause=gate.cause, when=gate.holds))

    async def _wished(self, bot_id: int, wish: Wish) -> bool:
        """Whether the bot's worker has stored the wish; False when there is none that could."""
        worker = self._house.supervisor.worker(bot_id)
        if worker is None:
            return False
        try:
            await worker.wish(wish)
        except WorkerEnded:
            return False
        return True

    def _store_wish(self, connection: Connection, user_id: int, bot_id: int, wish: Wish) -> BotRecord:
        now, found = self._house.now(), _own(connection, user_id, bot_id)
        if not wish.suits(found):
            return found
        changed = replace(found, updated_at=now)
        if wish.config is not None:
            strategy = self._strategy(changed.strategy)
            deposit = strategy.deposit(strategy.config_model.model_validate_json(wish.config))
            changed = replace(changed, config=wish.config, deposit=deposit)
        if wish.mode is not None and changed.active:
            last_error = "" if wish.mode is Mode.RUNNING else changed.last_error
            by_hand = changed.by_hand.ending_by(wish.mode, wish.cause, now)
            changed = replace(changed, mode=wish.mode, cause=wish.cause, last_error=last_error, by_hand=by_hand)
        changed, facts = self._told_to_wait(connection, changed)
        bots.update_bot(connection, changed)
        notices.put_notices(connection, user_id, bot_id, (*wish.notices, *facts), now)
        return changed

    def _told_to_wait(self, connection: Connection, record: BotRecord) -> tuple[BotRecord, Sequence[Notice]]:
        """A bot that does not run because its venue is away cannot close now: that is told at once, and once."""
        ending = record.by_hand.ending
        if ending is None or ending.delay_told or not record.active:
            return record, ()
        fact = ClosingDelayed(
            symbol=record.symbol,
            orders=len(orders.live_orders(connection, record.id)),
            position=record.ledger.position,
            detail="venue_away",
        )
        told = replace(record.by_hand, ending=replace(ending, delay_told=True))
        return replace(record, by_hand=told), (fact,)

    async def _until_ended(self, bot_id: int) -> None:
        """A stopped bot's worker may still be ending its requests: two workers of one bot would double its orders.

        Raises DeskError("already_running") when it does not end.
        """
        if not await self._house.supervisor.has_ended(bot_id, ENDING_SECONDS):
            raise DeskError("already_running")

    async def _own_bot(self, user_id: int, bot_id: int) -> BotRecord:
        return await self._house.storage.read(lambda c: _own(c, user_id, bot_id))

    async def _active_bot(self, user_id: int, bot_id: int) -> BotRecord:
        record = await self._own_bot(user_id, bot_id)
        if not record.active:
            raise DeskError("not_running")
        return record

    async def _cards(self, records: Sequence[BotRecord]) -> Sequence[BotCard]:
        workers = {record.id: self._house.supervisor.worker(record.id) for record in records}
        working = [bot_id for bot_id, worker in workers.items() if worker is not None]
        midnights = await self._midnights(records)
        found = await histories(self._house.storage, records, working, midnights)
        return [
            bot_card(
                record,
                workers[record.id],
                found[record.id],
                midnights[record.id],
                self._house.strategies.get(record.strategy),
            )
            for record in records
        ]

    async def _midnights(self, records: Sequence[BotRecord]) -> Mapping[int, datetime]:
        """For each bot when its owner's today began, by the clock by which it lives: paper time runs ahead."""
        owners = {record.user_id for record in records}
        zones = await self._house.storage.read(
            lambda c: {owner: zone_of(preferences.preferences_of(c, owner).time_zone) for owner in owners}
        )
        found = {}
        for record in records:
            clock = self._house.connections.paper.clock_of(record.user_id)
            now = clock.now() if record.key_id is None else self._house.now()
            zone = zones[record.user_id]
            found[record.id] = moment_of(now.astimezone(zone).date(), 0, zone)
        return found


def _may_pause(record: BotRecord) -> bool:
    return record.mode is Mode.RUNNING


def _may_resume(record: BotRecord) -> bool:
    return record.mode in (Mode.NO_ENTRIES, Mode.WIND_DOWN)


def _own(connection: Connection, user_id: int, bot_id: int) -> BotRecord:
    record = bots.find_bot(connection, bot_id, user_id)
    if record is None:
        raise DeskError("not_found")
    return record
