"""Records as files by way of the desk, from what bots have really done."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from tests.desk.place import CRV_SYMBOL, GRID, OTHER, OWNER, Place, a_bot, refused
from trading.desk.file_answers import ExportFile, Span
from trading.desk.house import DeskLimits

EVER = Span()
LABELS = {"orders": "Ордера", "fills": "Сделки", "cycles": "Циклы", "contents": "Содержание"}


def opened(file: ExportFile) -> Workbook:
    return load_workbook(BytesIO(file.content))


def rows_of(book: Workbook, name: str) -> list[dict[str, object]]:
    head, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


async def test_a_table_is_a_csv_file_with_our_name(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        place.price("0.512")
        await place.pass_time(10)
        file = await desk.export(OWNER, bot.id, "cycles", EVER)
        assert file.name.startswith(f"grid-CRVUSDT-{bot.id}-cycles-")
        assert file.name.endswith(".csv")
        assert (file.content.count(b"\r\n"), file.rows, file.cut) == (2, 1, ())
        orders = await desk.export(OWNER, bot.id, "orders", Span(last=timedelta(days=1)))
        assert orders.rows > 5
        fills = await desk.export(OWNER, bot.id, "fills", Span(last=timedelta(days=1)))
        assert fills.rows >= 2
        await place.clock.advance(5)
        assert (await desk.export(OWNER, bot.id, "cycles", Span(last=timedelta(0)))).rows == 0


async def test_a_workbook_has_every_table_with_numbers_and_times(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        place.price("0.512")
        await place.pass_time(10)
        told: list[tuple[str, float]] = []
        file = await desk.export_workbook(
            OWNER, bot.id, EVER, labels=LABELS, progress=lambda stage, share: told.append((stage, share))
        )
        assert file.name.startswith(f"makergram-grid-CRVUSDT-{bot.id}-")
        book = opened(file)
        assert book.sheetnames == ["Содержание", "Циклы", "Ордера", "Сделки"]
        fills = rows_of(book, "Сделки")
        stored = (await desk.export(OWNER, bot.id, "fills", EVER)).content.decode().splitlines()[1:]
        assert [Decimal(str(fill["price"])) for fill in fills] == [Decimal(line.split(",")[6]) for line in stored]
        assert all(hasattr(fill["at_utc"], "year") for fill in fills)
        contents = rows_of(book, "Содержание")
        assert [(row["bot"], row["rows"]) for row in contents] == [
            (bot.id, len(rows_of(book, str(row["sheet"])))) for row in contents
        ]
        assert file.rows == sum(int(str(row["rows"])) for row in contents)
        assert told[-1] == ("writing", 1.0)


async def test_days_begin_and_end_where_they_were_set(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        begun = place.clock.now()
        await place.pass_time(60)
        place.price("0.512")
        await place.pass_time(60)
        whole = await desk.export(OWNER, bot.id, "fills", EVER)
        middle = begun + timedelta(seconds=30)
        first = await desk.export(OWNER, bot.id, "fills", Span(until=middle))
        second = await desk.export(OWNER, bot.id, "fills", Span(since=middle))
        assert first.rows and second.rows
        assert first.rows + second.rows == whole.rows
        book = opened(await desk.export_workbook(OWNER, bot.id, Span(since=middle), labels=LABELS))
        assert len(rows_of(book, "Сделки")) == second.rows
        assert rows_of(book, "Содержание")[0]["since_utc"] is not None


async def test_all_bots_go_into_one_workbook_and_nobody_elses(place: Place) -> None:
    async with place.open() as desk:
        first = await a_bot(desk, place)
        [others] = await desk.create(OTHER, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="other")
        book = opened(await desk.export_workbook(OWNER, None, EVER, labels=LABELS))
        assert {row["bot"] for row in rows_of(book, "Содержание")} == {first.id}
        assert f"{first.id} CRVUSDT Сделки" in book.sheetnames
        assert all(not name.startswith(f"{others.id} ") for name in book.sheetnames)


async def test_a_table_too_long_is_cut_to_its_newest_rows_and_named(place: Place) -> None:
    place.limits = DeskLimits(max_sheet_rows=2)
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await place.pass_time(60)
        whole = (await desk.export(OWNER, bot.id, "orders", EVER)).content.decode().splitlines()[-2:]
        file = await desk.export_workbook(OWNER, bot.id, EVER, labels=LABELS)
        assert file.cut == ("orders",)
        kept = [row["client_id"] for row in rows_of(opened(file), "Ордера")]
        assert kept == [line.split(",")[2] for line in whole]
        cut = {row["sheet"]: row["newest_rows_only"] for row in rows_of(opened(file), "Содержание")}
        assert cut == {"Циклы": "no", "Ордера": "yes", "Сделки": "no"}


async def test_who_has_no_bots_has_nothing_to_export(place: Place) -> None:
    async with place.open() as desk, refused("nothing_to_export"):
        await desk.export_workbook(OTHER, None, EVER, labels=LABELS)


async def test_what_is_anothers_is_not_there_and_files_have_our_names_only(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        async with refused("not_found"):
            await desk.export(OTHER, bot.id, "orders", EVER)
        async with refused("not_found"):
            await desk.export_workbook(OTHER, bot.id, EVER, labels=LABELS)
        async with refused("unknown_export"):
            await desk.export(OWNER, bot.id, "../../etc/passwd", EVER)


async def test_a_canceled_export_leaves_the_way_free_for_the_next(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(
            desk.export_workbook(
                OWNER, bot.id, EVER, labels=LABELS, progress=lambda *_: loop.call_soon_threadsafe(begun.set)
            )
        )
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await desk.export_workbook(OWNER, bot.id, EVER, labels=LABELS)).rows
