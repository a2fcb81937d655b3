"""What people read for each coded finding and failure: code -> title and advice, filled with its facts.

`messages_source.py` holds the sentences of the gate and the readers, `messages_structure.py`, `messages_typing.py`
and `messages_details.py` those of the checks, others those of their area, this module the rest. The title says what
is; the advice says what to do. Neither holds a path or an inner name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from . import (
    messages_books,
    messages_details,
    messages_fixed,
    messages_proof,
    messages_readers,
    messages_source,
    messages_structure,
    messages_typing,
)


@dataclass(frozen=True, slots=True)
class Message:
    """Two sentences or more, ready to show (plain text: escape them for HTML)."""

    title: str
    advice: str


_IN_BRACKETS = re.compile(r" \([^()]*\{[^()]*\)")
_AGAIN = "Please try again; if it happens twice, write to support. Your file is unchanged."

_OWN: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ why a conversion stopped
    "conversion.failed": ("The conversion failed.", _AGAIN),
    "conversion.stopped": ("The conversion was stopped.", "Start it again whenever you like."),
    "platform.fault": ("Something went wrong on our side.", _AGAIN),
    "engine.failed": ("Something went wrong on our side while making the book.", _AGAIN),
    "child.crashed": ("The converter ended unexpectedly.", _AGAIN),
    "pdf.failed": ("A page of the PDF could not be set.", _AGAIN),
    "pdf.helper_died": ("A helper that sets PDF pages ended unexpectedly.", _AGAIN),
    "job.crashed": (
        "The converter ended unexpectedly, in each of {attempts} attempts.",
        "Save the manuscript again from the program you wrote it with and upload that copy; we have been told too.",
    ),
    "job.timed_out": (
        "The conversion took longer than {minutes} minutes and was ended.",
        "Try again later, or make very large pictures smaller and split a very long manuscript.",
    ),
    "platform.storage": ("The file store could not be reached.", _AGAIN),
    "platform.source_missing": ("The uploaded file is missing from our store.", "Please upload it again."),
    "platform.source_damaged": ("The uploaded file was damaged in our store.", "Please upload it again."),
    "platform.artifact_damaged": ("A finished file was damaged before it could be kept.", _AGAIN),
    "engine.protocol": ("The converter gave an answer that could not be read.", _AGAIN),
    "engine.artifact-mismatch": ("A finished file was not what it should have been.", _AGAIN),
    "sandbox.unavailable": (
        "This server cannot convert safely: it lacks {missing}.",
        "Its operator has to provide these protections; see the manual's page on conversion.",
    ),
    "source.unreadable": ("This file cannot be read.", "Save it again from the program you wrote it with."),
    "source.not-found": ("There is no such file.", "Check the name of the manuscript and of the cover."),
    "source.too-demanding": (
        "This file asks for too much {limit} to be converted; a limit was exceeded.",
        "Split it into volumes, make large pictures and tables smaller, or save it again from the program you "
        "wrote it with.",
    ),
    "source.paragraph-too-long": (
        "One paragraph is too long: {characters} characters without a break (the limit is {limit}).",
        "Divide the text into paragraphs, or check that its line breaks were not lost when it was saved.",
    ),
    "source.table-too-wide": (
        "A table has too many columns: {columns} (the limit is {limit}).",
        "Split it into tables that fit a page, or put it in as a picture.",
    ),
    # ------------------------------------------------------------ what was made
    "epub.words-lost": (
        "Words did not arrive in the EPUB (words: {words}, paragraphs: {paragraphs}).",
        "This is our mistake: please report it, and do not publish this edition yet.",
    ),
    "epub.words-moved": (
        "{words} words of {paragraphs} paragraphs stand elsewhere in the EPUB.",
        "This is our mistake: please report it, and compare the proof with your manuscript.",
    ),
    "epub.words-doubled": (
        "{words} words of {paragraphs} paragraphs stand twice in the EPUB.",
        "This is our mistake: please report it, and compare the proof with your manuscript.",
    ),
}

MESSAGES: dict[str, tuple[str, str]] = {
    **messages_books.MESSAGES,
    **messages_details.MESSAGES,
    **messages_fixed.MESSAGES,
    **messages_proof.MESSAGES,
    **messages_readers.MESSAGES,
    **messages_source.MESSAGES,
    **messages_structure.MESSAGES,
    **messages_typing.MESSAGES,
    **_OWN,
}


def _is_large(fact: str | int) -> TypeGuard[int]:
    return isinstance(fact, int) and fact >= 10_000


class _Facts(dict[str, str | int]):
    """Facts as sentences show them: large numbers in groups of three digits."""

    def __init__(self, facts: Mapping[str, str | int], number: Callable[[int], str]) -> None:
        super().__init__({name: number(fact) if _is_large(fact) else fact for name, fact in facts.items()})

    def __missing__(self, key: str) -> str:
        return "?"


def explain(
    code: str, facts: Mapping[str, str | int], *, number: Callable[[int], str] = "{:,}".format
) -> Message:
    """The sentences for a code. A code without sentences of its own gets those of a plain failure; `number` writes
    large numbers."""
    title, advice = MESSAGES.get(code, MESSAGES["conversion.failed"])
    known = _Facts(facts, number)
    return Message(title.format_map(known), advice.format_map(known))


def subject(code: str) -> str:
    """What a code is about: its title without counts and other facts in brackets."""
    return _IN_BRACKETS.sub("", MESSAGES.get(code, MESSAGES["conversion.failed"])[0])
