"""Every sentence exists in both languages, with the same values, and is used; every code we know has one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from tests.kinds import BOOK
from tests.tgbot.telegram import parsed
from tgbot.commands import COMMANDS, THEMES, documentation, help_lines, menu
from tgbot.forms import fields_of
from tgbot.words import LANGUAGES, Html, supported, words_for
from trading.core.instrument import MarketKind
from trading.core.orders import OrderStatus
from trading.core.telling import Fact, Merging, Notice, Unit
from trading.desk.answers import Activity, StopChoice
from trading.desk.zones import is_zone
from trading.exchanges.venues import CREDENTIAL_NAMES
from trading.strategies import STRATEGIES

_TGBOT = Path(__file__).parents[2] / "tgbot"
_TRADING = _TGBOT.parent / "trading"

_OF_CODES = (
    "access-",
    "answer-",
    "ability-",
    "about-",
    "button-profit-",
    "button-stop-",
    "cause-",
    "channel-",
    "check-",
    "choice-",
    "column-",
    "invalid-",
    "command-",
    "credential-",
    "error-",
    "field-",
    "figure-",
    "finding-",
    "help-",
    "key-status-",
    "kind-",
    "language-",
    "notice-",
    "order-",
    "outcome-",
    "picture-",
    "reason-",
    "role-",
    "side-",
    "stop-",
    "strategy-",
    "topic-",
    "trouble-",
    "trial-lack-",
    "work-",
    "unfit-",
    "unit-",
    "value-",
    "activity-",
    "bot-",
    "doing-",
    "paused-",
    "paper-file-",
    "reduce-how-",
    "cancel-order-stays-",
    "preset-code-",
    "profit-period-",
    "stream-",
    "preview-worst-case",
)
"""Sentences that are found by a code which comes from trading, not by a literal in the chat."""


def _messages(language: str) -> dict[str, ftl.Message]:
    found: dict[str, ftl.Message] = {}
    for path in sorted((_TGBOT / "locales" / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{path.name}: {entry.content!r}"
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in found, f"{entry.id.name} is worded twice"
                found[entry.id.name] = entry
    return found


MESSAGES = {language: _messages(language) for language in LANGUAGES}


def _values(node: Any) -> set[str]:
    if isinstance(node, ftl.VariableReference):
        return {node.id.name}
    if isinstance(node, ftl.BaseNode):
        return set().union(*(_values(each) for each in vars(node).values()))
    if isinstance(node, list):
        return set().union(*(_values(each) for each in node)) if node else set()
    return set()


def _literals() -> Iterator[str]:
    for path in _TGBOT.rglob("*.py"):
        if "localchat" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_both_languages_have_the_same_sentences_with_the_same_values() -> None:
    english, russian = MESSAGES["en"], MESSAGES["ru"]
    assert english.keys() == russian.keys()
    different = {key for key in english if _values(english[key].value) != _values(russian[key].value)}
    assert different == set()


def test_both_languages_keep_a_sentence_in_the_same_file() -> None:
    files = {
        language: {
            path.name: {
                entry.id.name
                for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body
                if isinstance(entry, ftl.Message)
            }
            for path in (_TGBOT / "locales" / language).glob("*.ftl")
        }
        for language in LANGUAGES
    }
    assert files["en"] == files["ru"]


def test_every_sentence_is_used() -> None:
    literals = set(_literals())
    unused = {key for key in MESSAGES["en"] if key not in literals and not key.startswith(_OF_CODES)}
    # Buttons of a bot's card are named by the act they carry.
    acts = {f"button-{act}" for act in ("pause", "resume", "stop", "orders", "chart", "reduce")}
    assert unused - acts == set()


def test_every_sentence_that_is_asked_for_exists() -> None:
    asked = re.compile(r"^(?:[a-z]+-)+[a-z_]+$")
    themes = {key.split("-", maxsplit=1)[0] for key in MESSAGES["en"]} - {"message", "venue", "at"}
    wanted = {text for text in _literals() if asked.match(text) and text.split("-", maxsplit=1)[0] in themes}
    assert {text for text in wanted if text not in MESSAGES["en"]} <= {"answer-whole", "answer-number"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_whole_html_whatever_its_values_hold(language: str) -> None:
    words = words_for(language)
    for key, message in MESSAGES[language].items():
        for value in ("<i>&'\"", 1, 2, 5, 21):
            text = words(key, **dict.fromkeys(_values(message.value), value))
            assert parsed(text).strip(), key
            assert not text.startswith(f"{key}:"), f"{key} has a hole"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_toasts_and_buttons_say_holds_no_html_and_fits(language: str) -> None:
    words = words_for(language)
    for key, message in MESSAGES[language].items():
        if key.startswith(("button-", "error-", "choice-", "unit-", "column-", "command-", "paper-kind-", "offer-")):
            if key == "error-invalid_settings-list":
                continue
            text = words.plain(key, **dict.fromkeys(_values(message.value), "7"))
            assert "<" not in text, key
            assert len(text) <= (60 if key.startswith("button-") else 200), key


def test_every_kind_of_notice_is_worded() -> None:
    kinds = set(BOOK.kinds)
    worded = {key.removeprefix("notice-").split("-")[0] for key in MESSAGES["en"] if key.startswith("notice-")}
    assert kinds - worded == set()
    assert worded - kinds == {"head"}


_SPECIAL = {"access_requested": {"id"}, "unknown_orders": {"ids"}}
"""Values of sentences that are not worded from the fields alone."""
_VARIANTS = dict.fromkeys(("venue_away", "venue_back"), ("paper", "none"))
"""Other sentences of a kind: on paper a venue is where the prices come from, or nobody knows which one is away."""


def _parts(model: type[Notice]) -> dict[str, type[Fact]]:
    """The fields that hold facts, each of which has a line: what one of them is."""
    held = {name: next(iter(get_args(info.annotation)), None) for name, info in model.model_fields.items()}
    return {name: each for name, each in held.items() if isinstance(each, type) and issubclass(each, Fact)}


@pytest.mark.parametrize("kind", sorted(BOOK.kinds))
def test_a_notice_is_worded_from_its_own_fields(kind: str) -> None:
    model = BOOK.kinds[kind]
    units = model.units()
    assert units.keys().isdisjoint({"base", "quote", "count", "line", "end"})
    signs = {f"{name}_sign" for name, unit in units.items() if unit is Unit.PROFIT}
    known = {*units, *signs, "base", "quote", "count", *_SPECIAL.get(kind, ())}
    keys = [key for key in MESSAGES["en"] if key == f"notice-{kind}" or key.startswith(f"notice-{kind}-")]
    of_parts = {f"notice-{kind}-{name}": part.units().keys() for name, part in _parts(model).items()}
    assert of_parts.keys() <= set(keys)
    for key in keys:
        assert _values(MESSAGES["en"][key].value) - of_parts.get(key, known) == set()
    assert (f"notice-{kind}-line" in keys) == (model.merging is Merging.LIST)
    assert {key.removeprefix(f"notice-{kind}").lstrip("-") for key in keys} <= {
        *units,
        *("", "line", "end"),
        *_VARIANTS.get(kind, ()),
    }


def test_every_topic_is_worded_and_no_other() -> None:
    topics = {str(kind.topic) for kind in BOOK.kinds.values()}
    for language in LANGUAGES:
        worded = {key.removeprefix("topic-") for key in MESSAGES[language] if key.startswith("topic-")}
        assert topics == worded


def test_every_city_has_a_time_zone() -> None:
    for language in LANGUAGES:
        for pair in words_for(language).plain("zone-cities").split(";"):
            city, _, zone = pair.partition(" = ")
            assert city.strip()
            assert is_zone(zone.strip()), pair


def test_every_setting_of_every_strategy_is_named_and_explained() -> None:
    for strategy in STRATEGIES.values():
        assert f"strategy-{strategy.name}" in MESSAGES["en"]
        for name, info in strategy.config_model.model_fields.items():
            assert f"field-{name}" in MESSAGES["en"]
            assert {f"about-{name}", f"about-{strategy.name}-{name}"} & MESSAGES["en"].keys()
            extra = info.json_schema_extra
            assert isinstance(extra, dict)
            assert extra["unit"] == "choice" or f"unit-{extra['unit']}" in MESSAGES["en"]
        assert f"strategy-about-{strategy.name}" in MESSAGES["en"]
        for setting in fields_of(strategy.config_model):
            assert {code for code, _ in setting.options() if f"choice-{code}" not in MESSAGES["en"]} == set()


def _codes(pattern: str, *folders: str) -> set[str]:
    found: set[str] = set()
    for folder in folders:
        for path in (_TRADING / folder).rglob("*.py"):
            found |= set(re.findall(pattern, path.read_text(encoding="utf-8")))
        if folder.endswith(".py"):
            found |= set(re.findall(pattern, (_TRADING / folder).read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [
        ("error-", _codes(r'DeskError\(\s*"([a-z_]+)"', "desk")),
        ("error-", _codes(r'WishRefused\(\s*"([a-z_]+)"', "core")),
        ("finding-", _codes(r'Finding\(\s*"([a-z_]+)"', "strategies")),
        ("finding-", _codes(r'Finding\(\s*"([a-z_]+)"', "desk")),
        ("ability-", _codes(r'(?m)^        "((?!no_)[a-z_]+)": ', "exchanges/live/abilities.py")),
        ("ability-", _codes(r'found\["([a-z_]+)"\]', "exchanges/live/abilities.py")),
        ("unfit-", _codes(r'(?m)^        "(no_[a-z_]+)": ', "exchanges/live/abilities.py")),
        ("preset-code-", {code for strategy in STRATEGIES.values() for code in strategy.presets}),
        ("kind-", {each.value for each in MarketKind}),
        ("work-", _codes(r'progress\("([a-z]+)"', "desk")),
        ("trial-lack-", {each.candles_lack for each in STRATEGIES.values()} - {""}),
        ("error-", _codes(r'BadCandles\(\s*"([a-z_]+)"', "replay")),
        ("credential-", set(CREDENTIAL_NAMES.values())),
        ("finding-", _codes(r'return "([a-z_]+)"', "core/instrument.py") - {"none"}),
        ("finding-", {"quote_limit_too_small", "base_limit_too_small"}),
        ("invalid-", _codes(r'Unfit\(\s*"([a-z_]+)"', "strategies")),
        ("cause-", {"paused", "stopping", "venue_away", "reference_gone", "reference_stale", "sources_apart"}),
        ("cause-", {"refused_orders", "our_balance", "balance_unknown", "inventory", "deposit", "moving", "market"}),
        ("cause-", {"budget", "max_legs", "max_spread_sum", "round"}),
        ("activity-", {each.value for each in Activity}),
        ("stop-", {each.value for each in StopChoice}),
        ("order-", {each.value for each in OrderStatus}),
        ("cause-", {"user", "errors", "credentials", "maintenance", "crash", "max_cycles", "stop_loss", "panic"}),
        ("cause-", {"take_profit", "stop_loss", "closed_elsewhere", "closed_by_user"}),
        ("outcome-", {"canceled", "foreign_epoch"}),
        ("check-", {"bad_credentials", "unavailable", "hedge_mode"}),
        ("trouble-", _codes(r'_troubles\.note\("([a-z_]+)"', "runtime", "desk")),
        ("reason-", _codes(r'return "([a-z_]+)"', "core") & _codes(r'"([a-z_]+)"', "core")),
    ],
)
def test_every_code_of_trading_has_its_sentence(prefix: str, codes: set[str]) -> None:
    if prefix == "reason-":
        codes = {code for code in codes if code.startswith(("below_", "above_", "off_", "no_p", "over_", "price_too"))}
    assert codes
    assert {code for code in codes if f"{prefix}{code}" not in MESSAGES["en"]} == set()


@pytest.mark.parametrize(
    ("count", "said"), [(1, "Запущен 1 бот"), (2, "Запущено 2 бота"), (5, "Запущено 5 ботов"), (21, "Запущен 21 бот")]
)
def test_russian_plurals_are_right(count: int, said: str) -> None:
    assert said in words_for("ru")("made", count=count, names="x", account="y")


def test_values_are_escaped_but_html_of_ours_is_not() -> None:
    words = words_for("en")
    assert words("plain", text="<b>&") == "&lt;b&gt;&amp;"
    assert words("plain", text=Html("<b>x</b>")) == "<b>x</b>"
    assert len(words.plain("plain", text="x" * 5000)) <= 200


def test_a_sentence_that_does_not_exist_is_not_silent() -> None:
    assert words_for("en").plain("no-such-sentence", code="17") == "no-such-sentence: 17"


@pytest.mark.parametrize(
    ("code", "language"), [("ru", "ru"), ("ru-RU", "ru"), ("de", "en"), (None, "en"), ("EN", "en")]
)
def test_the_language_of_a_profile_is_one_that_we_speak(code: str | None, language: str) -> None:
    assert supported(code) == language


def test_the_menu_help_and_documentation_come_from_one_registry() -> None:
    for language in LANGUAGES:
        private = {each.command for each in menu(language)}
        helped = "\n".join(line for theme in THEMES for line in help_lines(language, theme))
        assert private == {each.name for each in COMMANDS if not each.for_admins}
        assert all(f"/{name} " in helped for name in private)
        assert all(3 <= len(each.description) <= 256 for each in menu(language, admin=True))
    assert "keys" not in {each.command for each in menu("en", groups=True)}
    assert all(f"| /{each.name} |" in documentation() for each in COMMANDS)
