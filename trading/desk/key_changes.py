"""A key that is there gets another name, or other credentials while its bots go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trading.desk.answers import DeskError, KeyCard, VenueInfo
from trading.desk.credentials import cleaned, label_of, proposed_label, tail_of
from trading.desk.gates import check_may_act
from trading.desk.keys import KeysRoom, info_of, kind_of_key
from trading.runtime.accounts import AccountId
from trading.storage import Connection, keys
from trading.storage.records import KeyRecord
from trading.vault import SealBroken, VaultLocked


class KeyChangesRoom(KeysRoom):
    async def key_venue(self, user_id: int, key_id: int) -> VenueInfo:
        record = await self._own_key(user_id, key_id)
        entry, kind = await self._chosen(record.venue, kind_of_key(record).value)
        return replace(info_of(entry), market_kinds=frozenset({kind.value}))

    async def rename_key(self, user_id: int, key_id: int, label: str) -> KeyCard:
        house = self._house
        record = await self._own_key(user_id, key_id)
        try:
            credentials = house.vault.open(record.sealed, user_id=user_id, key_id=key_id)
        except (VaultLocked, SealBroken):
            # Nobody can read it, so nothing of it can be held against the name either.
            credentials = {}
        if not label.strip():
            raise DeskError("label_empty")
        wanted = label_of(label, credentials)
        if not wanted:
            raise DeskError("label_secret")

        def store(connection: Connection) -> None:
            check_may_act(connection, user_id, house.admin_ids)
            if not keys.rename_key(connection, key_id, user_id, wanted):
                raise DeskError("not_found")

        await house.storage.write(store)
        return await self._own_card(user_id, key_id)

    async def replace_credentials(
        self,
        user_id: int,
        key_id: int,
        credentials: Mapping[str, str],
        *,
        accept_withdrawal: bool = False,
    ) -> KeyCard:
        house = self._house
        record = await self._own_key(user_id, key_id)
        venue = record.venue
        entry, kind = await self._chosen(venue, kind_of_key(record).value)
        clean = cleaned(entry, credentials)
        owned = await house.storage.read(lambda c: keys.keys_of(c, user_id))
        self._check_new(owned, venue, clean, but=key_id)
        about = await self._about(venue, kind)
        account = await self._tested(venue, clean, kind, accept_withdrawal=accept_withdrawal)

        def check(connection: Connection) -> KeyRecord:
            check_may_act(connection, user_id, house.admin_ids)
            self._check_new(keys.all_keys(connection), venue, clean, but=key_id)
            found = keys.find_key(connection, key_id, user_id)
            if found is None:
                raise DeskError("not_found")
            return found

        def store(connection: Connection) -> None:
            before = check(connection)
            title, tail = before.title or entry.title, tail_of(clean)
            was_proposed = before.label == proposed_label(title, before.tail)
            keys.replace_credentials(
                connection,
                key_id,
                user_id,
                sealed=house.vault.seal(clean, user_id=user_id, key_id=key_id),
                tail=tail,
                label=(not was_proposed and label_of(before.label, clean)) or proposed_label(title, tail),
                can_withdraw=account.can_withdraw,
                abilities=about.abilities,
            )

        async with self._turn(user_id):
            # First without touching the bots: what cannot be stored must not interrupt them.
            await house.storage.read(check)
            await house.supervisor.reconnect_account(AccountId(user_id, key_id), lambda: house.storage.write(store))
        return await self._own_card(user_id, key_id)
