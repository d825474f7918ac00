"""Who may speak: people, and their access."""

from __future__ import annotations

from trading.core.notices import AccessDecided, AccessRequested
from trading.desk.answers import DeskError, Person
from trading.desk.house import Room
from trading.storage import Connection, notices, preferences, users
from trading.storage.records import UserRecord

LANGUAGES = ("en", "ru")


class PeopleRoom(Room):
    """Arrivals, decisions of admins, languages."""

    async def person(self, user_id: int) -> Person | None:
        record, zone = await self._house.storage.read(lambda c: (users.find_user(c, user_id), zone_name_of(c, user_id)))
        return self._as_person(record, zone) if record else None

    async def arrive(self, user_id: int, name: str, username: str | None, language: str) -> Person:
        known, zone = await self._house.storage.read(lambda c: (users.find_user(c, user_id), zone_name_of(c, user_id)))
        if known is None or (known.name, known.username) != (name, username):
            stranger = self._stranger(user_id, name, username, language)
            known = await self._house.storage.write(lambda c: self._note_arrival(c, stranger))
            self._house.outbox.wake()
        return self._as_person(known, zone)

    async def decide_access(self, admin_id: int, user_id: int, approve: bool) -> Person:
        house = self._house
        self._check_admin(admin_id)
        status, at = "active" if approve else "refused", house.now()

        def decide(connection: Connection) -> None:
            record = users.find_user(connection, user_id)
            if record is None or user_id in house.admin_ids:
                raise DeskError("not_found")
            if record.status == status:
                raise DeskError("already_done")
            if record.status != "pending" and not (approve and record.status == "refused"):
                # An old button must neither lift a suspension nor shut out somebody whose bots are at work.
                raise DeskError("already_decided")
            users.set_user_status(connection, user_id, status)
            notices.put_notices(connection, user_id, None, [AccessDecided(approved=approve)], at)

        await house.storage.write(decide)
        house.outbox.wake()
        return await self._known(user_id)

    async def set_language(self, user_id: int, language: str) -> Person:
        if language not in LANGUAGES:
            raise DeskError("unknown_language", language=language)
        await self._house.storage.write(lambda c: users.set_language(c, user_id, language))
        return await self._known(user_id)

    async def set_dark_pictures(self, user_id: int, dark: bool) -> Person:
        await self._house.storage.write(lambda c: users.set_dark_pictures(c, user_id, dark))
        return await self._known(user_id)

    def _stranger(self, user_id: int, name: str, username: str | None, language: str) -> UserRecord:
        is_admin = user_id in self._house.admin_ids
        return UserRecord(
            id=user_id,
            name=name,
            username=username,
            language=language if language in LANGUAGES else LANGUAGES[0],
            role="admin" if is_admin else "member",
            status="active" if is_admin else "pending",
            created_at=self._house.now(),
        )

    def _note_arrival(self, connection: Connection, stranger: UserRecord) -> UserRecord:
        """Store who knocked, or their new name. The knock of a stranger is told with it, or not at all."""
        known = users.find_user(connection, stranger.id)
        if known is not None:
            users.rename_user(connection, stranger.id, stranger.name, stranger.username)
            return users.find_user(connection, stranger.id) or known
        users.add_user(connection, stranger)
        if stranger.id not in self._house.admin_ids:
            knock = AccessRequested(person_id=stranger.id, name=stranger.name)
            for admin_id in sorted(self._house.admin_ids):
                notices.put_notices(connection, admin_id, None, [knock], stranger.created_at)
        return stranger

    async def _known(self, user_id: int) -> Person:
        person = await self.person(user_id)
        if person is None:
            raise DeskError("not_found")
        return person

    def _as_person(self, record: UserRecord, time_zone: str) -> Person:
        is_admin = record.id in self._house.admin_ids
        # Settings decide who is an admin, so that nobody stays one by a row in the database.
        status = "active" if is_admin else record.status
        return Person(
            id=record.id,
            name=record.name,
            username=record.username,
            language=record.language,
            is_admin=is_admin,
            status=status,
            dark_pictures=record.dark_pictures,
            time_zone=time_zone,
        )


def zone_name_of(connection: Connection, user_id: int) -> str:
    return preferences.preferences_of(connection, user_id).time_zone
