"""What helps to answer one question of a form: answers worth a button, and what the market says to an answer."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from tgbot import figures
from tgbot.cards.card import blocks
from tgbot.cards.fields import value_text
from tgbot.cards.findings import finding_lines
from tgbot.coins import Coins
from tgbot.forms import FormField, Kind, WrongAnswer, fields_of, read_answer
from tgbot.making import Draft
from tgbot.suggesting import NOTHING_KNOWN, Advice, suggestions
from tgbot.words import Html, Words
from trading.core.instrument import ZERO
from trading.desk.answers import DeskError, Person, PreviewCard, StrategyInfo
from trading.desk.protocol import DeskProtocol

_PRICED = frozenset({"price", "distance"})
"""Units whose suggestions come from the market's price."""
_NUMBERS = frozenset({Kind.NUMBER, Kind.WHOLE})

log = logging.getLogger(__name__)


class DraftAdvice:
    """Asks the desk what a preview of the first pair would say. Where it cannot say, there is less advice."""

    def __init__(self, desk: DeskProtocol, person: Person, words: Words) -> None:
        self._desk, self._person, self._words = desk, person, words

    async def options(self, draft: Draft, strategy: StrategyInfo, setting: FormField) -> tuple[Any, ...]:
        """The raw values that are worth a button."""
        if setting.kind in (Kind.CHOICE, Kind.SWITCH):
            return tuple(value for _, value in setting.options(is_paper=draft.key is None))
        if setting.kind is Kind.TEXT:
            # One's own market is no reference to itself, so the others come first.
            return (*self._texts(draft, strategy, setting, await self._own_venues(draft, strategy)), *_off(setting))
        numbers = suggestions(setting, await self._advice(draft, strategy, setting))
        if setting.kind is Kind.WHOLE:
            return (*(int(number) for number in numbers if Decimal(number) % 1 == 0), *_off(setting))
        return (*numbers, *_off(setting))

    async def objection(self, draft: Draft, strategy: StrategyInfo, setting: FormField) -> Html | None:
        """Why the market would refuse what was just answered, and which answers it would take.

        Nothing where a question that is still to come may mend it, or where this answer alone does not.
        """
        card = await self._preview(draft, strategy, draft.config) if setting.kind in _NUMBERS else None
        if card is None or not card.preview.is_refused:
            return None
        to_come = {each.name for each in fields_of(strategy.config_model) if each.is_asked} - draft.config.keys()
        if any(offer.changes.keys() <= to_come for offer in card.preview.offers):
            return None
        coins = Coins.of(card.symbol)
        works = [
            value_text(self._words, setting, offer.changes[setting.name], coins, draft.config)
            for offer in card.preview.offers
            if offer.changes.keys() == {setting.name}
        ]
        if not works:
            return None
        return blocks(
            *finding_lines(self._words, card.preview.findings, coins, "refusal"),
            self._words("answer-would-work", values=", ".join(works)),
        )

    async def _own_venues(self, draft: Draft, strategy: StrategyInfo) -> Collection[str]:
        """Where the bot trades, or whose prices it would trade on."""
        if draft.key is not None:
            return [key.venue for key in await self._desk.keys(self._person.id) if key.id == draft.key]
        card = await self._preview(draft, strategy, draft.config)
        return [card.prices.venue] if card is not None and card.prices is not None else []

    def _texts(
        self, draft: Draft, strategy: StrategyInfo, setting: FormField, own: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Names worth a button: the pair itself and the quote currency's, or the exchanges that there are."""
        names: list[str] = []
        if setting.unit == "venue":
            names = [each.id for each in self._desk.venues() if each.market_kinds & strategy.market_kinds]
            names.sort(key=lambda name: name in own)
        elif setting.unit == "market":
            coins = Coins.of(*draft.symbols)
            names = [f"{coins.base}/{coins.quote}", f"{coins.quote}/USDT"]
            names += [f"{coins.base}/USDC"] if coins.quote == "USDT" else []
        found = []
        for name in names:
            try:
                found.append(str(read_answer(setting, name)))
            except WrongAnswer:
                continue
        return tuple(dict.fromkeys(name for name in found if name and name != "USDT/USDT"))

    async def _advice(self, draft: Draft, strategy: StrategyInfo, setting: FormField) -> Advice:
        if not (setting.is_asked or setting.is_part or setting.unit in _PRICED):
            return NOTHING_KNOWN
        # Without this one's answer: it is about to be given anew, and must not stand in the way.
        others = {name: value for name, value in draft.config.items() if name != setting.name}
        card = await self._preview(draft, strategy, others)
        if card is None:
            return NOTHING_KNOWN
        alone = [offer.changes for offer in card.preview.offers if offer.changes.keys() == {setting.name}]
        in_base = setting.in_unit(draft.config).unit == "base"
        least = card.instrument.smallest_amount(card.preview.price)
        return Advice(
            offered=[value for changes in alone if (value := changes[setting.name]) is not None],
            # Dollars of an account that holds bitcoins are not known here.
            equity=None if setting.unit == "usd" and not figures.is_dollar(card.instrument.quote) else card.equity,
            price=_measured_from(setting, draft.config) or card.preview.price,
            whole=card.preview.at_risk / card.preview.price if in_base else card.preview.at_risk,
            least=least if in_base else least * card.preview.price,
        )

    async def _preview(self, draft: Draft, strategy: StrategyInfo, config: Mapping[str, Any]) -> PreviewCard | None:
        """Of the first pair, with ``config`` as far as it is answered; None where it cannot be made."""
        if not draft.symbols:
            return None
        missing = [each for each in fields_of(strategy.config_model) if each.required and each.name not in config]
        guessed = {each.name: text for each in missing for text in self._texts(draft, strategy, each)[:1]}
        try:
            whole = self._desk.check_settings(draft.strategy, {**guessed, **config})
            return await self._desk.preview(self._person.id, draft.key, draft.strategy, draft.symbols[0], whole)
        except DeskError as error:
            log.info("no advice for a %s: %s", draft.strategy, error)
            return None


def _measured_from(setting: FormField, config: Mapping[str, Any]) -> Decimal:
    """The answer that a distance is measured from; 0 where there is none."""
    return Decimal(str(config[setting.distance_from])) if setting.distance_from in config else ZERO


def _off(setting: FormField) -> tuple[Any, ...]:
    return (None,) if setting.can_be_off else ("",) if setting.can_be_empty else ()
