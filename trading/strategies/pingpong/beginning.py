"""Whose turn it is when no leg is under way, and how the next leg begins."""

from __future__ import annotations

from decimal import Decimal

from trading.core.instrument import ZERO, Side
from trading.core.planning import Mode
from trading.strategies.pingpong.config import PingPongConfig
from trading.strategies.pingpong.market import buy_cost, exposure, is_sendable, picture, sellable
from trading.strategies.pingpong.moves import STOPPING, Scene, Step, ending_cause, refused, sized
from trading.strategies.pingpong.state import Leg, PingPongState


def between_legs(scene: Scene, state: PingPongState) -> Step:
    view = scene.view
    if state.finished is not None or view.mode in STOPPING or view.orders:
        return Step(state)
    ending = ending_cause(state, view)
    if ending is not None:
        return _ending(scene, state, ending)
    reached = _limit_reached(scene.config, state)
    if reached is not None:
        return Step(_finished(state, reached))
    if view.mode is not Mode.RUNNING or scene.book is None or scene.rate is None:
        return Step(state)
    side = state.next_side or (Side.SELL if _held(scene) else Side.BUY)
    return _begin_buy(scene, state) if side is Side.BUY else _begin_sell(scene, state)


def _limit_reached(config: PingPongConfig, state: PingPongState) -> str | None:
    if config.max_legs is not None and state.completed >= config.max_legs:
        return "max_legs"
    if config.max_spread_sum_usd is not None and state.spread_sum_usd > config.max_spread_sum_usd:
        return "max_spread_sum"
    return None


def _ending(scene: Scene, state: PingPongState, cause: str) -> Step:
    if scene.rules.floor_amount(scene.view.ledger.position) > 0 and scene.price(Side.SELL) is None:
        return Step(state)
    held = _held(scene)
    return _begun(scene, state, Side.SELL, held) if held else Step(_finished(state, cause))


def _held(scene: Scene) -> Decimal:
    price = scene.price(Side.SELL)
    return sellable(scene.view, price) if price is not None else ZERO


def _begin_buy(scene: Scene, state: PingPongState) -> Step:
    price = scene.price(Side.BUY)
    if price is None or scene.rate is None:
        return Step(state)
    size = sized(scene.config, scene.rules, price)
    why = scene.rules.objection(price=price, amount=size)
    if why is not None:
        return refused(scene.view, state, Side.BUY, size, price, why)
    amount = size - state.carry if is_sendable(scene.rules, size - state.carry, price) else size
    if exposure(scene.view) + buy_cost(scene.rules, amount, price) > scene.config.budget / scene.rate:
        # The next buy would hold more than is left of the budget.
        return Step(state.model_copy(update={"ending": "budget"}), moved=True)
    return _begun(scene, state.model_copy(update={"size": size}), Side.BUY, amount)


def _begin_sell(scene: Scene, state: PingPongState) -> Step:
    """The same amount as was bought; after a restart what is held from before."""
    if state.next_side is None:
        return _begun(scene, state, Side.SELL, _held(scene))
    price, netted = scene.price(Side.SELL), state.size - state.carry
    is_enough = price is None or is_sendable(scene.rules, netted, price)
    # What is left of a small size after a large remainder may be too little to be sent: then the reserve lends it.
    return _begun(scene, state, Side.SELL, netted if is_enough or netted == state.size else state.size)


def _begun(scene: Scene, state: PingPongState, side: Side, amount: Decimal) -> Step:
    price = scene.price(side)
    if price is None or scene.book is None:
        return Step(state)
    now = scene.view.now
    leg = Leg(
        side=side,
        amount=amount,
        decided_at=now,
        picture=picture(scene.book),
        price=price,
        quoted_at=now,
        seen_at=scene.book.at,
    )
    began = state.model_copy(
        update={
            "number": state.number + 1,
            "leg": leg,
            "carry": ZERO,
            "refusal_told": "",
            "round_began_at": state.round_began_at or now,
            "start": state.start or scene.view.ledger,
            "usd_rate": scene.rate or state.usd_rate,
        }
    )
    return Step(began)


def _finished(state: PingPongState, cause: str) -> PingPongState:
    return state.model_copy(update={"finished": cause, "leg": None, "short_since": None})
