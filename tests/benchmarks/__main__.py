"""``python -m tests.benchmarks``: all benchmarks here, as ratios to something bare. Never fails on timing."""

from __future__ import annotations

import importlib
from pathlib import Path


def main() -> None:
    """Run every module of this folder that has a ``run``."""
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        module = importlib.import_module(f"tests.benchmarks.{path.stem}")
        if hasattr(module, "run"):
            print(f"\n{path.stem}: {(module.__doc__ or '').strip().splitlines()[0]}", flush=True)
            module.run()


if __name__ == "__main__":
    main()
