"""Every command and every button of the real process, pressed, in both languages."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from tests.e2e.beginnings import ANN, BEN, CLARA, DAN, EVE, World, a_world
from tests.e2e.house import Person
from tests.e2e.kinds_of_buttons import every_act
from tests.e2e.test_paper_story import CANDLES
from tests.e2e.test_people import english_in
from tests.e2e.walker import Chart, Errand, Seen, Step, Walker
from tests.tgbot.localchat.wire import png
from tgbot.callbacks import MemberAct
from tgbot.commands import COMMANDS
from tgbot.links import SHARED
from trading.desk.answers import StopChoice

UNSHOWN = {
    "pA kind=uploaded": "a file is chosen by bringing it",
    "pC kind=uploaded": "a file is chosen by bringing it",
    **{f"uE limit={act}": "no limit" for act in (MemberAct.OPEN, MemberAct.SUSPEND, MemberAct.REMOVE)},
}
"""What no button does, and why."""

WORLDS = 3
"""What somebody changed before another could press it is pressed in the next world."""
RANKS = {
    **dict.fromkeys(("bE", "oA", "rA", "bS", "aA", "mB", "mX", "uS", "uB", "uE"), 1),
    **dict.fromkeys(("acc", "bD", "kD", "p act=D", "sh act=R", "iw"), 2),
    **dict.fromkeys(("uR", "pR", "pC"), 3),
    **dict.fromkeys((f"stop all: {choice}" for choice in StopChoice), 3),
    **dict.fromkeys(("mt", "pan", "aS", "pS"), 4),
    "lang": 5,
    "what was sent": 2,
    "mR": 2,
}


IN_ENGLISH = re.compile(r"(?s)(🛠 Система\n|📜 Журнал, ).*")
"""Where requests and lines of the log are shown, by the names that they have in the code."""
OURS = re.compile(
    r"https?://\S+|@\w+|…\S+|\b(Ann|Ben|Clara|Dan|Eve|Guest\d*|main|Berlin|Binance|MEXC|KuCoin|\w*OKX|okx|EEA|US|ccxt"
    r"|ADMIN_IDS|Bad Request: nobody there|csv|gz|ISO|timestamp,open,high,low,close,volume|legs|ABC|Метка \w+)\b"
)
"""What may stand among Russian words: names, links, the ends of keys, what files begin with, marks of tests."""


def said(*texts: str) -> Errand:
    return [Step(said=text) for text in texts]


TYPED: dict[str, Errand] = {
    "d act=a": said("crv"),
    "d act=e": said("50"),
    "d act=qs": said("777"),
    "b act=es": said("778"),
    "p act=n": said("779"),
    "be": said("60"),
    "kf act=o": said("okx"),
    "kf act=v Binance": said("bn-key-2", "bn-secret-2"),
    "k act=n": said("main"),
    "k act=r": said("bn-key-2", "bn-secret-2"),
    "pp act=b": said("USDT 5000"),
    "pc": said("3000"),
    "pp act=s": said("8"),
    "pF": [Step(files=(("document", CANDLES.encode()),))],
    "tf": [Step(files=(("document", CANDLES.encode()),))],
    "h page=q": said("22-7"),
    "h page=z": said("Berlin"),
    "h page=r": said("8:30"),
    "u act=d": said("250"),
    "u act=b": said("3"),
    "xd": said("2026-01-05"),
    "go page=cast": said("12345"),
}


def way(*steps: str | Step) -> Errand:
    """Commands begin with a slash, numbers are typed, the rest are kinds of buttons."""
    return [
        step if isinstance(step, Step) else Step(said=step) if step[0] in "/0123456789" else Step(kind=step)
        for step in steps
    ]


GRID_SETTINGS = ("/bots", "b act=o 🟢 CRV/USDT", "b act=e")


def errands(world: World) -> dict[str, Errand]:
    album = Step(files=(("photo", png()), ("photo", png(8, 6))))
    form = ("/new", "d act=s option=0", "d act=a", "d act=p")
    member = ("/admin", "go page=people", "u act=o 🟢")
    return {
        "two pairs": way(*form, Step(kind="d act=p", place=1), "d act=pd", "400", "d act=w"),
        "settings to keep": way(*form, "d act=pd", "400", "d act=q", "d act=qs"),
        "a key that may withdraw": [
            *way("/keys", "kf act=b", "kf act=v Binance"), *said("bn-loose", "bn-loose-secret"), Step(kind="kf act=s"),
        ],
        "a link": said(f"/start {SHARED}{world.share}"),
        "an album": way("/admin", "go page=cast", album),
        "a price": said("/price btc"),
        "a deposit of one's own": way(*member, "u act=d", "250", "u act=d"),
        "bots of one's own": way(*member, "u act=b", "3", "u act=b"),
        "a setting": way(*GRID_SETTINGS, "be"),
        "a link of one's own": way(*GRID_SETTINGS, "sA source=b"),
        "balances": way("/balance", "go page=balance"),
        "an invite": way("/admin", "go page=invites", "in", "go page=invites"),
        "what was sent": way("/admin", "go page=cast", "mP", "mO"),
    }  # fmt: skip


PAUSE, RESUME = "aa act=p ⏸", "aa act=r"
FIRST = {
    ANN: way(
        *("/pause", PAUSE, "go page=pause", PAUSE, "aA act=p ⏸"),
        *("/resume", RESUME, "go page=resume", RESUME, "aA act=r"),
    ),
    BEN: way(*GRID_SETTINGS, Step(kind="be", place=2), "bc"),
    DAN: way(
        *("/bots", "b act=o 🟢 CRV/USDT", "b act=l", "oa", "oA"),
        *("/admin", "go page=cast", "12345", "mB", "mX", "mR"),
    ),
    CLARA: way("/start", "go page=paper", "pp act=p"),
    EVE: way("/start", "go page=paper", "pp act=p", "pS ⏹"),
}
"""What needs bots that work, none at all, or nobody else who speaks to all, is done before the world changes."""
PAPER = {"paper prices": way("/start", "go page=paper", "pp act=p")}
"""Where who has no bots begins."""
STOPS = {
    person: {
        f"stop all: {choice}": way(
            "/stop", "as ⏹", "go page=stop", "as ⏹", f"as choice={choice}", f"aS choice={choice}"
        )
    }
    for person, choice in zip((ANN, BEN, DAN), StopChoice, strict=True)
}
"""All bots of somebody can end but once."""


def failing(world: World) -> Callable[[], Awaitable[None]]:
    """The next broadcast fails for the first, and then has to wait."""

    async def order() -> None:
        world.chat.faults.fail("copyMessage", "copyMessages", code=400, description="Bad Request: nobody there")
        world.chat.faults.throttle(3, "copyMessage", "copyMessages", times=2)

    return order


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "language",
    [
        pytest.param("en", marks=pytest.mark.xdist_group("e2e-buttons-en")),
        pytest.param("ru", marks=pytest.mark.xdist_group("e2e-buttons-ru")),
    ],
)
async def test_every_command_and_every_button_is_answered(tmp_path: Path, language: str) -> None:
    began, chart, seen = time.monotonic(), Chart(TYPED, RANKS), []
    for number in range(WORLDS):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with a_world(folder, language) as world:
            chart.before = {"mB": failing(world)}
            walkers = the_walkers(world, chart, language)
            await asyncio.gather(*(each.walk() for each in walkers))
            print(f"{len(chart.done)} kinds, {sum(chart.done.values())} steps, {time.monotonic() - began:.0f} s")
            print(*chart.astray, sep="\n")
            assert not chart.problems, "\n".join(chart.problems)
            check_log(world.house.log.read_text())
            seen += [text for walker in walkers for text in walker.seen]
        missing = unpressed(chart)
        if not missing:
            break
        print("missing:", *sorted(missing), sep="\n  ")
        chart.begin_again(missing)
    assert not missing
    assert {f"/{each.name}" for each in COMMANDS} <= {kind for kind, times in chart.done.items() if times}
    assert not chart.acts & set(UNSHOWN)
    check_language(seen)


def the_walkers(world: World, chart: Chart, language: str) -> list[Walker]:
    """Clara and Eve make no bots, so that they may choose paper prices, and speak to nobody."""
    anywhere = {**{f"/{each.name}": said(f"/{each.name}") for each in COMMANDS}, **errands(world)}
    walkers = []
    for each, first in FIRST.items():
        person, stops = Person(world.house, world.http, each), STOPS.get(each)
        if stops:
            walkers.append(Walker(person, language, chart, {**anywhere, **stops}, first=first))
        else:
            walkers.append(Walker(person, language, chart, PAPER, first=first, shuns=("dG", "mB", "say go page=cast")))
    return walkers


def check_log(log: str) -> None:
    broken = [line for line in log.splitlines() if " ERROR " in line or " CRITICAL " in line or "Traceback" in line]
    assert not broken, log[log.index(broken[0]) :][:5000]


def unpressed(chart: Chart) -> set[str]:
    """What there is a button for, and nobody has pressed."""
    return every_act() - chart.acts - set(UNSHOWN)


def check_language(seen: Sequence[Seen]) -> None:
    """Nothing English is left in what a Russian is shown."""
    told = {IN_ENGLISH.sub("", each.text): each.behind for each in seen if each.language == "ru"}
    left = {text: (behind, words) for text, behind in told.items() if (words := english_in(OURS.sub(" ", text)))}
    assert not left
