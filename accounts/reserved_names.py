"""Reserved names: those that sound as if the shop itself spoke.

A name like "Octavo Support" next to a review or a book would be believed. Names are compared by how they look:
look-alike letters count as the same, and spaces, signs and accents are ignored. There is no exception, not even for
staff: the shop speaks through its own pages and emails.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from confusable_homoglyphs import confusables
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Each of these is reserved by itself, and so is any name that has the shop's name next to one of them.
_OFFICES = (
    "admin administrator customercare customerservice helpdesk kundendienst kundenservice moderator moderation "
    "moderators mitarbeiter operator siteadmin staff support sysadmin systemadministrator webmaster"
)
# Reserved only together with one of those, or as a word next to the shop's name.
_COMPANY = (
    "abteilung account accounts author billing book books bookshop bot buchhaltung care center centre "
    "chat client com contact customer desk editor editorial editors finance "
    "help helpline hilfe hotline inc info kontakt legal line ltd mail marketplace member net newsletter "
    "office official offiziell online org payment payments payout payouts press publishing reader readers "
    "redaktion refund refunds security seller service services shop sicherheit site store system team "
    "user verified verifiziert verlag zahlung zahlungen"
)
# Filler words between those.
_SMALL = "a an and at by das dem der des die for from fur of our the und vom von we"
# Digits that stand for letters. The library knows the other look-alikes.
_DIGITS = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"})
_NOT_LETTERS = re.compile(r"[^a-z]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
# Easily mistaken for each other; both sides of every comparison are normalised this way.
_ALIKE = (("rn", "m"), ("vv", "w"), ("i", "l"), ("j", "l"))


def refuse_reserved(name: str) -> None:
    """Validate a display name in forms. Raises ValidationError."""
    if is_reserved(name):
        raise ValidationError(
            _("Readers could mistake this name for the shop’s. Choose a different one."), code="name_reserved"
        )


def is_reserved(name: str) -> bool:
    """Return whether the name consists only of the shop's words, one of them its name or an office, or contains the
    shop's name and one of these words, whatever else.
    """
    return _is_made_of_them(name) or _names_the_shop(name)


def _names_the_shop(name: str) -> bool:
    looks, offices = _looks_of(name), map(_looks_of, _OFFICES.split())
    if _looks_of(settings.SITE_NAME) not in looks:
        return False
    company = set(map(_looks_of, _COMPANY.split()))
    return any(office in looks for office in offices) or any(
        _looks_of(word) in company for word in _BETWEEN_WORDS.split(name)
    )


def _is_made_of_them(name: str) -> bool:
    looks = _looks_of(name)
    strong, weak = _words()
    # Reached so far: up to which letter, and whether a word that is reserved by itself was used.
    reached = {(0, False)}
    for start in range(len(looks)):
        for is_strong in (found for at, found in list(reached) if at == start):
            reached |= {(start + len(w), True) for w in strong if looks.startswith(w, start)}
            reached |= {(start + len(w), is_strong) for w in weak if looks.startswith(w, start)}
    return (len(looks), True) in reached


@lru_cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    strong = [settings.SITE_NAME, *_OFFICES.split()]
    return frozenset(map(_looks_of, strong)), frozenset(map(_looks_of, [*_COMPANY.split(), *_SMALL.split()]))


def _looks_of(name: str) -> str:
    """Return the name as a reader sees it: lower-case Latin letters without accents, spaces and signs."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    letters = "".join(_latin(letter) for letter in plain).translate(_DIGITS)
    looks = _NOT_LETTERS.sub("", letters)
    for seen, taken_for in _ALIKE:
        looks = looks.replace(seen, taken_for)
    return looks


@lru_cache(maxsize=4096)
def _latin(letter: str) -> str:
    """Return the lower-case Latin letter that this one looks like, or the letter itself."""
    if letter.isascii() or not letter.isalpha():
        return letter
    plain = (unicodedata.normalize("NFKD", alike).casefold() for alike in [*_alike(letter), *_alike(letter.upper())])
    return next((text for text in plain if text.isascii() and text.isalpha()), letter)


def _alike(letter: str) -> list[str]:
    found = confusables.is_confusable(letter, greedy=True, preferred_aliases=[]) or []
    return [other["c"] for one in found for other in one["homoglyphs"]]
