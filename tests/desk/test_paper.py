"""The paper account by the desk: its money, beginning anew, made up and recorded prices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from tests.desk.place import ADMIN, GRID, OTHER, OWNER, refused
from trading.desk.answers import Activity, DeskError
from trading.desk.desk import Desk
from trading.desk.housekeeping import KeepTerms
from trading.desk.paper_house import PaperTerms
from trading.desk.paper_prices import PaperPrices, PriceKind
from trading.desk.running import Terms, trading
from trading.vault import new_master_key

D = Decimal
CRV = "CRV/USDT:USDT"
START = {"USDT": D(10_000), "BTC": D("0.05"), "ETH": D(1), "CRV": D(4_000)}
HEADER = "timestamp,open,high,low,close,volume\n"
ROWS = [f"2024-01-01T00:{minute:02}:00,0.8,0.81,0.79,0.8,5000\n" for minute in range(20)]
SIMULATED = PaperPrices(PriceKind.SIMULATED)


def candles(*, line: int = 0, row: str = "") -> bytes:
    """A good file, or one whose ``line`` is another."""
    lines = [HEADER, *ROWS]
    if line:
        lines[line - 1] = row
    return "".join(lines).encode()


@asynccontextmanager
async def desk_in(folder: Path, master_key: str, **paper: object) -> AsyncIterator[Desk]:
    terms = Terms(
        database_url=f"sqlite+aiosqlite:///{folder}/desk.db",
        master_keys=[master_key],
        admin_ids=frozenset({ADMIN}),
        paper=PaperTerms(uploads=folder / "paper", **paper),  # type: ignore[arg-type]
        keep=KeepTerms(backups=folder / "backups"),
    )
    async with trading(terms) as desk:
        for member in (OWNER, OTHER):
            if not (await desk.arrive(member, "Member", None, "en")).may_act:
                await desk.decide_access(ADMIN, member, approve=True)
        yield desk


@pytest.fixture
def master_key() -> str:
    return new_master_key()


@pytest.fixture
async def desk(tmp_path: Path, master_key: str) -> AsyncIterator[Desk]:
    async with desk_in(tmp_path, master_key) as desk:
        yield desk


async def eventually(reached: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not await reached():
        assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)


async def a_running_grid(desk: Desk, press: str = "made") -> int:
    [card] = await desk.create(OWNER, None, "grid", [CRV], GRID, accept_danger=True, token=press)

    async def rests() -> bool:
        return len((await desk.orders(OWNER, card.id)).live) >= 5

    await eventually(rests)
    return card.id


async def reset_when_stopped(desk: Desk, token: str) -> None:
    async def done() -> bool:
        try:
            await desk.reset_paper(OWNER, token=token)
        except DeskError as error:
            assert error.code == "paper_still_stopping"
            return False
        return True

    await eventually(done)


# Money


async def test_a_new_account_shows_what_it_begins_with(desk: Desk) -> None:
    card = await desk.paper(OWNER)
    assert (card.total, card.free, card.running, card.away) == (START, START, 0, "")
    assert card.equity is not None
    assert card.equity > 10_000
    assert (card.prices, card.seed, card.speed) == (SIMULATED, 7, D(10))


async def test_a_balance_is_what_it_was_set_to_and_nobody_elses(tmp_path: Path, master_key: str) -> None:
    async with desk_in(tmp_path, master_key) as desk:
        card = await desk.set_paper_balance(OWNER, " usdt ", D("123.45"))
        assert card.total["USDT"] == D("123.45")
        assert (await desk.set_paper_balance(OWNER, "CRV", D(0))).free["CRV"] == 0
        assert (await desk.paper(OTHER)).total == START
    async with desk_in(tmp_path, master_key) as desk:
        assert (await desk.paper(OWNER)).total["USDT"] == D("123.45")


@pytest.mark.parametrize(
    ("currency", "amount", "code"),
    [
        ("XYZ", D(1), "paper_currency_unknown"),
        ("", D(1), "paper_currency_unknown"),
        ("USDT", D(-1), "paper_amount_wrong"),
        ("USDT", D("NaN"), "paper_amount_wrong"),
        ("USDT", D("1e10"), "paper_amount_wrong"),
        ("USDT", D("0.000000001"), "paper_amount_wrong"),
    ],
)
async def test_what_no_wallet_can_hold_is_refused(desk: Desk, currency: str, amount: Decimal, code: str) -> None:
    async with refused(code):
        await desk.set_paper_balance(OWNER, currency, amount)
    assert (await desk.paper(OWNER)).total == START


async def test_money_is_not_taken_from_under_a_running_bot(desk: Desk) -> None:
    bot = await a_running_grid(desk)
    before = (await desk.paper(OWNER)).total["USDT"]
    with pytest.raises(DeskError) as error:
        await desk.set_paper_balance(OWNER, "USDT", before.quantize(D(1)) - 1)
    assert error.value.code == "paper_balance_used"
    assert error.value.values["bots"] == f"#{bot} CRV/USDT", "named as in the chat"
    assert (await desk.set_paper_balance(OWNER, "USDT", D(20_000))).total["USDT"] > before
    assert (await desk.set_paper_balance(OWNER, "ETH", D(0))).total.get("ETH", D(0)) == 0
    assert (await desk.bot(OWNER, bot)).activity is Activity.RUNNING


# Beginning anew


async def test_a_reset_stops_the_bots_first_and_leaves_nothing(desk: Desk) -> None:
    bot = await a_running_grid(desk)
    await desk.set_paper_balance(OWNER, "USDT", D(20_000))
    async with refused("paper_still_stopping"):
        await desk.reset_paper(OWNER, token="r1")
    await reset_when_stopped(desk, "r1")
    assert not (await desk.orders(OWNER, bot)).live
    card = await desk.paper(OWNER)
    assert (card.total, card.free, card.running) == (START, START, 0)
    async with refused("already_done"):
        await desk.reset_paper(OWNER, token="r1")
    # Nothing is in the way of the next one: no position is left that it did not make.
    await a_running_grid(desk, "again")


async def test_a_second_press_does_not_reset_again(desk: Desk) -> None:
    await desk.reset_paper(OWNER, token="once")
    await desk.set_paper_balance(OWNER, "USDT", D(5))
    async with refused("already_done"):
        await desk.reset_paper(OWNER, token="once")
    assert (await desk.paper(OWNER)).total["USDT"] == D(5)


# Prices


async def price(desk: Desk, user: int = OWNER) -> Decimal:
    [first, *_] = await desk.find_markets(user, None, "grid", "crv")
    assert first.last is not None
    return first.last


async def prices(desk: Desk, user: int = OWNER) -> dict[str, Decimal]:
    return {each.symbol: each.last for each in await desk.find_markets(user, None, "grid", "") if each.last}


async def test_another_seed_is_another_market_for_this_person_only(tmp_path: Path, master_key: str) -> None:
    async with desk_in(tmp_path, master_key, speed=1) as desk:
        await desk.set_paper_balance(OWNER, "USDT", D(77))
        theirs = await prices(desk, OTHER)
        card = await desk.choose_paper_prices(OWNER, PaperPrices(PriceKind.SIMULATED, seed=8), token="p1")
        assert (card.seed, card.total["USDT"]) == (8, D(77))
        # Two walks may meet for a moment, but not in every market.
        mine = await prices(desk)
        assert any(abs(mine[each] - theirs[each]) / theirs[each] > D("0.005") for each in theirs)
        assert (await desk.paper(OTHER)).seed == 7
    async with desk_in(tmp_path, master_key, speed=1) as desk:
        assert (await desk.paper(OWNER)).seed == 8


async def test_prices_are_not_switched_under_running_bots(desk: Desk) -> None:
    await a_running_grid(desk)
    other = PaperPrices(PriceKind.SIMULATED, seed=8)
    async with refused("paper_bots_run"):
        await desk.choose_paper_prices(OWNER, other, token="p1")
    async with refused("paper_bots_run"):
        await desk.upload_paper_prices(OWNER, CRV, candles(), token="p1")
    assert await desk.stop_paper_bots(OWNER, token="s1") == 0, "it is waited for, as long as a person waits for it"
    async with refused("already_done"):
        await desk.stop_paper_bots(OWNER, token="s1")
    card = await desk.choose_paper_prices(OWNER, other, token="p1")
    assert (card.seed, card.free) == (8, card.total)
    async with refused("already_done"):
        await desk.choose_paper_prices(OWNER, SIMULATED, token="p1")


async def test_a_recording_that_somebody_brings_is_played(tmp_path: Path, master_key: str) -> None:
    async with desk_in(tmp_path, master_key) as desk:
        card = await desk.upload_paper_prices(OWNER, CRV, candles(), token="u1")
        assert (card.prices.kind, card.prices.symbol) == (PriceKind.UPLOADED, CRV)
        preview = await desk.preview(OWNER, None, "grid", CRV, desk.check_settings("grid", GRID))
        assert abs(preview.preview.rows[0].price - D("0.8")) < D("0.03")
        [kept] = (tmp_path / "paper").iterdir()
        assert kept.name == card.prices.file
        assert kept.stat().st_mode & 0o777 == 0o600
        assert (await desk.paper(OTHER)).prices == SIMULATED
    async with desk_in(tmp_path, master_key) as desk:
        assert (await desk.paper(OWNER)).prices == card.prices
        await desk.choose_paper_prices(OWNER, SIMULATED, token="u2")
        assert list((tmp_path / "paper").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        (b"", "1", "columns"),
        (b"time,price\n1,2\n", "1", "columns"),
        (HEADER.encode(), "1", "empty"),
        (candles(line=3, row="2024-01-01T00:01:00,0.8,x,0.79,0.8,5000\n"), "3", "not_candle"),
        (candles(line=4, row="2024-01-01T00:02:00,0.8,0.81\n"), "4", "not_candle"),
        (candles(line=5, row="2024-01-01T00:03:00,0.8,inf,0.79,0.8,5000\n"), "5", "out_of_range"),
        (candles(line=6, row="2024-01-01T00:04:00,0.8,0.81,-1,0.8,5000\n"), "6", "out_of_range"),
        (candles(line=7, row="2024-01-01T00:05:00,0.9,0.81,0.79,0.8,5000\n"), "7", "outside"),
        (candles(line=8, row="2024-01-01T00:01:00,0.8,0.81,0.79,0.8,5000\n"), "8", "not_later"),
        (HEADER.encode() + b"\xff\xfe\n", "2", "not_text"),
        (HEADER.encode() + b"a\x00b,1,1,1,1,1\n", "2", "not_candle"),
    ],
)
async def test_a_file_with_a_mistake_is_refused_with_its_line(
    tmp_path: Path, desk: Desk, content: bytes, line: str, why: str
) -> None:
    with pytest.raises(DeskError) as caught:
        await desk.upload_paper_prices(OWNER, CRV, content, token="u1")
    assert (caught.value.code, caught.value.values) == ("paper_file_wrong", {"line": line, "why": why})
    assert not (tmp_path / "paper").exists()
    assert (await desk.paper(OWNER)).prices == SIMULATED


async def test_files_that_are_too_large_or_too_short_are_refused(desk: Desk) -> None:
    async with refused("paper_file_large"):
        await desk.upload_paper_prices(OWNER, CRV, b"x" * (2 * 1024 * 1024 + 1), token="u1")
    async with refused("paper_file_short"):
        await desk.upload_paper_prices(OWNER, CRV, "".join([HEADER, *ROWS[:9]]).encode(), token="u1")
    async with refused("unknown_market"):
        await desk.upload_paper_prices(OWNER, "../../x", candles(), token="u1")


async def test_a_recording_that_was_lost_is_told_and_can_be_left(tmp_path: Path, master_key: str) -> None:
    async with desk_in(tmp_path, master_key) as desk:
        card = await desk.upload_paper_prices(OWNER, CRV, candles(), token="u1")
        await desk.set_paper_balance(OWNER, "USDT", D(5))
    (tmp_path / "paper" / card.prices.file).unlink()
    async with desk_in(tmp_path, master_key) as desk:
        lost = await desk.paper(OWNER)
        assert "no such file" in lost.away
        assert lost.total["USDT"] == D(5)
        back = await desk.choose_paper_prices(OWNER, SIMULATED, token="u2")
        assert (back.away, back.total["USDT"]) == ("", D(5))


async def test_the_operators_recordings_are_the_usual_prices_where_there_are_some(
    tmp_path: Path, master_key: str
) -> None:
    recording = tmp_path / "crv.csv"
    recording.write_bytes(candles())
    async with desk_in(tmp_path, master_key, prices={CRV: recording}) as desk:
        card = await desk.paper(OWNER)
        assert (card.prices.kind, card.operator) == (PriceKind.OPERATOR, [CRV])
        made_up = await desk.choose_paper_prices(OWNER, SIMULATED, token="o1")
        assert made_up.prices.kind is PriceKind.SIMULATED
        back = await desk.choose_paper_prices(OWNER, PaperPrices(PriceKind.OPERATOR), token="o2")
        assert back.prices.kind is PriceKind.OPERATOR


@pytest.mark.parametrize(
    ("prices", "code"),
    [
        (PaperPrices(PriceKind.OPERATOR), "not_found"),
        (PaperPrices(PriceKind.UPLOADED, symbol=CRV, file="../../etc/passwd"), "not_found"),
        (PaperPrices(PriceKind.SIMULATED, seed=10**18), "paper_seed_wrong"),
        (PaperPrices(PriceKind.LIVE, venue="nowhere"), "unknown_venue"),
    ],
)
async def test_prices_that_there_are_not_are_refused(desk: Desk, prices: PaperPrices, code: str) -> None:
    async with refused(code):
        await desk.choose_paper_prices(OWNER, prices, token="p1")
    assert (await desk.paper(OWNER)).prices == SIMULATED


async def test_whoever_is_removed_leaves_no_recording(tmp_path: Path, desk: Desk) -> None:
    await desk.upload_paper_prices(OWNER, CRV, candles(), token="u1")
    await desk.remove_member(ADMIN, OWNER, token="bye")
    assert list((tmp_path / "paper").iterdir()) == []
