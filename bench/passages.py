"""Measure how well copied passages are found, and what that costs: the table in docs/passages.md.

    python -m bench.passages --corpus ../shared/corpus --books 10000
    python -m bench.passages --corpus ../shared/corpus --books 10000 --drawn 56000000

Books are walks over pairs of words of real texts, so that common phrases are as common as they are in books. Their
prints go into the real tables of an empty PostgreSQL database, which this starts and deletes. Then copies are planted
in other books, and each is looked for as an upload is: by its prints, and exactly in whoever shares three. With
`--drawn` all is measured a second time, after so many random prints were added, as of a larger shop. Exits with 1
unless all whole books are found, and no two books share passages by chance, neither generated nor real ones.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import time
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, combinations, pairwise
from pathlib import Path

from bench import passages_database as database
from conversion.engine.passages import compare, fold_words, prints_of
from conversion.engine.readers import read_source
from conversion.engine.web.text import parts_of

_TEXTS = {"pride-and-prejudice": "docx", "flatland": "md", "poe-poetry": "docx", "war-and-peace": "docx"}
_LENGTHS = (50_000, 80_000, 110_000)  # words of a book
_LEAST_SHARED = 3

type Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class Trial:
    """One row of the table: how much of a book is copied, and which share of its words is changed."""

    label: str
    copied: Callable[[int], int]
    changed: float = 0.0


def _part(share: float) -> Callable[[int], int]:
    return lambda words: int(words * share)


def _words(count: int) -> Callable[[int], int]:
    return lambda words: count


TRIALS = (
    Trial("whole book", _part(1)),
    Trial("half of a book", _part(0.5)),
    Trial("10 % of a book", _part(0.1)),
    *(Trial(f"whole, {share:.0%} of the words changed", _part(1), share) for share in (0.05, 0.1, 0.2, 0.3)),
    *(Trial(f"10 %, {share:.0%} changed", _part(0.1), share) for share in (0.05, 0.2)),
    Trial("2,000 words", _words(2000)),
    Trial("2,000 words, 10% changed", _words(2000), 0.1),
    Trial("1,000 words", _words(1000)),
    Trial("300 words", _words(300)),
)


class Walks:
    """Books as walks over pairs of words: each word is followed by what follows it in the texts, as often."""

    def __init__(self, texts: Sequence[Words]) -> None:
        following: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for text in texts:
            for word, after in pairwise(text):
                following[word][after] += 1
        self._known = list(following)
        self._after = {word: (list(counts), list(accumulate(counts.values()))) for word, counts in following.items()}

    def book(self, seed: int) -> list[str]:
        rng = random.Random(seed)
        length = _LENGTHS[seed % len(_LENGTHS)]
        word = rng.choice(self._known)
        found = [word]
        draw = rng.random
        for _ in range(length - 1):
            words, counts = self._after.get(word, (self._known, ()))
            word = words[bisect(counts, draw() * counts[-1])] if counts else rng.choice(words)
            found.append(word)
        return found


@dataclass(slots=True)
class Times:
    """Seconds of the steps of one upload."""

    printing: list[float] = field(default_factory=list)
    looking: list[float] = field(default_factory=list)
    comparing: list[float] = field(default_factory=list)
    inserting: list[float] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.passages", description="Find planted copies.")
    parser.add_argument("--corpus", type=Path, required=True, help="folder with a folder for each text")
    parser.add_argument("--books", type=int, default=10_000)
    parser.add_argument("--trials", type=int, default=30, help="for each row")
    parser.add_argument("--innocent", type=int, default=60, help="books without copies that are looked for")
    parser.add_argument("--drawn", type=int, default=0, help="random prints besides, as of a larger shop")
    options = parser.parse_args(arguments)
    real = [_read(options.corpus, name, ending) for name, ending in _TEXTS.items()]
    by_chance = sum(compare(one, other).words for one, other in combinations(real, 2))
    walks = Walks(real)
    with database.started():
        is_good = _measure(walks, options) and not by_chance
    print(f"\n{len(real)} real bodies against each other: {by_chance} words by chance")
    return 0 if is_good else 1


def _read(corpus: Path, name: str, ending: str) -> list[str]:
    source = corpus / name / f"{name}.{ending}"
    _source_format, reading = read_source(source, source.name)
    return [word for part in parts_of(reading.book) for block in part.running for word in fold_words(block)]


def _measure(walks: Walks, options: argparse.Namespace) -> bool:
    began = time.monotonic()
    printing: list[float] = []
    rows = 0
    for number in range(options.books):
        prints = _timed(printing, prints_of, walks.book(number))
        rows += len(prints)
        database.load(number + 1, prints)
        if number % 500 == 499:
            print(f"{number + 1} books, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    database.settle()
    is_good = _look_for_copies(walks, options, rows, Times(printing=printing))
    if options.drawn:
        database.load_drawn(options.drawn, first_text=options.books + 1)
        print(f"{options.drawn} drawn, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        database.settle()
        print()
        is_good &= _look_for_copies(walks, options, rows + options.drawn, Times())
    return is_good


def _look_for_copies(walks: Walks, options: argparse.Namespace, rows: int, times: Times) -> bool:
    """Print all tables; return whether whole books were found, and nothing by chance."""
    print(f"{options.books:,} generated books, {rows:,} prints, {database.size_mb():,} MB\n")
    print("| copied | found | exact share of the copied words |\n|---|---|---|")
    found = {trial.label: _row(walks, trial, options, times) for trial in TRIALS}
    chance = _innocent(walks, options, times)
    _print_times(times)
    return found[TRIALS[0].label] == 1 and chance == 0


def _row(walks: Walks, trial: Trial, options: argparse.Namespace, times: Times) -> float:
    """Print one row; return the share of trials that were found."""
    found = 0
    shares: list[float] = []
    rng = random.Random(trial.label)
    for number in range(options.trials):
        source = rng.randrange(options.books)
        original = walks.book(source)
        length = min(len(original), trial.copied(len(original)))
        start = rng.randrange(len(original) - length + 1)
        copy = _changed(original[start : start + length], trial.changed, rng)
        own = walks.book(10**6 + number)
        upload = copy if length == len(original) else [*own[:20_000], *copy, *own[20_000:]]
        candidates = _look_up(upload, times)
        if source + 1 in candidates:
            words = _timed(times.comparing, compare, upload, original).words
            shares.append(words / length)
            found += bool(words)
    print(f"| {trial.label} | {found / options.trials:.0%} | {_mean(shares):.2f} |", flush=True)
    return found / float(options.trials)


def _innocent(walks: Walks, options: argparse.Namespace, times: Times) -> int:
    """Print how many books without a copy share prints, and how many share words; return the latter."""
    candidates = words = 0
    for number in range(options.innocent):
        upload = walks.book(2 * 10**6 + number)
        for text in _look_up(upload, times):
            candidates += 1
            if text <= options.books:
                words += compare(upload, walks.book(text - 1)).words
        _timed(times.inserting, database.insert, prints_of(upload))
    print(f"\n{options.innocent} books without copies: {candidates} false candidates, {words} words by chance")
    return words


def _look_up(upload: Words, times: Times) -> list[int]:
    """Return the texts with which the upload shares enough prints."""
    prints = prints_of(upload)
    counts = _timed(times.looking, database.look_up, prints)
    return [text for text, count in counts.items() if count >= _LEAST_SHARED]


def _changed(words: Words, share: float, rng: random.Random) -> list[str]:
    return [f"new{rng.randrange(5000)}" if rng.random() < share else word for word in words]


def _timed[Result](into: list[float], call: Callable[..., Result], *arguments: object) -> Result:
    began = time.perf_counter()
    result = call(*arguments)
    into.append(time.perf_counter() - began)
    return result


def _mean(values: Sequence[float]) -> float:
    return statistics.mean(values) if values else 0.0


def _print_times(times: Times) -> None:
    print("\n| for each upload | median | worst |\n|---|---|---|")
    for label, values in (
        ("prints of a text", times.printing),
        ("look-up of its prints", times.looking),
        ("exact step, for each candidate", times.comparing),
        ("insert of its prints", times.inserting),
    ):
        if values:
            print(f"| {label} | {1000 * statistics.median(values):.1f} ms | {1000 * max(values):.0f} ms |")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nmemory of this process at most: {most} MB, with the word pairs that books are made from")


if __name__ == "__main__":
    sys.exit(main())
