"""/test in chat: of a bot, of a form, over days or over a file; and what is said of the result."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from aiogram.types import Document

from tests.tgbot.fake_desk import ADMIN, GUEST, FakeDesk
from tests.tgbot.fake_files import a_trial
from tests.tgbot.room import ChatRoom, make_room
from tests.tgbot.telegram import Visitor, parsed
from tgbot.callbacks import DraftAct, OnDraft, TrialFile, TrialRecent
from tgbot.cards.card import CAPTION_LIMIT, length
from tgbot.cards.trials import trial_caption, trial_labels
from tgbot.words import words_for
from trading.desk.answers import DeskError
from trading.desk.trial_answers import MOST_FILE_BYTES
from trading.reports.charts import TRIAL_LABELS
from trading.strategies import STRATEGIES


@pytest.mark.parametrize(
    ("language", "days", "said"),
    [
        ("en", "7 days", ("Max drawdown: 12.34 USDT (12.34 %", "Net after fees: +3.21 USDT", "Mark 0a1b2c3d4e")),
        ("ru", "7 дней", ("просадка: 12.34 USDT (12.34 %", "Чистый результат: +3.21 USDT", "Метка 0a1b2c3d4e")),
    ],
)
async def test_a_bots_settings_are_tried_over_days(language: str, days: str, said: tuple[str, ...]) -> None:
    room = make_room(FakeDesk(language))
    bot = room.desk.give_bot(GUEST)
    bob = room.bob
    await bob.say("/test")
    await bob.press("CRV/USDT")
    await bob.press(days)
    await room.done()
    assert room.desk.changes == [("trial_of_bot", GUEST, bot.id, 7)]
    assert bob.last.is_photo
    assert [part for part in said if part not in bob.text] == []
    assert bob.text.index(said[0]) < bob.text.index(said[1])
    assert ("Done" if language == "en" else "Готово") in parsed(bob.messages[0].text)


async def to_preview(room: ChatRoom) -> Visitor:
    bob = room.bob
    await bob.say("/new")
    for pressed in ("Paper", "CRV/USDT", "Done"):
        await bob.press(pressed)
    await bob.say("100")
    await bob.press("Preview")
    return bob


async def test_a_form_is_tried_from_its_preview_and_stays_open() -> None:
    room = make_room()
    bob = await to_preview(room)
    preview = bob.last
    await bob.press("Test")
    await bob.press("1 day")
    await room.done()
    assert room.desk.changes == [("trial_of_form", GUEST, "CRV/USDT:USDT", 1)]
    assert bob.last.is_photo
    assert any("Start" in text for text in room.telegram.shown[preview.number].buttons)


async def test_a_form_that_is_closed_is_not_tried() -> None:
    room = make_room()
    bob = await to_preview(room)
    mark = next(data for text, data in bob.last.buttons.items() if "Test" in text).split(":")[2]
    await bob.press("Test")
    await bob.press_data(OnDraft(act=DraftAct.CANCEL, draft=mark).pack())
    toast = await bob.press_data(TrialRecent(bot=0, draft=mark, days=1).pack())
    await room.done()
    assert "no longer open" in (toast or "")
    assert room.desk.changes == []


@pytest.mark.parametrize("strategy", [name for name, each in STRATEGIES.items() if each.candles_lack])
@pytest.mark.parametrize("language", ["en", "ru"])
async def test_what_cannot_be_tried_honestly_is_refused_with_the_reason(strategy: str, language: str) -> None:
    desk = FakeDesk(language)
    desk.offered = tuple(STRATEGIES)
    room, words = make_room(desk), words_for(language)
    reason = words.plain(f"trial-lack-{STRATEGIES[strategy].candles_lack}")
    bot = desk.give_bot(GUEST, "CRV/USDT", strategy=strategy, config=desk.check_settings(strategy, minimal(strategy)))
    bob = room.bob
    await bob.say("/test")
    assert reason in bob.text
    assert all("#" not in text for text in bob.last.buttons)
    for data in (TrialRecent(bot=bot.id, draft="", days=1), TrialFile(bot=bot.id, draft="")):
        await bob.press_data(data.pack())
        assert reason in bob.text
    await room.done()
    assert desk.changes == []


def minimal(strategy: str) -> dict[str, Any]:
    required = {
        name: "1" for name, each in STRATEGIES[strategy].config_model.model_fields.items() if each.is_required()
    }
    return {**required, **({"low": "0.4", "high": "0.6"} if "low" in required else {})}


CSV = b"timestamp,open,high,low,close,volume\n2026-01-01T00:00:00Z,1,2,1,2,5\n"


def a_document(size: int | None = len(CSV), name: str = "upload") -> Document:
    return Document(file_id=name, file_unique_id=name, file_name="../../x.csv", file_size=size)


async def to_file(room: ChatRoom) -> Visitor:
    room.telegram.uploads["upload"] = CSV
    bob = room.bob
    await bob.say("/test")
    await bob.press("CRV/USDT")
    await bob.press("own file")
    assert "timestamp,open,high,low,close,volume" in bob.text
    return bob


async def test_a_file_that_is_sent_is_what_the_settings_are_tried_over() -> None:
    room = make_room()
    bot = room.desk.give_bot(GUEST)
    bob = await to_file(room)
    await bob.say(document=a_document())
    await room.done()
    assert room.desk.changes == [("trial_of_bot", GUEST, bot.id, CSV)]
    assert bob.last.is_photo


@pytest.mark.parametrize("size", [MOST_FILE_BYTES + 1, None])
async def test_a_file_that_is_too_large_is_not_even_fetched(size: int | None) -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    bob = await to_file(room)
    await bob.say(document=a_document(size, "not there"))
    assert "larger than 5 MB" in bob.text
    await bob.say(document=a_document())
    await room.done()
    assert len(room.desk.changes) == 1


async def test_a_file_that_is_none_of_candles_is_refused_with_the_line() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    room.desk.failing["trial_of_bot"] = DeskError("candles_unreadable", line="17")
    bob = await to_file(room)
    await bob.say(document=a_document())
    await room.done()
    assert "Line 17 is no candle" in bob.text


async def test_a_file_that_nobody_asked_for_is_not_taken() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    await room.bob.say(document=a_document())
    await room.done()
    assert room.desk.changes == []


async def test_a_trial_shows_a_bar_and_can_be_canceled() -> None:
    room = make_room()
    room.desk.give_bot(GUEST)
    room.desk.going.clear()
    room.desk.stages_told = [("replaying", 0.25)]
    bob = room.bob
    await bob.say("/test")
    await bob.press("CRV/USDT")
    await bob.press("1 day")
    while "Replaying" not in bob.text:
        await room.pause()
    assert "25 %" in bob.text
    await bob.press("Cancel")
    await room.done()
    assert "Canceled" in bob.text
    assert room.desk.stopped == 1


async def test_nobody_tries_anothers_bot() -> None:
    room = make_room()
    bot = room.desk.give_bot(ADMIN)
    for data in (TrialRecent(bot=bot.id, draft="", days=1), TrialFile(bot=bot.id, draft="")):
        assert "does not exist" in (await room.bob.press_data(data.pack()) or "")
    await room.done()
    assert room.desk.changes == []


async def test_days_that_are_on_no_button_are_not_asked_for() -> None:
    room = make_room()
    bot = room.desk.give_bot(GUEST)
    await room.bob.press_data(TrialRecent(bot=bot.id, draft="", days=10_000).pack())
    await room.done()
    assert room.desk.changes == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_longest_result_fits_under_its_picture_and_keeps_its_warnings(language: str) -> None:
    words = words_for(language)
    report = a_trial(
        title="1000000MOG/USDT",
        venue="bitget",
        liquidations=12,
        missing=1234,
        candles=100_000,
        finished="liquidated",
        net=Decimal("-123456.789"),
        drawdown=Decimal("123456.789"),
        refusals={"insufficient_funds": 1234},
        low=Decimal("0.00000123"),
        high=Decimal("0.00000456"),
    )
    told = trial_caption(words, report, FakeDesk().venues())
    assert length(told) <= CAPTION_LIMIT
    assert words("trial-caveat") in told
    assert "Bitget" in parsed(told)
    assert parsed(words("trial-liquidations", count="12")) in parsed(told)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_word_of_the_picture_is_worded(language: str) -> None:
    assert trial_labels(words_for(language), "x").keys() - {"times", "times_paper"} == TRIAL_LABELS.keys()


def test_the_buttons_fit() -> None:
    assert len(TrialRecent(bot=2**31, draft="0a1b2c3d4e5f", days=30).pack()) <= 64
