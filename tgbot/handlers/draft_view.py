"""What a half-made bot's current step shows: asks the desk for what the step needs and hands it to the cards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tgbot import figures
from tgbot.callbacks import new_token
from tgbot.cards.accounts import key_name
from tgbot.cards.card import Card
from tgbot.cards.making import account_card, field_card, pairs_card, strategy_card, summary_card
from tgbot.cards.presets import Choice, choices_card, draft_name_card
from tgbot.cards.preview import confirm_card, offers_of, preview_card
from tgbot.coins import Coins
from tgbot.forms import FormField, Kind, WrongAnswer, fields_of, find_field, read_answer, suggestions
from tgbot.making import Draft, Step
from tgbot.words import Html, Words
from trading.desk.answers import DeskError, MarketCard, Person, PreviewCard, StrategyInfo
from trading.desk.protocol import DeskProtocol

_MOST_MATCHES = 12
_MOST_RECENT = 4
_NOTHING = Html("")
LAST, OWN, MADE = "last", "own:", "made:"
"""How a draft remembers what its buttons offer: the number of a preset, or the strategy's code, follows."""
_PRICED = frozenset({"price", "distance"})
"""Units whose suggestions come from the market's price."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A step ready to be sent: the draft remembers what its buttons mean; ``pictured`` wants a picture above."""

    draft: Draft
    card: Card
    pictured: PreviewCard | None = None
    account: Html = _NOTHING


class DraftView:
    def __init__(self, desk: DeskProtocol, person: Person, words: Words) -> None:
        self._desk = desk
        self._person = person
        self._words = words

    def strategy(self, draft: Draft) -> StrategyInfo:
        """Raises DeskError("not_found") for a strategy that is no more."""
        for each in self._desk.strategies():
            if each.name == draft.strategy:
                return each
        raise DeskError("not_found")

    def settings(self, draft: Draft) -> tuple[FormField, ...]:
        return fields_of(self.strategy(draft).config_model) if draft.strategy else ()

    async def show(self, draft: Draft, problem: Html | None = None) -> Shown:  # noqa: PLR0911  one return a step
        match draft.step:
            case Step.STRATEGY:
                return Shown(draft, strategy_card(self._words, draft, self._desk.strategies()))
            case Step.ACCOUNT:
                keys = await self._desk.keys(self._person.id)
                kinds, can_go_back = self.strategy(draft).market_kinds, len(self._desk.strategies()) > 1
                return Shown(draft, account_card(self._words, draft, keys, kinds, can_go_back))
            case Step.PAIRS:
                return await self._pairs(draft)
            case Step.FIELD:
                return await self._field(draft, problem)
            case Step.PRESETS:
                return await self._presets(draft)
            case Step.NAME:
                return Shown(draft, draft_name_card(self._words, draft, problem))
            case Step.SUMMARY | Step.ADVANCED:
                return await self._summary(draft)
            case Step.PREVIEW | Step.CONFIRM:
                return await self._preview(draft)

    async def account(self, draft: Draft) -> Html:
        if draft.key is None:
            return self._words("paper")
        for key in await self._desk.keys(self._person.id):
            if key.id == draft.key:
                return self._words(
                    "account-live" if key.is_proven else "account-unproven", name=key_name(key.venue_title, key.label)
                )
        raise DeskError("not_found")

    async def previews(self, draft: Draft) -> Sequence[PreviewCard]:
        """One for each pair. Raises InvalidSettings, DeskError("venue_away")."""
        config = self._desk.check_settings(draft.strategy, draft.config)
        return await asyncio.gather(*(self._one_preview(draft, symbol, config) for symbol in draft.symbols))

    async def _one_preview(self, draft: Draft, symbol: str, config: Mapping[str, Any]) -> PreviewCard:
        return await self._desk.preview(self._person.id, draft.key, draft.strategy, symbol, config)

    async def _pairs(self, draft: Draft) -> Shown:
        found = await self._find(draft, draft.sought)
        recent = [] if draft.sought else await self._desk.recent_symbols(self._person.id, draft.key)
        markets = {market.symbol: market for market in found}
        # What was chosen or traded before may not be among the busiest; it is shown with its price all the same.
        missing = [symbol for symbol in (*draft.symbols, *recent[:_MOST_RECENT]) if symbol not in markets]
        for symbol in missing:
            markets |= {each.symbol: each for each in await self._find(draft, symbol) if each.symbol == symbol}
        known = [symbol for symbol in recent[:_MOST_RECENT] if symbol in markets]
        wanted = [*draft.symbols, *known, *(market.symbol for market in found)]
        draft = replace(draft, matches=tuple(dict.fromkeys(wanted))[:_MOST_MATCHES])
        return Shown(draft, pairs_card(self._words, draft, markets, known, is_found=bool(found)))

    async def _find(self, draft: Draft, text: str) -> Sequence[MarketCard]:
        return await self._desk.find_markets(self._person.id, draft.key, draft.strategy, text)

    async def _field(self, draft: Draft, problem: Html | None) -> Shown:
        setting = find_field(self.strategy(draft).config_model, draft.setting)
        if setting is None:
            return await self._summary(replace(draft, step=Step.SUMMARY))
        draft = replace(draft, options=await self._options(draft, setting), choices=())
        # What is asked because no default is right has no answer yet.
        value = draft.config.get(setting.name, None if setting.is_worth_asking else setting.default)
        if draft.origin is not Step.PAIRS:
            return Shown(draft, field_card(self._words, draft, setting, value, problem))
        choices = await self.choices(draft)
        last = bool(choices) and choices[0].code == LAST
        draft = replace(draft, choices=(LAST,) if last else ())
        presets = len(choices) > last
        return Shown(draft, field_card(self._words, draft, setting, value, problem, last=last, presets=presets))

    async def _presets(self, draft: Draft) -> Shown:
        choices = await self.choices(draft)
        draft = replace(draft, choices=tuple(choice.code for choice in choices))
        return Shown(draft, choices_card(self._words, draft, self.settings(draft), choices))

    async def choices(self, draft: Draft) -> Sequence[Choice]:
        """What can be taken up: the last bot's settings, one's own presets, and those of the strategy."""
        last = await self._desk.last_settings(self._person.id, draft.strategy, draft.symbols)
        own = [each for each in await self._desk.presets(self._person.id) if each.strategy == draft.strategy]
        return [
            *([Choice(LAST, self._words.plain("button-as-last-time"), last)] if last is not None else []),
            *(Choice(f"{OWN}{each.id}", f"⭐ {each.name}", each.settings) for each in own),
            *(
                Choice(f"{MADE}{code}", self._words.plain(f"preset-code-{code}"), settings, is_made=True)
                for code, settings in self.strategy(draft).presets.items()
            ),
        ]

    async def _options(self, draft: Draft, setting: FormField) -> tuple[Any, ...]:
        if setting.kind in (Kind.CHOICE, Kind.SWITCH):
            return tuple(value for _, value in setting.options(is_paper=draft.key is None))
        if setting.kind is Kind.TEXT:
            return (*self._texts(draft, setting, await self._own_venues(draft)), *_off(setting))
        offered, equity, price = await self._advice(draft, setting)
        numbers = suggestions(setting, offered, equity, price)
        if setting.kind is Kind.WHOLE:
            return (*(int(number) for number in numbers if Decimal(number) % 1 == 0), *_off(setting))
        return (*numbers, *_off(setting))

    async def _own_venues(self, draft: Draft) -> Collection[str]:
        return [key.venue for key in await self._desk.keys(self._person.id) if key.id == draft.key]

    def _texts(self, draft: Draft, setting: FormField, own: Collection[str] = ()) -> tuple[str, ...]:
        """Names worth a button: the pair itself and the quote currency's, or the exchanges that there are."""
        names: list[str] = []
        if setting.unit == "venue":
            # One's own market is no reference to itself, so the others come first.
            kinds = self.strategy(draft).market_kinds
            names = [each.id for each in self._desk.venues() if each.market_kinds & kinds]
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

    async def _advice(self, draft: Draft, setting: FormField) -> tuple[Sequence[str], Decimal | None, Decimal | None]:
        """What a preview of the first pair offers for this setting, the account's equity, and the price that matters
        (for a distance the one answered before). Each may be missing."""
        if not draft.symbols or not (setting.is_asked or setting.unit in _PRICED):
            return (), None, None
        missing = [each for each in self.settings(draft) if each.required and each.name not in draft.config]
        guessed = {each.name: text for each in missing for text in self._texts(draft, each)[:1]}
        try:
            config = self._desk.check_settings(draft.strategy, {**guessed, **_without(draft.config, setting)})
            card = await self._one_preview(draft, draft.symbols[0], config)
        except DeskError as error:
            log.info("no advice for %s: %s", setting.name, error)
            return (), None, None
        alone = [offer.changes for offer in card.preview.offers if set(offer.changes) == {setting.name}]
        offers = [value for changes in alone if (value := changes[setting.name]) is not None]
        # Dollars of an account that holds bitcoins are not known here.
        equity = None if setting.unit == "usd" and not figures.is_dollar(card.instrument.quote) else card.equity
        if setting.distance_from in draft.config:
            return offers, equity, Decimal(str(draft.config[setting.distance_from]))
        return offers, equity, card.preview.price

    async def _summary(self, draft: Draft) -> Shown:
        settings = self.settings(draft)
        values = {**{each.name: each.default for each in settings}, **draft.config}
        advanced = draft.step is Step.ADVANCED
        account = await self.account(draft)
        return Shown(draft, summary_card(self._words, draft, settings, values, account, advanced=advanced))

    async def _preview(self, draft: Draft) -> Shown:
        cards = await self.previews(draft)
        account = await self.account(draft)
        draft = replace(draft, shown=min(draft.shown, len(cards) - 1))
        draft = replace(draft, offers=tuple(dict(offer.changes) for offer in offers_of(cards, draft.shown)))
        if draft.step is Step.CONFIRM:
            return Shown(draft, confirm_card(self._words, draft, cards, account, new_token()))
        card = preview_card(
            self._words,
            draft,
            cards,
            self.settings(draft),
            account=account,
            token=new_token(),
            can_try=not self.strategy(draft).candles_lack,
        )
        return Shown(draft, card, pictured=cards[draft.shown], account=account)


def _without(config: Mapping[str, Any], setting: FormField) -> dict[str, Any]:
    """The other answers: this one's is about to be given anew, and must not stand in the way."""
    return {name: value for name, value in config.items() if name != setting.name}


def _off(setting: FormField) -> tuple[Any, ...]:
    return (None,) if setting.can_be_off else ("",) if setting.can_be_empty else ()
