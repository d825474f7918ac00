"""What a half-made bot's current step shows: asks the desk for what the step needs and hands it to the cards."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tgbot.banner import Banner
from tgbot.callbacks import new_token
from tgbot.cards.accounts import key_name
from tgbot.cards.card import Card
from tgbot.cards.making import account_card, field_card, pairs_card, strategy_card, summary_card
from tgbot.cards.offers import offers_of
from tgbot.cards.presets import Choice, choices_card, draft_name_card
from tgbot.cards.preview import confirm_card, preview_card
from tgbot.forms import FormField, fields_of, find_field
from tgbot.handlers.draft_advice import DraftAdvice
from tgbot.making import Draft, Step, takes_one_pair
from tgbot.words import Html, Words
from trading.desk.answers import DeskError, InvalidSettings, MarketCard, Person, PreviewCard, StrategyInfo
from trading.desk.protocol import DeskProtocol

_MOST_MATCHES = 12
_MOST_RECENT = 4
_NOTHING = Html("")
LAST, OWN, MADE = "last", "own:", "made:"
"""How a draft remembers what its buttons offer: the number of a preset, or the strategy's code, follows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A step ready to be sent: the draft remembers what its buttons mean; ``pictured`` wants a picture above."""

    draft: Draft
    card: Card
    pictured: PreviewCard | None = None
    account: Html = _NOTHING


class DraftView:
    def __init__(self, desk: DeskProtocol, person: Person, words: Words, banner: Banner) -> None:
        self._banner = banner
        self._desk = desk
        self._person = person
        self._words = words
        self._advice = DraftAdvice(desk, person, words)

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
                card = strategy_card(self._words, draft, self._desk.strategies())
                return Shown(draft, await self._banner.over(card))
            case Step.ACCOUNT:
                keys = await self._desk.keys(self._person.id)
                kinds, can_go_back = self.strategy(draft).market_kinds, len(self._desk.strategies()) > 1
                card = account_card(self._words, draft, keys, kinds, can_go_back)
                return Shown(draft, await self._banner.over(card))
            case Step.PAIRS:
                return await self._pairs(draft)
            case Step.FIELD:
                return await self._field(draft, problem)
            case Step.PRESETS:
                return await self._presets(draft)
            case Step.NAME:
                return Shown(draft, draft_name_card(self._words, draft, problem))
            case Step.SUMMARY | Step.ADVANCED:
                return await self._summary(draft, problem)
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
        several = not takes_one_pair(self.settings(draft))
        return Shown(draft, pairs_card(self._words, draft, markets, known, is_found=bool(found), several=several))

    async def _find(self, draft: Draft, text: str) -> Sequence[MarketCard]:
        return await self._desk.find_markets(self._person.id, draft.key, draft.strategy, text)

    async def _field(self, draft: Draft, problem: Html | None) -> Shown:
        setting = find_field(self.strategy(draft).config_model, draft.setting)
        if setting is None:
            return await self._summary(replace(draft, step=Step.SUMMARY), problem)
        options = await self._advice.options(draft, self.strategy(draft), setting)
        draft = replace(draft, options=options, choices=())
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

    async def objection(self, draft: Draft, name: str) -> Html | None:
        """What the market says to the answer that was just given to this setting, where it would refuse it."""
        setting = find_field(self.strategy(draft).config_model, name)
        return await self._advice.objection(draft, self.strategy(draft), setting) if setting else None

    async def _summary(self, draft: Draft, problem: Html | None) -> Shown:
        settings, advanced = self.settings(draft), draft.step is Step.ADVANCED
        card = summary_card(
            self._words,
            draft,
            settings,
            self._values(draft),
            await self.account(draft),
            advanced=advanced,
            problem=problem,
        )
        return Shown(draft, card)

    def _values(self, draft: Draft) -> Mapping[str, Any]:
        """Every setting as it would be now; defaults that follow from answers are worked out by the model."""
        try:
            return self._desk.check_settings(draft.strategy, draft.config)
        except InvalidSettings:
            return {**{each.name: each.default for each in self.settings(draft)}, **draft.config}

    async def _preview(self, draft: Draft) -> Shown:
        cards = await self.previews(draft)
        account = await self.account(draft)
        draft = replace(draft, shown=min(draft.shown, len(cards) - 1))
        draft = replace(draft, offers=tuple(dict(offer.changes) for offer in offers_of(cards, draft.shown)))
        may_start = await self._banner.since() is None
        if draft.step is Step.CONFIRM and may_start:
            return Shown(draft, confirm_card(self._words, draft, cards, account, new_token(self._person.id)))
        draft = replace(draft, step=Step.PREVIEW)
        card = preview_card(
            self._words,
            draft,
            cards,
            self.settings(draft),
            account=account,
            token=new_token(self._person.id),
            can_try=not self.strategy(draft).candles_lack,
            may_start=may_start,
        )
        return Shown(
            draft,
            await self._banner.over(card),
            pictured=cards[draft.shown],
            account=account,
        )
