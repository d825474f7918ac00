"""``python -m trading.replay FILE --strategy grid --set deposit=1000``: a strategy over recorded candles."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pydantic import BaseModel, ValidationError

from trading.core.instrument import Instrument, MarketKind, decimal_places, plain
from trading.core.market import Candle
from trading.core.planning import Strategy
from trading.replay import Replay, ReplayError, ReplayResult, read_candles
from trading.reports.profit import figures
from trading.strategies import STRATEGIES

LACKS = {
    "spread": "candles know no spread and no queue, of which this strategy lives: its figures are made up",
    "book": "candles do not hold what others have resting, on which this strategy acts: its figures are made up",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay and print. Returns the process's exit code: 2 for what cannot be replayed."""
    options = _parser().parse_args(arguments)
    strategy = STRATEGIES[options.strategy]
    try:
        config = strategy.config_model.model_validate(dict(_setting(text) for text in options.set))
        candles = read_candles(options.file)
        instrument = _instrument(options, strategy.market_kinds, candles)
        _check_alone(strategy, config)
        balances = {instrument.quote: options.balance or strategy.deposit(config), instrument.base: options.coins}
        began = time.perf_counter()
        result = Replay(strategy, config, instrument, balances, seed=options.seed).run(candles)
    except (OSError, ValueError, ValidationError, ReplayError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if strategy.candles_lack:
        sys.stdout.write(f"{'not honest':<15} {LACKS[strategy.candles_lack]}\n")
    sys.stdout.write(report(result, instrument.quote) + f"took {time.perf_counter() - began:.2f} s\n")
    return 0


def report(result: ReplayResult, quote: str) -> str:
    """What happened, risk first; money in ``quote``."""
    found, fall = figures(result.cycles), result.drawdown
    sharpe = "too little data" if result.sharpe is None else f"{result.sharpe:.2f}"
    lines = [
        ("period", f"{result.started_at} to {result.ended_at}, {result.events_seen} events"),
        ("max drawdown", f"{_money(fall.loss, quote)}, {fall.percent_of_deposit:.2f} % of deposit"),
        ("liquidations", str(len(result.liquidations))),
        ("Sharpe (daily)", sharpe),
        ("cycles", f"{found.cycles}, of them {found.wins} won and {found.losses} lost"),
        ("fills", f"{len(result.fills)} of {result.orders_placed} orders"),
        ("refusals", ", ".join(f"{reason} {count}" for reason, count in result.refusals.items()) or "none"),
        ("fees", _money(result.fees, quote)),
        ("funding", _money(result.funding, quote)),
        ("profit net", _money(result.net, quote)),
        ("still open", f"{plain(result.ledger.position)} with {_money(result.unrealized, quote)}"),
        ("plans made", str(result.plans_made)),
    ]
    if result.finished:
        lines.insert(1, ("ended early", result.finished))
    return "".join(f"{name:<15} {words}\n" for name, words in lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trading.replay", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV or CSV.gz: timestamp or date, open, high, low, close, volume")
    parser.add_argument("--strategy", choices=sorted(STRATEGIES), default="grid")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="a setting of the strategy")
    parser.add_argument("--symbol", default="BTC/USDT", help="base and quote currency")
    parser.add_argument("--balance", type=_decimal, help="what the account holds; the deposit when not given")
    parser.add_argument(
        "--coins", type=_decimal, default=Decimal(0), help="what it holds of the base currency, on spot: fees, sells"
    )
    parser.add_argument("--tick", type=_decimal, help="price tick; the finest in the file when not given")
    parser.add_argument("--step", type=_decimal, default=Decimal("0.0001"), help="amount step")
    parser.add_argument("--min-cost", type=_decimal, default=Decimal(5))
    parser.add_argument("--maker-fee", type=_decimal, default=Decimal("0.0002"))
    parser.add_argument("--taker-fee", type=_decimal, default=Decimal("0.0006"))
    parser.add_argument("--seed", type=int, default=0)
    return parser


def _check_alone(strategy: Strategy, config: BaseModel) -> None:
    """Raises ReplayError where a strategy would wait for ever for what a file of candles does not have."""
    if strategy.references(config):
        raise ReplayError("these settings look at another market, and a file of candles holds only one")


def _setting(text: str) -> tuple[str, str]:
    field, separator, value = text.partition("=")
    if not separator:
        raise ValueError(f"--set wants FIELD=VALUE, not {text}")
    return field, value


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"{text} is no number") from error


def _instrument(options: argparse.Namespace, kinds: frozenset[str], candles: Sequence[Candle]) -> Instrument:
    base, _, quote = options.symbol.partition("/")
    kind = MarketKind.PERPETUAL if MarketKind.PERPETUAL.value in kinds else MarketKind.SPOT
    places = max((decimal_places(candle.close) for candle in candles), default=0)
    return Instrument(
        venue="replay",
        symbol=f"{base}/{quote}:{quote}" if kind is MarketKind.PERPETUAL else f"{base}/{quote}",
        kind=kind,
        base=base,
        quote=quote,
        price_tick=options.tick or Decimal(1).scaleb(-places),
        amount_step=options.step,
        min_amount=options.step,
        min_cost=options.min_cost,
        maker_fee=options.maker_fee,
        taker_fee=options.taker_fee,
        max_leverage=Decimal(125),
    )


def _money(amount: Decimal, quote: str) -> str:
    return f"{amount:.4f} {quote}"


if __name__ == "__main__":
    sys.exit(main())
