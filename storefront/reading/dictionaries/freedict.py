"""Reads FreeDict's dictionaries in dictd's format: a list of words with places (.index), and a packed text (.dict.dz).

An entry's first line is its headword, a pronunciation and grammar; the others have translations, examples, remarks and
other words. Pronunciations are left out: they were made by a program, and many are wrong. So are phrases too long to be
looked up, and most of the many references.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import langcodes

from storefront.reading.dictionaries.entries import About, Entry, Sense

_DIGITS = {
    digit: value for value, digit in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}
_NAME = re.compile(r"freedict-([a-z]{3})-([a-z]{3})\.index")
_PRONUNCIATION = re.compile(r"/[^/]*/")
_GRAMMAR = re.compile(r"<([^<>]*)>")
_NUMBER = re.compile(r"^\d+\. ")
_EXAMPLE = re.compile(r'^ {3,}"(.*)"\s+- (.*)$')
_REFERENCE = re.compile(r"\{([^{}]*)\}")
_NO_LETTERS = re.compile(r"[\W_]")
_MAX_REFERENCES = 3
_MAX_SYNONYMS = 6
_CODES = {
    "n": ["noun"], "v": ["verb"], "vt": ["verb", "transitive"], "vi": ["verb", "intransitive"], "trans": ["transitive"],
    "intr": ["intransitive"], "refl": ["reflexive"], "adj": ["adjective"], "adv": ["adverb"], "prep": ["preposition"],
    "pron": ["pronoun"], "conj": ["conjunction"], "num": ["numeral"], "int": ["interjection"], "art": ["article"],
    "masc": ["masculine"], "fem": ["feminine"], "neut": ["neuter"], "pl": ["plural"],
}  # fmt: skip
_ORDER = list(dict.fromkeys(word for words in _CODES.values() for word in words))
_SHORT = {"masc": "m", "fem": "f", "neut": "n", "pl": "pl"}  # of the translations, in every language

type _Place = tuple[int, int]  # where an entry begins in the text, and how long it is


def is_source(index: Path) -> bool:
    return _NAME.fullmatch(index.name) is not None and _text_of(index).exists()


def languages(index: Path) -> tuple[str, str]:
    """Return the languages that a dictionary translates from and into, as BCP 47 has them."""
    found = _NAME.fullmatch(index.name)
    if found is None:
        raise ValueError(index.name)
    return langcodes.standardize_tag(found[1]), langcodes.standardize_tag(found[2])


def about(index: Path) -> About:
    language, target = languages(index)
    info = _info(index)
    title = next((line for line in info.splitlines() if line.strip()), index.stem)
    notice = info.partition("Availability:")[2].partition("Publication date:")[0]
    paragraphs = [" ".join(one.split()) for one in re.split(r"\n {4}", notice)]
    notice = "\n\n".join(one for one in paragraphs if one)
    return About(title.strip(), language, target, title.strip(), notice, "https://freedict.org/")


def entries(index: Path) -> Iterator[Entry]:
    """Yield the entries of each word; those of the same spelling and grammar as one, with several senses."""
    text = _unpacked(index)
    for word, lines in groupby(_lines(index), key=itemgetter(0)):
        places = dict.fromkeys(place for _, place in lines)
        read = [_entry(text[start : start + length].decode()) for start, length in places]
        yield from _merged(entry for entry in read if entry.senses and _is_headword(word, entry.headword))


def exceptions(index: Path) -> Iterator[tuple[str, str, str]]:
    """Yield other forms of headwords under which the dictionary has them: "sawn" leads to "saw"."""
    text = _unpacked(index)
    for word, (start, length) in _lines(index):
        headword, _ = _head(text[start : start + length].decode().strip("\n").partition("\n")[0])
        if not _is_headword(word, headword):
            yield word, "", headword


def _text_of(index: Path) -> Path:
    return index.with_suffix(".dict.dz")


def _unpacked(index: Path) -> bytes:
    with gzip.open(_text_of(index)) as packed:  # dictd's format is gzip's with marks for jumping into it
        return packed.read()


def _info(index: Path) -> str:
    with index.open(encoding="utf-8") as lines:
        found = next((line.split("\t") for line in lines if line.startswith("00databaseinfo\t")), None)
    if found is None:
        return ""
    with gzip.open(_text_of(index)) as packed:
        packed.seek(_number(found[1]))
        return packed.read(_number(found[2].strip())).decode()


def _lines(index: Path) -> Iterator[tuple[str, _Place]]:
    with index.open(encoding="utf-8") as lines:
        for line in lines:
            word, start, length = line.rstrip("\n").split("\t")[:3]
            if not word.startswith("00database"):
                yield word, (_number(start), _number(length))


def _number(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * 64 + _DIGITS[digit]
    return value


def _merged(read: Iterable[Entry]) -> Iterator[Entry]:
    """Put senses of one word together; what has more examples comes first, because it is what people look for."""
    found: dict[tuple[str, tuple[str, ...]], list[Sense]] = {}
    for entry in read:
        found.setdefault((entry.headword, entry.grammar), []).extend(entry.senses)
    for (headword, grammar), senses in found.items():
        senses.sort(key=lambda sense: -len(sense.examples))
        yield Entry(headword, grammar, tuple(senses), sum(len(sense.examples) for sense in senses))


def _entry(text: str) -> Entry:
    head, *lines = text.strip("\n").split("\n")
    headword, grammar = _head(head)
    return Entry(headword, grammar, tuple(_senses(lines)))


def _head(line: str) -> tuple[str, tuple[str, ...]]:
    """Return the headword and its grammar."""
    codes = [code for group in _GRAMMAR.findall(line) for code in group.split(", ")]
    words = {word for code in codes for word in _CODES.get(code, [])}
    return _GRAMMAR.sub("", line).partition(" /")[0].strip(), tuple(sorted(words, key=_ORDER.index))


def _is_headword(word: str, headword: str) -> bool:
    """Return whether a word of the list, which has letters, digits and blanks only, is the entry's headword itself.

    First parts of compounds ("Haus…") are none: in a book they are no words.
    """
    return "…" not in headword and _letters(word) == _letters(headword)


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text.casefold())


def _senses(lines: list[str]) -> Iterator[Sense]:
    """Yield the numbered senses of an entry, or its only one."""
    starts = [number for number, line in enumerate(lines) if _NUMBER.match(line)] or [0]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        sense = _read_sense(lines[start:end])
        if sense.text:
            yield sense


def _read_sense(lines: list[str]) -> Sense:
    words: list[str] = []
    examples: list[tuple[str, str]] = []
    notes: list[str] = []
    references: dict[str, list[str]] = {"Synonym": [], "see": []}
    for line in lines:
        name = line.strip().partition(":")[0].removesuffix("s")
        if example := _EXAMPLE.match(line):
            examples.append((example[1], example[2]))
        elif name in references and line.startswith(" "):
            references[name] += _REFERENCE.findall(line)
        elif name == "Note":
            notes.append(line.strip().removeprefix("Note:").strip())
        else:
            words.append(_translation(line))
    return Sense(
        " ".join(word for word in words if word),
        tuple(examples),
        tuple(references["Synonym"][:_MAX_SYNONYMS]),
        tuple(references["see"][:_MAX_REFERENCES]),
        "; ".join(dict.fromkeys(notes)),
    )


def _translation(line: str) -> str:
    """Return a line of translations. Of their grammar, only gender and number tell a reader something."""
    short = _GRAMMAR.sub(lambda found: _gender(found[1]), _PRONUNCIATION.sub("", _NUMBER.sub("", line)))
    return re.sub(r" +(?=[,;.])", "", " ".join(short.split()))


def _gender(grammar: str) -> str:
    codes = [_SHORT[code] for code in grammar.split(", ") if code in _SHORT]
    return f"({', '.join(dict.fromkeys(codes))})" if codes else ""
