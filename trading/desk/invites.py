"""Invites: links that let one person in, once, without asking the admins again."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from trading.core.notices import InviteUsed
from trading.desk.answers import DeskError, Person
from trading.desk.member_answers import Invite, OpenInvite
from trading.desk.people import PeopleRoom, zone_name_of
from trading.storage import Connection, invites, notices, users
from trading.storage.records import InviteRecord, UserRecord

CODE_BYTES = 16
MOST_OPEN = 50


class InvitesRoom(PeopleRoom):
    """A code is stored as its digest only: what the database holds lets nobody in."""

    async def make_invite(self, admin_id: int, lasts: timedelta | None) -> Invite:
        self._check_admin(admin_id)
        code, at = secrets.token_hex(CODE_BYTES), self._house.now()
        expires_at = at + lasts if lasts is not None else None

        def store(connection: Connection) -> InviteRecord:
            if len(invites.open_invites(connection, at)) >= MOST_OPEN:
                raise DeskError("too_many_invites", limit=str(MOST_OPEN))
            return invites.add_invite(connection, _digest(code), admin_id, at, expires_at)

        record = await self._house.storage.write(store)
        return Invite(record.id, code, expires_at)

    async def invites(self, admin_id: int) -> Sequence[OpenInvite]:
        self._check_admin(admin_id)
        now = self._house.now()
        found = await self._house.storage.read(lambda c: invites.open_invites(c, now))
        return [OpenInvite(each.id, each.made_at, each.expires_at) for each in found]

    async def withdraw_invite(self, admin_id: int, invite_id: int) -> None:
        self._check_admin(admin_id)
        if not await self._house.storage.write(lambda c: invites.delete_invite(c, invite_id)):
            raise DeskError("already_done")

    async def enter(self, user_id: int, name: str, username: str | None, language: str, code: str) -> Person:
        guest = self._stranger(user_id, name, username, language)
        record, zone = await self._house.storage.write(
            lambda c: (self._let_in(c, guest, code), zone_name_of(c, user_id))
        )
        self._house.outbox.wake()
        return self._as_person(record, zone)

    def _let_in(self, connection: Connection, guest: UserRecord, code: str) -> UserRecord:
        """Use the code up for the guest. Whoever is in already leaves it for another; whoever is suspended stays so."""
        known = users.find_user(connection, guest.id)
        if known is not None and (guest.id in self._house.admin_ids or known.status in ("active", "suspended")):
            return known
        at = self._house.now()
        invite = self._good_invite(connection, code, at)
        if known is None:
            users.add_user(connection, replace(guest, status="active"))
        else:
            users.rename_user(connection, guest.id, guest.name, guest.username)
            users.set_user_status(connection, guest.id, "active")
        invites.use_invite(connection, invite.id, guest.id, at)
        told = InviteUsed(person_id=guest.id, name=guest.name)
        notices.put_notices(connection, invite.made_by, None, [told], at)
        return users.find_user(connection, guest.id) or guest

    def _good_invite(self, connection: Connection, code: str, now: datetime) -> InviteRecord:
        invite = invites.find_invite(connection, _digest(code))
        # What an admin of yesterday has handed out is worth nothing today.
        if invite is None or invite.made_by not in self._house.admin_ids:
            raise DeskError("invite_unknown")
        if invite.used_at is not None:
            raise DeskError("invite_used")
        if invite.expires_at is not None and invite.expires_at <= now:
            raise DeskError("invite_expired")
        return invite


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
