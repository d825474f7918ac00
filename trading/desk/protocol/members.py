"""People and invites, for admins.

All raise DeskError("not_allowed") for who is no admin, or one no more; none of those that name a person touches an
admin: DeskError("admin_untouchable").
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from trading.desk.member_answers import Invite, Member, OpenInvite


class Members(Protocol):
    async def members(self, admin_id: int) -> Sequence[Member]:
        """Everybody, by when they came."""
        ...

    async def member(self, admin_id: int, user_id: int) -> Member: ...
    async def suspend(self, admin_id: int, user_id: int, *, token: str) -> Member:
        """Shut an active person out. Their bots take no new entries, exits are kept; they are told.

        DeskError: already_done.
        """
        ...

    async def let_back(self, admin_id: int, user_id: int, *, token: str) -> Member:
        """Let a suspended person in again. What was paused waits for its owner. DeskError: already_done."""
        ...

    async def remove_member(self, admin_id: int, user_id: int, *, token: str) -> None:
        """Stop the person's bots (orders canceled, positions left), then forget everything of theirs.

        DeskError: person_still_stopping: call again, with the same token, when they have stopped; let_back_meanwhile.
        """
        ...

    async def set_max_deposit(self, admin_id: int, user_id: int, max_deposit: Decimal | None) -> Member:
        """What each of the person's bots may have at most (quote); None: as the settings say. DeskError: wrong_limit.

        It counts for what is created, started or edited from now on; a bot that has more keeps it.
        """
        ...

    async def set_max_bots(self, admin_id: int, user_id: int, max_bots: int | None) -> Member:
        """How many bots the person may have, stopped ones included; None: as the settings say."""
        ...

    async def make_invite(self, admin_id: int, lasts: timedelta | None) -> Invite:
        """A code that lets one person in, once, within ``lasts``. DeskError: too_many_invites."""
        ...

    async def invites(self, admin_id: int) -> Sequence[OpenInvite]: ...
    async def withdraw_invite(self, admin_id: int, invite_id: int) -> None: ...
