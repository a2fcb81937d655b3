"""Random lives of the whole money path, each from a seed, each checked when it has come to rest.

    python -m tests.properties.money_simulation --schedules 10000 --seed 1 -j 2
    python -m tests.properties.money_simulation --seed 4711 --only          replay one and tell what happened

A schedule is a shop of its own in memory: quotes, orders, payment pages, webhooks that come late, twice, in any order;
answers lost before and after the work, 429 and 500; workers that die between the steps of the outbox; refunds by the
buyer, and in part on the provider's pages; clearing, payout runs that fail, months that close, a clock that jumps.
Afterwards: every rule of `check_invariants`, the balances of a small model in plain Python, the provider's balance
against ours, nothing left waiting. Exits with 1 when something does not hold and prints the seed.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random

_SEEDS = 2**32


@dataclass(frozen=True)
class Found:
    """What one schedule came to."""

    seed: int
    wrong: tuple[str, ...]
    log: tuple[str, ...]
    entries: int


class _Runner:
    """One process with its shop in memory."""

    def __init__(self) -> None:
        from tests.properties.money.template import Template

        self.template = Template()

    def run(self, seed: int, *, is_calm: bool = False) -> Found:
        from royalties.models import JournalEntry
        from tests.properties.money.checks import found_wrong
        from tests.properties.money.schedule import Schedule

        self.template.refresh()
        schedule = Schedule(self.template.cast, seed, is_calm=is_calm)
        try:
            with schedule.world.lived_in():
                schedule.live()
                wrong = found_wrong(schedule)
        except Exception:
            wrong = [traceback.format_exc()]
        return Found(seed, tuple(wrong), tuple(schedule.world.log), JournalEntry.objects.count())


_runner: _Runner | None = None


def _run(work: tuple[int, bool]) -> Found:
    global _runner  # noqa: PLW0603 - one shop per process, made when first needed
    _runner = _runner or _Runner()
    return _runner.run(work[0], is_calm=work[1])


def seeds_of(seed: int, schedules: int) -> list[int]:
    """The schedules' own seeds."""
    rng = Random(seed)
    return [rng.randrange(_SEEDS) for _ in range(schedules)]


def simulate(seeds: list[int], *, jobs: int, is_calm: bool, stop_after: int) -> tuple[int, int, list[Found]]:
    """Run them all: how many ran, the entries they wrote, and those in which something was wrong."""
    wrong: list[Found] = []
    ran = entries = 0
    with get_context("spawn").Pool(jobs) as pool:
        for found in pool.imap_unordered(_run, [(seed, is_calm) for seed in seeds], chunksize=8):
            ran, entries = ran + 1, entries + found.entries
            if found.wrong:
                wrong.append(found)
                print(f"seed {found.seed}: {found.wrong[0].strip().splitlines()[-1]}", flush=True)
                if len(wrong) >= stop_after:
                    pool.terminate()
                    break
            if ran % 500 == 0:
                print(f"{ran} schedules, {len(wrong)} of them wrong", flush=True)
    return ran, entries, wrong


def replay(seed: int, *, is_calm: bool) -> Found:
    """One schedule in this process, told step by step."""
    found = _run((seed, is_calm))
    print("\n".join(found.log))
    print("\n".join(found.wrong) or "Everything holds.")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="store_true", help="--seed is one schedule's own: replay it")
    parser.add_argument("--calm", action="store_true", help="without faults and deaths")
    parser.add_argument("--stop-after", type=int, default=20, help="wrong schedules")
    parser.add_argument("-j", "--jobs", type=int, default=1)
    options = parser.parse_args()
    if options.only:
        return 1 if replay(options.seed, is_calm=options.calm).wrong else 0
    started = time.monotonic()
    seeds = seeds_of(options.seed, options.schedules)
    ran, entries, wrong = simulate(seeds, jobs=options.jobs, is_calm=options.calm, stop_after=options.stop_after)
    took = time.monotonic() - started
    kinds = Counter(found.wrong[0].strip().splitlines()[-1].split(":")[0] for found in wrong)
    print(f"seed {options.seed}: {ran} schedules, {entries} journal entries, {took:.0f} s, {len(wrong)} wrong")
    for kind, count in kinds.most_common():
        print(f"  {count} x {kind}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
