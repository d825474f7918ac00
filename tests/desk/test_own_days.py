"""What is told by the day is told by the person's own days."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.desk.place import OTHER, OWNER, Place, a_bot
from trading.desk.answers import StopChoice
from trading.storage import bots, samples
from trading.storage.records import SampleRecord

SAMPLED = datetime(2025, 12, 31, 19, 0, tzinfo=UTC)
"""Half an hour into the new year in Calcutta, and yesterday in London."""


@pytest.mark.parametrize(("zone", "yesterdays"), [("UTC", -3), ("Asia/Kolkata", 0), ("America/New_York", -3)])
async def test_a_bots_today_begins_at_its_owners_midnight(place: Place, zone: str, yesterdays: int) -> None:
    async with place.open() as desk:
        made = await a_bot(desk, place)
        await desk.set_time_zone(OWNER, zone)
        [record] = await place.storage.read(lambda c: bots.bots_of(c, OWNER))
        taken = SampleRecord(record.id, OWNER, samples.EQUITY, SAMPLED, {"net": "-3", "unrealized": "0", "price": "1"})
        await place.storage.write(lambda c: samples.add_samples(c, [taken]))
        today = (await desk.bot(OWNER, made.id)).realized_net - yesterdays
        assert (await desk.bot(OWNER, made.id)).today_net == today
        assert [card.today_net for card in await desk.bots(OWNER)] == [today]
        # Another's choice of a zone moves nobody else's day.
        await desk.set_time_zone(OTHER, "Asia/Kolkata")
        assert (await desk.bot(OWNER, made.id)).today_net == today


async def test_a_stopped_bot_that_did_nothing_today_earned_nothing_today(place: Place) -> None:
    """Its last fills came after the last sample, and that was long ago."""
    async with place.open() as desk:
        made = await a_bot(desk, place)
        await desk.set_time_zone(OWNER, "Pacific/Guadalcanal")
        await desk.stop(OWNER, made.id, StopChoice.CLOSE_ALL, token="stop")
        await place.until(lambda: place.supervisor.worker(made.id) is None)
        stopped = await desk.bot(OWNER, made.id)
        assert stopped.position == 0
        assert stopped.today_net == stopped.realized_net != 0
        await place.clock.advance(3700)  # at one o'clock UTC it is midnight there
        assert (await desk.bot(OWNER, made.id)).today_net == 0
