"""A fixed-layout page as an XHTML file: its picture, and its words as an invisible layer over it at their positions.

The words can be selected, searched and read aloud. A line is as wide as its box: it is set slightly small, and its
spaces are stretched. People who cannot see the picture hear the author's description and then the words. Without a
description they only hear the words, and the picture is hidden from screen readers, so that nothing is read twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from ..book.model import Book
from ..book.page import SOFT_HYPHEN, Page, PageText, words_of
from .terms import page_title
from .text import attribute, escape, language_tag, one_line

# Share of a line's height: the box reaches from above the accents to below the descenders.
_TYPE_SIZE = 0.72


def page_document(
    book: Book, page: Page, *, title: str, picture: str, style: str, mark: str = "", anchors: Iterable[str] = ()
) -> str:
    """Return the file of a page. `picture` and `style` are URLs relative to it, `mark` is the id of its page break,
    `anchors` are ids that links lead to."""
    tag = language_tag(book.metadata.language)
    language = f' lang="{tag}" xml:lang="{tag}"' if tag else ""
    direction = f' dir="{book.direction}"' if book.direction in ("ltr", "rtl") else ""
    label = attribute(page_title(book.metadata.language, page.label))
    spots = "".join(f'<span id="{anchor}"></span>' for anchor in anchors)
    if mark:
        name = attribute(page.label)
        spots += f'<span id="{mark}" epub:type="pagebreak" role="doc-pagebreak" aria-label="{name}"></span>'
    size = f"width:{page.width}px;height:{page.height}px"
    role = ' role="presentation"' if page.decorative else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"{language}{direction}>\n'
        f"<head>\n<title>{escape(one_line(title))}</title>\n"
        f'<meta name="viewport" content="width={page.width}, height={page.height}"/>\n'
        f'<link rel="stylesheet" type="text/css" href="{style}"/>\n</head>\n'
        f'<body style="{size}">\n<main aria-label="{label}">{spots}\n'
        f'<img src="{picture}" alt="{attribute(alternative(book, page))}"{role} style="{size}"/>\n'
        f"{_words(page)}</main>\n</body>\n</html>\n"
    )


def alternative(book: Book, page: Page) -> str:
    """Return a page's alternative text: the author's description; "" where its words are there or nothing is to be
    described; else its name."""
    if page.decorative:
        return ""
    if page.alt.strip() or words_of(page).strip():
        return one_line(page.alt)
    return page_title(book.metadata.language, page.label)


def _words(page: Page) -> str:
    blocks = [list(lines) for _, lines in groupby(page.lines, key=lambda line: line.block)]
    parts = [f"<p>{_lines(lines)}</p>\n" for lines in blocks]
    parts += [f'<p class="rest">{escape(one_line(text))}</p>\n' for text in page.rest if text.strip()]
    return f'<div class="words">\n{"".join(parts)}</div>\n' if parts else ""


def _lines(lines: list[PageText]) -> str:
    made = ""
    for line in lines:
        joint = "" if line.text.endswith(SOFT_HYPHEN) or line is lines[-1] else " "
        tag = language_tag(line.lang)
        language = f' lang="{tag}" xml:lang="{tag}"' if tag else ""
        text = escape(one_line(line.text.removesuffix(SOFT_HYPHEN)))
        made += f'<span{language} style="{_place(line)}">{text}</span>{joint}'
    return made


def _place(line: PageText) -> str:
    box = f"left:{line.x:g}px;top:{line.y:g}px;width:{line.w:g}px;height:{line.h:g}px"
    if is_vertical(line):
        return f"{box};font-size:{line.w * _TYPE_SIZE:.1f}px;line-height:{line.w:g}px;writing-mode:vertical-rl"
    return f"{box};font-size:{line.h * _TYPE_SIZE:.1f}px;line-height:{line.h:g}px"


def is_vertical(line: PageText) -> bool:
    """Return whether a line runs down the page."""
    return len(line.text) > 1 and line.h > 2 * line.w
