"""Break a running shop in every way that needs processes, and see that nothing is lost and nothing happens twice.

    python -m bench.faults
    python -m bench.faults --only F10,F13 --repeats 3
    python -m bench.faults --broker rabbitmq
    python -m bench.faults --only F40 --schedules 10000

A shop of real processes runs behind the nginx of `deploy/`, with PostgreSQL on a volume of its own and a place for its
replica, a broker, a bucket (moto) and a mail server. Each fault prints what was done, what came of it and how
long the shop took to recover; after each one every order that a buyer was told of is there once, with one payment and
one book, every conversion has one set of files, and the ledger is in order. Exits with 1 on a failure.
The other faults of `tests/faults/faults.tsv` are tests.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from bench.faults.shop import PROJECT, Failed, open_shop_with_surroundings


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description="Break a running shop.")
    parser.add_argument("--only", default="", help="faults by their number, separated by commas")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--broker", choices=["redis", "rabbitmq"], default="redis")
    parser.add_argument("--schedules", type=int, default=100, help="random schedules of F40")
    options = parser.parse_args(arguments)
    if options.only == "F40":  # has a shop of its own in memory
        return simulated(options.schedules)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="octavo-faults-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with open_shop_with_surroundings(folder, is_rabbitmq=options.broker == "rabbitmq") as shop:
            from bench.faults.scene import Scene, check_nothing_lost
            from bench.faults.trials import OF_REDIS, TRIALS

            chosen = options.only.split(",") if options.only else [*TRIALS]
            if options.broker != "redis":
                chosen = [fault for fault in chosen if fault not in OF_REDIS]
            scene = Scene.made(shop)
            for fault in [fault for fault in chosen for _ in range(options.repeats)]:
                trial = TRIALS[fault]
                print(f"{fault}  {trial.__doc__}", flush=True)
                try:
                    print(f"     {trial(scene)}", flush=True)
                    print(f"     {check_nothing_lost(scene)}", flush=True)
                except Failed as error:
                    failed += 1
                    print(f"     FAILED: {error}", flush=True)
                except Exception:
                    failed += 1
                    print(f"     FAILED: {traceback.format_exc()}", flush=True)
    print(f"{failed} failed" if failed else "all in order")
    return 1 if failed else 0


def simulated(schedules: int) -> int:
    """Try everything at random, from seeds, against the simulated provider (F40)."""
    command = [sys.executable, "-m", "tests.properties.money_simulation", "--schedules", str(schedules), "-j", "2"]
    return subprocess.run(command, cwd=PROJECT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
