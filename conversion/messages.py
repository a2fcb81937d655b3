"""The text for each coded finding and failure: code -> title and advice, filled in with its facts.

`messages_source.py` holds the sentences of the gate and the readers; `messages_structure.py`, `messages_typing.py` and
`messages_details.py` those of the checks; others those of their area; this module the rest. The title says what is
wrong or was done, the advice what to do. Neither contains a path or an internal name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from conversion.translation_marks import _

from . import (
    fact_terms,
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
    """Two or more sentences, ready to show (plain text: escape them for HTML)."""

    title: str
    advice: str


_IN_BRACKETS = re.compile(r" \([^()]*\{[^()]*\)")
_FACT = re.compile(r"\{(\w+)")
_AGAIN = _("Please try again. If it happens again, contact support. Your file is unchanged.")

_OWN: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ why a conversion stopped
    "conversion.failed": (_("The conversion failed."), _AGAIN),
    "conversion.stopped": (_("The conversion was stopped."), _("You can start it again at any time.")),
    "platform.fault": (_("Something went wrong on our side."), _AGAIN),
    "platform.no-fonts": (
        _("This server has no fonts for books because its set-up was not finished."),
        _(
            "The operator of this server has to run script/bootstrap. Then start the conversion again. Your "
            "file is unchanged."
        ),
    ),
    "engine.failed": (_("Something went wrong on our side while we were making the book."), _AGAIN),
    "child.crashed": (_("The converter ended unexpectedly."), _AGAIN),
    "child.killed": (_("The server ran short of memory while it converted the book."), _AGAIN),
    "pdf.failed": (_("A page of the PDF could not be typeset."), _AGAIN),
    "pdf.helper_died": (_("The PDF typesetter ended unexpectedly."), _AGAIN),
    "job.crashed": (
        _("The converter ended unexpectedly in all {attempts} attempts."),
        _(
            "Save the manuscript again from the program you wrote it with and upload that copy. We have been "
            "notified too."
        ),
    ),
    "job.timed_out": (
        _("The conversion took longer than {minutes} minutes and was stopped."),
        _("Try again later, or make very large pictures smaller and split a very long manuscript."),
    ),
    "platform.no-space": (_("This server has no space left for the files of your book."), _AGAIN),
    "platform.storage": (_("Our file storage could not be reached."), _AGAIN),
    "platform.source_missing": (_("The uploaded file is missing from our storage."), _("Please upload it again.")),
    "platform.source_damaged": (_("The uploaded file was damaged in our storage."), _("Please upload it again.")),
    "platform.artifact_damaged": (_("A finished file was damaged before it could be saved."), _AGAIN),
    "engine.protocol": (_("The converter returned a result that could not be read."), _AGAIN),
    "engine.artifact-mismatch": (_("A finished file does not match what the converter reported."), _AGAIN),
    "sandbox.unavailable": (
        _("Manuscripts cannot be converted here at the moment. This has nothing to do with your file."),
        _(
            "This server lacks protections that it needs to open files safely. Try again once its operator has "
            "set them up."
        ),
    ),
    "source.unreadable": (_("This file cannot be read."), _("Save it again from the program you wrote it with.")),
    "source.not-found": (_("This file was not found."), _("Check the file names of the manuscript and the cover.")),
    "source.too-demanding": (
        _("This file needs more {limit} than a conversion may use."),
        _(
            "Split it into volumes, make large pictures and tables smaller, or save it again from the program you "
            "wrote it with."
        ),
    ),
    "source.paragraph-too-long": (
        _("One paragraph is too long: {characters} characters without a break (the limit is {limit})."),
        _("Divide the text into paragraphs, or check whether its line breaks were lost when it was saved."),
    ),
    "source.table-too-wide": (
        _("A table has too many columns: {columns} (the limit is {limit})."),
        _("Split it into tables that fit a page, or insert it as a picture."),
    ),
    # ------------------------------------------------------------ what was made, and what was not
    "pdf.not-made": (
        _("The PDF for {target} could not be made ({cause})."),
        _(
            "Nothing is lost: your other files are complete. Make the files again. If the PDF fails again, contact "
            "support."
        ),
    ),
    "pdf.plain": (
        _("A chapter is in the PDF as plain text because it could not be laid out ({cause})."),
        _(
            "No words are missing, but its pictures, tables and formatting are. The EPUB has all of it. Make the files "
            "again. If the PDF fails again, contact support."
        ),
    ),
    "pdf.incomplete": (
        _("Some PDFs were made without these parts: {missing} ({cause})."),
        _(
            "No words of your text are missing. We have been notified. Make the files again. If the parts are missing "
            "again, contact support."
        ),
    ),
    "epub.incomplete": (
        _("The EPUB was made without these parts: {missing} ({cause})."),
        _(
            "No words of your text are missing. We have been notified. Make the files again. If the parts are missing "
            "again, contact support."
        ),
    ),
    "matter.not-made": (
        _("Some front or back pages could not be made: {missing} ({cause})."),
        _(
            "The rest of the book is complete. We have been notified. Make the files again, or write these pages in "
            "your manuscript."
        ),
    ),
    "fix.failed": (
        _("A remark could not be corrected for you (“{fix}”)."),
        _(
            "The book is as it would be without this correction. We have been notified. Correct your manuscript, or "
            "try again later."
        ),
    ),
    "patch.failed": (
        _("Some of your corrections could not be applied ({count})."),
        _(
            "Nothing is lost: they are listed with those that do not fit. We have been notified. Make the files again "
            "before you publish, or make these corrections anew."
        ),
    ),
    "epub.chapter-plain": (
        _("A chapter is in the book as plain text because it could not be written as it is formatted."),
        _(
            "No words and no notes are missing, but its pictures, tables and formatting are. We have been notified. "
            "Make the files again later, or compare this chapter with your manuscript before you publish."
        ),
    ),
    "check.failed": (
        _("Some of our checks could not be run on this book ({count})."),
        _("Your files are complete, but there may be fewer remarks than usual. We have been notified."),
    ),
    "pdf.fallback": (
        _("Some pages of the PDF were laid out by our backup typesetter."),
        _("No words are missing, but spacing may differ from the other chapters. We have been notified."),
    ),
    "pdf.formula-as-text": (
        _("Some formulas could not be drawn in the PDF and appear there as text ({count})."),
        _("The EPUB shows them as formulas. For the PDF, write them more simply or insert them as pictures."),
    ),
    "artifact.not-made": (
        _("A file could not be made: {file} ({cause})."),
        _(
            "Nothing is lost: your other files are complete. Make the files again. If the file fails again, contact "
            "support."
        ),
    ),
    "epub.words-lost": (
        _("Words are missing from the EPUB (words: {words}, paragraphs: {paragraphs})."),
        _("This is our mistake: please report it, and do not publish this edition yet."),
    ),
    "epub.words-moved": (
        _("Words are in the wrong place in the EPUB (words: {words}, paragraphs: {paragraphs})."),
        _("This is our mistake: please report it, and compare the proof with your manuscript."),
    ),
    "epub.words-doubled": (
        _("Words appear twice in the EPUB (words: {words}, paragraphs: {paragraphs})."),
        _("This is our mistake: please report it, and compare the proof with your manuscript."),
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
    """Facts as sentences show them: large numbers with thousands separators, the engine's words translated."""

    def __init__(
        self, facts: Mapping[str, str | int], translate: Callable[[str], str], number: Callable[[int], str]
    ) -> None:
        def shown(name: str, fact: str | int) -> str | int:
            if isinstance(fact, str):
                return _fix(fact, translate) if name == "fix" else fact_terms.translate_fact(name, fact, translate)
            return number(fact) if _is_large(fact) else fact

        super().__init__({name: shown(name, fact) for name, fact in facts.items()})

    def __missing__(self, key: str) -> str:
        return "?"


def explain(
    code: str,
    facts: Mapping[str, str | int],
    *,
    translate: Callable[[str], str] = str,
    number: Callable[[int], str] = "{:,}".format,
) -> Message:
    """Return the sentences for a code, or those of a plain failure for a code without sentences of its own.

    `translate` puts sentences, and words of the vocabulary, into the reader's language; `number` formats large numbers.
    """
    title, advice = MESSAGES.get(code, MESSAGES["conversion.failed"])
    known = _Facts(facts, translate, number)
    return Message(_with_known(translate(title), facts).format_map(known), translate(advice).format_map(known))


def _fix(code: str, translate: Callable[[str], str]) -> str:
    """Return what a fix corrects, for the middle of a sentence."""
    return _IN_BRACKETS.sub("", translate(MESSAGES[code][0])).rstrip(".") if code in MESSAGES else code


def _with_known(title: str, facts: Mapping[str, str | int]) -> str:
    """Leave out what is in brackets where its fact is not known."""
    return _IN_BRACKETS.sub(
        lambda found: found[0] if all(name in facts for name in _FACT.findall(found[0])) else "", title
    )


def subject(code: str) -> str:
    """Return what a code is about: its title without counts and other facts in brackets."""
    return _IN_BRACKETS.sub("", MESSAGES.get(code, MESSAGES["conversion.failed"])[0])
