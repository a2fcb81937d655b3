"""Read the marks of a file from anywhere, and weigh them against the copies that were handed out.

The joiners are evidence by number: of `n` sites an innocent copy agrees with about half, give or take half the square
root of `n`. `sigma` says how many of these deviations a copy agrees above half. At 6 it happens by chance once in a
thousand million copies. A copy is named only at 6 sigma and with a second mark of the same copy, because one kind of
mark alone could be a mistake or be forged.
"""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from . import cover_mark, joiners, keys, last_line
from .package_mark import mark_of_package

NAMED_SIGMA = 6.0
MIN_SITES = math.ceil(NAMED_SIGMA**2)  # of fewer, all can agree without reaching it
_PAGE = re.compile(r"\.(?:x?html?|xml)$", re.IGNORECASE)
_PICTURE = re.compile(r"\.jpe?g$", re.IGNORECASE)
_MAX_ENTRY_BYTES = 64 * 1024 * 1024
_TITLE = re.compile(r"<dc:title[^>]*>([^<]+)<")


class Verdict(StrEnum):
    """What the marks say of a copy."""

    NAMED = "named"  # joiners and another mark
    JOINERS = "joiners"  # joiners alone
    MARKS = "marks"  # other marks alone


@dataclass(frozen=True, slots=True)
class FoundMarks:
    """The marks of a file: letters before its dashes and whether a joiner stands there, and everything that could be a
    mark of the other kinds."""

    sites: Mapping[str, bool]
    covers: frozenset[str]
    packages: frozenset[str]
    numbers: frozenset[str]
    titles: frozenset[str]


@dataclass(frozen=True, slots=True)
class CopyKey:
    """A copy that was handed out: what it is called here, its token, its number, and the files it was made from."""

    name: str
    token: str
    number: str
    artifacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one copy. `agreeing` of `sites` are as they are in it; `marks` are "line", "cover", "package"."""

    copy: CopyKey
    sites: int
    agreeing: int
    marks: tuple[str, ...]

    @property
    def sigma(self) -> float:
        return (2 * self.agreeing - self.sites) / math.sqrt(self.sites) if self.sites else 0.0

    @property
    def verdict(self) -> Verdict | None:
        """What the marks say; None when they do not speak for this copy."""
        is_agreeing = self.sigma >= NAMED_SIGMA
        if is_agreeing and self.marks:
            return Verdict.NAMED
        if is_agreeing:
            return Verdict.JOINERS
        return Verdict.MARKS if self.marks else None


def marks_in(file: IO[bytes]) -> FoundMarks:
    """Read the marks of an EPUB. Entries that cannot be read have none. Raises zipfile.BadZipFile for no archive."""
    votes: Counter[str] = Counter()
    covers: set[str] = set()
    packages: set[str] = set()
    numbers: set[str] = set()
    titles: set[str] = set()
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            content = _content(archive, entry)
            if _PICTURE.search(entry.filename):
                covers.update(cover_mark.marks_of_cover(content))
            elif entry.filename.lower().endswith(".opf"):
                packages.add(mark_of_package(content))
                titles.update(map(str.strip, _TITLE.findall(content.decode("utf-8", "replace"))))
            elif _PAGE.search(entry.filename):
                page = content.decode("utf-8", "replace")
                numbers.update(last_line.numbers_in(page))
                for letters, is_joined in joiners.sites(page):
                    votes[letters] += 1 if is_joined else -1
    return FoundMarks(
        # The same letters twice with different bits say nothing.
        sites={letters: count > 0 for letters, count in votes.items() if count},
        covers=frozenset(covers),
        packages=frozenset(packages - {""}),
        numbers=frozenset(numbers),
        titles=frozenset(titles),
    )


def weigh(found: FoundMarks, copies: Iterable[CopyKey]) -> list[Evidence]:
    """Return the copies that marks speak for, the strongest first. More than one means that copies were mixed."""
    weighed = (evidence_for(found, copy) for copy in copies)
    return sorted(
        (one for one in weighed if one.verdict is not None),
        key=lambda one: (len(one.marks) > 0, one.sigma),
        reverse=True,
    )


def evidence_for(found: FoundMarks, copy: CopyKey) -> Evidence:
    """Return what speaks for a copy, however little."""
    key = keys.joiner_key(copy.token)
    agreeing = sum(keys.has_joiner(key, letters) == is_joined for letters, is_joined in found.sites.items())
    return Evidence(copy, len(found.sites), agreeing, marks_of(found, copy))


def marks_of(found: FoundMarks, copy: CopyKey) -> tuple[str, ...]:
    """Return the kinds of marks besides the joiners that are this copy's."""
    kinds = {
        "line": copy.number in found.numbers,
        "cover": keys.cover_mark(copy.token) in found.covers,
        "package": any(keys.package_mark(copy.token, sha256) in found.packages for sha256 in copy.artifacts),
    }
    return tuple(kind for kind, is_there in kinds.items() if is_there)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > _MAX_ENTRY_BYTES:
        return b""
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError):
        # It is damaged, encrypted, or packed in another way.
        return b""
