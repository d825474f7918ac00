"""What must be true before a bot may start, or get more money. Asks the venue, changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pydantic import BaseModel, ValidationError

from trading.core.instrument import ZERO, Instrument, total
from trading.core.planning import Finding, Surroundings
from trading.desk.answers import DeskError, EditRefused
from trading.desk.balances import balances_in, equity_in, invested_in
from trading.desk.markets import MarketsRoom, with_warning
from trading.desk.refusals import venue_error
from trading.desk.sights import Prices, prices_around
from trading.desk.titles import quote_of, title_of_market
from trading.exchanges.errors import VenueError
from trading.exchanges.gateway import Account, Gateway, Position
from trading.runtime.accounts import AccountId
from trading.runtime.station import Station
from trading.runtime.worker import Worker
from trading.storage import bots, memberships
from trading.storage.records import BotRecord


class ChecksRoom(MarketsRoom):
    """Every check raises the DeskError that forbids what was asked."""

    async def _check_count(self, user_id: int, count: int) -> None:
        allowed = await self._house.storage.read(lambda c: memberships.membership_of(c, user_id))
        limit = self._house.limits.max_bots if allowed.max_bots is None else allowed.max_bots
        if count > limit:
            raise DeskError("too_many_bots", limit=str(limit))

    async def _check_cap(self, user_id: int, deposit: Decimal) -> None:
        """What an admin allows this person goes before what the settings allow everybody, in both directions."""
        allowed = await self._house.storage.read(lambda c: memberships.membership_of(c, user_id))
        cap = self._house.limits.max_deposit if allowed.max_deposit is None else allowed.max_deposit
        if cap is not None and deposit > cap:
            raise DeskError("deposit_over_cap", limit=f"{cap:f}")

    async def _check_start(
        self,
        account: AccountId,
        station: Station,
        records: Sequence[BotRecord],
        config: BaseModel,
        accept_danger: bool,
    ) -> Sequence[Instrument]:
        """The markets of these bots, or the DeskError that forbids them to start; the gravest first."""
        running = await self._running(account)
        symbols = {record.symbol for record in records}
        busy = next((bot for bot in running if bot.symbol in symbols), None)
        if busy is not None:
            raise DeskError("symbol_busy", symbol=title_of_market(busy.symbol))
        for record in records:
            await self._check_cap(record.user_id, record.deposit)
        strategy, gateway = self._strategy(records[0].strategy), station.gateway
        # What is asked for its answer comes with the prices, all at once: a person waits for it.
        asked = (self._market_now(gateway, strategy, record.symbol) for record in records)
        (held, positions), markets = await asyncio.gather(_holdings(gateway), asyncio.gather(*asked))
        for record in records:
            _check_position(record, positions)
        sights = await asyncio.gather(
            *(prices_around(station, strategy, config, instrument, price) for instrument, price in markets)
        )
        is_public = gateway.capabilities.is_public
        shown = [
            with_warning(
                gateway,
                strategy.preview(
                    config, instrument, price, Surroundings(balances_in(held, instrument, [record]), seen, is_public)
                ),
            )
            for record, (instrument, price), seen in zip(records, markets, sights, strict=True)
        ]
        for record, preview in zip(records, shown, strict=True):
            if preview.is_refused:
                raise DeskError("preview_refused", symbol=title_of_market(record.symbol))
        together = [*running, *records]
        for instrument, _ in markets if len(together) > 1 else ():
            # Of one alone its preview has said whether there is enough.
            self._check_deposits(together, held, instrument)
        for record, preview in zip(records, shown, strict=True):
            if preview.is_dangerous and not accept_danger:
                raise DeskError("danger_not_accepted", symbol=title_of_market(record.symbol))
        return [instrument for instrument, _ in markets]

    async def _check_more_deposit(self, record: BotRecord, deposit: Decimal) -> None:
        account = await self._account(record.user_id, record.key_id)
        gateway = (await self._station(account)).gateway
        others = [bot for bot in await self._running(account) if bot.id != record.id]
        try:
            held = await gateway.account()
        except VenueError as problem:
            raise venue_error(record.venue, problem) from problem
        more = [*others, replace(record, deposit=deposit)]
        self._check_deposits(more, held, self._instrument(gateway, record.symbol))

    def _check_deposits(self, records: Sequence[BotRecord], held: Account, instrument: Instrument) -> None:
        """Together they want no more than there is of the market's quote currency; others are not mixed in."""
        wanted = total([self._wanted(bot) for bot in records if quote_of(bot.symbol) == instrument.quote])
        equity = equity_in(held, instrument, invested_in(instrument, records))
        if wanted > equity:
            raise DeskError("deposits_exceed_equity", deposits=f"{wanted:f}", equity=f"{equity:.2f}")

    def _wanted(self, record: BotRecord) -> Decimal:
        """Its deposit, or what it goes on using of a larger one of before (quote)."""
        if not record.active:
            return record.deposit
        worker, strategy = self._house.supervisor.worker(record.id), self._strategy(record.strategy)
        try:
            state = worker.bench.state if worker else strategy.state_model.model_validate_json(record.state)
        except ValidationError:
            return record.deposit
        return max(record.deposit, strategy.frozen_deposit(state))

    async def _check_edit(self, record: BotRecord, worker: Worker | None, before: BaseModel, after: BaseModel) -> None:
        """Refuse what the change itself makes impossible; what was so before must not forbid to mend something else.

        The money is not looked at: a bot in the red has less than its deposit, and may be edited.
        """
        instrument, price = await self._price_for(record, worker)
        strategy = self._strategy(record.strategy)

        async def refusals(config: BaseModel) -> dict[str, Finding]:
            seen = await self._prices_for(record, config, instrument, price)
            around = Surroundings(prices=seen, is_public=record.key_id is not None)
            findings = strategy.preview(config, instrument, price, around).findings
            return {finding.code: finding for finding in findings if finding.severity == "refusal"}

        was = await refusals(before)
        new = [finding for code, finding in (await refusals(after)).items() if code not in was]
        if new:
            raise EditRefused(title_of_market(record.symbol), new)

    async def _price_for(self, record: BotRecord, worker: Worker | None) -> tuple[Instrument, Decimal]:
        """The newest price that the bot itself has seen, else the venue's: an edit works while the venue is away."""
        seen = worker.bench.market.get("") if worker else None
        if worker is not None and seen is not None and seen[0].mid is not None:
            instrument = worker.bench.books.instrument
            return instrument, instrument.nearest_price(seen[0].mid)
        station = await self._station(AccountId.of(record))
        return await self._market_now(station.gateway, self._strategy(record.strategy), record.symbol)

    async def _prices_for(self, record: BotRecord, config: BaseModel, instrument: Instrument, price: Decimal) -> Prices:
        """Of the other markets that the settings name; nothing is opened for settings that name none."""
        strategy = self._strategy(record.strategy)
        if not strategy.sights(config, instrument, price, {}):
            return {}
        return await prices_around(await self._station(AccountId.of(record)), strategy, config, instrument, price)

    async def _running(self, account: AccountId) -> Sequence[BotRecord]:
        owned = await self._house.storage.read(lambda c: bots.bots_of(c, account.user_id))
        return [bot for bot in owned if bot.active and bot.key_id == account.key_id]


async def _holdings(gateway: Gateway) -> tuple[Account, Sequence[Position]]:
    try:
        held, positions = await asyncio.gather(gateway.account(), gateway.positions())
    except VenueError as problem:
        raise venue_error(gateway.venue, problem) from problem
    return held, positions


def _check_position(record: BotRecord, positions: Sequence[Position]) -> None:
    """A position that the bot itself left is taken up again; any other is its owner's, and in the way."""
    for position in positions:
        if position.symbol == record.symbol and position.amount not in (ZERO, record.ledger.position):
            raise DeskError(
                "position_exists", symbol=title_of_market(record.symbol), amount=f"{position.amount.normalize():f}"
            )
