"""Position mode, margin mode and leverage of an unproven venue: read where it can be read, set only what differs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial
from typing import Any

import ccxt

from trading.core.instrument import ONE
from trading.core.planning import MarginMode
from trading.exchanges.errors import Rejected, Unavailable
from trading.exchanges.live.abilities import can, features, reads
from trading.exchanges.live.dialect import Dialect
from trading.exchanges.live.parsing import decimal


class SetupDialect(Dialect):
    """What cannot be read is set every time; what can neither be read nor set is refused with its reason."""

    async def prepare(self, symbol: str, leverage: int, margin_mode: MarginMode) -> None:
        market = self.markets.get(symbol)
        if market is not None and ONE < market.max_leverage < leverage:
            raise Rejected("leverage", detail=f"at most {market.max_leverage:f} is allowed here")
        await self._make_one_way(symbol)
        await self._make_margin_mode(symbol, leverage, margin_mode)
        await self._make_leverage(symbol, leverage, margin_mode)

    async def _make_one_way(self, symbol: str) -> None:
        if can(self.exchange, "fetchPositionMode"):
            told = await self.wire.read(partial(self.exchange.fetch_position_mode, symbol))
            if told.get("hedged") is False:
                return
            if told.get("hedged") is None:
                raise Unavailable("the account does not tell its position mode")
            if not can(self.exchange, "setPositionMode"):
                raise Rejected("position_mode", detail="the account is in hedge mode")
        elif not can(self.exchange, "setPositionMode") or await self._is_one_way_by_positions(symbol):
            # Where there is no such mode, positions are one-way.
            return
        await self._set(partial(self.exchange.set_position_mode, False, symbol), "position_mode")

    async def _is_one_way_by_positions(self, symbol: str) -> bool:
        """An open position tells the mode, and while there is one it cannot be changed anyway."""
        held = await self.wire.read(self.exchange.fetch_positions)
        return any(entry.get("symbol") == symbol and entry.get("hedged") is False for entry in held)

    async def _make_margin_mode(self, symbol: str, leverage: int, margin_mode: MarginMode) -> None:
        now = await self._margin_mode(symbol)
        if now == margin_mode.value:
            return
        if can(self.exchange, "setMarginMode"):
            params = {"leverage": str(leverage)} if reads(self.exchange, "set_margin_mode", "leverage") else {}
            await self._set(partial(self.exchange.set_margin_mode, margin_mode.value, symbol, params), "margin_mode")
        elif features(self.exchange, self.wire.profile.kind, "createOrder").get("marginMode") is not True:
            detail = f"it is {now}" if now else "it can be neither read nor set here"
            raise Rejected("margin_mode", detail=detail)

    async def _margin_mode(self, symbol: str) -> str | None:
        for ability, method in (
            ("fetchMarginMode", "fetch_margin_mode"),
            ("fetchLeverage", "fetch_leverage"),
        ):
            if self.exchange.has.get(ability) is True:
                told = await self.wire.read(partial(getattr(self.exchange, method), symbol))
                if told.get("marginMode"):
                    return str(told["marginMode"])
        return None

    async def _make_leverage(self, symbol: str, leverage: int, margin_mode: MarginMode) -> None:
        if await self._leverages(symbol) == {Decimal(leverage)}:
            return
        if not can(self.exchange, "setLeverage"):
            raise Rejected("leverage", detail="it cannot be set here")
        takes_mode = reads(self.exchange, "set_leverage", "marginMode")
        params = {"marginMode": margin_mode.value} if takes_mode else {}
        await self._set(partial(self.exchange.set_leverage, leverage, symbol, params), "leverage")
        now = await self._leverages(symbol)
        if now is not None and now != {Decimal(leverage)}:
            raise Rejected("leverage", detail=f"it stays {', '.join(f'{one:f}' for one in sorted(now))}")

    async def _leverages(self, symbol: str) -> set[Decimal] | None:
        """Of both directions; None where it is not told."""
        if self.exchange.has.get("fetchLeverage") is not True:
            return None
        told = await self.wire.read(partial(self.exchange.fetch_leverage, symbol))
        found = {decimal(told.get(side)) for side in ("longLeverage", "shortLeverage")}
        return {one for one in found if one is not None} or None

    async def _set(self, call: Callable[[], Awaitable[Any]], reason: str) -> None:
        """A setting that may be repeated. A clear no of the venue is a refusal with its words, no silence."""
        try:
            await self.wire.set(call)
        except Unavailable as failed:
            cause = failed.__cause__
            if isinstance(cause, ccxt.NoChange | ccxt.MarginModeAlreadySet):
                return
            if isinstance(cause, ccxt.ExchangeError):
                raise Rejected(reason, detail=str(failed)) from failed
            raise
