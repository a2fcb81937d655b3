"""One SQLite file for each dictionary: written once, then only read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from storefront.reading.dictionaries.entries import About, Entry, Sense
from storefront.reading.dictionaries.stems import stem_of
from storefront.reading.dictionaries.words import can_be_looked_up, key_of

SUFFIX = ".dictionary"
_FORMAT = "1"  # of these files; others are ignored, and written anew
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entry (key TEXT, headword TEXT, grammar TEXT, weight INTEGER, senses TEXT);
CREATE TABLE exception (form TEXT, part TEXT, base TEXT);
CREATE TABLE stem (stem TEXT, key TEXT, PRIMARY KEY (stem, key)) WITHOUT ROWID;
"""
_INDEXES = "CREATE INDEX entry_key ON entry (key); CREATE INDEX exception_form ON exception (form);"


@dataclass(frozen=True, slots=True)
class Counts:
    entries: int
    senses: int


def write(
    path: Path,
    about: About,
    entries: Iterable[Entry],
    *,
    exceptions: Iterable[tuple[str, str, str]] = (),
    source: str = "",
) -> Counts:
    """Write a dictionary. It is built under another name, so that `path` is whole at any time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    being_built = path.with_name(f".{path.name}.part")
    being_built.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(being_built)) as file, file:
            file.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
            counts = _fill(file, about.language, entries)
            rows = {(key_of(form), part, key_of(base)) for form, part, base in exceptions}
            known = [row for row in sorted(rows) if can_be_looked_up(row[0]) and can_be_looked_up(row[2])]
            file.executemany("INSERT INTO exception VALUES (?, ?, ?)", known)
            facts = {**asdict(about), "format": _FORMAT, "source": source}
            file.executemany("INSERT INTO about VALUES (?, ?)", facts.items())
            file.executescript(_INDEXES)
        being_built.replace(path)
    finally:
        being_built.unlink(missing_ok=True)
    return counts


def source_of(path: Path) -> str:
    """Return what the file was made from; "" if there is none, or one of another format."""
    facts = _facts(path) if path.exists() else {}
    return facts.get("source", "") if facts.get("format") == _FORMAT else ""


class Dictionary:
    """A dictionary to look up words in.

    Each look-up opens the file anew: that takes a fraction of a millisecond, and a dictionary that has been replaced
    is used at once, by all processes and threads.
    """

    def __init__(self, path: Path, about: About) -> None:
        self.path, self.about = path, about

    def opened(self) -> closing[sqlite3.Connection]:
        return closing(_connect(self.path))


def entries_of(file: sqlite3.Connection, key: str) -> list[Entry]:
    rows = file.execute(
        "SELECT headword, grammar, weight, senses FROM entry WHERE key = ? ORDER BY weight DESC, rowid", [key]
    )
    return [
        Entry(headword, tuple(grammar.split()), _senses(senses), weight) for headword, grammar, weight, senses in rows
    ]


def exceptions_of(file: sqlite3.Connection, form: str) -> list[tuple[str, str]]:
    """Return the parts of speech and base forms of an irregular form."""
    return file.execute("SELECT part, base FROM exception WHERE form = ?", [form]).fetchall()


def keys_with_stem(file: sqlite3.Connection, stem: str) -> list[str]:
    return [key for (key,) in file.execute("SELECT key FROM stem WHERE stem = ?", [stem])]


def installed(folder: Path) -> list[Dictionary]:
    """Return the dictionaries of a folder: those that explain words in their own language first."""
    found = [(path, _about(path, path.stat().st_mtime_ns)) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    known = [Dictionary(path, about) for path, about in found if about is not None]
    return sorted(known, key=lambda one: (one.about.language != one.about.target, one.about.name))


def _fill(file: sqlite3.Connection, language: str, entries: Iterable[Entry]) -> Counts:
    keys: set[str] = set()
    count = senses = 0

    def rows() -> Iterator[tuple[str, str, str, int, str]]:
        nonlocal count, senses
        for entry in entries:
            key = key_of(entry.headword)
            if not can_be_looked_up(key):
                continue
            count, senses = count + 1, senses + len(entry.senses)
            keys.add(key)
            packed = json.dumps([_packed(sense) for sense in entry.senses], ensure_ascii=False, separators=(",", ":"))
            yield key, entry.headword, " ".join(entry.grammar), entry.weight, packed

    file.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", rows())
    if language != "en":  # whose base forms are found by rules
        stems = ((stem, key) for key in sorted(keys) if (stem := stem_of(key, language)))
        file.executemany("INSERT INTO stem VALUES (?, ?)", stems)
    return Counts(count, senses)


def _packed(sense: Sense) -> list[object]:
    """Return the fields of a sense without the empty ones at its end."""
    fields: list[object] = [sense.text, sense.examples, sense.synonyms, sense.see, sense.note]
    while not fields[-1]:
        fields.pop()
    return fields


def _senses(packed: str) -> tuple[Sense, ...]:
    return tuple(_sense(*fields) for fields in json.loads(packed))


def _sense(
    text: str,
    examples: Iterable[tuple[str, str]] = (),
    synonyms: Iterable[str] = (),
    see: Iterable[str] = (),
    note: str = "",
) -> Sense:
    pairs = tuple((words, translation) for words, translation in examples)
    return Sense(text, pairs, tuple(synonyms), tuple(see), note)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _facts(path: Path) -> dict[str, str]:
    try:
        with closing(_connect(path)) as file:
            return dict(file.execute("SELECT name, value FROM about"))
    except sqlite3.DatabaseError:  # no dictionary of ours
        return {}


@lru_cache(maxsize=64)
def _about(path: Path, written_ns: int) -> About | None:
    """Return what the file says of itself; None if it is of another format. `written_ns` is for the cache."""
    facts = _facts(path)
    if facts.pop("format", "") != _FORMAT:
        return None
    del facts["source"]
    return About(**facts)
