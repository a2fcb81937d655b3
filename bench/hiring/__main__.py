"""Measure what the formula of shortlists does to newcomers, and what a ring of accounts gains from it.

    python -m bench.hiring            the tables of docs/market.md, in about two minutes
    python -m bench.hiring --seeds 1  a first look

The shortlists are made by the shop's own formula (hiring/requests/recompute_shortlist.py), the records by its own count
of vouched hirers (hiring/contracts/selectors/records.py). Everything else is made up: see `year` and `ring`.
"""

from __future__ import annotations

import argparse
import os
from statistics import mean, median

from bench.hiring import year
from hiring.requests.recompute_shortlist import RULES, Rules


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4)
    seeds = range(1, parser.parse_args().seeds + 1)
    _print_year(seeds)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    _print_ring(seeds)


def _print_year(seeds: range) -> None:
    print(f"A year: {year.PROVIDERS} providers, one more every {year.NEW_EVERY_DAYS} days,")
    print(f"{year.REQUESTS_A_DAY} requests a day, {len(seeds)} seeds.\n")
    print("| | without newcomers' places | with |")
    print("|---|---|---|")
    without = [year.run(seed, Rules(newcomer_places=())) for seed in seeds]
    kept = [year.run(seed, RULES) for seed in seeds]
    rows = (
        ("newcomers hired within 90 days", "hired_in_time", "{:.0%}"),
        ("never hired", "never_hired", "{:.0%}"),
        ("Gini of hires", "gini", "{:.2f}"),
        ("mean true quality of those hired", "quality", "{:.3f}"),
        ("requests that led to a contract", "filled", "{:.0%}"),
    )
    for label, name, form in rows:
        values = [form.format(mean(getattr(one, name) for one in found)) for found in (without, kept)]
        print(f"| {label} | {values[0]} | {values[1]} |")
    print()


def _print_ring(seeds: range) -> None:
    import django

    django.setup()
    from bench.hiring import ring

    print(f"A ring whose accounts hire its boss: the boss's place among {ring.PROVIDERS} (median of seeds).\n")
    print("| accounts of the ring | accomplices | every hirer counts | vouched hirers count |")
    print("|---|---|---|---|")
    for accounts, accomplices in ring.CASES:
        places = [[ring.place(seed, accounts, accomplices, vouched=kind) for seed in seeds] for kind in (False, True)]
        print(f"| {accounts} | {accomplices} | {median(places[0]):.1f} | {median(places[1]):.1f} |")


if __name__ == "__main__":
    main()
