"""The command ``makergram``: run, rotate-key, backup."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tgbot.composition import CannotStart, run
from tgbot.settings import Settings, SettingsError
from tgbot.upkeep import make_backup, rotate_keys

ENV_FILE = Path(".env")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and answer the exit code: 0 done, 1 failed, 2 settings or arguments wrong."""
    started = time.perf_counter()
    parser = argparse.ArgumentParser(prog="makergram", description="A market maker you run from Telegram.")
    parser.add_argument(
        "command",
        nargs="?",
        default="run",
        choices=("run", "rotate-key", "backup"),
        help="run (default): the bot; rotate-key: seal keys with the first ENCRYPTION_KEY; backup: copy the database",
    )
    command = parser.parse_args(arguments).command
    try:
        settings = Settings.load(ENV_FILE, os.environ)
    except SettingsError as wrong:
        say("These settings are wrong:", *(f"  - {problem}" for problem in wrong.problems))
        return 2
    return _COMMANDS[command](settings, started)


def _run(settings: Settings, started: float) -> int:
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(run(settings, started, say))
    except CannotStart as problem:
        say(str(problem))
        return 1
    return 0


def _rotate_key(settings: Settings, _: float) -> int:
    return asyncio.run(rotate_keys(settings, say))


def _backup(settings: Settings, _: float) -> int:
    return asyncio.run(make_backup(settings, say))


_COMMANDS = {"run": _run, "rotate-key": _rotate_key, "backup": _backup}


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's loops where the extra [speed] is installed."""
    if importlib.util.find_spec("uvloop") is None:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = importlib.import_module("uvloop").new_event_loop
    return factory


def say(*lines: str) -> None:
    """What a person at the terminal reads."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
