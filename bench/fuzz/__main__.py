"""Convert thousands of documents that no program would write, and look for crashes.

    python -m bench.fuzz                                                    10,000 documents
    python -m bench.fuzz --corpus ../shared/corpus --hostile ../shared/hostile/files --keep /tmp/fuzz
    python -m bench.fuzz --seed 1234 --count 1 --keep /tmp/fuzz             one of them again

Half of them are generated (`documents.py`), half are sample books and files of the given folders, damaged
(`mutations.py`). Each goes through the whole pipeline but for PDFs, in this process and without the sandbox, so
that nothing hides a crash. A document is

made      into a book, and the EPUB is well-formed, its ids are unique and its links lead somewhere
refused   with a coded reason for its author
CRASHED   anything else: another exception, a file that was not made, an EPUB that is not in order, too much time

Exits with 1 if one crashed. `tests/conversion/readers/test_fuzz.py` converts some hundreds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.fuzz.trial import BOOKS, bases, document, tried


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.fuzz", description="Convert documents that no program writes."
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    parser.add_argument("--corpus", type=Path, help="folder with manuscripts to damage")
    parser.add_argument("--hostile", type=Path, help="folder with hostile files to damage")
    parser.add_argument("--keep", type=Path, help="folder for the documents that crashed")
    options = parser.parse_args(arguments)
    known = bases([folder for folder in (BOOKS, options.corpus, options.hostile) if folder is not None])
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.count):
            print(f"\r{seed}", end="", file=sys.stderr, flush=True)  # the last one, should the process die
            outcome = tried(seed, known, Path(folder))
            what = "CRASHED" if outcome.crash else "refused" if "." in outcome.kind else "made"
            counts[what] += 1
            kinds[outcome.kind or "?"] += 1
            if outcome.crash:
                print(f"\nseed {seed}, {outcome.name}:\n{outcome.crash[-1500:]}", flush=True)
                if options.keep is not None:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{seed}-{Path(outcome.name).name}").write_bytes(document(seed, known)[1])
    print(f"\n{options.count} documents, {time.process_time() - started:.0f} s: {dict(counts)}")
    print(", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    return 1 if counts["CRASHED"] else 0


if __name__ == "__main__":
    sys.exit(main())
