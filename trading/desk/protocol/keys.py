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

    async def delete_key(self, user_id: int, key_id: int, *, token: str) -> None:
        """Stop the key's bots (orders canceled, positions left) and forget the key.

        DeskError: bots_still_stopping: call again, with the same token, when they have stopped. Bots of a key that the
        venue refuses cannot be stopped there; they are given up with it.
        """
        ...
