"""What Bitget tells when it is asked: the account, its orders, what was filled and paid.

Raw endpoints wherever ccxt's unified calls lose something. Amounts are base units (one contract is one unit).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from trading.core.ledger import Funding
from trading.core.orders import Fill, Order, OrderReport, OrderType
from trading.exchanges.errors import BadCredentials, Rejected, Throttled, Unavailable
from trading.exchanges.gateway import Account, Position
from trading.exchanges.live import bitget_wording as wording
from trading.exchanges.live.bitget_lists import BILLS, FILLS, ORDERS, PRODUCT, AskingDialect


class ReadingDialect(AskingDialect):
    """Remembers two things of the account: whether triggers are in use, and a key's permissions."""

    def __init__(self, wire: Any, markets: Any) -> None:
        super().__init__(wire, markets)
        self._triggers: bool | None = None
        self._can_withdraw: bool | None = None
        self._is_hedged: bool | None = None
        self._permissions_read = False

    def market_id(self, symbol: str) -> str:
        if symbol not in self.exchange.markets:
            raise Unavailable(f"no market {symbol}")
        return str(self.exchange.market(symbol)["id"])

    def symbol_of(self, market_id: str) -> str:
        return str(self.exchange.safe_symbol(market_id, None, None, "swap"))

    async def account(self) -> Account:
        rows = await self._ask(self.exchange.privateMixGetV2MixAccountAccounts, PRODUCT, list)
        if not self._permissions_read:
            await self._read_permissions()
        return wording.account(rows, self.wire.now(), can_withdraw=self._can_withdraw, is_hedged=self._is_hedged)

    async def _read_permissions(self) -> None:
        """Once for a key: what it may do, and which position mode the account is in."""
        try:
            told = await self._ask(self.exchange.privateSpotGetV2SpotAccountInfo, {}, dict, refusable=True)
            self._can_withdraw = wording.can_withdraw(told)
        except (Rejected, BadCredentials):
            # A key without the right to read this; the account itself has just been read with it.
            self._can_withdraw = None
        except (Unavailable, Throttled):
            return
        if self.markets:
            setup = await self._setup(next(iter(self.markets)))
            self._is_hedged = setup.get("posMode") == "hedge_mode"
        self._permissions_read = True

    async def positions(self) -> Sequence[Position]:
        call = self.exchange.privateMixGetV2MixPositionAllPosition
        rows = await self._ask(call, {**PRODUCT, "marginCoin": "USDT"}, list)
        found = [wording.position(row, self.symbol_of(row["symbol"]), self.wire.now()) for row in rows]
        return [position for position in found if position.amount]

    async def order(self, order: Order) -> OrderReport | None:
        if order.type is OrderType.STOP_MARKET:
            self._triggers = True
            return await self._trigger(order.symbol, {"clientOid": order.client_id})
        return await self._detail(order.symbol, {"clientOid": order.client_id})

    async def _detail(self, symbol: str, which: Mapping[str, str]) -> OrderReport | None:
        params = {**PRODUCT, "symbol": self.market_id(symbol), **which}
        call = self.exchange.privateMixGetV2MixOrderDetail
        row = await self._unless_absent(self._ask(call, params, dict, refusable=True))
        if row is None:
            return None
        report = wording.report(row, symbol)
        if which not in ({"clientOid": report.client_id}, {"orderId": report.venue_id}):
            raise Unavailable("the venue answered with another order")
        return report

    async def _trigger(self, symbol: str, which: Mapping[str, str]) -> OrderReport | None:
        """A plan order by its id: pending, or finished, and then what the order it became has done."""
        params = {**PRODUCT, "symbol": self.market_id(symbol), "planType": "normal_plan", **which}
        ((key, value),) = which.items()
        for call in (
            self.exchange.privateMixGetV2MixOrderOrdersPlanPending,
            self.exchange.privateMixGetV2MixOrderOrdersPlanHistory,
        ):
            rows = await self._list(ORDERS, call, params)
            for row in rows:
                if str(row.get(key)) == value:
                    return await self._with_execution(row, symbol)
        return None

    async def _with_execution(self, row: Mapping[str, Any], symbol: str) -> OrderReport:
        execution_id = wording.execution_id(row)
        execution = await self._detail(symbol, {"orderId": execution_id}) if execution_id else None
        return wording.trigger_report(row, symbol, execution)

    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]:
        """One request for all symbols, a second one only while triggers are in use."""
        rows = await self._list(ORDERS, self.exchange.privateMixGetV2MixOrderOrdersPending, PRODUCT)
        reports = [wording.report(row, self.symbol_of(row["symbol"])) for row in rows]
        if self._triggers is not False:
            call = self.exchange.privateMixGetV2MixOrderOrdersPlanPending
            plans = await self._list(ORDERS, call, {**PRODUCT, "planType": "normal_plan"})
            # Set by the first look after a start; placing one sets it again.
            self._triggers = bool(plans) or self._triggers is True
            reports += [wording.trigger_report(row, self.symbol_of(row["symbol"]), None) for row in plans]
        wanted = set(symbols)
        return [report for report in reports if report.symbol in wanted]

    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]:
        market = {**PRODUCT, "symbol": self.market_id(symbol)}
        rows = await self._since(since, ORDERS, self.exchange.privateMixGetV2MixOrderOrdersHistory, market)
        call = self.exchange.privateMixGetV2MixOrderOrdersPlanHistory
        plans = await self._since(since, ORDERS, call, {**market, "planType": "normal_plan"})
        reports = [wording.report(row, symbol) for row in rows]
        return reports + [await self._with_execution(row, symbol) for row in plans]

    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]:
        market = {**PRODUCT, "symbol": self.market_id(symbol)}
        rows = await self._since(since, FILLS, self.exchange.privateMixGetV2MixOrderFills, market)
        return wording.fills(rows, symbol)

    async def order_fills(self, order: Order) -> Sequence[Fill]:
        venue_id = order.execution_id if order.type is OrderType.STOP_MARKET else order.venue_id
        if venue_id is None:
            report = await self.order(order)
            venue_id = (report.execution_id or report.venue_id) if report else None
        if venue_id is None:
            return []
        which = {**PRODUCT, "symbol": self.market_id(order.symbol), "orderId": venue_id}
        rows = await self._list(FILLS, self.exchange.privateMixGetV2MixOrderFills, which)
        return wording.fills(rows, order.symbol, order.client_id)

    async def funding(self, symbol: str, since: datetime) -> Sequence[Funding]:
        which = {**PRODUCT, "symbol": self.market_id(symbol), "businessType": "contract_settle_fee"}
        rows = await self._since(since, BILLS, self.exchange.privateMixGetV2MixAccountBill, which)
        payments = [wording.funding(row, symbol) for row in rows]
        return sorted(payments, key=lambda payment: payment.at)

    async def _setup(self, symbol: str) -> Mapping[str, Any]:
        params = {**PRODUCT, "symbol": self.market_id(symbol), "marginCoin": "USDT"}
        told: Mapping[str, Any] = await self._ask(self.exchange.privateMixGetV2MixAccountAccount, params, dict)
        if "posMode" not in told or "marginMode" not in told:
            raise Unavailable("the account does not tell its modes")
        return told
