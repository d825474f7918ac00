"""Half-made forms as rows of the desk."""

from __future__ import annotations

from aiogram.fsm.storage.base import StorageKey

from tests.tgbot.fake_desk import FakeDesk
from tgbot.drafts import DraftStorage
from tgbot.key_forms import KeyForms
from tgbot.making import Draft, Step, new_draft
from tgbot.states import Ask

KEY = StorageKey(bot_id=1, chat_id=2, user_id=3)


async def test_state_and_data_are_one_row_that_goes_when_both_are_empty() -> None:
    desk = FakeDesk()
    storage = DraftStorage(desk)
    await storage.set_state(KEY, Ask.pairs)
    await storage.set_data(KEY, {"draft": {"mark": "я"}})
    assert len(desk.drafts) == 1
    again = DraftStorage(desk)
    assert await again.get_state(KEY) == "Ask:pairs"
    assert await again.get_data(KEY) == {"draft": {"mark": "я"}}
    await again.set_state(KEY, None)
    await again.set_data(KEY, {})
    assert desk.drafts == {}


async def test_people_and_chats_do_not_share_drafts() -> None:
    desk = FakeDesk()
    storage = DraftStorage(desk)
    await storage.set_state(KEY, Ask.pairs)
    for other in (StorageKey(1, 2, 4), StorageKey(1, 5, 3), StorageKey(9, 2, 3)):
        assert await storage.get_state(other) is None


async def test_a_row_that_cannot_be_read_is_begun_anew() -> None:
    desk = FakeDesk()
    storage = DraftStorage(desk)
    await storage.set_state(KEY, Ask.pairs)
    (name,) = desk.drafts
    for broken in ("{", "[]", '{"state": 1}', "null"):
        desk.drafts[name] = broken
        assert await storage.get_data(KEY) == {}


def test_a_draft_of_another_version_is_no_draft() -> None:
    draft = new_draft(["grid"])
    assert Draft.from_data(draft.to_data()) == draft
    assert draft.step is Step.ACCOUNT
    assert Draft.from_data({}) is None
    assert Draft.from_data({"mark": "x", "step": "unheard"}) is None
    assert Draft.from_data({"mark": "x"}) is None


def test_a_key_form_is_forgotten_after_a_quarter_of_an_hour() -> None:
    now = [0.0]
    forms = KeyForms(lambda: now[0])
    form = forms.begin(7)
    form.values["secret"] = "topsecret"
    assert forms.find(7, form.mark) is form
    assert forms.find(7, "another") is None
    assert "topsecret" not in repr(form)
    now[0] = 901.0
    assert forms.find(7) is None
    assert form.values == {}
