"""The figures of /stats for a monitor: Prometheus' text format on this machine's loopback.

The only importer of prometheus_client, which is the extra [metrics]: import this module where METRICS_PORT asks for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from trading.desk.profit_answers import SystemFigures, TradingFigures
from trading.desk.statistics import StatisticsRoom

HOST = "127.0.0.1"
_OWN_NAMES = frozenset({HOST, "localhost"})
_OF_A_PART = ("person", "account", "quote")


@asynccontextmanager
async def monitoring(desk: StatisticsRoom, port: int) -> AsyncIterator[int]:
    """Answer GET /metrics on loopback while the body runs; the port that was taken. Raises OSError."""

    async def metrics(request: web.Request) -> web.Response:
        if request.url.host not in _OWN_NAMES:
            # A page in this machine's browser could reach us by a name of its own that leads here.
            return web.Response(status=403)
        system, people = await desk.system_figures(), await desk.everybodys_figures()
        return web.Response(body=exposition(system, people), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/metrics", metrics)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def exposition(system: SystemFigures, people: Mapping[int, Sequence[TradingFigures]]) -> bytes:
    """What a monitor reads. What there is nothing to tell of is left out."""
    registry = CollectorRegistry()
    registry.register(_Collected([*_system(system), *_trading(people)]))
    return generate_latest(registry)


class _Collected:
    """What prometheus_client calls a collector: it hands over what is known already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _system(figures: SystemFigures) -> Iterator[Metric]:
    of_call = ("venue", "call")
    seconds = GaugeMetricFamily(
        "makergram_call_seconds", "How long calls to venues take, newest ones.", labels=(*of_call, "quantile")
    )
    calls = CounterMetricFamily("makergram_calls", "Calls to venues.", labels=of_call)
    failed = CounterMetricFamily("makergram_calls_failed", "Calls to venues that failed.", labels=of_call)
    for call in figures.calls:
        names = (call.venue, call.call)
        seconds.add_metric((*names, "0.5"), call.latency.p50)
        seconds.add_metric((*names, "0.95"), call.latency.p95)
        calls.add_metric(names, call.count)
        failed.add_metric(names, call.failed)
    yield from (seconds, calls, failed)
    of_budget = ("account", "venue", "channel")
    for name, text in (
        ("used_share", "The part of a minute's requests that the last minute used."),
        ("spent", "Weight of the requests of the last minute."),
        ("rate", "Requests that a minute may hold now."),
        ("queued", "Requests that wait for their turn."),
        ("in_flight", "Requests that are under way."),
        ("paused_seconds", "How long no request may leave."),
    ):
        family = GaugeMetricFamily(f"makergram_budget_{name}", text, labels=of_budget)
        for budget in figures.budgets:
            family.add_metric((budget.account, budget.venue, budget.channel), getattr(budget, name))
        yield family
    gaps = CounterMetricFamily("makergram_stream_gaps", "Streams that broke.", labels=("venue", "stream"))
    for where, count in figures.gaps.items():
        gaps.add_metric(where, count)
    yield gaps
    if figures.lag is not None:
        lag = GaugeMetricFamily("makergram_loop_lag_seconds", "How late the event loop is.", labels=("quantile",))
        for quantile, value in (("0.5", figures.lag.p50), ("0.95", figures.lag.p95), ("1", figures.lag.longest)):
            lag.add_metric((quantile,), value)
        yield lag
    for name, text in (
        ("memory_bytes", "Memory of the process."),
        ("database_bytes", "The database on the disk."),
        ("writes_waiting", "Transactions that wait for the writer."),
        ("notices_waiting", "Messages that wait to be told."),
        ("bots_active", "Bots that run."),
    ):
        yield GaugeMetricFamily(f"makergram_{name}", text, value=getattr(figures, name))


def _trading(people: Mapping[int, Sequence[TradingFigures]]) -> Iterator[Metric]:
    parts = [
        ((str(person), "paper" if part.whole.is_paper else "live", part.whole.quote), part)
        for person, parts in people.items()
        for part in parts
    ]
    for name, text in (
        ("active_orders", "Orders that hold their slots."),
        ("orders_ended", "Finished orders that are kept."),
        ("filled_share", "The part of them that was filled whole."),
        ("take_profits", "Take-profits that were hit."),
        ("mean_take_profit", "Mean net profit of a take-profit, quote currency."),
        ("rounds_a_day", "Rounds a day."),
        ("requotes", "Quotes that were moved since the start."),
        ("maker_share", "The part of the volume that was made and not taken."),
    ):
        yield _family(name, text, ((names, getattr(part, name)) for names, part in parts))
    for name, text in (
        ("net", "Realized profit after fees and funding, quote currency."),
        ("fees", "Fees paid, quote currency."),
        ("funding", "Funding received less paid, quote currency."),
        ("volume", "Volume, quote currency."),
        ("open_profit", "Open profit, quote currency."),
        ("drawdown", "Maximum drawdown, quote currency."),
        ("drawdown_percent", "Maximum drawdown in percent of the deposits."),
        ("sharpe", "Annualised Sharpe ratio of daily returns."),
        ("profit_factor", "What was won over what was lost."),
    ):
        yield _family(name, text, ((names, getattr(part.whole, name)) for names, part in parts))
    profit = GaugeMetricFamily(
        "makergram_profit", "Realized profit of the current day (UTC), week, month, and of all time.",
        labels=(*_OF_A_PART, "period"),
    )  # fmt: skip
    for names, part in parts:
        for period, net in part.profits.items():
            profit.add_metric((*names, period.value), float(net))
    yield profit


def _family(name: str, text: str, values: Iterable[tuple[Sequence[str], object]]) -> Metric:
    family = GaugeMetricFamily(f"makergram_{name}", text, labels=_OF_A_PART)
    for names, value in values:
        if value is not None:
            family.add_metric(names, float(str(value)))
    return family
