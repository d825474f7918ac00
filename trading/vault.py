"""Sealing and opening of exchange keys; the only user of cryptography."""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_log = logging.getLogger(__name__)


class VaultLocked(Exception):
    """No master key of ours opens this value, or a master key is not one."""


class SealBroken(Exception):
    """The value was sealed for another person or another key: rows were swapped."""


class Vault:
    """The first master key seals; all of them open, so that an old one can be retired with ``rotate``."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises VaultLocked when there is no key, or one that is not 32 bytes in URL-safe base64."""
        if not keys:
            raise VaultLocked("there is no master key")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise VaultLocked("a master key must be 32 bytes in URL-safe base64, 44 characters") from error

    def seal(self, credentials: Mapping[str, str], *, user_id: int, key_id: int) -> str:
        """The credentials as a text that only this vault opens, and only for this user and this key."""
        body = {"user_id": user_id, "key_id": key_id, "credentials": dict(credentials)}
        return self._fernet.encrypt(json.dumps(body).encode()).decode()

    def open(self, sealed: str, *, user_id: int, key_id: int) -> dict[str, str]:
        """The credentials. Raises VaultLocked for a wrong master key, SealBroken for a value of another row."""
        try:
            text = self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise VaultLocked(
                f"key {key_id} was sealed with another master key, or is damaged; "
                "start with the ENCRYPTION_KEY it was stored with"
            ) from error
        body: dict[str, Any] = json.loads(text)
        if (body.get("user_id"), body.get("key_id")) != (user_id, key_id):
            raise SealBroken(f"what is stored as key {key_id} of user {user_id} was sealed for another row")
        return {str(name): str(value) for name, value in body["credentials"].items()}

    def rotate(self, sealed: str) -> str:
        """The same value sealed with the first master key. Raises VaultLocked."""
        try:
            return self._fernet.rotate(sealed).decode()
        except InvalidToken as error:
            raise VaultLocked("a key was sealed with none of these master keys, or is damaged") from error


def new_master_key() -> str:
    return Fernet.generate_key().decode()


def load_or_make_key_file(path: Path) -> tuple[str, bool]:
    """The master key in the file, and whether it was made just now (then the file is its owner's alone, mode 600).

    Raises VaultLocked when the file holds no key.
    """
    made = not path.exists() and _make_key_file(path)
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        _log.warning("%s can be read by others (mode %o); chmod 600 makes it yours alone", path, mode)
    key = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        Vault([key])
    except VaultLocked as error:
        raise VaultLocked(f"{path} holds no master key: {error}") from error
    return key, made


def _make_key_file(path: Path) -> bool:
    """Write a new key under the file's name, all or nothing; False when somebody else was faster."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(new_master_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(unfinished)
    except FileExistsError:
        return False
    finally:
        unfinished.unlink()
    return True
