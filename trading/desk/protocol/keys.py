"""Exchange keys, and the venues that they are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from trading.desk.answers import KeyCard, KeyCheck, VenueInfo


class Keys(Protocol):
    def venues(self) -> Sequence[VenueInfo]:
        """The proven ones."""
        ...

    async def find_venues(self, text: str, limit: int = 8) -> Sequence[VenueInfo]:
        """Unproven venues whose name holds ``text``, that of this very name first. The first call takes seconds."""
        ...

    async def keys(self, user_id: int) -> Sequence[KeyCard]: ...
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
        """Test, seal and store. ``kind`` chooses among the venue's kinds of markets; "" for the one there is.

        DeskError: unknown_venue, venue_unfit (``reason``: see KeyCheck), credentials_missing, key_refused, venue_away,
        key_may_withdraw, too_many_keys,
        key_exists (also when another person has it here: two bots must not trade one account unawares).
        """
        ...

    async def test_key(self, user_id: int, key_id: int) -> KeyCheck:
        """Ask the venue what the key may do. DeskError: key_unreadable (sealed with another master key)."""
        ...

    async def key_venue(self, user_id: int, key_id: int) -> VenueInfo:
        """The venue of a stored key, with the one kind of market that it is for. DeskError: unknown_venue (gone)."""
        ...

    async def rename_key(self, user_id: int, key_id: int, label: str) -> KeyCard:
        """Call the key otherwise. DeskError: label_empty, label_secret (it holds one of the key's credentials)."""
        ...

    async def replace_credentials(
        self,
        user_id: int,
        key_id: int,
        credentials: Mapping[str, str],
        *,
        accept_withdrawal: bool = False,
    ) -> KeyCard:
        """Test other credentials of the same account, seal them in the key's place, and have its bots go on with them.

        Nothing is changed until the test has passed. Then the bots are connected anew, as at a start of the process;
        those that were paused because the key was refused stay paused. Whether it is the same account cannot be known:
        on another one their orders would be missing, and the old ones would stay where they are.

        DeskError: as ``add_key``, but for too_many_keys.
        """
        ...

    async def delete_key(self, user_id: int, key_id: int, *, token: str) -> None:
        """Stop the key's bots (orders canceled, positions left) and forget the key.

        DeskError: bots_still_stopping: call again, with the same token, when they have stopped. Bots of a key that the
        venue refuses cannot be stopped there; they are given up with it.
        """
        ...
