"""Every sentence a person reads, from the Fluent files under ``locales``, in the person's language."""

from __future__ import annotations

import logging
from functools import cache
from html import escape
from pathlib import Path

from aiogram_i18n.cores.fluent_runtime_core import FluentRuntimeCore
from aiogram_i18n.exceptions import AiogramI18nError

LANGUAGES = ("en", "ru")
DEFAULT_LANGUAGE = "en"
_LOCALES = Path(__file__).parent / "locales"
_LONGEST_FOREIGN = 200

log = logging.getLogger(__name__)


class Html(str):
    """Text that is HTML already and must not be escaped again."""

    __slots__ = ()


class Words:
    """One language's sentences.

    Calling gives HTML with every value escaped; ``plain`` gives text for buttons and toasts, which know no HTML.
    ``zone`` is the person's time zone, by which moments are written before they come in as values.
    Numbers come preformatted as strings, because Fluent rounds Decimals; counts that choose a plural come as int.
    """

    def __init__(self, core: FluentRuntimeCore, language: str, zone: str = "UTC") -> None:
        self._core = core
        self.language = language
        self.zone = zone

    def __call__(self, key: str, /, **values: str | int) -> Html:
        return Html(self._get(key, {name: _safe(value) for name, value in values.items()}))

    def plain(self, key: str, /, **values: str | int) -> str:
        return self._get(key, {name: _clip(v) if isinstance(v, str) else v for name, v in values.items()})

    def has(self, key: str) -> bool:
        return self._core.locales[self.language].has_message(key)

    def first(self, *keys: str, **values: str | int) -> Html:
        """The wording of the first key that exists; the last one must."""
        return self(next((key for key in keys if self.has(key)), keys[-1]), **values)

    def key_for(self, key: str, *kinds: str) -> str:
        """The sentence for the most particular kind that has one: ``paused-pingpong``, ``paused-spot``, ``paused``."""
        return next((found for kind in kinds if self.has(found := f"{key}-{kind}")), key)

    def _get(self, key: str, values: dict[str, str | int]) -> str:
        try:
            return self._core.get(key, self.language, **values)
        except AiogramI18nError:
            # A sentence with a hole is better than no answer at a moment that may matter; tests walk every sentence.
            log.exception("the sentence %s could not be worded in %s", key, self.language)
            told = ", ".join(str(value) for value in values.values())
            return f"{key}: {told}" if told else key


def supported(language_code: str | None) -> str:
    """The language we speak that is nearest to a Telegram profile's language code."""
    code = (language_code or "").lower().split("-")[0]
    return code if code in LANGUAGES else DEFAULT_LANGUAGE


@cache
def words_for(language: str, zone: str = "UTC") -> Words:
    return Words(sentences(), supported(language), zone)


def _safe(value: str | int) -> str | int:
    return value if isinstance(value, int | Html) else Html(escape(_clip(value), quote=False))


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST_FOREIGN or isinstance(text, Html) else f"{text[: _LONGEST_FOREIGN - 1]}…"


@cache
def sentences() -> FluentRuntimeCore:
    """The sentences of every language, read once."""
    core = FluentRuntimeCore(_LOCALES, default_locale=DEFAULT_LANGUAGE, use_td=False)
    core.locales.update(core.find_locales())
    return core
