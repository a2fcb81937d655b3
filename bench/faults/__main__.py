"""Break a running shop in every way that needs processes, and see that nothing is lost and nothing happens twice.

    python -m bench.faults
    python -m bench.faults --only F10,F13 --repeats 3

A shop of real processes runs behind the nginx of `deploy/`. Each fault prints what was done, what came of it and how
long the shop took to recover; after each one every order that a buyer was told of is there once, with one payment and
one book, every conversion has one set of files, and the ledger is in order. Exits with 1 on a failure.
The other faults of `tests/faults/faults.tsv` are tests.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from bench.faults.shop import Failed, open_shop


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description="Break a running shop.")
    parser.add_argument("--only", default="", help="faults by their number, separated by commas")
    parser.add_argument("--repeats", type=int, default=1)
    options = parser.parse_args(arguments)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="octavo-faults-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with open_shop(folder) as shop:
            from bench.faults.trials import TRIALS, Scene, check_nothing_lost

            chosen = options.only.split(",") if options.only else list(TRIALS)
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


if __name__ == "__main__":
    sys.exit(main())
