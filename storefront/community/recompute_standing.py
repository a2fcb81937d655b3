"""Recompute the standing of readers from what the shop publishes about it.

    python recompute_standing.py inputs.json

Needs only Python 3.12 and sends no data. Prints everybody's points and rights; ends with 1 if the file's are not those
of the formula. The shop calculates standing with this very file. In whole quarters of a point only:

1. A point for each other person who found any of the reader's reviews helpful. That person must have kept a paid book
   that the reader did not work on, and must not have had a review removed. People who find each other's reviews helpful
   count as one in total.
2. A point for each author who accepted a typo that the reader found in a book they paid for and kept; two at most.
3. Five points less for each review that a moderator removed, unless an appeal undid it.
4. Of all this, what happened within the last year counts in full, in the year before half, in the year before that a
   quarter, and after three years nothing. Of somebody who voted more than once, the newest vote counts. A year has 365
   days. What is left of a point at the end is dropped.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FORMAT = "octavo-standing/1"
QUARTERS = 4  # of a point


@dataclass(frozen=True, slots=True)
class Rules:
    """The constants of the formula. The file contains the ones it was made with."""

    quarters_by_year: tuple[int, ...] = (4, 2, 1)
    max_typo_points: int = 2  # fewer than allow anything, because an author may accept whatever they like
    penalty: int = 5


RULES = Rules()
_YEARS = len(RULES.quarters_by_year)


@dataclass(frozen=True, slots=True)
class Counts:
    """What counts for or against a reader, each by age: in the last year, the year before, and the one before that."""

    helpful: tuple[int, ...] = (0,) * _YEARS  # people
    mutual: tuple[int, ...] = (0,) * _YEARS  # people who vote for each other
    typos: tuple[int, ...] = (0,) * _YEARS  # authors
    removed: tuple[int, ...] = (0,) * _YEARS  # reviews


def quarters_of(counts: Counts, rules: Rules = RULES) -> int:
    """Return the quarters of a point that the counts come to; negative for more removed than found helpful."""
    return (
        weigh(counts.helpful, rules)
        + min(weigh(counts.mutual, rules), QUARTERS)
        + min(weigh(counts.typos, rules), QUARTERS * rules.max_typo_points)
        - rules.penalty * weigh(counts.removed, rules)
    )


def points_of(counts: Counts, rules: Rules = RULES) -> int:
    """Return whole points, rounded down."""
    return quarters_of(counts, rules) // QUARTERS


def weigh(by_year: Sequence[int], rules: Rules = RULES) -> int:
    return sum(count * quarters for count, quarters in zip(by_year, rules.quarters_by_year, strict=True))


def to_json(people: Sequence[Mapping[str, Any]], rights: Mapping[str, int], rules: Rules = RULES) -> dict[str, Any]:
    """Return the published file. People have `name`, `reviews`, `counts` (Counts), `points` and `rights`."""
    rows = [{**person, "counts": asdict(person["counts"])} for person in people]
    return {"format": FORMAT, "rules": asdict(rules), "rights": dict(rights), "people": rows}


def differences(data: Mapping[str, Any]) -> list[str]:
    """Recompute a file's people, print each, and return the names of those it has wrong points or rights for.

    A right that is kept below its threshold, as the curator's is, may be there with fewer points.
    """
    rules = Rules(**{**data["rules"], "quarters_by_year": tuple(data["rules"]["quarters_by_year"])})
    wrong = []
    for person in data["people"]:
        points = points_of(Counts(**{name: tuple(values) for name, values in person["counts"].items()}), rules)
        due = {right for right, least in data["rights"].items() if points >= least}
        sys.stdout.write(f"{points:6} {person['name']}: {', '.join(sorted(person['rights']))}\n")
        if points != person["points"] or not due <= set(person["rights"]):
            wrong.append(person["name"])
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Recompute the standing of readers.")
    parser.add_argument("file", type=Path, help="inputs.json, downloaded from the shop")
    data = json.loads(parser.parse_args(arguments).file.read_text(encoding="utf-8"))
    if data.get("format") != FORMAT:
        sys.stderr.write(f"This file is not of the format {FORMAT}. Download the script again, too.\n")
        return 2
    wrong = differences(data)
    sys.stdout.write(f"{len(wrong)} of {len(data['people'])} differ" + "".join(f"\n  {name}" for name in wrong) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
