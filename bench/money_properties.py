"""The nightly properties of money with as many cases as asked for, from a seed that is printed.

    python -m bench.money_properties --cases 100000 --only splitting
    python -m bench.money_properties --cases 10000 --only events --seed 4711

splitting: quotes, co-authors, partial refunds. events: any order and duplicates (I5), in memory. Exits with 1 when one
of them does not hold; Hypothesis then shows the smallest case.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from random import SystemRandom

PROJECT = Path(__file__).resolve().parent.parent
_FILES = {name: f"tests/properties/test_money_{name}.py" for name in ("splitting", "events")}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(2**32))
    parser.add_argument("--only", choices=list(_FILES))
    options = parser.parse_args()
    files = [_FILES[options.only]] if options.only else list(_FILES.values())
    command = [sys.executable, "-m", "pytest", "-q", "-m", "nightly", f"--hypothesis-seed={options.seed}", *files]
    started = time.monotonic()
    done = subprocess.run(command, cwd=PROJECT, env={**os.environ, "MONEY_CASES": str(options.cases)}, check=False)
    verdict = "hold" if done.returncode == 0 else "DO NOT HOLD"
    print(f"seed {options.seed}: {options.cases} cases of each property {verdict}, {time.monotonic() - started:.0f} s")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
