"""getUpdates: long polling by one bot at a time, and only while there is no webhook."""

import time
from collections.abc import Callable
from typing import Any

from tgbot.localchat.arguments import Arguments
from tgbot.localchat.bells import UPDATES, rung
from tgbot.localchat.errors import BadRequest, Conflict
from tgbot.localchat.storage import Storage
from tgbot.localchat.updates import allow_kinds, confirm_before, pending_updates
from tgbot.localchat.webhook import saved_webhook

LONGEST_WAIT = 50
_TAKEN_OVER = "terminated by other getUpdates request; make sure that only one bot instance is running"
_HAS_WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_WEBHOOK_CAME = "terminated by setWebhook request"


class Polling:
    """The newer poller wins, as at Telegram: the one that waited is told about the conflict."""

    def __init__(self, storage: Storage, clock: Callable[[], float]) -> None:
        self._storage = storage
        self._clock = clock
        self._poller: object | None = None

    async def fetch(self, arguments: Arguments) -> list[dict[str, Any]]:
        """Answers as soon as there are updates, or empty after `timeout` seconds."""
        timeout = max(0, min(arguments.integer("timeout"), LONGEST_WAIT))
        limit = arguments.integer("limit", 100)
        limit = limit if 1 <= limit <= 100 else 100
        me = self._poller = object()
        self._storage.bells.ring([UPDATES])
        deadline = time.monotonic() + timeout
        try:
            await self._prepare(arguments)
            while True:
                bell = self._storage.bells.listen(UPDATES)
                async with self._storage.transaction() as tx:
                    if await saved_webhook(tx) is not None:
                        raise Conflict(_WEBHOOK_CAME)
                    updates = await pending_updates(tx, limit)
                if self._poller is not me:
                    raise Conflict(_TAKEN_OVER)
                remaining = deadline - time.monotonic()
                if updates or remaining <= 0 or self._storage.bells.closed:
                    return updates
                await rung(bell, remaining)
        finally:
            if self._poller is me:
                self._poller = None

    async def _prepare(self, arguments: Arguments) -> None:
        kinds = arguments.object("allowed_updates")
        if kinds is not None and not isinstance(kinds, list):
            raise BadRequest("can't parse allowed updates: Expected an Array of String")
        async with self._storage.transaction() as tx:
            if await saved_webhook(tx) is not None:
                raise Conflict(_HAS_WEBHOOK)
            if kinds is not None:
                await allow_kinds(tx, [str(kind) for kind in kinds])
            await confirm_before(tx, arguments.integer("offset"), self._clock())
