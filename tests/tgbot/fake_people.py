"""The half of the desk in memory that admins speak to: people, invites, maintenance, broadcasts, copies."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from trading.core.notices import AccessRemoved, AccessSuspended, InviteUsed, Notice
from trading.desk.answers import Activity, BotCard, DeskError, KeyCard, Person
from trading.desk.member_answers import Announcement, Broadcast, BroadcastList, Invite, Member, OpenInvite

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
COPY = b"SQLite format 3 copy"


@dataclass
class Allowed:
    max_deposit: Decimal | None = None
    max_bots: int | None = None
    heard: int = 0


@dataclass
class FakePeople:
    """A mixin: the people, bots and keys are those of the desk it is mixed into."""

    people: dict[int, Person] = field(default_factory=dict)
    owned_bots: dict[int, tuple[int, BotCard]] = field(default_factory=dict)
    owned_keys: dict[int, tuple[int, KeyCard]] = field(default_factory=dict)
    changes: list[tuple[Any, ...]] = field(default_factory=list)
    allowed: dict[int, Allowed] = field(default_factory=dict)
    open_codes: dict[str, OpenInvite] = field(default_factory=dict)
    used_codes: set[str] = field(default_factory=set)
    expired_codes: set[str] = field(default_factory=set)
    since: datetime | None = None
    casts: dict[int, Broadcast] = field(default_factory=dict)
    deaf: set[int] = field(default_factory=set)

    def tell(self, user_id: int, notice: Notice, bot_id: int | None = None) -> int:
        raise NotImplementedError

    def _take(self, token: str) -> None:
        raise NotImplementedError

    def _fail(self, method: str) -> None:
        raise NotImplementedError

    def _only_admin(self, admin_id: int) -> None:
        if not self.people[admin_id].is_admin:
            raise DeskError("not_allowed")

    def _person(self, user_id: int) -> Person:
        if user_id not in self.people:
            raise DeskError("not_found")
        if self.people[user_id].is_admin:
            raise DeskError("admin_untouchable")
        return self.people[user_id]

    # People

    async def members(self, admin_id: int) -> Sequence[Member]:
        self._only_admin(admin_id)
        return [self._member(person) for person in self.people.values()]

    async def member(self, admin_id: int, user_id: int) -> Member:
        self._only_admin(admin_id)
        if user_id not in self.people:
            raise DeskError("not_found")
        return self._member(self.people[user_id])

    async def suspend(self, admin_id: int, user_id: int, *, token: str) -> Member:
        self._only_admin(admin_id)
        person = self._person(user_id)
        self._take(token)
        if not person.may_act:
            raise DeskError("already_done")
        self._become(user_id, "suspended")
        self.tell(user_id, AccessSuspended(bots=self._member(person).active_bots))
        return self._member(self.people[user_id])

    async def let_back(self, admin_id: int, user_id: int, *, token: str) -> Member:
        self._only_admin(admin_id)
        person = self._person(user_id)
        self._take(token)
        if person.status != "suspended":
            raise DeskError("already_done")
        self._become(user_id, "active")
        return self._member(self.people[user_id])

    async def remove_member(self, admin_id: int, user_id: int, *, token: str) -> None:
        self._only_admin(admin_id)
        person = self._person(user_id)
        self._become(user_id, "suspended")
        running = [card for owner, card in self.owned_bots.values() if owner == user_id and _is_active(card)]
        for card in running:
            self.owned_bots[card.id] = (user_id, replace(card, activity=Activity.STOPPED))
        if running:
            raise DeskError("person_still_stopping", count=str(len(running)))
        self._take(token)
        for rows in (self.owned_bots, self.owned_keys):
            for number in [number for number, (owner, _) in rows.items() if owner == user_id]:
                del rows[number]
        del self.people[user_id]
        self.changes.append(("remove_member", admin_id, user_id))
        self.tell(user_id, AccessRemoved(language=person.language))

    async def set_max_deposit(self, admin_id: int, user_id: int, max_deposit: Decimal | None) -> Member:
        self._only_admin(admin_id)
        person = self._person(user_id)
        self.allowed.setdefault(user_id, Allowed()).max_deposit = max_deposit
        self.changes.append(("set_max_deposit", admin_id, user_id, max_deposit))
        return self._member(person)

    async def set_max_bots(self, admin_id: int, user_id: int, max_bots: int | None) -> Member:
        self._only_admin(admin_id)
        person = self._person(user_id)
        self.allowed.setdefault(user_id, Allowed()).max_bots = max_bots
        self.changes.append(("set_max_bots", admin_id, user_id, max_bots))
        return self._member(person)

    async def note_heard(self, user_id: int) -> None:
        self._fail("note_heard")
        self.allowed.setdefault(user_id, Allowed()).heard += 1

    async def note_deaf(self, user_id: int) -> None:
        self.deaf.add(user_id)

    def _become(self, user_id: int, status: str) -> None:
        self.people[user_id] = replace(self.people[user_id], status=status)

    def _member(self, person: Person) -> Member:
        allowed = self.allowed.get(person.id, Allowed())
        cards = [card for owner, card in self.owned_bots.values() if owner == person.id]
        return Member(
            id=person.id,
            name=person.name,
            username=person.username,
            status=person.status,
            is_admin=person.is_admin,
            created_at=NOW,
            seen_at=NOW if allowed.heard else None,
            is_deaf=person.id in self.deaf,
            bots=len(cards),
            active_bots=sum(map(_is_active, cards)),
            keys=sum(owner == person.id for owner, _ in self.owned_keys.values()),
            max_deposit=allowed.max_deposit,
            has_own_deposit=allowed.max_deposit is not None,
            max_bots=20 if allowed.max_bots is None else allowed.max_bots,
            has_own_bots=allowed.max_bots is not None,
        )

    # Invites

    async def make_invite(self, admin_id: int, lasts: timedelta | None) -> Invite:
        self._only_admin(admin_id)
        number = len(self.open_codes) + len(self.used_codes) + 1
        expires_at = NOW + lasts if lasts is not None else None
        self.open_codes[f"code-{number}"] = OpenInvite(number, NOW, expires_at)
        return Invite(number, f"code-{number}", expires_at)

    async def invites(self, admin_id: int) -> Sequence[OpenInvite]:
        self._only_admin(admin_id)
        return list(self.open_codes.values())

    async def withdraw_invite(self, admin_id: int, invite_id: int) -> None:
        self._only_admin(admin_id)
        found = [code for code, invite in self.open_codes.items() if invite.id == invite_id]
        if not found:
            raise DeskError("already_done")
        del self.open_codes[found[0]]

    async def enter(self, user_id: int, name: str, username: str | None, language: str, code: str) -> Person:
        known = self.people.get(user_id)
        if known is not None and known.status in ("active", "suspended"):
            return known
        if code in self.used_codes or code in self.expired_codes:
            raise DeskError("invite_used" if code in self.used_codes else "invite_expired")
        if code not in self.open_codes:
            raise DeskError("invite_unknown")
        del self.open_codes[code]
        self.used_codes.add(code)
        self.people[user_id] = Person(user_id, name, username, language, False, "active")
        admin = next(person.id for person in self.people.values() if person.is_admin)
        self.tell(admin, InviteUsed(person_id=user_id, name=name))
        return self.people[user_id]

    # Maintenance

    async def maintenance(self) -> datetime | None:
        return self.since

    async def begin_maintenance(self, admin_id: int, *, token: str) -> int:
        return self._switch(admin_id, token, NOW)

    async def end_maintenance(self, admin_id: int, *, token: str) -> int:
        return self._switch(admin_id, token, None)

    def _switch(self, admin_id: int, token: str, since: datetime | None) -> int:
        self._only_admin(admin_id)
        self._take(token)
        if (self.since is None) == (since is None):
            raise DeskError("already_done")
        self.since = since
        self.changes.append(("maintenance", admin_id, since is not None))
        return sum(_is_active(card) for _, card in self.owned_bots.values())

    # Broadcasts: begun, shown and canceled here; how they are carried is tested over the real desk

    async def audience(self, admin_id: int) -> int:
        self._only_admin(admin_id)
        return sum(person.may_act for person in self.people.values()) - 1

    async def begin_broadcast(self, admin_id: int, said: Announcement, progress_id: int, *, token: str) -> Broadcast:
        self._only_admin(admin_id)
        self._take(token)
        number = len(self.casts) + 1
        people = await self.audience(admin_id)
        self.casts[number] = Broadcast(
            number, admin_id, self.people[admin_id].name, NOW, said, "running", progress_id, admin_id, waiting=people
        )
        self.changes.append(("begin_broadcast", admin_id, said, progress_id))
        return self.casts[number]

    async def broadcasts(self, admin_id: int, *, skip: int = 0, limit: int = 10) -> BroadcastList:
        self._only_admin(admin_id)
        newest = sorted(self.casts.values(), key=lambda cast: -cast.id)
        return BroadcastList(tuple(newest[skip : skip + limit]), len(newest))

    async def broadcast(self, admin_id: int, broadcast_id: int) -> Broadcast:
        self._only_admin(admin_id)
        if broadcast_id not in self.casts:
            raise DeskError("not_found")
        return self.casts[broadcast_id]

    async def cancel_broadcast(self, admin_id: int, broadcast_id: int) -> Broadcast:
        cast = await self.broadcast(admin_id, broadcast_id)
        if cast.status != "running":
            raise DeskError("already_done")
        self.casts[broadcast_id] = replace(cast, status="canceled")
        return self.casts[broadcast_id]

    async def resend_broadcast(self, admin_id: int, broadcast_id: int, progress_id: int, *, token: str) -> Broadcast:
        cast = await self.broadcast(admin_id, broadcast_id)
        self._take(token)
        if not cast.failed:
            raise DeskError("nobody_to_tell")
        self.casts[broadcast_id] = replace(cast, status="running", failed=0, waiting=cast.failed)
        self.changes.append(("resend_broadcast", admin_id, broadcast_id, progress_id))
        return self.casts[broadcast_id]

    async def recover_broadcasts(self) -> None:
        """Nothing falls here."""

    async def running_broadcasts(self) -> Sequence[Broadcast]:
        return [cast for cast in self.casts.values() if cast.status == "running"]

    async def wait_for_broadcasts(self) -> None:
        await asyncio.Event().wait()

    async def next_recipient(self, broadcast_id: int) -> int | None:
        return None

    async def note_delivery(self, broadcast_id: int, user_id: int, outcome: str, reason: str = "") -> None:
        raise AssertionError("nobody is sent to here")

    async def note_progress(self, broadcast_id: int, message_id: int) -> None:
        self.casts[broadcast_id] = replace(self.casts[broadcast_id], progress_id=message_id)

    async def finish_broadcast(self, broadcast_id: int, *, failed: str = "") -> Broadcast:
        return self.casts[broadcast_id]

    # Copies

    async def backup(self, admin_id: int, *, token: str) -> tuple[str, bytes]:
        self._only_admin(admin_id)
        self._take(token)
        self._fail("backup")
        self.changes.append(("backup", admin_id))
        return "makergram-20260101T120000Z.db", COPY


def _is_active(card: BotCard) -> bool:
    return card.activity is not Activity.STOPPED
