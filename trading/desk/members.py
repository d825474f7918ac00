"""People as admins look after them: suspended, let back in, removed, and what each may have."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from decimal import Decimal

from trading.core.notices import AccessRemoved, AccessRestored, AccessSuspended
from trading.desk.answers import DeskError
from trading.desk.gates import Gate, is_held_by
from trading.desk.keys import KeysRoom
from trading.desk.member_answers import Member
from trading.desk.steering import ENDING_SECONDS
from trading.runtime.accounts import AccountId
from trading.storage import Connection, bots, keys, memberships, notices, users
from trading.storage.records import BotRecord, KeyRecord, MembershipRecord, UserRecord

Change = Callable[[Connection], None]

MOST_BOTS = 10_000
"""Of one person, whatever an admin allows."""


class MembersRoom(KeysRoom):
    """Every method is for admins, and none touches an admin: who is one is decided by the settings."""

    async def members(self, admin_id: int) -> Sequence[Member]:
        self._check_admin(admin_id)
        return await self._house.storage.read(self._all_members)

    async def member(self, admin_id: int, user_id: int) -> Member:
        self._check_admin(admin_id)

        def read(connection: Connection) -> Member:
            record = users.find_user(connection, user_id)
            if record is None:
                raise DeskError("not_found")
            owned, sealed = bots.bots_of(connection, user_id), keys.keys_of(connection, user_id)
            return self._as_member(record, memberships.membership_of(connection, user_id), owned, sealed)

        return await self._house.storage.read(read)

    async def suspend(self, admin_id: int, user_id: int, *, token: str) -> Member:
        await self._shut_out(admin_id, user_id, token)
        await self._hold_bots(user_id)
        return await self.member(admin_id, user_id)

    async def let_back(self, admin_id: int, user_id: int, *, token: str) -> Member:
        self._check_admin(admin_id)
        at = self._house.now()

        def mark(connection: Connection) -> None:
            if self._member_record(connection, user_id).status != "suspended":
                raise DeskError("already_done")
            users.set_user_status(connection, user_id, "active")
            held = [bot for bot in bots.bots_of(connection, user_id) if is_held_by(Gate.SUSPENSION, bot)]
            notices.put_notices(connection, user_id, None, [AccessRestored(bots=len(held))], at)

        await self._spend(token, admin_id, mark)
        self._house.outbox.wake()
        return await self.member(admin_id, user_id)

    async def remove_member(self, admin_id: int, user_id: int, *, token: str) -> None:
        self._check_admin(admin_id)
        await self._check_token(token, admin_id)
        await self._shut_out_for_good(user_id)
        async with self._turn(user_id):
            for account in await self._accounts_of(user_id):
                await self._give_up_dead(account)
            still = [bot for bot in await self._bots_of(user_id) if bot.active]
            if still:
                await self._stop_all(still)
                raise DeskError("person_still_stopping", count=str(len(still)))
            # A stopped bot's worker may still be hearing its last answers, and stores them.
            for bot in await self._bots_of(user_id):
                if not await self._house.supervisor.has_ended(bot.id, ENDING_SECONDS):
                    raise DeskError("person_still_stopping", count="1")
            accounts = await self._accounts_of(user_id)
            await self._spend(token, admin_id, lambda c: self._forget(c, user_id))
            # Only now, so that nobody opens them again behind us.
            for account in accounts:
                await self._house.supervisor.close_account(account)
            # What the paper account stored while it was closed.
            await self._house.storage.write(lambda c: memberships.forget_paper(c, user_id))
        self._house.outbox.wake()

    async def set_max_deposit(self, admin_id: int, user_id: int, max_deposit: Decimal | None) -> Member:
        if max_deposit is not None and (not max_deposit.is_finite() or max_deposit < 0):
            raise DeskError("wrong_limit")
        await self._allow(admin_id, user_id, lambda c: memberships.set_max_deposit(c, user_id, max_deposit))
        return await self.member(admin_id, user_id)

    async def set_max_bots(self, admin_id: int, user_id: int, max_bots: int | None) -> Member:
        if max_bots is not None and not 0 <= max_bots <= MOST_BOTS:
            raise DeskError("wrong_limit")
        await self._allow(admin_id, user_id, lambda c: memberships.set_max_bots(c, user_id, max_bots))
        return await self.member(admin_id, user_id)

    async def note_heard(self, user_id: int) -> None:
        at = self._house.now()

        def note(connection: Connection) -> None:
            if users.find_user(connection, user_id) is not None:
                memberships.note_heard(connection, user_id, at)

        await self._house.storage.write(note)

    async def note_deaf(self, user_id: int) -> None:
        at = self._house.now()

        def note(connection: Connection) -> None:
            if users.find_user(connection, user_id) is not None:
                memberships.note_deaf(connection, user_id, at)

        await self._house.storage.write(note)

    # Steps of the above

    async def _shut_out(self, admin_id: int, user_id: int, token: str) -> None:
        self._check_admin(admin_id)

        def mark(connection: Connection) -> None:
            if self._member_record(connection, user_id).status != "active":
                raise DeskError("already_done")
            self._mark_suspended(connection, user_id)

        await self._spend(token, admin_id, mark)
        self._house.outbox.wake()

    async def _shut_out_for_good(self, user_id: int) -> None:
        """Before their bots are stopped nobody may begin another one."""

        def mark(connection: Connection) -> None:
            status = self._member_record(connection, user_id).status
            if status == "active":
                self._mark_suspended(connection, user_id)

        await self._house.storage.write(mark)
        await self._hold_bots(user_id)

    def _mark_suspended(self, connection: Connection, user_id: int) -> None:
        users.set_user_status(connection, user_id, "suspended")
        held = [bot for bot in bots.bots_of(connection, user_id) if Gate.SUSPENSION.holds(bot)]
        notices.put_notices(connection, user_id, None, [AccessSuspended(bots=len(held))], self._house.now())

    async def _hold_bots(self, user_id: int) -> None:
        owned = await self._bots_of(user_id)
        holding = (self._hold(user_id, bot.id, Gate.SUSPENSION) for bot in owned if Gate.SUSPENSION.holds(bot))
        await asyncio.gather(*holding)

    async def _give_up_dead(self, account: AccountId) -> None:
        """The bots of a key that its venue refuses cannot be stopped there: waiting for them would take for ever."""
        if account.key_id is None or not await self._active_bots(account):
            return
        if await self._is_dead(await self._own_key(account.user_id, account.key_id)):
            await self._house.supervisor.close_account(account)
            await self._abandon(account)

    def _forget(self, connection: Connection, user_id: int) -> None:
        record = self._member_record(connection, user_id)
        if record.status == "active":
            raise DeskError("let_back_meanwhile")
        if any(bot.active for bot in bots.bots_of(connection, user_id)):
            raise DeskError("person_still_stopping", count="1")
        memberships.forget_user(connection, user_id)
        if record.status == "suspended":
            # Whoever was never in has lost nothing.
            farewell = AccessRemoved(language=record.language)
            notices.put_notices(connection, user_id, None, [farewell], self._house.now())

    async def _allow(self, admin_id: int, user_id: int, change: Change) -> None:
        self._check_admin(admin_id)

        def store(connection: Connection) -> None:
            self._member_record(connection, user_id)
            change(connection)

        await self._house.storage.write(store)

    async def _accounts_of(self, user_id: int) -> Sequence[AccountId]:
        sealed = await self._house.storage.read(lambda c: keys.keys_of(c, user_id))
        return [AccountId(user_id, None), *(AccountId(user_id, key.id) for key in sealed)]

    async def _bots_of(self, user_id: int) -> Sequence[BotRecord]:
        return await self._house.storage.read(lambda c: bots.bots_of(c, user_id))

    def _member_record(self, connection: Connection, user_id: int) -> UserRecord:
        """Raises DeskError: not_found, admin_untouchable."""
        record = users.find_user(connection, user_id)
        if user_id in self._house.admin_ids:
            raise DeskError("admin_untouchable")
        if record is None:
            raise DeskError("not_found")
        return record

    def _all_members(self, connection: Connection) -> Sequence[Member]:
        owned, sealed = bots.all_bots(connection), keys.all_keys(connection)
        allowed = {each.user_id: each for each in memberships.all_memberships(connection)}
        return [
            self._as_member(
                record,
                allowed.get(record.id, MembershipRecord(record.id)),
                [bot for bot in owned if bot.user_id == record.id],
                [key for key in sealed if key.user_id == record.id],
            )
            for record in users.list_users(connection)
        ]

    def _as_member(
        self, record: UserRecord, allowed: MembershipRecord, owned: Sequence[BotRecord], sealed: Sequence[KeyRecord]
    ) -> Member:
        limits, is_admin = self._house.limits, record.id in self._house.admin_ids
        return Member(
            id=record.id,
            name=record.name,
            username=record.username,
            status="active" if is_admin else record.status,
            is_admin=is_admin,
            created_at=record.created_at,
            seen_at=allowed.seen_at,
            is_deaf=allowed.deaf_since is not None,
            bots=len(owned),
            active_bots=sum(bot.active for bot in owned),
            keys=len(sealed),
            max_deposit=limits.max_deposit if allowed.max_deposit is None else allowed.max_deposit,
            has_own_deposit=allowed.max_deposit is not None,
            max_bots=limits.max_bots if allowed.max_bots is None else allowed.max_bots,
            has_own_bots=allowed.max_bots is not None,
        )
