"""Settings: `.env` and the environment, read once into one frozen value. `.env.example` explains each of them."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import logging
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import BeforeValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

_log = logging.getLogger(__name__)


class SettingsError(Exception):
    """Everything that is wrong with the settings, one sentence each; no sentence repeats a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _text(parse: Callable[[str], Any]) -> BeforeValidator:
    """``parse`` turns the text of a setting into its value, or raises ValueError with what would be right."""
    return BeforeValidator(lambda value: parse(value.strip()) if isinstance(value, str) else value)


def _whole(low: int, high: int) -> BeforeValidator:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {text!r}")
        return int(text)

    return _text(parse)


def _number(high: str | None = None) -> BeforeValidator:
    right = "must be a number above 0" + (f" and at most {high}" if high else "")

    def parse(text: str) -> Decimal:
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number <= 0 or (high is not None and number > Decimal(high)):
            raise ValueError(f"{right}, not {text!r}")
        return number

    return _text(parse)


def _one_of(*words: str, change: Callable[[str], str]) -> BeforeValidator:
    def parse(text: str) -> str:
        if change(text) not in words:
            raise ValueError(f"must be one of {', '.join(words)}, not {text!r}")
        return change(text)

    return _text(parse)


def _json_of(value: Callable[[Any], Any], right: str) -> BeforeValidator:
    def parse(text: str) -> dict[str, Any]:
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ValueError(f"must be JSON such as {right}")  # noqa: TRY004  # pydantic collects ValueErrors
        return {name: _item(name, item, value) for name, item in found.items()}

    return _text(parse)


def _item(name: str, item: Any, value: Callable[[Any], Any]) -> Any:
    try:
        return value(item)
    except ValueError as error:
        raise ValueError(f"{error} (at {name})") from error


def _address(found: Any) -> str:
    """Encrypted, or not leaving this machine. The error does not repeat it: it may hold a password."""
    right = "must be an https:// address (http:// only on this machine)"
    try:
        parts = urlsplit(found if isinstance(found, str) else "")
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as error:
        raise ValueError(right) from error
    if not host or not (parts.scheme in ("https", "wss") or (parts.scheme in ("http", "ws") and is_loopback(host))):
        raise ValueError(right)
    return str(found)


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _token(text: str) -> str:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", text):
        raise ValueError("must look like 123456:ABC-def, as BotFather gives it")
    return text


def _ids(text: str) -> frozenset[int]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    wrong = [name for name in names if not re.fullmatch(r"[0-9]{1,18}", name)]
    if wrong:
        raise ValueError(f"must be Telegram ids (numbers) with commas between them, not {', '.join(wrong)}")
    return frozenset(map(int, names))


def _master_keys(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for number, name in enumerate(names, 1):
        try:
            size = len(base64.b64decode(name, altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
            size = 0
        if size != 32:
            raise ValueError(
                f"must be 32 bytes in URL-safe base64 (44 characters), several with commas; number {number} is not"
            )
    return names


def _database(text: str) -> str:
    if not re.fullmatch(r"sqlite\+aiosqlite:///[^?]+", text) or text.endswith((":memory:", "/")):
        raise ValueError("must be sqlite+aiosqlite:/// and a file, such as sqlite+aiosqlite:///data/makergram.db")
    return text


def _recording(found: Any) -> Path:
    if not isinstance(found, str) or not Path(found).is_file():
        raise ValueError(f"must name recordings that are there; {found!r} is no file")
    return Path(found)


def _budget(found: Any) -> int:
    if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= 100_000:
        raise ValueError(f"must give each venue a whole number from 1 to 100000, not {found!r}")
    return found


class Settings(BaseSettings):
    """Every setting, checked. The names in `.env` are these in capitals."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        enable_decoding=False,
        validate_default=False,
        hide_input_in_errors=True,
    )

    bot_token: Annotated[SecretStr | None, _text(_token)] = None
    admin_ids: Annotated[frozenset[int], _text(_ids)] = frozenset()
    encryption_key: Annotated[tuple[SecretStr, ...], _text(_master_keys)] = ()
    database_url: Annotated[str, _text(_database)] = "sqlite+aiosqlite:///data/makergram.db"
    telegram_api_url: Annotated[str | None, _text(_address)] = None
    localchat_host: str = "127.0.0.1"
    localchat_port: Annotated[int, _whole(0, 65535)] = 8642
    localchat_key: SecretStr | None = None
    venue_urls: Annotated[Mapping[str, str], _json_of(_address, '{"bitget": "https://gateway.example"}')] = {}
    paper_speed: Annotated[float, _number("1000")] = 10.0
    paper_prices: Annotated[Mapping[str, Path], _json_of(_recording, '{"CRV/USDT:USDT": "crv.csv"}')] = {}
    paper_seed: Annotated[int, _whole(-(10**17), 10**17)] = 7
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], _one_of("DEBUG", "INFO", "WARNING", "ERROR", change=str.upper)
    ] = "INFO"
    max_bots_per_user: Annotated[int, _whole(1, 10_000)] = 20
    max_keys_per_user: Annotated[int, _whole(1, 1_000)] = 5
    requests_per_minute: Annotated[int, _whole(1, 100_000)] = 100
    venue_requests_per_minute: Annotated[Mapping[str, int], _json_of(_budget, '{"binance": 600}')] = {}
    concurrent_requests: Annotated[int, _whole(1, 100)] = 5
    fat_finger_percent: Annotated[Decimal, _number("100")] = Decimal(5)
    max_deposit: Annotated[Decimal | None, _number()] = None
    keep_samples_days: Annotated[int, _whole(1, 36_500)] = 7
    keep_orders_days: Annotated[int, _whole(1, 36_500)] = 180
    backup_keep: Annotated[int, _whole(1, 1_000)] = 7
    errors_before_pause: Annotated[int, _whole(1, 1_000)] = 5
    metrics_port: Annotated[int | None, _whole(1, 65535)] = None
    on_shutdown: Annotated[Literal["keep", "cancel"], _one_of("keep", "cancel", change=str.lower)] = "keep"

    @property
    def master_keys(self) -> tuple[str, ...]:
        """The keys of the vault, the sealing one first; none when a key file is to be used."""
        return tuple(key.get_secret_value() for key in self.encryption_key)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, dotenv_settings

    @classmethod
    def load(cls, env_file: Path | None, environ: Mapping[str, str]) -> Self:
        """Read ``env_file`` (which need not exist), then ``environ``, which wins; set empty there means the default.

        Raises SettingsError with all that is wrong.
        """
        env_file = env_file if env_file and env_file.exists() else None
        problems = _problems_of_file(env_file, cls.model_fields) if env_file else []
        given: dict[str, Any] = {
            name: environ[name.upper()].strip() or field.get_default()
            for name, field in cls.model_fields.items()
            if name.upper() in environ
        }
        try:
            settings = cls(_env_file=env_file, **given)
        except ValidationError as error:
            raise SettingsError(problems + [_sentence(dict(found)) for found in error.errors()]) from None
        if problems:
            raise SettingsError(problems)
        _warn(settings, env_file)
        return settings


def _problems_of_file(env_file: Path, known: Mapping[str, object]) -> list[str]:
    names = [name.upper() for name in known]
    problems = []
    try:
        with env_file.open(encoding="utf-8") as file:
            lines = list(parse_stream(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{env_file} cannot be read: {error}"]) from error
    for line in lines:
        if line.error:
            problems.append(f"{env_file}, line {line.original.line}: must be NAME=value.")
        elif line.key and line.key.upper() not in names:
            near = get_close_matches(line.key.upper(), names, n=1, cutoff=0.8)
            problems += [f"{line.key} is no setting; did you mean {name}?" for name in near]
    return problems


def _sentence(error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0]).upper()
    return f"{name} {error.get('ctx', {}).get('error', error['msg'])}."


def _warn(settings: Settings, env_file: Path | None) -> None:
    if env_file and env_file.stat().st_mode & 0o077:
        _log.warning("%s can be read by others; chmod 600 makes it yours alone", env_file)
    if settings.bot_token and not settings.admin_ids:
        _log.warning("ADMIN_IDS is empty: nobody can let people in")
    if not is_loopback(settings.localchat_host):
        _log.warning("LOCALCHAT_HOST %s can be reached from other machines", settings.localchat_host)
