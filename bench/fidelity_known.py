"""Differences that are known, with the reason: part of `bench/fidelity.py`. What is not listed here fails the bench."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """At most so many differences of each kind in `most`, for one opinion about one file, are right as they are."""

    file: str
    opinion: str
    reason: str
    most: dict[str, int]


_COVER = "the cover page, which is made anew from the cover picture"
_PANDOC_EPUB = (
    "pandoc counts cover, contents and title pages, numbers of pages and of notes and links back from notes as text, "
    "takes b for strong and var for code wherever they stand, and glues numbers of notes to words; a reader of the "
    "pages themselves finds no such difference (next row)"
)
_TITLE_BLOCK = "the file's own title block, which becomes the title page"
_NOTES_HEADING = "the heading of the source's notes: notes stand with their chapters now"
_NO_PICTURES = "pictures that lie beside the file and were not uploaded; each is told"
_NO_TEXT = "nothing to read in it: refused with a sentence"
_TOLD = "a diagram or chart told in words, which others leave out"
_NUMBER = "a number that Word or Writer makes and others leave out"
_CONTENTS = "a contents list that Word made; the book has its own"
_CAPTION = "a caption, which stands with its table"

KNOWN: tuple[Known, ...] = (
    Known(
        "childrens-literature.epub",
        "pandoc",
        _PANDOC_EPUB,
        {"words-lost": 189, "words-extra": 1, "links-lost": 94, "images-lost": 2, "headings-lost": 2, "items-lost": 94},
    ),
    Known("childrens-literature.epub", "pages", _COVER, {"images-lost": 1}),
    Known("cole-voyage-of-life.epub", "pandoc", _COVER, {"images-lost": 1}),
    Known("diagram.docx", "*", _TOLD, {"words-extra": 3}),
    Known("shp-inline-shape-access.docx", "*", _TOLD, {"words-extra": 41}),
    Known(
        "metadata_after_normal.docx",
        "pandoc",
        "what pandoc takes for metadata is text here, and the other way round",
        {"words-lost": 8, "words-extra": 28},
    ),
    Known("metadata_after_normal.docx", "mammoth", "title and authors, which become the title page", {"words-lost": 9}),
    Known("numbered_header.docx", "*", _NUMBER, {"words-extra": 1}),
    Known("expressionUnevaluated.odt", "pandoc", _NUMBER, {"words-extra": 1}),
    Known("pageref.docx", "*", _CONTENTS, {"words-lost": 4, "links-lost": 2}),
    Known("table_captions_no_field.docx", "*", _CAPTION, {"headings-lost": 1}),
    Known("tableWithCaption.odt", "pandoc", _CAPTION, {"words-lost": 4, "words-extra": 4}),
    Known(
        "table_gridbefore.docx",
        "pandoc",
        "a cell in a row that begins late, which pandoc leaves out",
        {"words-extra": 2},
    ),
    Known("task_list.docx", "mammoth", "an item within an item, which mammoth counts twice", {"items-lost": 1}),
    Known("tbl-having-tables.docx", "engine", _NO_TEXT, {"refused source.no-text": 1}),
    Known("hiddenTextByVariable.odt", "engine", _NO_TEXT, {"refused source.no-text": 1}),
    Known("imageRelative.odt", "engine", _NO_TEXT, {"refused source.no-text": 1}),
    Known("sourceText.odt", "pandoc", "Writer's style for source text is code here", {"emphasis-lost": 2}),
    Known(
        "flatland.epub",
        "pandoc",
        _PANDOC_EPUB,
        {
            "words-lost": 12,
            "words-extra": 7,
            "strong-lost": 119,
            "code-lost": 63,
            "links-lost": 8,
            "headings-lost": 1,
            "items-lost": 4,
        },
    ),
    Known("flatland.epub", "pages", _NOTES_HEADING, {"words-lost": 1, "headings-lost": 2}),
    Known(
        "flatland.html",
        "pandoc",
        f"{_TITLE_BLOCK}; {_NO_PICTURES}; pandoc takes var for code",
        {"words-lost": 4, "code-lost": 37, "images-lost": 10, "headings-lost": 1},
    ),
    Known("flatland.html", "pages", f"{_TITLE_BLOCK}; {_NO_PICTURES}", {"images-lost": 10, "headings-lost": 1}),
    Known("flatland.md", "pandoc", _NO_PICTURES, {"images-lost": 10}),
    Known(
        "kusamakura-japanese-vertical-writing.epub",
        "pandoc",
        "pandoc takes readings of ruby for text, and letters with emphasis dots for strong ones",
        {"words-lost": 13950, "words-extra": 250, "strong-lost": 53},
    ),
    Known(
        "linear-algebra.epub",
        "pandoc",
        _PANDOC_EPUB,
        {"words-lost": 14, "links-lost": 1, "headings-lost": 1, "items-lost": 1},
    ),
    Known(
        "poe-poetry.epub",
        "pandoc",
        _PANDOC_EPUB,
        {
            "words-lost": 40,
            "words-extra": 26,
            "strong-lost": 24,
            "links-lost": 98,
            "headings-lost": 1,
            "items-lost": 49,
        },
    ),
    Known("poe-poetry.epub", "pages", _NOTES_HEADING, {"words-lost": 1, "headings-lost": 1}),
    Known("poe-poetry.html", "pandoc", _TITLE_BLOCK, {"words-lost": 4, "headings-lost": 1}),
    Known("poe-poetry.html", "pages", _TITLE_BLOCK, {"headings-lost": 1}),
    Known("pride-and-prejudice.epub", "pandoc", _PANDOC_EPUB, {"words-extra": 1, "strong-lost": 13}),
    Known("pride-and-prejudice.html", "pandoc", _TITLE_BLOCK, {"words-lost": 5, "headings-lost": 1}),
    Known("pride-and-prejudice.html", "pages", _TITLE_BLOCK, {"headings-lost": 1}),
    Known(
        "war-and-peace.epub",
        "pandoc",
        _PANDOC_EPUB,
        {
            "words-lost": 14,
            "words-extra": 25,
            "strong-lost": 24,
            "links-lost": 274,
            "headings-lost": 1,
            "items-lost": 137,
        },
    ),
    Known("war-and-peace.html", "pandoc", _TITLE_BLOCK, {"words-lost": 5, "headings-lost": 1}),
    Known("war-and-peace.html", "pages", _TITLE_BLOCK, {"headings-lost": 1}),
    Known("war-and-peace.epub", "pages", _NOTES_HEADING, {"words-lost": 1, "headings-lost": 1}),
    Known(
        "regime-anticancer-arabic.epub", "pandoc", _PANDOC_EPUB, {"words-lost": 14, "links-lost": 2, "images-lost": 2}
    ),
    Known(
        "regime-anticancer-arabic.epub",
        "pages",
        f"a link back from a note, with its number; {_COVER}",
        {"words-lost": 1, "links-lost": 1, "images-lost": 1},
    ),
    Known(
        "rust-book.md",
        "pandoc",
        "links to files of a web site that were not uploaded (told, with the first of them), captions in raw HTML "
        "that pandoc drops, headings in quotations, which are strong lines here, and the title of the title page",
        {
            "words-lost": 9,
            "words-extra": 157,
            "link-lost": 399,
            "heading-lost": 67,
            "links-lost": 115,
            "headings-lost": 15,
        },
    ),
)


def explain(file: str, opinion: str, kind: str, amount: int) -> str:
    """The reason for a difference, or "" when it is not explained, or larger than was explained."""
    for known in KNOWN:
        if known.file == file and known.opinion in (opinion, "*") and amount <= known.most.get(kind, 0):
            return known.reason
    return ""
