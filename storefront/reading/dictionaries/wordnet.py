"""Reads the files of WordNet 3.0, as `man 5 wndb` describes them.

A line of data.noun is a synset: words that mean the same, with a definition and examples. A line of index.noun names
the synsets of a word, the commonest first; cntlist.rev says how often each meaning was found in tagged texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from storefront.reading.dictionaries.entries import About, Entry, Sense

PARTS = {"noun": "noun", "verb": "verb", "adj": "adjective", "adv": "adverb"}  # names of files, and our codes
NEEDED = [f"{kind}.{part}" for part in PARTS for kind in ("data", "index")]
_NUMBERS = {"noun": "1", "verb": "2", "adj": "3", "adv": "4"}  # of parts in cntlist.rev
_EXAMPLES = re.compile(r'(?:^|;\s*)"')
_EXAMPLE = re.compile(r'"([^"]+)"?(\s*-+\s*[^;"]+)?')
_MARKER = re.compile(r"\((?:a|p|ip)\)$")  # where an adjective may stand

type Synset = tuple[tuple[str, ...], Sense]


def about(folder: Path) -> About:
    notice = " ".join(_notice(folder)).replace("  ", "\n\n")
    return About(
        "WordNet 3.0", "en", "en", "WordNet 3.0 © Princeton University", notice, "https://wordnet.princeton.edu/"
    )


def entries(folder: Path) -> Iterator[Entry]:
    """Yield the entries of each word, in the order of its meanings."""
    counts = _counts(folder)
    for part, code in PARTS.items():
        synsets = _synsets(folder / f"data.{part}")
        for lemma, offsets in _index(folder / f"index.{part}"):
            weight = counts[_NUMBERS[part], lemma]
            yield from _entries_of(lemma, code, [synsets[offset] for offset in offsets], weight)


def exceptions(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield irregular forms: form, part of speech, base form."""
    for part, code in PARTS.items():
        path = folder / f"{part}.exc"
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
            form, *bases = line.split()
            for base in bases:
                yield _words(form), code, _words(base)


def _notice(folder: Path) -> Iterator[str]:
    """Yield the lines of the licence, with which each file begins; they are numbered."""
    with (folder / "data.noun").open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("  "):
                return
            yield line.strip().lstrip("0123456789").strip()


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from (line for line in lines if not line.startswith("  "))


def _words(lemma: str) -> str:
    return lemma.replace("_", " ")


def _counts(folder: Path) -> Counter[tuple[str, str]]:
    """Return how often each word was found, by number of the part of speech and lemma."""
    found: Counter[tuple[str, str]] = Counter()
    path = folder / "cntlist.rev"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        sense_key, _number, count = line.split()
        lemma, _, rest = sense_key.partition("%")
        number = "3" if rest[0] == "5" else rest[0]  # 5 are adjectives that stand beside another one
        found[number, _words(lemma)] += int(count)
    return found


def _synsets(path: Path) -> dict[str, Synset]:
    return dict(map(_synset, _lines(path)))


def _synset(line: str) -> tuple[str, Synset]:
    fields, _, gloss = line.partition(" | ")
    offset, _file, _type, count, *rest = fields.split()
    words = tuple(_words(_MARKER.sub("", word)) for word in rest[: 2 * int(count, 16) : 2])
    return offset, (words, _sense(gloss.strip()))


def _sense(gloss: str) -> Sense:
    start = _EXAMPLES.search(gloss)
    definition = gloss[: start.start()] if start else gloss
    quoted = _EXAMPLE.findall(gloss[start.start() :]) if start else []
    return Sense(definition.strip("; "), tuple((f"{words.strip()}{source.rstrip()}", "") for words, source in quoted))


def _index(path: Path) -> Iterator[tuple[str, list[str]]]:
    for line in _lines(path):
        lemma, _part, count, *rest = line.split()
        yield _words(lemma), rest[-int(count) :]


def _entries_of(lemma: str, code: str, synsets: list[Synset], weight: int) -> Iterator[Entry]:
    """Yield one entry for each spelling: "polish" and "Polish" are told apart."""
    senses: dict[str, list[Sense]] = {}
    for words, sense in synsets:
        spelling = next(word for word in words if word.lower() == lemma)
        others = tuple(word for word in words if word.lower() != lemma)
        senses.setdefault(spelling, []).append(replace(sense, synonyms=others))
    for spelling, found in senses.items():
        yield Entry(spelling, (code,), tuple(found), weight)
