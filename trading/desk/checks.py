"""What must be true before a bot may start, or get more money. Asks the venue, changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pydantic import BaseModel

from trading.core.instrument import total
from trading.desk.answers import DeskError
from trading.desk.markets import MarketsRoom, equity_in, title_of_market, venue_error
from trading.exchanges.errors import VenueError
from trading.runtime.accounts import AccountId
from trading.runtime.station import Station
from trading.storage import bots
from trading.storage.records import BotRecord


class ChecksRoom(MarketsRoom):
    """Every check raises the DeskError that forbids what was asked."""

    async def _check_count(self, user_id: int, more: int) -> None:
        owned = await self._house.storage.read(lambda c: bots.bots_of(c, user_id))
        if len(owned) + more > self._house.limits.max_bots:
            raise DeskError("too_many_bots", limit=str(self._house.limits.max_bots))

    async def _check_start(
        self,
        account: AccountId,
        station: Station,
        records: Sequence[BotRecord],
        config: BaseModel,
        accept_danger: bool,
    ) -> None:
        """Raise the DeskError that forbids these bots to start, if there is one. Asks the venue, changes nothing."""
        running = [
            bot
            for bot in await self._house.storage.read(lambda c: bots.bots_of(c, account.user_id))
            if bot.active and bot.key_id == account.key_id
        ]
        symbols = {record.symbol for record in records}
        busy = next((bot for bot in running if bot.symbol in symbols), None)
        if busy is not None:
            raise DeskError("symbol_busy", symbol=title_of_market(busy.symbol))
        cap = self._house.limits.max_deposit
        if cap is not None and any(record.deposit > cap for record in records):
            raise DeskError("deposit_over_cap", limit=f"{cap:f}")
        gateway = station.gateway
        try:
            held = await gateway.account()
            positions = {position.symbol: position.amount for position in await gateway.positions()}
        except VenueError as problem:
            raise venue_error(gateway.venue, problem) from problem
        for record in records:
            preview = (
                await self.preview(
                    account.user_id, account.key_id, record.strategy, record.symbol, config.model_dump(mode="json")
                )
            ).preview
            if preview.is_refused:
                raise DeskError("preview_refused", symbol=title_of_market(record.symbol))
            if preview.is_dangerous and not accept_danger:
                raise DeskError("danger_not_accepted", symbol=title_of_market(record.symbol))
            found = positions.get(record.symbol, Decimal(0))
            if found not in (0, record.ledger.position):
                raise DeskError("position_exists", symbol=title_of_market(record.symbol), amount=f"{found:f}")
        instrument = await gateway.instrument(records[0].symbol)
        equity = equity_in(held, instrument)
        wanted = total([bot.deposit for bot in [*running, *records]])
        if equity is not None and wanted > equity:
            raise DeskError("deposits_exceed_equity", deposits=f"{wanted:f}", equity=f"{equity:.2f}")

    async def _check_more_deposit(self, record: BotRecord, deposit: Decimal) -> None:
        account = await self._account(record.user_id, record.key_id)
        station = await self._station(account)
        owned = await self._house.storage.read(lambda c: bots.bots_of(c, record.user_id))
        others = [bot for bot in owned if bot.active and bot.key_id == record.key_id and bot.id != record.id]
        try:
            held = await station.gateway.account()
            equity = equity_in(held, await station.gateway.instrument(record.symbol))
        except VenueError as problem:
            raise venue_error(record.venue, problem) from problem
        wanted = total([bot.deposit for bot in others]) + deposit
        if equity is not None and wanted > equity:
            raise DeskError("deposits_exceed_equity", deposits=f"{wanted:f}", equity=f"{equity:.2f}")
