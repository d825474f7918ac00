"""The steps of making a bot: strategy, account, pairs, settings, summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import COUNTED, BotAct, DraftAct, Go, OnBot, OnDraft, Page
from tgbot.cards.accounts import key_name
from tgbot.cards.card import THIRD_OF_A_ROW, Card, Row, blocks, button, in_pairs, in_rows, lines
from tgbot.cards.fields import answer_hint, field_name, value_text
from tgbot.cards.home import home_button
from tgbot.coins import Coins
from tgbot.forms import FormField
from tgbot.making import MOST_PAIRS, Draft
from tgbot.words import Html, Words
from trading.desk.answers import BotCard, KeyCard, MarketCard, StrategyInfo


def strategy_card(words: Words, draft: Draft, strategies: Sequence[StrategyInfo]) -> Card:
    rows: list[Row] = [
        [button(words.plain(f"strategy-{each.name}"), on_draft(draft, DraftAct.STRATEGY, place))]
        for place, each in enumerate(strategies)
    ]
    about = [words(f"strategy-about-{each.name}") for each in strategies if words.has(f"strategy-about-{each.name}")]
    return Card(blocks(words("make-strategy"), *about), [*rows, [cancel_button(words, draft)]])


def account_card(words: Words, draft: Draft, keys: Sequence[KeyCard], kinds: frozenset[str], can_go_back: bool) -> Card:
    """Paper first, as number 0; the others are the keys' own numbers, where the exchange has such markets."""
    rows: list[Row] = [[button(words.plain("paper"), on_draft(draft, DraftAct.ACCOUNT))]]
    rows += [
        [
            button(
                words.plain(
                    "make-key" if key.is_proven else "make-key-unproven",
                    name=key_name(key.venue_title, key.label),
                    tail=key.tail,
                ),
                on_draft(draft, DraftAct.ACCOUNT, key.id),
            )
        ]
        for key in keys
        if key.market_kinds & kinds
    ]
    rows.append([button(words.plain("button-add-key"), Go(page=Page.KEYS))])
    text = blocks(words("make-title", strategy=words(f"strategy-{draft.strategy}")), words("make-account"))
    return Card(text, [*rows, way_out(words, draft, can_go_back)])


def pairs_card(
    words: Words,
    draft: Draft,
    markets: Mapping[str, MarketCard],
    recent: Sequence[str],
    *,
    is_found: bool,
    several: bool,
) -> Card:
    """``draft.matches`` are the numbered buttons: chosen pairs first, then ``recent`` ones, then what was found.

    Where only one pair can be had, its press is the answer; ``several`` are ticked, and then done with.
    """
    sought = draft.sought
    rows = [
        [button(_pair_line(words, draft, symbol, markets.get(symbol), recent), on_draft(draft, DraftAct.PAIR, place))]
        for place, symbol in enumerate(draft.matches)
    ]
    found = words("make-pairs-none", text=sought) if sought and not is_found else None
    text = blocks(
        words("make-pairs" if several else "make-pair-one"),
        found or (words("make-pairs-found", text=sought) if sought else words("make-pairs-busiest")),
        _chosen(words, draft) if several and draft.symbols else None,
        words("make-pairs-most", count=MOST_PAIRS) if len(draft.symbols) >= MOST_PAIRS else None,
    )
    if draft.symbols:
        done = words.plain("button-done", count=len(draft.symbols))
        rows.append([button(done, on_draft(draft, DraftAct.PAIRS_DONE))])
    if sought:
        rows.append([button(words.plain("button-busiest"), on_draft(draft, DraftAct.PAIRS_BUSIEST))])
    return Card(text, [*rows, way_out(words, draft)])


def _chosen(words: Words, draft: Draft) -> Html:
    pairs = ", ".join(pair_title(symbol) for symbol in draft.symbols)
    return words("make-pairs-chosen", pairs=pairs, count=len(draft.symbols))


def field_card(
    words: Words,
    draft: Draft,
    setting: FormField,
    model_value: Any,
    problem: Html | None = None,
    *,
    last: bool = False,
    presets: bool = False,
) -> Card:
    """One question; ``draft.options`` are the answers worth a button. Where all of them can be answered at once,
    ``last`` and ``presets`` offer it.
    """
    coins = Coins.of(*draft.symbols)
    texts = [value_text(words, setting, value, coins, draft.config) for value in draft.options]
    buttons = [
        button(
            f"✓ {text}" if _same(value, model_value) and setting.name in draft.config else text,
            on_draft(draft, DraftAct.VALUE, place),
        )
        for place, (value, text) in enumerate(zip(draft.options, texts, strict=True))
    ]
    return Card(
        blocks(
            problem,
            words("preset-taken-up", name=draft.taken) if presets and draft.taken else None,
            *field_question(
                words,
                setting,
                model_value,
                draft.strategy,
                coins,
                draft.config,
                given=setting.name in draft.config,
                can_press=bool(draft.options),
            ),
        ),
        [
            *(in_rows(buttons, 3) if all(len(text) <= THIRD_OF_A_ROW for text in texts) else in_pairs(buttons)),
            [
                *([button(words.plain("button-as-last-time"), on_draft(draft, DraftAct.PRESET))] if last else []),
                *([_presets(words, draft)] if presets else []),
            ],
            way_out(words, draft),
        ],
    )


def field_question(
    words: Words,
    setting: FormField,
    value: Any,
    strategy: str,
    coins: Coins,
    beside: Mapping[str, Any],
    *,
    given: bool = True,
    can_press: bool = True,
) -> list[Html]:
    """What is asked, what it means, what may be answered, what stands now: ``given`` by the person, or by default."""
    about = f"about-{strategy}-{setting.name}", f"about-{setting.name}"
    description = words.first(*about, "plain", text=setting.description)
    now = (
        None
        if value is None and not setting.can_be_off
        else words("field-now" if given else "field-default", value=value_text(words, setting, value, coins, beside))
    )
    return [
        lines(words("field-question", name=field_name(words, setting)), description),
        lines(answer_hint(words, setting, can_press=can_press), now),
    ]


def summary_card(
    words: Words,
    draft: Draft,
    settings: Sequence[FormField],
    values: Mapping[str, Any],
    account: Html,
    *,
    advanced: bool,
    problem: Html | None = None,
) -> Card:
    """Everything that was chosen or stands by default; each setting is a button to change it."""
    shown = [each for each in settings if each.is_advanced == advanced]
    text = blocks(
        problem,
        words("summary-title", strategy=words(f"strategy-{draft.strategy}"), account=account),
        words(
            "summary-pairs", pairs=", ".join(pair_title(symbol) for symbol in draft.symbols), count=len(draft.symbols)
        ),
        settings_lines(words, shown if advanced else settings, values, Coins.of(*draft.symbols)),
        words("summary-advanced") if advanced else words("summary-edit"),
    )
    places = {each.name: place for place, each in enumerate(settings)}
    edits = in_pairs(
        button(field_name(words, each), on_draft(draft, DraftAct.EDIT, places[each.name])) for each in shown
    )
    other = DraftAct.SUMMARY if advanced else DraftAct.ADVANCED
    has_other = any(each.is_advanced != advanced for each in settings)
    switch = button(words.plain("button-basic" if advanced else "button-advanced"), on_draft(draft, other))
    preview = [button(words.plain("button-preview"), on_draft(draft, DraftAct.PREVIEW))]
    others = [*([switch] if has_other else []), _presets(words, draft)]
    return Card(text, [preview, *edits, others, way_out(words, draft)])


def settings_lines(words: Words, settings: Sequence[FormField], values: Mapping[str, Any], coins: Coins) -> Html:
    return lines(
        *(
            words(
                "summary-line",
                name=field_name(words, each),
                value=value_text(words, each, values.get(each.name), coins, values),
            )
            for each in settings
        )
    )


def made_card(words: Words, bots: Sequence[BotCard], account: Html) -> Card:
    names = ", ".join(f"#{bot.id} {bot.title}" for bot in bots)
    rows = [[button(f"#{bot.id} {bot.title}", OnBot(act=BotAct.OPEN, bot=bot.id))] for bot in bots]
    text = words("made", count=len(bots), names=names, account=account)
    return Card(text, [*rows, [button(words.plain("button-all-bots"), Go(page=Page.BOTS)), home_button(words)]])


def gone_card(words: Words) -> Card:
    return Card(words("make-canceled"), [[button(words.plain("button-new"), Go(page=Page.NEW)), home_button(words)]])


def pair_title(symbol: str) -> str:
    """CRV/USDT:USDT as a person writes it."""
    return symbol.split(":", maxsplit=1)[0]


def _pair_line(words: Words, draft: Draft, symbol: str, market: MarketCard | None, recent: Sequence[str] = ()) -> str:
    tick = "✅ " if symbol in draft.symbols else "🕘 " if symbol in recent else ""
    if market is None:
        return f"{tick}{pair_title(symbol)}"
    return tick + words.plain(
        "make-pair",
        title=market.title,
        price=figures.price(market.last, market.instrument),
        volume=figures.short(market.quote_volume),
    )


def _same(left: Any, right: Any) -> bool:
    return str(left) == str(right)


def on_draft(draft: Draft, act: DraftAct, option: int = 0) -> OnDraft:
    return OnDraft(act=act, draft=draft.mark, option=option, edition=draft.edition if act in COUNTED else "")


def _presets(words: Words, draft: Draft) -> InlineKeyboardButton:
    return button(words.plain("button-presets"), on_draft(draft, DraftAct.PRESETS))


def cancel_button(words: Words, draft: Draft) -> InlineKeyboardButton:
    return button(words.plain("button-cancel"), on_draft(draft, DraftAct.CANCEL))


def way_out(words: Words, draft: Draft, can_go_back: bool = True) -> Row:
    """The last row of every step."""
    back = [button(words.plain("button-back"), on_draft(draft, DraftAct.BACK))] if can_go_back else []
    return [*back, cancel_button(words, draft)]
