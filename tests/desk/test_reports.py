"""Reports and records by way of the desk, from what a bot has really done."""

from __future__ import annotations

from datetime import timedelta

from tests.desk.place import OTHER, OWNER, Place, a_bot, refused


async def test_a_bots_report_and_its_files(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        place.price("0.512")
        await place.pass_time(10)
        report = await desk.report(OWNER, bot.id, labels={})
        assert report.figures["cycles"] == "1"
        assert "mean_take_profit" in report.figures
        assert report.tables == ("cycles", "orders", "fills")
        name, content = await desk.export(OWNER, bot.id, "cycles", None)
        assert name.startswith(f"grid-CRVUSDT-{bot.id}-cycles-")
        assert name.endswith(".csv")
        assert content.count(b"\r\n") == 2
        _, orders = await desk.export(OWNER, bot.id, "orders", timedelta(days=1))
        assert orders.count(b"\r\n") > 6
        _, fills = await desk.export(OWNER, bot.id, "fills", timedelta(days=1))
        assert fills.count(b"\r\n") >= 3
        await place.clock.advance(5)
        _, none = await desk.export(OWNER, bot.id, "cycles", timedelta(seconds=0))
        assert none.count(b"\r\n") == 1


async def test_what_is_anothers_is_not_there_and_files_have_our_names_only(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        async with refused("not_found"):
            await desk.report(OTHER, bot.id, labels={})
        async with refused("not_found"):
            await desk.export(OTHER, bot.id, "orders", None)
        async with refused("unknown_export"):
            await desk.export(OWNER, bot.id, "../../etc/passwd", None)
