"""What a person is told of profit is what the venue has in its own books, to the cent."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest

from tests.e2e import books
from tests.e2e.house import free_port
from tests.e2e.story import add_key, bitget_story, to_start

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("e2e-bitget")]


async def test_profit_statistics_and_chart_of_a_cycle_on_bitget(tmp_path: Path) -> None:
    port = free_port()
    async with bitget_story(tmp_path, METRICS_PORT=str(port)) as story:
        person = story.person
        await add_key(person)
        await to_start(person, "Bitget", pause=600)
        await person.choose("Start")
        await story.rested(14)
        await story.fall(2)
        await story.rested(12)
        await story.rise()
        truth = await story.until(lambda truth: not books.position(truth) and not books.entries(truth), "flat")
        net = Decimal(truth["balances"]["USDT"]) - 1000
        await person.see("Cycle 1 finished: take-profit")

        await person.send("/profit day")
        shown = await person.see("Net, realized")
        assert shown.photo
        assert f"+{net:.2f} USDT" in shown.text
        assert "Live USDT" in shown.text
        assert "Simulated" not in shown.text
        await person.press(shown, "By hour")
        bars = await person.see(lambda message: message.photo is not None and message.id == shown.id)
        assert f"+{net:.2f} USDT" in bars.text

        await person.send("/profit неделя")
        again = await person.see("this week")
        assert again.id > shown.id

        await person.send("/stats")
        stats = await person.see("Active orders")
        assert f"all +{net:.2f}" in stats.text
        assert f"Mean profit of a take-profit: +{net:.2f} USDT (1 take-profit)" in stats.text
        assert "Calls to bitget" in stats.text
        assert "bitget REST" in stats.text
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
            text = await answer.text()
        of_person = f'{{account="live",period="all",person="{person.user}",quote="USDT"}}'
        [told] = [line for line in text.splitlines() if line.startswith(f"makergram_profit{of_person}")]
        assert Decimal(told.split()[-1]) == pytest.approx(net, abs=Decimal("1e-9"))
        assert 'makergram_calls_total{call="place",venue="bitget"}' in text

        await person.send("/bots")
        await person.choose("CRV/USDT")
        await person.choose("Chart")
        chart = await person.see("▲ bought")
        assert chart.photo
