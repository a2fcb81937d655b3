"""Sentences for the shapes of the EPUB, the exports and the repairs."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ shapes of the EPUB
    "epub.pages-unmarked": (
        "The EPUB has no list of the print edition's pages.",
        "Too few of the {pages} pages could be found again in the text; the EPUB is complete without it.",
    ),
    "kindle.language": (
        "Kindle does not list the language “{language}”.",
        "Send to Kindle may refuse the file without saying why; every other reader takes the EPUB as it is.",
    ),
    "kindle.too-large": (
        "The Kindle file is {size_mb} MB; Send to Kindle takes {limit_mb} MB at most.",
        "Make large pictures smaller, or divide the book into volumes.",
    ),
    "kindle.large-for-mail": (
        "The Kindle file is {size_mb} MB, too large to be sent by mail.",
        "Readers can send it through the website or the app; by mail {limit_mb} MB are the limit.",
    ),
    "kindle.formulas-kept": (
        "The Kindle file keeps its {count} formulas as MathML.",
        "Newer Kindles show them well. In books with fewer formulas they become pictures for older ones too.",
    ),
}
