"""Messages of an admin to everybody: who is still to get one is stored, so that nobody gets it twice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from trading.desk.answers import DeskError
from trading.desk.house import House, Room
from trading.desk.member_answers import Announcement, Broadcast, BroadcastList
from trading.storage import Connection, broadcasts, memberships, users
from trading.storage.records import BroadcastRecord

OUTCOMES = frozenset({"waiting", "delivered", "blocked", "failed", "uncertain"})
MOST_REASONS = 3


class BroadcastsRoom(Room):
    """Half of it is for admins, half for whoever carries the messages."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._news = asyncio.Event()

    # For admins

    async def audience(self, admin_id: int) -> int:
        self._check_admin(admin_id)
        return len(await self._house.storage.read(lambda c: self._audience(c, admin_id)))

    async def begin_broadcast(self, admin_id: int, said: Announcement, progress_id: int, *, token: str) -> Broadcast:
        self._check_admin(admin_id)
        at = self._house.now()

        def begin(connection: Connection) -> Broadcast:
            people = self._audience(connection, admin_id)
            if not people:
                raise DeskError("nobody_to_tell")
            record = BroadcastRecord(
                id=0,
                admin_id=admin_id,
                message_ids=said.message_ids,
                begun_at=at,
                status="running",
                progress_id=progress_id,
                forwards=said.forwards,
                excerpt=said.excerpt,
                shown_to=admin_id,
            )
            return _card(connection, broadcasts.add_broadcast(connection, record, people))

        begun = await self._spend(token, admin_id, begin)
        self._news.set()
        return begun

    async def broadcast(self, admin_id: int, broadcast_id: int) -> Broadcast:
        self._check_admin(admin_id)
        return await self._house.storage.read(lambda c: _card(c, _found(c, broadcast_id)))

    async def broadcasts(self, admin_id: int, *, skip: int = 0, limit: int = 10) -> BroadcastList:
        self._check_admin(admin_id)

        def newest(connection: Connection) -> BroadcastList:
            found = broadcasts.newest_broadcasts(connection, skip, limit)
            return BroadcastList(tuple(_cards(connection, found)), broadcasts.count_broadcasts(connection))

        return await self._house.storage.read(newest)

    async def cancel_broadcast(self, admin_id: int, broadcast_id: int) -> Broadcast:
        self._check_admin(admin_id)

        def cancel(connection: Connection) -> Broadcast:
            _found(connection, broadcast_id)
            if not broadcasts.set_broadcast_status(connection, broadcast_id, "canceled", only=("running",)):
                raise DeskError("already_done")
            return _card(connection, _found(connection, broadcast_id))

        canceled = await self._house.storage.write(cancel)
        self._news.set()
        return canceled

    async def resend_broadcast(self, admin_id: int, broadcast_id: int, progress_id: int, *, token: str) -> Broadcast:
        self._check_admin(admin_id)
        at = self._house.now()

        def resend(connection: Connection) -> Broadcast:
            _found(connection, broadcast_id)
            if not broadcasts.set_broadcast_status(connection, broadcast_id, "running", only=("done", "canceled")):
                raise DeskError("already_done")
            # Those to whom a canceled one had not come yet wait still; only who failed is asked for.
            broadcasts.move_deliveries(connection, broadcast_id, "waiting", "canceled", at)
            if not broadcasts.move_deliveries(connection, broadcast_id, "failed", "waiting", at):
                raise DeskError("nobody_to_tell")
            broadcasts.set_progress(connection, broadcast_id, progress_id, shown_to=admin_id)
            return _card(connection, _found(connection, broadcast_id))

        again = await self._spend(token, admin_id, resend)
        self._news.set()
        return again

    # For who carries them

    async def recover_broadcasts(self) -> None:
        at, admin_ids = self._house.now(), self._house.admin_ids

        def recover(connection: Connection) -> None:
            broadcasts.give_up_sending(connection, at, "restart")
            for going in broadcasts.broadcasts_in(connection, "running"):
                if going.shown_to not in admin_ids:
                    broadcasts.set_broadcast_status(connection, going.id, "canceled", only=("running",))

        await self._house.storage.write(recover)

    async def running_broadcasts(self) -> Sequence[Broadcast]:
        return await self._house.storage.read(lambda c: _cards(c, broadcasts.broadcasts_in(c, "running")))

    async def wait_for_broadcasts(self) -> None:
        await self._news.wait()
        self._news.clear()

    async def next_recipient(self, broadcast_id: int) -> int | None:
        at, admin_ids = self._house.now(), self._house.admin_ids

        def take(connection: Connection) -> int | None:
            while _found(connection, broadcast_id).status == "running":
                waiting = broadcasts.first_waiting(connection, broadcast_id)
                if waiting is None:
                    return None
                person, status = waiting
                if status == "active" or person in admin_ids:
                    broadcasts.set_delivery(connection, broadcast_id, person, "sending", at)
                    return person
                broadcasts.set_delivery(connection, broadcast_id, person, "failed", at, "not_active")
            return None

        return await self._house.storage.write(take)

    async def note_delivery(self, broadcast_id: int, user_id: int, outcome: str, reason: str = "") -> None:
        if outcome not in OUTCOMES:
            raise ValueError(outcome)
        at = self._house.now()

        def note(connection: Connection) -> None:
            broadcasts.set_delivery(connection, broadcast_id, user_id, outcome, at, reason)
            if outcome in ("delivered", "blocked"):
                memberships.note_deaf(connection, user_id, at if outcome == "blocked" else None)

        await self._house.storage.write(note)

    async def note_progress(self, broadcast_id: int, message_id: int) -> None:
        await self._house.storage.write(lambda c: broadcasts.set_progress(c, broadcast_id, message_id))

    async def finish_broadcast(self, broadcast_id: int, *, failed: str = "") -> Broadcast:
        at = self._house.now()

        def finish(connection: Connection) -> Broadcast:
            if failed:
                broadcasts.move_deliveries(connection, broadcast_id, "waiting", "failed", at, failed)
            broadcasts.set_broadcast_status(connection, broadcast_id, "done", only=("running",))
            return _card(connection, _found(connection, broadcast_id))

        return await self._house.storage.write(finish)

    def _audience(self, connection: Connection, admin_id: int) -> Sequence[int]:
        return broadcasts.audience(connection, admin_id, sorted(self._house.admin_ids))


def _found(connection: Connection, broadcast_id: int) -> BroadcastRecord:
    record = broadcasts.find_broadcast(connection, broadcast_id)
    if record is None:
        raise DeskError("not_found")
    return record


def _card(connection: Connection, record: BroadcastRecord) -> Broadcast:
    [card] = _cards(connection, [record])
    return card


def _cards(connection: Connection, records: Sequence[BroadcastRecord]) -> list[Broadcast]:
    counts = broadcasts.counts_of(connection, [record.id for record in records])
    return [_with_counts(connection, record, counts[record.id]) for record in records]


def _with_counts(connection: Connection, record: BroadcastRecord, counts: Mapping[str, int]) -> Broadcast:
    author = users.find_user(connection, record.admin_id)
    return Broadcast(
        id=record.id,
        admin_id=record.admin_id,
        author=author.name if author else "",
        begun_at=record.begun_at,
        said=Announcement(record.message_ids, record.forwards, record.excerpt),
        status=record.status,
        progress_id=record.progress_id,
        shown_to=record.shown_to,
        # What is being sent at this moment has not arrived yet.
        waiting=counts.get("waiting", 0) + counts.get("sending", 0),
        delivered=counts.get("delivered", 0),
        blocked=counts.get("blocked", 0),
        failed=counts.get("failed", 0),
        uncertain=counts.get("uncertain", 0),
        canceled=counts.get("canceled", 0),
        reasons=broadcasts.reasons_of(connection, record.id, "failed", MOST_REASONS),
    )
