"""One story, killed right before and right after each of its commits, ends as if nothing had happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.chaos import Always
from tests.simulation.line import counting, when
from tests.simulation.story import tell

WRITES = ["place", "cancel", "amend", "prepare"]


@pytest.mark.parametrize("side", ["commit.before", "commit.after"])
async def test_a_kill_at_any_commit_changes_nothing(side: str, tmp_path: Path) -> None:
    points: list[str] = []
    await tell(tmp_path / "whole.db", counting(side, points))
    assert len(points) > 15
    for number in range(1, len(points) + 1):
        print(f"killed at the {number}. {side}")
        story = await tell(tmp_path / f"{number}.db", when(side, number))
        assert story.deaths == 1


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("request_name", [*WRITES, "order", "open_orders", "fills", "positions"])
async def test_a_kill_at_any_request_changes_nothing(request_name: str, side: str, tmp_path: Path) -> None:
    points: list[str] = []
    name = f"{request_name}.{side}"
    await tell(tmp_path / "whole.db", counting(name, points))
    for number in range(1, min(len(points), 4) + 1):
        print(f"killed at the {number}. {name}")
        await tell(tmp_path / f"{number}.db", when(name, number))


@pytest.mark.parametrize("names", [[name] for name in WRITES] + [WRITES], ids=[*WRITES, "all"])
@pytest.mark.parametrize("times", [1, 10**9], ids=["once", "always"])
async def test_a_timeout_after_the_venue_took_it_doubles_nothing(names: list[str], times: int, tmp_path: Path) -> None:
    if times > 1 and "prepare" in names:
        # A setting that never succeeds lets nobody begin; a lost answer three times over is enough.
        times = 3
    await tell(tmp_path / "m.db", faults=Always(frozenset(names), times))
