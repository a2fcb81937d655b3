"""A chapter of the web book as HTML that is safe to embed in our pages.

The engine has already rebuilt it from a closed set of elements. It is sanitised again here, because this is the one
place where a book's markup appears next to our own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import nh3
from lxml import etree, html

from conversion import selectors as conversion_selectors
from conversion.errors import ChapterNotFound
from conversion.models import ConversionJob
from conversion.selectors import WebBook

_TEXT = (
    "a abbr aside b bdo blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 "
    "h3 h4 h5 h6 hr i img ins kbd li ol p pre q rp rt ruby s samp section small span strong sub sup table "
    "tbody td tfoot th thead tr u ul var"
)
_MATHS = (
    "math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms "
    "mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover"
)
_ATTRIBUTES = {
    "*": {"class", "dir", "id", "lang", "role"},
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "math": {"alttext", "display"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LOWEST_HEADING = 6
# Prefix for a book's classes and ids, so that they never match ours: nothing in a book can look like a button of the
# shop, and none of our links or labels can point into a book.
BOOK_PREFIX = "bk-"
_ROLE_PREFIX = "doc-"  # DPUB-ARIA roles, such as notes and note references; books get no buttons or alerts
_BLOCKS = "aside blockquote dl div figure h1 h2 h3 h4 h5 h6 hr ol p pre section table ul"
_XHTML_BODY = "{http://www.w3.org/1999/xhtml}body"

type Address = Callable[[str], str]


def chapter_html(
    job: ConversionJob,
    book: WebBook,
    chapter_id: str,
    *,
    chapter: Address,
    file: Address,
    below_level: int = 0,
    most_characters: int = 0,
) -> str:
    """Return the chapter's body. `chapter` and `file` return the URL of a chapter's page and of a picture.

    Headings are lowered to below the page's own heading of level `below_level`. With `most_characters`, only blocks
    that begin within that many characters are included. Raises ChapterNotFound.
    """
    data = conversion_selectors.web_member(job, book.chapter(chapter_id).href)
    pages = {known.href.rpartition("/")[2]: known.id for known in book.chapters}

    def address(url: str) -> str | None:
        path, _hash, fragment = url.partition("#")
        anchor = f"#{BOOK_PREFIX}{fragment}" if fragment else ""
        if not path:
            return anchor
        name = path.rpartition("/")[2]
        if name in pages:
            return chapter(pages[name]) + anchor
        return file(f"assets/{name}") if path.startswith("../assets/") else None

    return nh3.clean(
        _body(data, below_level, most_characters),
        tags={*_TEXT.split(), *_MATHS.split()},
        attributes=_ATTRIBUTES,
        attribute_filter=_of_a_book,
        url_schemes={"http", "https", "mailto"},
        url_relative=address,
        id_prefix=BOOK_PREFIX,
    )


def book_classes(value: str) -> str:
    """Prefix a book's class names: "note small" -> "bk-note bk-small"."""
    return " ".join(f"{BOOK_PREFIX}{name}" for name in value.split())


def is_book_role(value: str) -> bool:
    """Whether part of a book may have this ARIA role."""
    return value.startswith(_ROLE_PREFIX)


def _of_a_book(tag: str, name: str, value: str) -> str | None:
    """Filter an attribute. Links to other sites are allowed; external pictures are not, as their host would see who
    reads.
    """
    if name == "class":
        return book_classes(value)
    if name == "role":
        return value if is_book_role(value) else None
    return None if tag == "img" and name == "src" and not value.startswith("../assets/") else value


def _body(data: bytes, below_level: int, most_characters: int) -> str:
    """Return the content of an XHTML file's body as HTML. Raises ChapterNotFound when it is not XHTML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        body = etree.fromstring(data, parser).find(_XHTML_BODY)
    except etree.XMLSyntaxError:
        raise ChapterNotFound from None
    if body is None:
        raise ChapterNotFound
    for element in body.iter(etree.Element):
        name = etree.QName(element).localname
        element.tag = f"h{min(int(name[1]) + below_level, _LOWEST_HEADING)}" if name in _HEADINGS else name
    etree.cleanup_namespaces(body)
    if most_characters:
        _shorten(body, most_characters)
    return "".join(cast("str", html.tostring(child, encoding="unicode", method="html")) for child in body)


def _shorten(body: etree._Element, most_characters: int) -> None:
    """Remove the blocks that begin after this many characters; a block that has begun is kept whole."""
    seen, blocks = 0, set(_BLOCKS.split())
    for element in list(body.iter(etree.Element)):
        parent = element.getparent()
        if seen >= most_characters and element.tag in blocks and parent is not None:
            parent.remove(element)
        else:
            seen += len(element.text or "") + len(element.tail or "")
