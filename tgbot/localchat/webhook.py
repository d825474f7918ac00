"""Webhooks: setWebhook, deleteWebhook, getWebhookInfo, and the bringing of updates.

As a Bot API server in local mode does it: http and any port are taken, but on this machine only.
"""

import asyncio
import ipaddress
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tgbot.localchat.bells import UPDATES, rung
from tgbot.localchat.calls import Call, Method
from tgbot.localchat.errors import BadRequest
from tgbot.localchat.storage import Storage, Transaction
from tgbot.localchat.updates import (
    allow_kinds,
    allowed_kinds,
    confirm_before,
    count_updates,
    forget_update,
    forget_updates,
    pending_updates,
)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_USUAL_CONNECTIONS, _MOST_CONNECTIONS = 40, 100
_ANSWER_SECONDS = 60.0
_SHORTEST_WAIT, _LONGEST_WAIT = 0.2, 10.0
_CLEARED = 60.0
"""Seconds after which the queue is looked at again even when nothing rang."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """What the bot asked for, and the last trouble with it (`error_date` is unix time, 0: none)."""

    url: str
    secret: str
    connections: int
    error_date: int = 0
    error: str = ""


async def saved_webhook(tx: Transaction) -> Webhook | None:
    row = await tx.one("SELECT value FROM profile WHERE name = 'webhook'")
    return Webhook(**json.loads(row["value"])) if row and row["value"] else None


async def _save(tx: Transaction, webhook: Webhook | None) -> None:
    packed = json.dumps(asdict(webhook)) if webhook else ""
    await tx.run("INSERT OR REPLACE INTO profile VALUES ('webhook', '', ?)", packed)
    tx.touched.add(UPDATES)


async def set_webhook(call: Call) -> bool:
    """An empty address takes the webhook away, as at Telegram."""
    said = call.arguments
    url = said.text("url")
    if said.has("certificate") or "certificate" in said.uploads:
        raise BadRequest("bad webhook: this server knows no self-signed certificates")
    if not _SECRET.fullmatch(said.text("secret_token")):
        too_long = len(said.text("secret_token")) > 256
        raise BadRequest("secret token is too long" if too_long else "secret token contains unallowed characters")
    kinds = said.object("allowed_updates")
    if kinds is not None and not isinstance(kinds, list):
        raise BadRequest("can't parse allowed updates: Expected an Array of String")
    if not url:
        return await delete_webhook(call)
    _check_address(url)
    connections = said.integer("max_connections", _USUAL_CONNECTIONS)
    if said.flag("drop_pending_updates"):
        await forget_updates(call.tx)
    if kinds is not None:
        await allow_kinds(call.tx, [str(kind) for kind in kinds])
    await _save(call.tx, Webhook(url, said.text("secret_token"), max(1, min(connections, _MOST_CONNECTIONS))))
    return True


async def delete_webhook(call: Call) -> bool:
    if call.arguments.flag("drop_pending_updates"):
        await forget_updates(call.tx)
    await _save(call.tx, None)
    return True


async def get_webhook_info(call: Call) -> dict[str, Any]:
    webhook = await saved_webhook(call.tx)
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": await count_updates(call.tx),
    }
    if webhook:
        info["max_connections"] = webhook.connections
        if webhook.error:
            info |= {"last_error_date": webhook.error_date, "last_error_message": webhook.error}
    kinds = await allowed_kinds(call.tx)
    return info | ({"allowed_updates": kinds} if kinds else {})


METHODS: dict[str, Method] = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadRequest("bad webhook: invalid URL specified") from error
    if not host:
        raise BadRequest("bad webhook: invalid URL specified")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(host)):
        raise BadRequest("bad webhook: An HTTPS URL must be provided for webhook")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Deliveries:
    """Brings updates to the webhook, those of one person one after another, each until it is answered with 200."""

    def __init__(self, storage: Storage, clock: Callable[[], float]) -> None:
        self._storage, self._clock = storage, clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="webhook deliveries")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        wait = _SHORTEST_WAIT
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_SECONDS)) as http:
            while not self._storage.bells.closed:
                bell = self._storage.bells.listen(UPDATES)
                async with self._storage.transaction() as tx:
                    await confirm_before(tx, 0, self._clock())
                    webhook, waiting = await saved_webhook(tx), await pending_updates(tx, 100)
                if webhook is None or not waiting:
                    await rung(bell, _CLEARED)
                    continue
                heads = _first_of_each(waiting)[: webhook.connections]
                arrived = await asyncio.gather(*(self._bring(http, webhook, update) for update in heads))
                if all(arrived):
                    wait = _SHORTEST_WAIT
                    continue
                await asyncio.sleep(wait)
                wait = min(_LONGEST_WAIT, wait * 2)

    async def _bring(self, http: aiohttp.ClientSession, webhook: Webhook, update: dict[str, Any]) -> bool:
        trouble = await _post(http, webhook, update)
        async with self._storage.transaction() as tx:
            if trouble is None:
                await forget_update(tx, update["update_id"])
            elif (now := await saved_webhook(tx)) is not None:
                await _save(tx, replace(now, error=trouble, error_date=int(self._clock())))
        return trouble is None


async def _post(http: aiohttp.ClientSession, webhook: Webhook, update: dict[str, Any]) -> str | None:
    """What was wrong, in Telegram's words; None when it arrived."""
    headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
    try:
        async with http.post(webhook.url, json=update, headers=headers, allow_redirects=False) as answer:
            if 200 <= answer.status < 300:
                return None
            return f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except TimeoutError:
        return "Read timeout expired"
    except aiohttp.ClientConnectorError:
        return "Connection refused"
    except aiohttp.ClientError:
        return "Connection closed"


def _first_of_each(updates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    heads: dict[int, dict[str, Any]] = {}
    for update in updates:
        [content] = [part for name, part in update.items() if name != "update_id"]
        heads.setdefault(content["from"]["id"], update)
    return list(heads.values())
