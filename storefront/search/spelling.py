"""Spelling correction: for each word of a query, the known words one typing mistake away.

A typing mistake is a letter changed, added, left out or swapped with its neighbour. All spellings one mistake away,
about five hundred, are looked up at once. This needs no index except that of words, and no database extension.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from string import ascii_lowercase

from common.search_text import MAX_WORD_LENGTH, is_unspaced, normalize
from storefront.search.backend import Group, Groups, Term
from storefront.search.databases import get_backend
from storefront.search.models import SearchWord
from storefront.search.query import ParsedQuery

_MIN_LENGTH = 3
_MIN_PREFIX = 2
_MAX_NEIGHBOURS = 8
_BLOCK = 0x80  # Unicode blocks: letters of one script are in one


def known_words(words: Iterable[str]) -> set[str]:
    """Return those of the words that occur in some title or name."""
    return set(SearchWord.objects.filter(word__in=set(words)).values_list("word", flat=True))


def neighbours(words: Iterable[str]) -> dict[str, list[str]]:
    """Return the known words one mistake away from each word, the most frequent first, with one query for all."""
    near = {word: edits(word) for word in words if is_correctable(word)}
    if not near:
        return {}
    rows = SearchWord.objects.filter(word__in=set().union(*near.values())).order_by("-books", "word")
    found = list(rows.values_list("word", flat=True))
    return {word: [one for one in found if one in wanted][:_MAX_NEIGHBOURS] for word, wanted in near.items()}


def is_correctable(word: str) -> bool:
    """Return whether a word can be corrected: long enough, not a number, and not a pair of letters."""
    return _MIN_LENGTH <= len(word) < MAX_WORD_LENGTH and not word.isdecimal() and not is_unspaced(word)


def edits(word: str) -> set[str]:
    """Return every other spelling one mistake away.

    For the shortest words, these are only spellings with one letter more, because nearly every other spelling is a
    word, too.
    """
    letters = _letters_beside(word)
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {left + letter + right for left, right in splits for letter in letters}
    if len(word) > _MIN_LENGTH:
        found |= {left + right[1:] for left, right in splits if right}
        found |= {left + letter + right[1:] for left, right in splits if right for letter in letters}
        found |= {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    return found - {word}


def single_words(terms: Iterable[Term]) -> list[str]:
    """Return the terms that are a single word. Phrases and pairs of letters are taken literally."""
    return [term.words[0] for term in terms if len(term.words) == 1]


def typed(query: ParsedQuery, known: Collection[str]) -> Groups:
    """Return the query as typed. An unknown last word is treated as a prefix."""
    groups = [(term,) for term in query.terms]
    last = query.terms[-1]
    word = last.words[-1]
    is_word = len(last.words) == 1 and not is_unspaced(word)
    if query.is_unfinished and is_word and word not in known and len(word) >= _MIN_PREFIX:
        groups[-1] = (Term((word,), is_prefix=True),)
    return tuple(groups)


def has_unknown_words(groups: Groups, known: Collection[str]) -> bool:
    """Return whether some word is unknown and, where it may be a prefix, not the prefix of a known one."""
    return any(
        not (term.is_prefix and get_backend().has_word_beginning(term.words[0]))
        for (term, *_others) in groups
        if len(term.words) == 1 and is_correctable(term.words[0]) and term.words[0] not in known
    )


def corrected(groups: Groups, known: Collection[str]) -> Groups:
    """Return the query with typing mistakes corrected.

    An unknown word matches only its neighbours, a known one itself or them.
    """
    near = neighbours(single_words(term for group in groups for term in group))
    return tuple(_corrected(group[0], known, near) for group in groups)


def _corrected(term: Term, known: Collection[str], near: dict[str, list[str]]) -> Group:
    found = near.get(term.words[0], []) if len(term.words) == 1 else []
    others = tuple(Term((word,)) for word in found)
    is_meant = term.words[0] in known or term.is_prefix or not others
    return (term, *others) if is_meant else others


def _letters_beside(word: str) -> str:
    """Return the letters of the word's scripts, as they occur in normalized words."""
    return "".join(_block(start) for start in sorted({ord(letter) // _BLOCK * _BLOCK for letter in word}))


@lru_cache(maxsize=256)
def _block(start: int) -> str:
    if start == 0:
        return ascii_lowercase
    letters = [chr(number) for number in range(start, start + _BLOCK)]
    return "".join(one for one in letters if one.isalnum() and normalize(one) == one)
