"""Looks up a word of a book in the dictionaries of its language."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from django.conf import settings

from storefront.reading.dictionaries import files
from storefront.reading.dictionaries.english import base_forms
from storefront.reading.dictionaries.entries import About, Entry
from storefront.reading.dictionaries.files import Dictionary
from storefront.reading.dictionaries.stems import stems_of
from storefront.reading.dictionaries.words import MAX_WORDS, can_be_looked_up, key_of

_MAX_ENTRIES = 12
_MAX_STEMMED = 4  # words that a form may be of
_JOINTS = re.compile("[-']")
_PARTS = {"noun", "verb", "adjective", "adverb"}


@dataclass(frozen=True, slots=True)
class Found:
    """What one dictionary has."""

    about: About
    entries: list[Entry]


def dictionaries_for(language: str) -> list[Dictionary]:
    """Return the dictionaries for books in a language (BCP 47)."""
    spoken = language.partition("-")[0].lower()
    return [one for one in files.installed(settings.DICTIONARIES_DIR) if one.about.language == spoken]


def look_up(word: str, language: str) -> list[Found]:
    """Return what the dictionaries of a language say of a word or a short phrase, in whatever form it is."""
    key = key_of(word)
    if not can_be_looked_up(key):
        return []
    found = [Found(one.about, _entries(one, key)) for one in dictionaries_for(language)]
    return [one for one in found if one.entries]


def _entries(dictionary: Dictionary, key: str) -> list[Entry]:
    with dictionary.opened() as file:
        find = partial(_find, file, dictionary.about.language)
        entries = find(key) or [entry for part in _parts(key) for entry in find(part)]
    return entries[:_MAX_ENTRIES]


def _find(file: sqlite3.Connection, language: str, key: str) -> list[Entry]:
    if language == "en":
        return _of_english(file, key)
    bases = [base for _, base in files.exceptions_of(file, key)]
    return _of_keys(file, [key, *bases]) or _of_stem(file, language, key)


def _parts(key: str) -> list[str]:
    """Return the parts of "dining-parlour" and "l'amour", which may be known when the whole is not."""
    return [part for part in _JOINTS.split(key) if len(part) > 1][:MAX_WORDS]


def _of_english(file: sqlite3.Connection, key: str) -> list[Entry]:
    forms = base_forms(key, lambda form: files.exceptions_of(file, form))
    entries = _of_keys(file, sorted({form for _, form in forms}))
    known = [entry for entry in entries if any(_is_form(entry, part, form) for part, form in forms)]
    return sorted(known, key=lambda entry: (-entry.weight, key_of(entry.headword) != key))


def _is_form(entry: Entry, part: str, form: str) -> bool:
    """Return whether an entry is the base form as that part of speech. Some dictionaries do not say what nouns are."""
    is_part = not part or part in entry.grammar or not _PARTS & set(entry.grammar)
    return is_part and key_of(entry.headword) == form


def _of_stem(file: sqlite3.Connection, language: str, key: str) -> list[Entry]:
    """Return the words whose stem is the same, of which some have little to do with this one: the most similar ones."""
    keys = [found for stem in stems_of(key, language) for found in files.keys_with_stem(file, stem)]
    keys.sort(key=lambda one: (-_letters_shared(one, key), len(one), one))
    return _of_keys(file, keys[:_MAX_STEMMED])


def _letters_shared(one: str, other: str) -> int:
    """Return how many letters two words begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _of_keys(file: sqlite3.Connection, keys: list[str]) -> list[Entry]:
    return [entry for key in dict.fromkeys(keys) for entry in files.entries_of(file, key)]
