"""What belongs to one person does not exist for another: walked over the whole Protocol, so that none is forgotten."""

from __future__ import annotations

import inspect
from decimal import Decimal
from typing import Any

from tests.desk.place import ADMIN, CRV_SYMBOL, GRID, OTHER, OWNER, FarKey, Place, a_bot, credentials, refused
from trading.desk.answers import Activity, StopChoice
from trading.desk.file_answers import Span, silent
from trading.desk.member_answers import Announcement
from trading.desk.profit_answers import Period
from trading.desk.protocol import DeskProtocol
from trading.desk.trial_answers import Recent

VALUES: dict[str, Any] = {
    "user_id": OTHER,
    "venue": "bitget",
    "label": "",
    "credentials": credentials("other-key-9999"),
    "strategy": "grid",
    "text": "",
    "symbol": CRV_SYMBOL,
    "symbols": [CRV_SYMBOL],
    "config": GRID,
    "changes": {"cooldown_seconds": 5},
    "accept_danger": True,
    "accept_withdrawal": False,
    "choice": StopChoice.CLOSE_ALL,
    "token": "a token",
    "what": "orders",
    "last": None,
    "labels": {},
    "percent": 50,
    "number": 1,
    "span": Span(),
    "source": Recent(1),
    "progress": silent,
    "name": "mine",
}
NOT_A_PERSONS = {
    # By no user: settings, people by admins, and the house's own business with drafts and notices.
    *("venues", "find_venues", "strategies", "check_settings", "preview_picture", "decide_access", "health"),
    "maintenance",
    *("find_time_zones", "shared"),
    *("get_draft", "put_draft", "waiting_notices", "wait_for_notices"),
    *("notices_delivered", "postpone_notice", "notice_failed"),
    *("recover_broadcasts", "running_broadcasts", "wait_for_broadcasts"),
    *("next_recipient", "note_delivery", "note_progress", "finish_broadcast"),
}
NAMES_NO_ROW = {
    *("person", "arrive", "enter", "note_heard", "note_deaf", "set_language", "keys", "add_key", "bots", "panic"),
    *("profit", "statistics", "set_dark_pictures"),
    *("balances", "pause_all", "resume_all", "stop_all"),
    *("last_settings", "presets", "save_preset", "share", "shares"),
    *("paper", "set_paper_balance", "reset_paper", "choose_paper_prices", "stop_paper_bots", "upload_paper_prices"),
    *("hearing", "set_level", "set_quiet_hours", "set_time_zone", "set_report_time", "daily_picture"),
}


async def test_no_method_reaches_what_is_anothers(place: Place) -> None:
    place.keys["owner-key-1234"] = FarKey()
    async with place.open() as desk:
        key = await desk.add_key(OWNER, "bitget", "", credentials("owner-key-1234"))
        bot = await a_bot(desk, place)
        before = await desk.bot(OWNER, bot.id)
        preset = await desk.save_preset(OWNER, "grid", "mine", GRID, token="a preset")
        shared = await desk.share(OWNER, "grid", CRV_SYMBOL, GRID, with_name=False, token="a share")
        ids = {"key_id": key.id, "bot_id": bot.id, "preset_id": preset.id, "share_id": shared.id}
        walked = set()
        for name, method in inspect.getmembers(DeskProtocol, inspect.isfunction):
            parameters = inspect.signature(method).parameters
            if "admin_id" in parameters:
                continue  # walked below
            if name.startswith("_") or name in NOT_A_PERSONS or name in NAMES_NO_ROW or name == "told":
                continue
            wanted = {
                each: {**VALUES, **ids}[each] for each in parameters if each not in ("self", "limit", "dark", "tz")
            }
            assert "user_id" in wanted, f"say whose {name} is"
            assert wanted.keys() & ids.keys(), f"{name} names no row: say so above"
            async with refused("not_found"):
                await getattr(desk, name)(**wanted)
            walked.add(name)
        assert {"delete_key", "rename_key", "replace_credentials", "key_venue"} <= walked
        assert {"preview", "create", "stop", "edit", "orders", "recent_symbols"} <= walked
        told = [stored.id for stored in await desk.waiting_notices() if stored.user_id == OWNER]
        assert told
        assert not await desk.told(OTHER, told)
        assert (await desk.presets(OWNER), await desk.shares(OWNER)) == ([preset], [shared])
        after = await desk.bot(OWNER, bot.id)
        assert (after.activity, after.config, after.open_orders) == (Activity.RUNNING, before.config, 5)
        assert len(await desk.keys(OWNER)) == 1


async def test_every_method_that_names_no_row_answers_ones_own_only(place: Place) -> None:
    place.keys["owner-key-1234"] = FarKey()
    async with place.open() as desk:
        await desk.add_key(OWNER, "bitget", "", credentials("owner-key-1234"))
        await a_bot(desk, place)
        assert await desk.keys(OTHER) == []
        assert await desk.bots(OTHER) == []
        assert [each.key_id for each in await desk.balances(OTHER)] == [None]
        assert await desk.pause_all(OTHER, token="a1") == []
        assert await desk.resume_all(OTHER, token="a2") == []
        assert await desk.stop_all(OTHER, StopChoice.CLOSE_ALL, token="a3") == []
        assert await desk.panic(OTHER, token="t") == []
        assert (await desk.profit(OTHER, Period.ALL, labels={})).parts == ()
        assert (await desk.statistics(OTHER)).parts == ()


async def test_the_protocol_is_whole(place: Place) -> None:
    """A new method must be in one of the three groups of this file, or is walked by the first test."""
    names = {name for name, _ in inspect.getmembers(DeskProtocol, inspect.isfunction) if not name.startswith("_")}
    assert names >= NOT_A_PERSONS | NAMES_NO_ROW
    async with place.open() as desk:
        whole: DeskProtocol = desk
        assert all(inspect.signature(getattr(whole, name)) for name in names)


async def test_health_is_for_admins(place: Place) -> None:
    async with place.open() as desk:
        await a_bot(desk, place)
        await place.pass_time(3)
        async with refused("not_allowed"):
            await desk.health(OWNER)
        health = await desk.health(ADMIN)
        assert (health.bots_active, health.bots_total, health.users, health.venues_away) == (1, 1, 2, ())
        assert health.notices_waiting == len(await desk.waiting_notices(1000)) > 0
        assert health.database_bytes > 0
        assert health.loop_lag_ms >= 0


FOR_ADMINS: dict[str, Any] = {
    **VALUES,
    "admin_id": OTHER,
    "user_id": OWNER,
    "approve": True,
    "max_deposit": Decimal(1_000_000),
    "max_bots": 1000,
    "lasts": None,
    "invite_id": 1,
    "message_id": 1,
    "said": Announcement((1,)),
    "skip": 0,
    "limit": 5,
    "progress_id": 2,
    "broadcast_id": 1,
}


async def test_no_method_for_admins_does_anything_for_who_is_none(place: Place) -> None:
    """Also for who was an admin when the button was shown: settings decide, at every call."""
    async with place.open() as desk:
        await a_bot(desk, place)
        walked = set()
        for name, method in inspect.getmembers(DeskProtocol, inspect.isfunction):
            parameters = inspect.signature(method).parameters
            if "admin_id" not in parameters:
                continue
            async with refused("not_allowed"):
                await getattr(desk, name)(**{each: FOR_ADMINS[each] for each in parameters if each != "self"})
            walked.add(name)
        assert {"suspend", "remove_member", "begin_maintenance", "begin_broadcast", "backup", "make_invite"} <= walked
        assert (await desk.member(ADMIN, OWNER)).status == "active"
        assert (await desk.bots(OWNER))[0].activity is Activity.RUNNING
        assert await desk.maintenance() is None
        assert await desk.invites(ADMIN) == []
