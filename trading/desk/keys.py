"""Exchange keys: tested, sealed, listed by their last four characters, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trading.core.planning import Mode
from trading.desk.answers import DeskError, KeyCard, KeyCheck, VenueInfo
from trading.desk.connecting import CREDENTIAL_NAMES, title_of
from trading.desk.house import Room
from trading.exchanges.errors import BadCredentials, VenueError
from trading.exchanges.gateway import Account
from trading.exchanges.venues import VENUES
from trading.runtime.accounts import AccountId
from trading.runtime.events import Wish
from trading.storage import bots, keys, tokens
from trading.storage.records import BotRecord, KeyRecord


class KeysRoom(Room):
    """Everything about keys. Nothing here ever answers a credential."""

    def venues(self) -> Sequence[VenueInfo]:
        return [
            VenueInfo(
                entry.id, entry.title, tuple(CREDENTIAL_NAMES[wanted.name] for wanted in entry.fields), entry.proven
            )
            for entry in VENUES
        ]

    async def keys(self, user_id: int) -> Sequence[KeyCard]:
        records, owned = await self._house.storage.read(lambda c: (keys.keys_of(c, user_id), bots.bots_of(c, user_id)))
        return [_card(record, owned) for record in records]

    async def add_key(
        self, user_id: int, venue: str, label: str, credentials: Mapping[str, str], *, accept_withdrawal: bool = False
    ) -> KeyCard:
        house = self._house
        info = next((info for info in self.venues() if info.id == venue), None)
        if info is None:
            raise DeskError("unknown_venue", venue=venue)
        missing = [name for name in info.credentials if not credentials.get(name, "").strip()]
        if missing:
            raise DeskError("credentials_missing", fields=", ".join(missing))
        clean = {name: credentials[name].strip() for name in info.credentials}
        owned = await house.storage.read(lambda c: keys.keys_of(c, user_id))
        if len(owned) >= house.limits.max_keys:
            raise DeskError("too_many_keys", limit=str(house.limits.max_keys))
        if any(self._is_same(record, venue, clean["apiKey"]) for record in owned):
            raise DeskError("key_exists")
        account = await self._probe(venue, clean)
        if account.can_withdraw and not accept_withdrawal:
            raise DeskError("key_may_withdraw")
        at = house.now()
        record = await house.storage.write(
            lambda c: keys.add_key(
                c,
                user_id=user_id,
                venue=venue,
                label=label.strip()[:40] or f"{info.title} {clean['apiKey'][-4:]}",
                tail=clean["apiKey"][-4:],
                can_withdraw=account.can_withdraw,
                created_at=at,
                seal=lambda key_id: house.vault.seal(clean, user_id=user_id, key_id=key_id),
            )
        )
        return _card(record, [])

    async def test_key(self, user_id: int, key_id: int) -> KeyCheck:
        record = await self._own_key(user_id, key_id)
        opened = self._house.vault.open(record.sealed, user_id=user_id, key_id=key_id)
        try:
            account = await self._house.connections.probe(record.venue, opened)
        except BadCredentials as problem:
            await self._set_status(key_id, "invalid")
            return KeyCheck(False, None, None, "bad_credentials", str(problem))
        except VenueError as problem:
            return KeyCheck(False, None, None, "unavailable", str(problem))
        await self._set_status(key_id, "ok")
        problem_code = "hedge_mode" if account.is_hedged else ""
        return KeyCheck(not problem_code, account.equity, account.can_withdraw, problem_code)

    async def delete_key(self, user_id: int, key_id: int, *, token: str) -> None:
        house = self._house
        await self._own_key(user_id, key_id)
        await self._take_token(token, user_id)
        owned = await house.storage.read(lambda c: bots.bots_of(c, user_id))
        still = [bot for bot in owned if bot.key_id == key_id and bot.active]
        for bot in still:
            worker = house.supervisor.worker(bot.id)
            if worker is not None:
                await worker.wish(Wish(mode=Mode.CANCEL, cause="user"))
        if still:
            raise DeskError("bots_still_stopping", count=str(len(still)))
        await house.supervisor.close_account(AccountId(user_id, key_id))
        await house.storage.write(lambda c: keys.delete_key(c, key_id, user_id))

    async def _own_key(self, user_id: int, key_id: int) -> KeyRecord:
        record = await self._house.storage.read(lambda c: keys.find_key(c, key_id, user_id))
        if record is None:
            raise DeskError("not_found")
        return record

    async def _take_token(self, token: str, user_id: int) -> None:
        """Use a single-use action token. Raises DeskError("already_done") the second time."""
        at = self._house.now()
        if not await self._house.storage.write(lambda c: tokens.take_token(c, token, user_id, at)):
            raise DeskError("already_done")

    async def _set_status(self, key_id: int, status: str) -> None:
        await self._house.storage.write(lambda c: keys.set_key_status(c, key_id, status))

    async def _probe(self, venue: str, credentials: Mapping[str, str]) -> Account:
        try:
            return await self._house.connections.probe(venue, credentials)
        except BadCredentials as problem:
            raise DeskError("key_refused", detail=str(problem)) from problem
        except VenueError as problem:
            raise DeskError("venue_away", venue=title_of(venue), detail=str(problem)) from problem

    def _is_same(self, record: KeyRecord, venue: str, api_key: str) -> bool:
        if record.venue != venue or record.tail != api_key[-4:]:
            return False
        opened = self._house.vault.open(record.sealed, user_id=record.user_id, key_id=record.id)
        return opened.get("apiKey") == api_key


def _card(record: KeyRecord, owned: Sequence[BotRecord]) -> KeyCard:
    return KeyCard(
        id=record.id,
        venue=record.venue,
        venue_title=title_of(record.venue),
        label=record.label,
        tail=record.tail,
        status=record.status,
        can_withdraw=record.can_withdraw,
        active_bots=sum(1 for bot in owned if bot.key_id == record.id and bot.active),
    )
