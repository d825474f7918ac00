from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from tgbot.composition import webhook_terms
from tgbot.settings import Settings, SettingsError
from trading.vault import new_master_key

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def env_file(folder: Path, text: str) -> Path:
    path = folder / ".env"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def problems_of(environ: dict[str, str], file: Path | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.load(file, environ)
    return caught.value.problems


def test_nothing_set_gives_the_defaults() -> None:
    settings = Settings.load(None, {})
    assert settings.database_url == "sqlite+aiosqlite:///data/makergram.db"
    assert (settings.localchat_host, settings.localchat_port) == ("127.0.0.1", 8642)
    assert (settings.paper_speed, settings.on_shutdown, settings.bot_token) == (10, "keep", None)
    assert settings.master_keys == ()


def test_the_example_names_every_setting_and_nothing_else() -> None:
    named = re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_as_it_is_means_the_defaults(tmp_path: Path) -> None:
    assert Settings.load(env_file(tmp_path, EXAMPLE.read_text(encoding="utf-8")), {}) == Settings.load(None, {})


def test_the_examples_within_the_example_are_right(tmp_path: Path) -> None:
    recording = tmp_path / "crv.csv"
    recording.write_text("")
    file = env_file(
        tmp_path,
        f'PAPER_PRICES={{"CRV/USDT:USDT": "{recording}"}}\n'
        'VENUE_URLS={"bitget": "https://gateway.example"}\n'
        'VENUE_REQUESTS_PER_MINUTE={"binance": 600}\n',
    )
    settings = Settings.load(file, {})
    assert settings.paper_prices == {"CRV/USDT:USDT": recording}
    assert settings.venue_urls == {"bitget": "https://gateway.example"}
    assert settings.venue_requests_per_minute == {"binance": 600}


def test_the_environment_wins_over_the_file_and_may_empty_a_setting(tmp_path: Path) -> None:
    file = env_file(tmp_path, "BOT_TOKEN=1:abc\nADMIN_IDS=1, 2\nPAPER_SEED=3\n")
    settings = Settings.load(file, {"BOT_TOKEN": "", "PAPER_SEED": "4"})
    assert settings.bot_token is None
    assert settings.admin_ids == {1, 2}
    assert settings.paper_seed == 4


def test_a_file_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    assert Settings.load(tmp_path / ".env", {}) == Settings.load(None, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "nonsense"),
        ("ADMIN_IDS", "1, two"),
        ("ADMIN_IDS", "-5"),
        ("ENCRYPTION_KEY", "short"),
        ("ENCRYPTION_KEY", "ü" * 44),
        ("DATABASE_URL", "postgresql://somewhere/else"),
        ("DATABASE_URL", "sqlite+aiosqlite:///:memory:"),
        ("DATABASE_URL", "sqlite+aiosqlite:///folder/"),
        ("TELEGRAM_API_URL", "http://api.telegram.org"),
        ("TELEGRAM_API_URL", "http://127.0.0.1.example.com"),
        ("TELEGRAM_API_URL", "http://localhost@example.com"),
        ("TELEGRAM_API_URL", "https://"),
        ("TELEGRAM_API_URL", "https://host:port"),
        ("TELEGRAM_API_URL", "http://[::1"),
        ("VENUE_URLS", "https://bitget.com"),
        ("VENUE_URLS", "[]"),
        ("VENUE_URLS", '{"bitget": 5}'),
        ("VENUE_URLS", '{"bitget": "ws://10.0.0.1"}'),
        ("LOCALCHAT_PORT", "65536"),
        ("LOCALCHAT_PORT", "-1"),
        ("LOCALCHAT_PORT", "http"),
        ("PAPER_SPEED", "0"),
        ("PAPER_SPEED", "1001"),
        ("PAPER_SPEED", "nan"),
        ("PAPER_SPEED", "fast"),
        ("PAPER_SEED", "1.5"),
        ("PAPER_PRICES", '{"CRV/USDT:USDT": "/nowhere/at/all.csv"}'),
        ("LOG_LEVEL", "LOUD"),
        ("MAX_BOTS_PER_USER", "0"),
        ("REQUESTS_PER_MINUTE", "1e3"),
        ("VENUE_REQUESTS_PER_MINUTE", '{"binance": true}'),
        ("VENUE_REQUESTS_PER_MINUTE", '{"binance": "600"}'),
        ("CONCURRENT_REQUESTS", "0"),
        ("FAT_FINGER_PERCENT", "101"),
        ("MAX_DEPOSIT", "-1"),
        ("MAX_DEPOSIT", "Infinity"),
        ("KEEP_SAMPLES_DAYS", "0"),
        ("BACKUP_KEEP", "٣x"),
        ("ERRORS_BEFORE_PAUSE", "99999999999999999999999999"),
        ("ON_SHUTDOWN", "panic"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(name: str, value: str) -> None:
    (problem,) = problems_of({name: value})
    assert problem.startswith(f"{name} must ")
    assert problem.endswith(".")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_API_URL", "https://bot-api.example:8443/path"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081"),
        ("TELEGRAM_API_URL", "http://[::1]:8081"),
        ("TELEGRAM_API_URL", "http://localhost:8081"),
        ("DATABASE_URL", "sqlite+aiosqlite:////var/lib/makergram.db"),
        ("LOCALCHAT_PORT", "0"),
        ("PAPER_SPEED", "0.5"),
        ("MAX_DEPOSIT", "100.50"),
        ("LOG_LEVEL", "debug"),
        ("ON_SHUTDOWN", "Cancel"),
    ],
)
def test_right_values_are_taken(name: str, value: str) -> None:
    taken = getattr(Settings.load(None, {name: f" {value} "}), name.lower())
    assert str(taken).lower() == value.lower()


def test_all_errors_come_at_once(tmp_path: Path) -> None:
    file = env_file(tmp_path, "ADMIN_ID=5\nPAPER_SPEED=0\nLOG_LEVEL=LOUD\nthis is no setting\n")
    problems = problems_of({"LOCALCHAT_PORT": "x"}, file)
    assert len(problems) == 5
    assert "ADMIN_ID is no setting; did you mean ADMIN_IDS?" in problems


@pytest.mark.parametrize(("typo", "meant"), [("BOT_TOKN", "BOT_TOKEN"), ("max_deposits", "MAX_DEPOSIT")])
def test_a_typo_is_told_with_the_near_name(tmp_path: Path, typo: str, meant: str) -> None:
    assert problems_of({}, env_file(tmp_path, f"{typo}=1\n")) == [f"{typo} is no setting; did you mean {meant}?"]


def test_settings_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    assert Settings.load(env_file(tmp_path, "COMPOSE_PROJECT_NAME=x\n"), {"PATH": "/bin"}) == Settings.load(None, {})


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in problems_of({}, file)[0]


def test_no_secret_is_shown(tmp_path: Path) -> None:
    good = new_master_key()
    shown = problems_of(
        {
            "BOT_TOKEN": "12345-secret",
            "ENCRYPTION_KEY": f"{good},bad-secret",
            "TELEGRAM_API_URL": "http://me:secret@example.com",
            "VENUE_URLS": '{"bitget": "http://me:secret@example.com"}',
        }
    )
    assert len(shown) == 4
    assert "secret" not in str(shown)
    assert good not in str(shown)
    fine = Settings.load(None, {"BOT_TOKEN": "1:hidden", "ENCRYPTION_KEY": good, "LOCALCHAT_KEY": "hidden"})
    assert fine.master_keys == (good,)
    assert "hidden" not in repr(fine)
    assert good not in repr(fine)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.load(None, {}).paper_seed = 8  # type: ignore[misc]


def test_a_file_that_others_can_read_is_warned_about(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = env_file(tmp_path, "PAPER_SEED=1\n")
    with caplog.at_level(logging.WARNING):
        Settings.load(file, {})
        assert not caplog.messages
        file.chmod(0o644)
        Settings.load(file, {"LOCALCHAT_HOST": "192.0.2.1", "BOT_TOKEN": "1:a"})
    assert len(caplog.messages) == 3


TOKEN = "123456:ABC-def"


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"WEBHOOK_URL": "https://bot.example"}, "BOT_TOKEN"),
        ({"WEBHOOK_URL": "http://bot.example", "BOT_TOKEN": TOKEN}, "https"),
        ({"WEBHOOK_URL": "http://127.0.0.1:8643", "BOT_TOKEN": TOKEN}, "https"),
        ({"WEBHOOK_URL": "wss://bot.example", "BOT_TOKEN": TOKEN}, "https"),
        ({"WEBHOOK_URL": "https://bot.example/?a=b", "BOT_TOKEN": TOKEN}, "without ?"),
        ({"WEBHOOK_URL": "https://bot.example", "BOT_TOKEN": TOKEN, "WEBHOOK_SECRET": "short"}, "WEBHOOK_SECRET"),
        ({"WEBHOOK_SECRET": "long-enough-to-be-one", "BOT_TOKEN": TOKEN}, "WEBHOOK_URL"),
        ({"TELEGRAM_API_URL": "http://bot-api.example", "BOT_TOKEN": TOKEN}, "TELEGRAM_API_URL"),
    ],
)
def test_telegram_settings_that_do_not_go_together_are_refused(environ: dict[str, str], name: str) -> None:
    [problem] = problems_of(environ)
    assert name in problem
    assert "long-enough" not in problem


def test_a_webhook_is_https_or_all_of_it_is_on_this_machine() -> None:
    real = Settings.load(None, {"WEBHOOK_URL": "https://bot.example/telegram/", "BOT_TOKEN": TOKEN})
    assert (real.webhook_url, real.webhook_host, real.webhook_port) == (
        "https://bot.example/telegram",
        "127.0.0.1",
        8643,
    )
    here = {"WEBHOOK_URL": "http://127.0.0.1:8643", "TELEGRAM_API_URL": "http://127.0.0.1:8081", "BOT_TOKEN": TOKEN}
    assert Settings.load(None, here).webhook_url == "http://127.0.0.1:8643"


def test_without_a_secret_of_its_own_each_start_makes_a_new_one() -> None:
    settings = Settings.load(None, {"WEBHOOK_URL": "https://bot.example", "BOT_TOKEN": TOKEN})
    one, other = webhook_terms(settings), webhook_terms(settings)
    assert one is not None
    assert other is not None
    assert one.secret != other.secret
    assert webhook_terms(Settings.load(None, {})) is None
