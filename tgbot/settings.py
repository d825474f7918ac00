"""Settings: `.env` and the environment, read once into one frozen value. `.env.example` explains each of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from tgbot import setting_values as values

_log = logging.getLogger(__name__)


class SettingsError(Exception):
    """Everything that is wrong with the settings, one sentence each; no sentence repeats a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


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

    bot_token: Annotated[SecretStr | None, values.from_text(values.token)] = None
    admin_ids: Annotated[frozenset[int], values.from_text(values.ids)] = frozenset()
    encryption_key: Annotated[tuple[SecretStr, ...], values.from_text(values.master_keys)] = ()
    database_url: Annotated[str, values.from_text(values.database)] = "sqlite+aiosqlite:///data/makergram.db"
    telegram_api_url: Annotated[str | None, values.from_text(values.address)] = None
    webhook_url: Annotated[str | None, values.from_text(values.webhook_address)] = None
    webhook_secret: Annotated[SecretStr | None, values.from_text(values.webhook_secret)] = None
    webhook_host: str = "127.0.0.1"
    webhook_port: Annotated[int, values.whole(1, 65535)] = 8643
    localchat_host: str = "127.0.0.1"
    localchat_port: Annotated[int, values.whole(0, 65535)] = 8642
    localchat_key: SecretStr | None = None
    venue_urls: Annotated[
        Mapping[str, str], values.json_of(values.address, '{"bitget": "https://gateway.example"}')
    ] = {}
    paper_speed: Annotated[float, values.number("1000")] = 10.0
    paper_prices: Annotated[Mapping[str, Path], values.json_of(values.recording, '{"CRV/USDT:USDT": "crv.csv"}')] = {}
    paper_seed: Annotated[int, values.whole(-(10**17), 10**17)] = 7
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        values.one_of("DEBUG", "INFO", "WARNING", "ERROR", change=str.upper),
    ] = "INFO"
    max_bots_per_user: Annotated[int, values.whole(1, 10_000)] = 20
    max_keys_per_user: Annotated[int, values.whole(1, 1_000)] = 5
    requests_per_minute: Annotated[int, values.whole(1, 100_000)] = 100
    venue_requests_per_minute: Annotated[Mapping[str, int], values.json_of(values.budget, '{"binance": 600}')] = {}
    concurrent_requests: Annotated[int, values.whole(1, 100)] = 5
    fat_finger_percent: Annotated[Decimal, values.number("100")] = Decimal(5)
    max_deposit: Annotated[Decimal | None, values.number()] = None
    keep_samples_days: Annotated[int, values.whole(1, 36_500)] = 7
    keep_orders_days: Annotated[int, values.whole(1, 36_500)] = 180
    backup_keep: Annotated[int, values.whole(1, 1_000)] = 7
    errors_before_pause: Annotated[int, values.whole(1, 1_000)] = 5
    metrics_port: Annotated[int | None, values.whole(1, 65535)] = None
    on_shutdown: Annotated[Literal["keep", "cancel"], values.one_of("keep", "cancel", change=str.lower)] = "keep"

    @model_validator(mode="after")
    def _webhook_goes_together(self) -> Self:
        if self.webhook_url is None:
            if self.webhook_secret is not None:
                raise ValueError("WEBHOOK_SECRET needs WEBHOOK_URL; without it the bot polls and nobody calls it")
            return self
        if self.bot_token is None:
            raise ValueError("WEBHOOK_URL needs BOT_TOKEN: the local chat is polled")
        api = urlsplit(self.telegram_api_url or "")
        if urlsplit(self.webhook_url).scheme == "http" and not values.is_loopback(api.hostname or ""):
            raise ValueError(
                "WEBHOOK_URL must be https:// for Telegram (http:// only for a Bot API server on this machine, "
                "TELEGRAM_API_URL)"
            )
        return self

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
    if not error["loc"]:
        return f"{error['ctx']['error']}."
    name = str(error["loc"][0]).upper()
    return f"{name} {error.get('ctx', {}).get('error', error['msg'])}."


def _warn(settings: Settings, env_file: Path | None) -> None:
    if env_file and env_file.stat().st_mode & 0o077:
        _log.warning("%s can be read by others; chmod 600 makes it yours alone", env_file)
    if settings.bot_token and not settings.admin_ids:
        _log.warning("ADMIN_IDS is empty: nobody can let people in")
    if settings.webhook_url and not values.is_loopback(settings.webhook_host):
        _log.warning("WEBHOOK_HOST %s can be reached from other machines, without encryption", settings.webhook_host)
    if not values.is_loopback(settings.localchat_host):
        _log.warning("LOCALCHAT_HOST %s can be reached from other machines", settings.localchat_host)
