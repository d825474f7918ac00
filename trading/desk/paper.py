"""A person's paper account: what it holds, beginning anew, and whose prices it trades on."""

from __future__ import annotations

import asyncio
import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from trading.core.instrument import Instrument
from trading.desk.answers import DeskError
from trading.desk.keys import KeysRoom
from trading.desk.paper_prices import MOST_UPLOAD, PaperAccountCard, PaperPrices, PriceKind
from trading.desk.refusals import detail_of, venue_error
from trading.desk.titles import title_of_market
from trading.exchanges.errors import VenueError
from trading.exchanges.paper import DEFAULT_BALANCES, PaperGateway
from trading.exchanges.paper_store import PaperSnapshot, restarted
from trading.exchanges.recorded_market import BadRecording, read_candles
from trading.exchanges.venues import VENUES
from trading.runtime.accounts import AccountId
from trading.storage import Connection, bots, paper
from trading.storage.records import BotRecord

MOST_BALANCE = Decimal(10) ** 9
MOST_SEED = 10**17
FEWEST_CANDLES = 10
_DIGITS = 8
_STOPPING_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class _Wallet:
    total: Mapping[str, Decimal]
    free: Mapping[str, Decimal]
    equity: Decimal | None = None
    has_ended: bool = False
    away: str = ""


class PaperRoom(KeysRoom):
    """What changes a paper account past its bots. Nothing of it touches a live one."""

    async def paper(self, user_id: int) -> PaperAccountCard:
        house = self._house.connections.paper
        prices, wallet = await house.prices_of(user_id), await self._wallet(user_id)
        return PaperAccountCard(
            total=wallet.total,
            free=wallet.free,
            equity=wallet.equity,
            prices=prices,
            seed=house.terms.seed if prices.seed is None else prices.seed,
            speed=Decimal(1) if prices.kind is PriceKind.LIVE else Decimal(str(house.terms.speed)).normalize(),
            running=len(await self._active_bots(AccountId(user_id, None))),
            operator=sorted(house.terms.prices),
            venues=[(entry.id, entry.title) for entry in VENUES],
            symbols=list(house.markets()),
            has_ended=wallet.has_ended,
            away=wallet.away,
        )

    async def set_paper_balance(self, user_id: int, currency: str, amount: Decimal) -> PaperAccountCard:
        wanted = currency.strip().upper()
        if not amount.is_finite() or not 0 <= amount <= MOST_BALANCE or round(amount, _DIGITS) != amount:
            raise DeskError("paper_amount_wrong", limit=f"{MOST_BALANCE:f}", digits=str(_DIGITS))
        async with self._turn(user_id):
            gateway = await self._paper_gateway(user_id)
            if wanted not in _currencies(gateway.instruments()):
                raise DeskError("paper_currency_unknown", currency=wanted)
            wallet = await self._wallet(user_id)
            now = wallet.total.get(wanted, Decimal(0))
            if amount < now:
                await self._check_lower(user_id, wanted, amount, now, now - wallet.free.get(wanted, now))
            try:
                await gateway.set_balances({wanted: amount})
            except VenueError as problem:
                raise venue_error("paper", problem) from problem
        return await self.paper(user_id)

    async def reset_paper(self, user_id: int, *, token: str) -> PaperAccountCard:
        async with self._turn(user_id):
            await self._check_token(token, user_id)
            await self._stop_first(user_id)
            await self._begin_anew(user_id, token, DEFAULT_BALANCES, None)
        return await self.paper(user_id)

    async def choose_paper_prices(self, user_id: int, prices: PaperPrices, *, token: str) -> PaperAccountCard:
        house = self._house.connections.paper
        if prices.kind is PriceKind.OPERATOR and not house.terms.prices:
            raise DeskError("not_found")
        if prices.kind is PriceKind.UPLOADED:
            raise DeskError("not_found")
        if prices.seed is not None and abs(prices.seed) > MOST_SEED:
            raise DeskError("paper_seed_wrong")
        if prices.kind is PriceKind.LIVE and prices.venue not in {entry.id for entry in VENUES}:
            raise DeskError("unknown_venue", venue=prices.venue)
        return await self._switch_prices(user_id, prices, token)

    async def upload_paper_prices(self, user_id: int, symbol: str, content: bytes, *, token: str) -> PaperAccountCard:
        house = self._house.connections.paper
        if symbol not in house.markets():
            raise DeskError("unknown_market", symbol=symbol)
        await asyncio.to_thread(_check_recording, content)
        name = f"{user_id}-{secrets.token_hex(8)}.csv"
        path = house.terms.uploads / name
        await asyncio.to_thread(_keep, path, content)
        prices = PaperPrices(PriceKind.UPLOADED, symbol=symbol, file=name, since=house.clock.now())
        try:
            return await self._switch_prices(user_id, prices, token)
        except BaseException:  # also when canceled: what was not chosen does not stay, and what was is needed
            if await house.prices_of(user_id) != prices:
                await house.forget(prices)
            raise

    async def stop_paper_bots(self, user_id: int, *, token: str) -> int:
        account = AccountId(user_id, None)
        running = await self._spend(
            token, user_id, lambda c: [bot for bot in bots.bots_of(c, user_id) if bot.key_id is None and bot.active]
        )
        await self._stop_all(running)
        # Most have stopped in a moment, and what comes next can be chosen at once.
        await asyncio.gather(*(self._house.supervisor.has_ended(bot.id, _STOPPING_SECONDS) for bot in running))
        return len(await self._active_bots(account))

    # Steps of the above

    async def _switch_prices(self, user_id: int, prices: PaperPrices, token: str) -> PaperAccountCard:
        house = self._house.connections.paper
        async with self._turn(user_id):
            await self._check_token(token, user_id)
            running = await self._active_bots(AccountId(user_id, None))
            if running:
                raise DeskError("paper_bots_run", count=str(len(running)))
            try:
                await house.check(prices)
            except VenueError as problem:
                raise venue_error(prices.venue, problem) from problem
            except ValueError as problem:
                raise DeskError("paper_file_unreadable", detail=str(problem)) from problem
            before = await house.prices_of(user_id)
            await self._begin_anew(user_id, token, None, prices)
            await house.forget(before)
            # Paper gateways that are closed now are not kept for their tickers' sake.
            self._tickers = {place: known for place, known in self._tickers.items() if not place[2]}
        return await self.paper(user_id)

    async def _begin_anew(
        self, user_id: int, token: str, balances: Mapping[str, Decimal] | None, prices: PaperPrices | None
    ) -> None:
        """No orders, no positions, no history, with ``balances`` or those of now; and maybe on other prices."""
        at = self._house.now()

        def store(connection: Connection) -> None:
            if any(bot.key_id is None and bot.active for bot in bots.bots_of(connection, user_id)):
                raise DeskError("paper_bots_run", count="1")
            snapshot = paper.load_paper(connection, str(user_id))
            if snapshot is not None:
                paper.save_paper(connection, str(user_id), restarted(snapshot, balances), at)
            if prices is not None:
                paper.save_prices(connection, user_id, prices.to_json(), at)

        await self._house.supervisor.renew_account(AccountId(user_id, None), lambda: self._spend(token, user_id, store))

    async def _stop_first(self, user_id: int) -> None:
        """Raises DeskError("paper_still_stopping") until all have stopped.

        Bots that cannot stop because there are no prices any more are given up: their account is ours, and goes.
        """
        account = AccountId(user_id, None)
        still = await self._active_bots(account)
        if not still:
            return
        if (await self._wallet(user_id)).away:
            await self._house.supervisor.close_account(account)
            await self._abandon(account)
            return
        await self._stop_all(still)
        raise DeskError("paper_still_stopping", count=str(len(still)))

    async def _check_lower(self, user_id: int, currency: str, amount: Decimal, now: Decimal, held: Decimal) -> None:
        """Money that a bot reckons with is not taken from under it."""
        running = await self._active_bots(AccountId(user_id, None))
        theirs = [bot for bot in running if currency in _traded(bot)]
        if theirs:
            names = ", ".join(f"#{bot.id} {title_of_market(bot.symbol)}" for bot in theirs[:3])
            raise DeskError("paper_balance_used", currency=currency, bots=names, least=f"{now.normalize():f}")
        if amount < held:
            raise DeskError("paper_balance_held", currency=currency, least=f"{held.normalize():f}")

    async def _wallet(self, user_id: int) -> _Wallet:
        prices = await self._house.connections.paper.prices_of(user_id)
        try:
            gateway = await self._paper_gateway(user_id)
            total, free = await gateway.wallet()
        except (DeskError, VenueError) as problem:
            stored = await self._house.storage.read(lambda c: paper.load_paper(c, str(user_id)))
            balances = PaperSnapshot.from_json(stored).exchange.balances if stored else DEFAULT_BALANCES
            return _Wallet(balances, balances, away=detail_of(problem))
        ended = prices.kind is PriceKind.UPLOADED and gateway.has_ended(prices.symbol)
        try:
            return _Wallet(total, free, (await gateway.account()).equity, ended)
        except VenueError as problem:
            return _Wallet(total, free, away=detail_of(problem))

    async def _paper_gateway(self, user_id: int) -> PaperGateway:
        station = await self._station(AccountId(user_id, None))
        if not isinstance(station.gateway, PaperGateway):
            raise TypeError("the paper account has another gateway")
        return station.gateway


def _currencies(markets: Mapping[str, Instrument]) -> set[str]:
    return {coin for rules in markets.values() for coin in (rules.quote, rules.base)}


def _traded(bot: BotRecord) -> set[str]:
    """The money that a bot reckons with: on spot both coins, on a perpetual the quote currency."""
    title, _, settled = bot.symbol.partition(":")
    base, _, quote = title.partition("/")
    return {settled} if settled else {base, quote}


def _check_recording(content: bytes) -> None:
    """Raises DeskError: paper_file_large, paper_file_wrong (``line``, ``why``)."""
    if len(content) > MOST_UPLOAD:
        raise DeskError("paper_file_large", limit=str(MOST_UPLOAD // (1024 * 1024)))
    try:
        candles = read_candles(io.StringIO(content.decode("utf-8-sig"), newline=""), "csv")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise DeskError("paper_file_wrong", line=str(line), why="not_text") from wrong
    except BadRecording as wrong:
        raise DeskError("paper_file_wrong", line=str(wrong.line), why=wrong.code) from wrong
    if len(candles) < FEWEST_CANDLES:
        raise DeskError("paper_file_short", least=str(FEWEST_CANDLES))


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(content.decode("utf-8-sig"), encoding="utf-8", newline="")
