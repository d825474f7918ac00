"""Settings kept under a name, taken up from the last bot, and shared by a link."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from tests.desk.place import ADMIN, CRV_SYMBOL, GRID, OTHER, OWNER, SPOT_SYMBOL, Place, a_bot, refused
from trading.desk.answers import DeskError, InvalidSettings
from trading.desk.desk import Desk
from trading.desk.fitting import fitting, is_shared
from trading.desk.housekeeping import Housekeeping, KeepTerms
from trading.desk.preset_answers import LONGEST_NAME, MOST_PRESETS, MOST_SHARES, ShareCard
from trading.storage import shares
from trading.strategies import STRATEGIES


async def a_share(desk: Desk, *, press: str = "share", with_name: bool = False, **settings: object) -> ShareCard:
    return await desk.share(OWNER, "grid", CRV_SYMBOL, {**GRID, **settings}, with_name=with_name, token=press)


async def test_a_preset_survives_a_restart_and_is_its_owners_alone(place: Place) -> None:
    async with place.open() as desk:
        made = await desk.save_preset(OWNER, "grid", "  My\n  grid ", GRID, token="save")
        assert (made.name, made.settings["deposit"], made.settings["leverage"]) == ("My grid", "50", 5)
    async with place.open() as desk:
        assert await desk.presets(OWNER) == [made]
        assert await desk.presets(OTHER) == []
        async with refused("not_found"):
            await desk.rename_preset(OTHER, made.id, "mine now")
        async with refused("not_found"):
            await desk.delete_preset(OTHER, made.id)
        assert (await desk.rename_preset(OWNER, made.id, "Calm")).name == "Calm"
        await desk.delete_preset(OWNER, made.id)
        async with refused("not_found"):
            await desk.delete_preset(OWNER, made.id)
        assert await desk.presets(OWNER) == []


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "x" * (LONGEST_NAME + 1)])
async def test_a_name_that_cannot_be_read_on_a_button_is_refused(place: Place, name: str) -> None:
    async with place.open() as desk:
        async with refused("name_unfit"):
            await desk.save_preset(OWNER, "grid", name, GRID, token="save")
        assert await desk.presets(OWNER) == []


async def test_names_are_told_apart_within_a_strategy_and_a_name_may_be_written_anew(place: Place) -> None:
    async with place.open() as desk:
        made = await desk.save_preset(OWNER, "grid", "Calm", GRID, token="1")
        async with refused("preset_exists"):
            await desk.save_preset(OWNER, "grid", "calm", GRID, token="2")
        await desk.save_preset(OWNER, "peg", "Calm", {}, token="2")
        assert (await desk.rename_preset(OWNER, made.id, "CALM")).name == "CALM"
        other = await desk.save_preset(OWNER, "grid", "Wild", GRID, token="3")
        async with refused("preset_exists"):
            await desk.rename_preset(OWNER, other.id, "calm")


async def test_there_is_an_end_to_presets_and_a_second_press_saves_nothing(place: Place) -> None:
    async with place.open() as desk:
        for number in range(MOST_PRESETS):
            await desk.save_preset(OWNER, "grid", f"preset {number}", GRID, token=f"save{number}")
        async with refused("already_done"):
            await desk.save_preset(OWNER, "grid", "again", GRID, token="save0")
        async with refused("too_many_presets"):
            await desk.save_preset(OWNER, "grid", "one more", GRID, token="more")
        assert len(await desk.presets(OWNER)) == MOST_PRESETS


async def test_settings_that_do_not_fit_are_not_kept(place: Place) -> None:
    async with place.open() as desk:
        with pytest.raises(InvalidSettings):
            await desk.save_preset(OWNER, "grid", "broken", {"leverage": 5000}, token="save")
        async with refused("unknown_strategy"):
            await desk.save_preset(OWNER, "gone", "gone", {}, token="save")


async def test_the_last_settings_are_those_of_the_pair_first_then_of_the_strategy(place: Place) -> None:
    async with place.open() as desk:
        assert await desk.last_settings(OWNER, "grid", [CRV_SYMBOL]) is None
        await a_bot(desk, place, deposit="60")
        await place.pass_time(1)
        await desk.create(OWNER, None, "grid", ["BTC/USDT:USDT"], {**GRID, "deposit": "70"}, accept_danger=True,
                          token="second")  # fmt: skip
        of_pair = await desk.last_settings(OWNER, "grid", [CRV_SYMBOL])
        newest = await desk.last_settings(OWNER, "grid", ["ETH/USDT:USDT"])
        assert of_pair is not None
        assert newest is not None
        assert (of_pair["deposit"], newest["deposit"]) == ("60", "70")
        assert await desk.last_settings(OTHER, "grid", [CRV_SYMBOL]) is None
        assert await desk.last_settings(OWNER, "peg", [CRV_SYMBOL]) is None


async def test_a_price_is_taken_up_again_on_its_own_market_only(place: Place) -> None:
    place.wallet = {"USDT": Decimal(10_000), "CRV": Decimal(20_000)}
    async with place.open() as desk:
        settings = {"price": "0.5", "deviation": "0.01", "interval_seconds": 30}
        await desk.create(OWNER, None, "peg", [SPOT_SYMBOL], settings, accept_danger=True, token="made")
        here = await desk.last_settings(OWNER, "peg", [SPOT_SYMBOL])
        elsewhere = await desk.last_settings(OWNER, "peg", ["ABC/USDT"])
        kept = await desk.save_preset(OWNER, "peg", "Peg", settings, token="save")
        link = await desk.share(OWNER, "peg", SPOT_SYMBOL, settings, with_name=False, token="share")
        assert here is not None
        assert elsewhere is not None
        assert (here["price"], here["deviation"]) == ("0.5", "0.01")
        for found in (elsewhere, kept.settings, (await desk.shared(link.code)).settings):
            assert found["interval_seconds"] == 30
            assert not {"price", "deviation"} & found.keys()


async def test_a_link_holds_the_settings_and_neither_money_nor_who_made_it(place: Place) -> None:
    async with place.open() as desk:
        made = await a_share(desk, deposit="777.5")
        assert re.fullmatch(r"[A-Za-z0-9_-]{16,62}", made.code)
        found = await desk.shared(made.code)
        assert (found.strategy, found.title, found.author, found.dropped) == ("grid", "CRV/USDT", "", ())
        assert found.settings["leverage"] == 5
        assert "deposit" not in found.settings
        row = await place.storage.read(lambda c: shares.find_share(c, made.code))
        assert row is not None
        assert "777.5" not in row.settings


async def test_a_link_is_signed_only_if_its_maker_wants(place: Place) -> None:
    async with place.open() as desk:
        assert (await a_share(desk, with_name=True)).author == f"Member {OWNER}"


async def test_a_link_can_be_taken_back_by_its_maker_alone(place: Place) -> None:
    async with place.open() as desk:
        made = await a_share(desk)
        assert await desk.shares(OTHER) == []
        async with refused("not_found"):
            await desk.revoke_share(OTHER, made.id)
        assert [each.id for each in await desk.shares(OWNER)] == [made.id]
        await desk.revoke_share(OWNER, made.id)
        assert await desk.shares(OWNER) == []
        async with refused("share_unknown"):
            await desk.shared(made.code)


async def test_with_a_person_their_presets_and_links_are_forgotten(place: Place) -> None:
    async with place.open() as desk:
        made = await a_share(desk)
        await desk.save_preset(OWNER, "grid", "Calm", GRID, token="save")
        await desk.remove_member(ADMIN, OWNER, token="remove")
        async with refused("share_unknown"):
            await desk.shared(made.code)
        assert await desk.presets(OWNER) == []


async def test_a_link_expires_and_is_forgotten_later(place: Place) -> None:
    async with place.open() as desk:
        made = await a_share(desk)
        await place.clock.advance(timedelta(days=31).total_seconds())
        async with refused("share_expired"):
            await desk.shared(made.code)
        assert await desk.shares(OWNER) == []
        keeping = Housekeeping(
            KeepTerms(backups=place.path.parent / "backups"), place.storage, desk._house.outbox, place.clock
        )
        await keeping.clean_up()
        async with refused("share_expired"):
            await desk.shared(made.code)
        await place.clock.advance(timedelta(days=31).total_seconds())
        await keeping.clean_up()
        async with refused("share_unknown"):
            await desk.shared(made.code)


async def test_there_is_an_end_to_links_and_a_second_press_makes_none(place: Place) -> None:
    async with place.open() as desk:
        for number in range(MOST_SHARES):
            await a_share(desk, press=f"share{number}")
        async with refused("already_done"):
            await a_share(desk, press="share0")
        async with refused("too_many_shares"):
            await a_share(desk, press="more")


async def test_what_is_behind_a_link_is_not_trusted(place: Place) -> None:
    async with place.open() as desk:
        made = await a_share(desk)
        body = {"leverage": 5000, "grid_levels": 7, "deposit": "1000000", "key": "secret", "direction": ["long"]}

        def tamper(connection: object) -> None:
            connection.exec_driver_sql("UPDATE shares SET settings = ?", (json.dumps(body),))  # type: ignore[attr-defined]

        await place.storage.write(tamper)
        found = await desk.shared(made.code)
        assert found.settings == {"grid_levels": 7}
        assert set(found.dropped) == {"leverage", "deposit", "key", "direction"}


@pytest.mark.parametrize("code", ["", "unknown", "../../etc", "x" * 64, "%", "' OR 1=1 --"])
async def test_a_link_that_never_was_opens_nothing(place: Place, code: str) -> None:
    async with place.open() as desk:
        await a_share(desk)
        with pytest.raises(DeskError, match="share_unknown"):
            await desk.shared(code)


class _Model(BaseModel):
    money: Decimal = Field(gt=0, json_schema_extra={"money": True})
    file: str = Field(default="", json_schema_extra={"unit": "file"})
    side: Literal["long", "short"] = "long"
    levels: int = Field(default=5, le=10)


def test_a_setting_that_is_still_to_be_answered_does_not_spoil_the_others() -> None:
    assert fitting(_Model, {"side": "short", "levels": 11, "new": 1}) == {"side": "short"}
    assert fitting(_Model, {"side": "up", "levels": 11}) == {}


def test_money_and_files_are_never_shared() -> None:
    assert [name for name in _Model.model_fields if is_shared(_Model, name)] == ["side", "levels"]
    for strategy in STRATEGIES.values():
        model = strategy.config_model
        assert any(not is_shared(model, name) for name in model.model_fields)
        assert not is_shared(model, "key_id")
