"""What people read for each coded finding and failure: code -> title and advice, filled with its facts.

`messages_source.py` holds the sentences of the gate and the readers, `messages_proof.py` those of pages, this module
those of everything else. The title says what is; the advice says what to do. Neither holds a path or an inner name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import messages_books, messages_fixed, messages_proof, messages_readers, messages_source


@dataclass(frozen=True, slots=True)
class Message:
    """Two sentences or more, ready to show (plain text: escape them for HTML)."""

    title: str
    advice: str


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
    # ------------------------------------------------------------ details of the book
    "metadata.title-missing": (
        "The manuscript names no title.",
        "Give the title on the form, or set it in the file's properties.",
    ),
    "metadata.title-long": (
        "The title is very long ({characters} characters; {limit} are kept).",
        "Shorten it, and move the rest to the subtitle or the description.",
    ),
    "metadata.author-missing": ("The manuscript names no author.", "Add the author on the form."),
    "metadata.language-missing": (
        "The book's language is not known.",
        "Choose it on the form: hyphenation, reading aloud and shops need it.",
    ),
    "metadata.language-wrong": (
        "“{language}” is not the code of a language.",
        "Choose the language on the form: hyphenation, reading aloud and shops need it.",
    ),
    "metadata.isbn-wrong": (
        "The ISBN {isbn} is not valid: its check digit does not fit.",
        "Compare it with the one you were given; a digit is wrong or two are swapped.",
    ),
    # ------------------------------------------------------------ cover
    "cover.drawn": ("A cover was drawn from the title.", "Upload your own whenever you have one."),
    "cover.letters-missing": (
        "A cover was drawn, but the title has letters that no installed font can show.",
        "Upload a cover of your own.",
    ),
    "cover.unusable": (
        "The cover image cannot be read: it is damaged, too large or of an unknown type.",
        "Save it as JPEG or PNG and upload it again.",
    ),
    "cover.drawing": ("The cover is a vector drawing.", "Export it as JPEG or PNG, 1600 x 2560 pixels."),
    "cover.strip": (
        "The cover image is a strip of {width} x {height} pixels.",
        "Upload one in a book's proportions, for example 1600 x 2560 pixels.",
    ),
    "cover.small": (
        "The cover is small ({width} x {height} pixels) and will look blurred.",
        "Upload one that is at least 1600 pixels wide and 2560 high.",
    ),
    "cover.ratio": (
        "The cover has unusual proportions ({width} x {height} pixels).",
        "Shops expect 1.6 times as high as wide, for example 1600 x 2560; others are shown with empty margins.",
    ),
    # ------------------------------------------------------------ pictures
    "image.unusable": (
        "The picture “{name}” is damaged or of an unknown type and was left out.",
        "Save it as JPEG or PNG and insert it again.",
    ),
    "image.too-large": (
        "The picture “{name}” is too large (more than {megapixels} megapixels) and was left out.",
        "Scale it down to about 3000 pixels on the longer side and insert it again.",
    ),
    "image.reduced": (
        "The picture “{name}” was scaled down from {pixels} pixels on its longer side.",
        "Nothing to do: no screen or page in our list shows more.",
    ),
    "image.animated": ("Of the moving picture “{name}” only the first frame is kept.", "Choose the frame you want."),
    "image.svg-stripped": (
        "Parts of the drawing “{name}” that books may not hold were left out ({parts}).",
        "Look at it in the proof; if something is missing, insert it as PNG.",
    ),
    "image.alt-missing": (
        "The picture “{name}” has no description.",
        "Describe it in a sentence (“alt text”) for readers who cannot see it, or mark it as decoration.",
    ),
    "image.small": (
        "The picture “{name}” is only {width} pixels wide.",
        "Use one of {needed} pixels or more, so that it stays sharp.",
    ),
    # ------------------------------------------------------------ structure
    "structure.chapter-empty": ("A chapter has a title but no text.", "Fill it or delete its heading."),
    "structure.chapter-long": (
        "A chapter is very long ({words} words).",
        "Check that no chapter heading was lost; readers like to stop between chapters.",
    ),
    "structure.numbering-gap": (
        "Chapter numbers jump: {found} follows where {expected} was expected.",
        "Check that no chapter is missing or numbered twice.",
    ),
    # ------------------------------------------------------------ typing
    "text.quotes-mixed": (
        "Straight and curly quotation marks are mixed ({count} straight ones).",
        "Replace the straight ones; most programs do it as you type or by search and replace.",
    ),
    "text.double-spaces": ("There are double spaces ({count}).", "Replace two spaces by one throughout."),
    "text.hyphens-for-dash": (
        "“--” stands for a dash ({count} times).",
        "Replace it by an em dash (—) or en dash (–).",
    ),
    "text.tabs": (
        "Tab characters are used for layout ({count}).",
        "Use indents or tables; tabs differ on every screen.",
    ),
    "text.spaced-layout": (
        "Lines are moved by spaces ({count}).",
        "Use alignment or an indent; on other screens the spaces fall apart.",
    ),
    "text.space-before-punctuation": (
        "There are spaces before punctuation marks ({count}).",
        "Delete them, unless the language of that passage wants them.",
    ),
    # ------------------------------------------------------------ tables, links, notes, result
    "table.wide": (
        "A table has {columns} columns; a phone shows {limit} side by side.",
        "It will be turned or stacked there. Split it if readers should compare columns.",
    ),
    "link.dead": ("A link leads to a place that is not in the book.", "Set it again or remove it."),
    "note.missing": ("A note mark ({label}) has no note.", "Write the note or delete the mark."),
    "note.unused": ("A note is not called from anywhere in the text.", "Insert its mark or delete the note."),
    "epub.words-lost": (
        "{words} words of {paragraphs} paragraphs did not arrive in the EPUB.",
        "This is our mistake: please report it, and do not publish this edition yet.",
    ),
    "epub.words-moved": (
        "{words} words of {paragraphs} paragraphs stand elsewhere in the EPUB.",
        "This is our mistake: please report it, and compare the proof with your manuscript.",
    ),
}

MESSAGES: dict[str, tuple[str, str]] = {
    **messages_books.MESSAGES,
    **messages_fixed.MESSAGES,
    **messages_proof.MESSAGES,
    **messages_readers.MESSAGES,
    **messages_source.MESSAGES,
    **_OWN,
}


class _Facts(dict[str, str | int]):
    def __missing__(self, key: str) -> str:
        return "?"


def explain(code: str, facts: Mapping[str, str | int]) -> Message:
    """The sentences for a code. A code without sentences of its own gets those of a plain failure."""
    title, advice = MESSAGES.get(code, MESSAGES["conversion.failed"])
    known = _Facts(facts)
    return Message(title.format_map(known), advice.format_map(known))
