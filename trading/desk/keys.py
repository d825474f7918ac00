"""Exchange keys: tested, sealed, listed by their last four characters, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from trading.core.instrument import ZERO, MarketKind
from trading.core.notices import BotStopped
from trading.core.planning import Mode
from trading.desk.answers import DeskError, KeyCard, KeyCheck, VenueInfo
from trading.desk.connecting import kind_of, title_of
from trading.desk.credentials import cleaned, label_of, proposed_label, tail_of, telling
from trading.desk.gates import check_may_act
from trading.desk.refusals import detail_of, venue_error
from trading.desk.steering import SteeringRoom
from trading.exchanges.errors import BadCredentials, VenueError
from trading.exchanges.gateway import Account
from trading.exchanges.venues import CREDENTIAL_NAMES, VENUES, About, Venue, is_proven
from trading.runtime.accounts import AccountId
from trading.runtime.events import Wish
from trading.storage import Connection, bots, keys, notices
from trading.storage.records import BotRecord, KeyRecord
from trading.vault import SealBroken, VaultLocked


class KeysRoom(SteeringRoom):
    """Everything about keys. Nothing here ever answers a credential."""

    def venues(self) -> Sequence[VenueInfo]:
        return [info_of(entry) for entry in VENUES]

    async def find_venues(self, text: str, limit: int = 8) -> Sequence[VenueInfo]:
        wanted = _letters(text)
        if not wanted:
            return []
        found = [
            entry
            for entry in await self._house.connections.catalogue()
            if wanted in _letters(f"{entry.title} {entry.id}")
        ]
        exact_first = sorted(found, key=lambda entry: wanted not in (_letters(entry.title), entry.id))
        return [info_of(entry) for entry in exact_first[:limit]]

    async def keys(self, user_id: int) -> Sequence[KeyCard]:
        records, owned = await self._house.storage.read(lambda c: (keys.keys_of(c, user_id), bots.bots_of(c, user_id)))
        return [_card(record, owned) for record in records]

    async def add_key(
        self,
        user_id: int,
        venue: str,
        label: str,
        credentials: Mapping[str, str],
        *,
        kind: str = "",
        accept_withdrawal: bool = False,
    ) -> KeyCard:
        house = self._house
        entry, market_kind = await self._chosen(venue, kind)
        clean = cleaned(entry, credentials)
        # Before the venue is asked, what our own books can refuse; once more when it is stored.
        owned = await house.storage.read(lambda c: keys.keys_of(c, user_id))
        self._check_room(owned)
        self._check_new(owned, venue, clean)
        about = await self._about(venue, market_kind)
        account = await self._tested(venue, clean, market_kind, accept_withdrawal=accept_withdrawal)
        at = house.now()

        def store(connection: Connection) -> KeyRecord:
            check_may_act(connection, user_id, house.admin_ids)
            self._check_room(keys.keys_of(connection, user_id))
            self._check_new(keys.all_keys(connection), venue, clean)
            return keys.add_key(
                connection,
                user_id=user_id,
                venue=venue,
                label=label_of(label, clean) or proposed_label(entry.title, tail_of(clean)),
                tail=tail_of(clean),
                can_withdraw=account.can_withdraw,
                created_at=at,
                kind=market_kind.value,
                title=entry.title,
                abilities=about.abilities,
                seal=lambda key_id: house.vault.seal(clean, user_id=user_id, key_id=key_id),
            )

        return _card(await house.storage.write(store), [])

    async def test_key(self, user_id: int, key_id: int) -> KeyCheck:
        record = await self._own_key(user_id, key_id)
        try:
            opened = self._house.vault.open(record.sealed, user_id=user_id, key_id=key_id)
        except (VaultLocked, SealBroken) as broken:
            raise DeskError("key_unreadable") from broken
        kind = kind_of_key(record)
        try:
            about = await self._house.connections.about(record.venue, kind)
            account = await self._house.connections.probe(record.venue, opened, kind)
        except BadCredentials as problem:
            await self._set_status(key_id, "invalid")
            return KeyCheck(False, None, None, "bad_credentials", detail_of(problem, opened.values()))
        except VenueError as problem:
            return KeyCheck(False, None, None, "unavailable", detail_of(problem, opened.values()))
        await self._set_status(key_id, "ok", account.can_withdraw)
        await self._house.storage.write(lambda c: keys.set_key_abilities(c, key_id, about.abilities))
        problem_code = "hedge_mode" if account.is_hedged else about.objection
        # An unproven venue tells balances only: the money that bots would work with is what can be said.
        equity = account.total.get("USDT", ZERO) if account.equity is None else account.equity
        return KeyCheck(not problem_code, equity, account.can_withdraw, problem_code)

    async def delete_key(self, user_id: int, key_id: int, *, token: str) -> None:
        house, account = self._house, AccountId(user_id, key_id)
        async with self._turn(user_id):
            await self._check_token(token, user_id)
            record = await self._own_key(user_id, key_id)
            still = await self._active_bots(account)
            if still and await self._is_dead(record):
                # Its orders are out of reach for ever: waiting for them to be canceled would keep the key for ever.
                await house.supervisor.close_account(account)
                await self._abandon(account)
            elif still:
                await self._stop_all(still)
                raise DeskError("bots_still_stopping", count=str(len(still)))

            def forget(connection: Connection) -> None:
                if not keys.delete_key(connection, key_id, user_id):
                    raise DeskError("bots_still_stopping", count="1")

            await self._spend(token, user_id, forget)
            # Only now, so that nobody opens it again behind us.
            await house.supervisor.close_account(account)

    async def _is_dead(self, record: KeyRecord) -> bool:
        """The venue still refuses it, or it cannot even be read."""
        if record.status != "invalid":
            return False
        try:
            return (await self.test_key(record.user_id, record.id)).problem == "bad_credentials"
        except DeskError:
            return True

    async def _active_bots(self, account: AccountId) -> Sequence[BotRecord]:
        owned = await self._house.storage.read(lambda c: bots.bots_of(c, account.user_id))
        return [bot for bot in owned if bot.key_id == account.key_id and bot.active]

    async def _stop_all(self, running: Sequence[BotRecord]) -> None:
        """Cancel their orders. What is being closed goes on being closed."""
        ending = (Mode.CANCEL, Mode.CLOSE)
        wanted = [bot for bot in running if bot.mode not in ending]
        await asyncio.gather(
            *(self._steer(bot.user_id, bot.id, Wish(mode=Mode.CANCEL, cause="user")) for bot in wanted)
        )

    async def _abandon(self, account: AccountId) -> None:
        """Give up the bots of a key that the venue refuses; their owner hears what is left there."""
        at = self._house.now()

        def store(connection: Connection) -> None:
            for bot in bots.bots_of(connection, account.user_id):
                if bot.key_id == account.key_id and bot.active:
                    bots.update_bot(connection, replace(bot, active=False, cause="credentials", updated_at=at))
                    left = BotStopped(symbol=bot.symbol, cause="credentials", position=bot.ledger.position)
                    notices.put_notices(connection, bot.user_id, bot.id, [left], at)

        await self._house.storage.write(store)
        self._house.outbox.wake()

    async def _own_key(self, user_id: int, key_id: int) -> KeyRecord:
        record = await self._house.storage.read(lambda c: keys.find_key(c, key_id, user_id))
        if record is None:
            raise DeskError("not_found")
        return record

    async def _own_card(self, user_id: int, key_id: int) -> KeyCard:
        record = await self._own_key(user_id, key_id)
        return _card(record, await self._house.storage.read(lambda c: bots.bots_of(c, user_id)))

    async def _set_status(self, key_id: int, status: str, can_withdraw: bool | None = None) -> None:
        await self._house.storage.write(lambda c: keys.set_key_status(c, key_id, status, can_withdraw))

    async def _chosen(self, venue: str, kind: str) -> tuple[Venue, MarketKind]:
        """The venue and the kind of market that are meant. Raises DeskError("unknown_venue")."""
        for entry in VENUES:
            if entry.id == venue and kind in ("", *entry.kinds):
                return entry, MarketKind(kind or entry.kinds[0])
        for entry in await self._house.connections.catalogue():
            if entry.id == venue and (kind in entry.kinds or (not kind and len(entry.kinds) == 1)):
                return entry, MarketKind(kind or entry.kinds[0])
        raise DeskError("unknown_venue", venue=venue)

    async def _about(self, venue: str, kind: MarketKind) -> About:
        """What the venue can do. Raises DeskError("venue_unfit") where no bot could trade there."""
        about = await self._house.connections.about(venue, kind)
        if about.objection:
            raise DeskError("venue_unfit", reason=about.objection)
        return about

    async def _tested(
        self, venue: str, credentials: Mapping[str, str], kind: MarketKind, *, accept_withdrawal: bool
    ) -> Account:
        """What the venue says of these credentials. Raises DeskError: key_refused, venue_away, key_may_withdraw."""
        try:
            account = await self._house.connections.probe(venue, credentials, kind)
        except VenueError as problem:
            raise venue_error(venue, problem, credentials.values()) from problem
        if account.can_withdraw and not accept_withdrawal:
            raise DeskError("key_may_withdraw")
        return account

    def _check_room(self, owned: Sequence[KeyRecord]) -> None:
        """Raise DeskError("too_many_keys") when there may be no more than these."""
        if len(owned) >= self._house.limits.max_keys:
            raise DeskError("too_many_keys", limit=str(self._house.limits.max_keys))

    def _check_new(
        self, every: Sequence[KeyRecord], venue: str, clean: Mapping[str, str], *, but: int | None = None
    ) -> None:
        """Raise DeskError("key_exists") when it is among ``every``, ``but`` for the one in whose place it comes.

        Two bots must not trade one account unawares.
        """
        if any(record.id != but and self._is_same(record, venue, clean) for record in every):
            raise DeskError("key_exists")

    def _is_same(self, record: KeyRecord, venue: str, clean: Mapping[str, str]) -> bool:
        if record.venue != venue or record.tail != tail_of(clean):
            return False
        try:
            opened = self._house.vault.open(record.sealed, user_id=record.user_id, key_id=record.id)
        except (VaultLocked, SealBroken):
            # What cannot be read cannot trade either.
            return False
        name = telling(clean)
        return opened.get(name) == clean[name]


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def info_of(entry: Venue) -> VenueInfo:
    names = tuple(CREDENTIAL_NAMES[wanted.name] for wanted in entry.fields)
    return VenueInfo(entry.id, entry.title, names, entry.proven, frozenset(kind.value for kind in entry.kinds))


def _card(record: KeyRecord, owned: Sequence[BotRecord]) -> KeyCard:
    return KeyCard(
        id=record.id,
        venue=record.venue,
        venue_title=record.title or title_of(record.venue),
        label=record.label,
        tail=record.tail,
        status=record.status,
        can_withdraw=record.can_withdraw,
        active_bots=sum(1 for bot in owned if bot.key_id == record.id and bot.active),
        market_kinds=frozenset({kind_of_key(record).value}),
        is_proven=is_proven(record.venue, kind_of_key(record)),
        abilities=record.abilities,
    )


def kind_of_key(record: KeyRecord) -> MarketKind:
    """The kind of market that a key is for; on keys from before there was a choice, their venue's."""
    return MarketKind(record.kind) if record.kind else kind_of(record.venue)
