"""Who may speak: people, and their access."""

from __future__ import annotations

from trading.core.notices import AccessDecided, AccessRequested
from trading.desk.answers import DeskError, Person
from trading.desk.house import Room
from trading.storage import users
from trading.storage.records import UserRecord

LANGUAGES = ("en", "ru")


class PeopleRoom(Room):
    """Arrivals, decisions of admins, languages."""

    async def person(self, user_id: int) -> Person | None:
        record = await self._house.storage.read(lambda c: users.find_user(c, user_id))
        return self._as_person(record) if record else None

    async def arrive(self, user_id: int, name: str, username: str | None, language: str) -> Person:
        house = self._house
        known = await house.storage.read(lambda c: users.find_user(c, user_id))
        is_admin = user_id in house.admin_ids
        if known is not None:
            if (known.name, known.username) != (name, username):
                await house.storage.write(lambda c: users.rename_user(c, user_id, name, username))
            return self._as_person(known)
        record = UserRecord(
            id=user_id,
            name=name,
            username=username,
            language=language if language in LANGUAGES else "en",
            role="admin" if is_admin else "member",
            status="active" if is_admin else "pending",
            created_at=house.now(),
        )
        await house.storage.write(lambda c: users.add_user(c, record))
        if not is_admin:
            await house.outbox.tell_admins([AccessRequested(person_id=user_id, name=name)])
        return self._as_person(record)

    async def decide_access(self, admin_id: int, user_id: int, approve: bool) -> Person:
        house = self._house
        if admin_id not in house.admin_ids:
            raise DeskError("not_allowed")
        record = await house.storage.read(lambda c: users.find_user(c, user_id))
        if record is None or user_id in house.admin_ids:
            raise DeskError("not_found")
        status = "active" if approve else "refused"
        if record.status == status:
            raise DeskError("already_done")
        await house.storage.write(lambda c: users.set_user_status(c, user_id, status))
        await house.outbox.tell(user_id, [AccessDecided(approved=approve)])
        return await self._known(user_id)

    async def set_language(self, user_id: int, language: str) -> Person:
        if language not in LANGUAGES:
            raise DeskError("unknown_language", language=language)
        await self._house.storage.write(lambda c: users.set_language(c, user_id, language))
        return await self._known(user_id)

    async def _known(self, user_id: int) -> Person:
        person = await self.person(user_id)
        if person is None:
            raise DeskError("not_found")
        return person

    def _as_person(self, record: UserRecord) -> Person:
        is_admin = record.id in self._house.admin_ids
        # Settings decide who is an admin, so that nobody stays one by a row in the database.
        status = "active" if is_admin else record.status
        return Person(record.id, record.name, record.username, record.language, is_admin, status)
