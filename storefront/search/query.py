"""Parse what a reader typed: words, phrases in quotes, words to leave out, or an ISBN."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum import isbn
from stdnum.exceptions import ValidationError

from common.search_text import bigrams, ends_in_word, is_unspaced, runs
from storefront.search.backend import Term

MAX_QUERY_LENGTH = 200
MAX_KEY_LENGTH = 100
MAX_TERMS = 8
_QUOTES = str.maketrans(dict.fromkeys("„“”«»「」『』", '"'))
_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
# Articles at the beginning of a title, which readers may leave out or add.
ARTICLES = frozenset(
    [
        *("the", "a", "an", "der", "die", "das", "den", "ein", "eine", "le", "la", "les", "un", "une", "el", "los"),
        *("las", "una", "il", "lo", "gli", "o", "os", "um", "uma", "de", "het", "een", "det", "en", "ett"),
    ]
)
# Letters that no ISBN contains, to rule out most texts at once.
_NOT_IN_ISBN = re.compile("[A-WYZa-wyz]")


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """`terms` are the search terms in order, without an article before other words.

    `title` is the whole query in the form of a title's key, `without` is what books must not contain.
    """

    terms: tuple[Term, ...] = ()
    title: str = ""
    without: tuple[Term, ...] = ()
    is_unfinished: bool = False  # the last word may be incomplete

    @property
    def is_plain(self) -> bool:
        """Whether the query is just the words of one title: no phrase, nothing left out."""
        return not self.without and not any(len(term.words) > 1 for term in self.terms)


def parse(text: str) -> ParsedQuery:
    """Parse any text. Whatever makes no sense is ignored."""
    text = text[:MAX_QUERY_LENGTH].translate(_QUOTES)
    if number := isbn_of(text.strip()):
        return ParsedQuery((Term((number,)),), number)
    terms: list[Term] = []
    without: list[Term] = []
    is_quoted = False
    for part in _PART.finditer(text):
        is_quoted = part["word"] is None
        found = _phrase(part["phrase"]) if is_quoted else _terms(part["word"])
        (without if part["minus"] else terms).extend(found)
    return ParsedQuery(
        terms=_without_article(terms)[:MAX_TERMS],
        title=without_article(" ".join(word for term in terms for word in term.words))[:MAX_KEY_LENGTH],
        without=tuple(one for one in without if one not in terms)[:MAX_TERMS],
        is_unfinished=ends_in_word(text) and not is_quoted and len(terms) <= MAX_TERMS,
    )


def _terms(text: str) -> list[Term]:
    """Return a term for each word. A single letter of a script without spaces is the beginning of a pair."""
    return [Term(tuple(bigrams(run)), is_prefix=len(run) == 1 and is_unspaced(run)) for run in runs(text)]


def _phrase(text: str) -> list[Term]:
    """Return adjacent words as one term."""
    found = _terms(text)
    return [Term(tuple(word for term in found for word in term.words), found[-1].is_prefix)] if found else []


def _without_article(terms: list[Term]) -> tuple[Term, ...]:
    is_article = len(terms) > 1 and len(terms[0].words) == 1 and terms[0].words[0] in ARTICLES
    return tuple(terms[1:] if is_article else terms)


def without_article(key: str) -> str:
    """Return a title's normalized words without an article before them."""
    first, _, rest = key.partition(" ")
    return rest if rest and first in ARTICLES else key


def isbn_of(text: str) -> str:
    """Return the thirteen digits of an ISBN in any of its forms; "" for anything else."""
    if _NOT_IN_ISBN.search(text):
        return ""
    try:
        return str(isbn.to_isbn13(isbn.validate(text)).replace("-", "").replace(" ", ""))
    except ValidationError:
        return ""
