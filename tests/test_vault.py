from __future__ import annotations

import logging
from pathlib import Path

import pytest

from trading.vault import SealBroken, Vault, VaultLocked, load_or_make_key_file, new_master_key

CREDENTIALS = {"apiKey": "bg_1234567890", "secret": "очень тайно", "password": ""}


def test_what_is_sealed_opens_for_its_row_only() -> None:
    vault = Vault([new_master_key()])
    sealed = vault.seal(CREDENTIALS, user_id=1, key_id=2)
    assert vault.open(sealed, user_id=1, key_id=2) == CREDENTIALS
    for user_id, key_id in ((1, 3), (9, 2), (2, 1)):
        with pytest.raises(SealBroken):
            vault.open(sealed, user_id=user_id, key_id=key_id)


def test_nothing_of_the_credentials_shows() -> None:
    sealed = Vault([new_master_key()]).seal(CREDENTIALS, user_id=1, key_id=2)
    assert not any(value and value in sealed for value in CREDENTIALS.values())


def test_a_wrong_master_key_is_said_without_saying_the_secret() -> None:
    sealed = Vault([new_master_key()]).seal(CREDENTIALS, user_id=1, key_id=2)
    with pytest.raises(VaultLocked, match="another master key") as caught:
        Vault([new_master_key()]).open(sealed, user_id=1, key_id=2)
    assert sealed not in str(caught.value)


@pytest.mark.parametrize("position", [0, 20, -1])
def test_a_changed_character_is_noticed(position: int) -> None:
    vault = Vault([new_master_key()])
    sealed = list(vault.seal(CREDENTIALS, user_id=1, key_id=2))
    sealed[position] = "B" if sealed[position] == "A" else "A"
    with pytest.raises(VaultLocked):
        vault.open("".join(sealed), user_id=1, key_id=2)


def test_rotation_moves_to_the_first_key_and_the_old_one_can_go() -> None:
    old, new = new_master_key(), new_master_key()
    sealed = Vault([old]).seal(CREDENTIALS, user_id=1, key_id=2)
    both = Vault([new, old])
    assert both.open(sealed, user_id=1, key_id=2) == CREDENTIALS
    rotated = both.rotate(sealed)
    assert Vault([new]).open(rotated, user_id=1, key_id=2) == CREDENTIALS
    with pytest.raises(VaultLocked):
        Vault([new]).rotate(sealed)


@pytest.mark.parametrize("keys", [[], [""], ["short"], ["x" * 44], [new_master_key(), "ключ"]])
def test_what_is_no_master_key_is_refused(keys: list[str]) -> None:
    with pytest.raises(VaultLocked, match="master key"):
        Vault(keys)


def test_a_key_file_is_made_once_and_private(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "data" / "master.key"
    with caplog.at_level(logging.WARNING):
        key, made = load_or_make_key_file(path)
        assert made
        assert path.stat().st_mode & 0o777 == 0o600
        assert load_or_make_key_file(path) == (key, False)
        assert not caplog.messages
        path.chmod(0o640)
        load_or_make_key_file(path)
    assert "chmod 600" in caplog.text
    assert key not in caplog.text
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]
    Vault([key])


@pytest.mark.parametrize("content", ["", "not a key\n", "ключ"])
def test_a_key_file_without_a_key_is_never_overwritten(tmp_path: Path, content: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(VaultLocked, match=r"master\.key holds no master key"):
        load_or_make_key_file(path)
    assert path.read_text(encoding="utf-8") == content
