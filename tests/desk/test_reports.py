"""Reports and records by way of the desk, from what a bot has really done."""

from __future__ import annotations

from tests.desk.place import OTHER, OWNER, Place, a_bot, refused


async def test_a_bots_report_tells_its_figures_and_tables(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        place.price("0.512")
        await place.pass_time(10)
        report = await desk.report(OWNER, bot.id, labels={})
        assert report.figures["cycles"] == "1"
        assert "mean_take_profit" in report.figures
        assert report.tables == ("cycles", "orders", "fills")


async def test_anothers_bot_is_not_reported_on(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        async with refused("not_found"):
            await desk.report(OTHER, bot.id, labels={})
