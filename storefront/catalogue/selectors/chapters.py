"""Chapters of a web book as markup for our own pages, rebuilt from allowed elements and attributes only.

The engine writes only safe chapters. They are rebuilt here all the same, so that the safety of our pages never depends
on what an archive contains.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree, html
from lxml.html import HtmlElement

from conversion.engine.api import edition_text
from publishing.selectors import BOOK_PREFIX, book_classes, is_book_role
from storefront.catalogue.selectors.marked_text import Mark, insert_marks

_XHTML = "{http://www.w3.org/1999/xhtml}"
_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_TAGS = frozenset(
    {
        "a", "abbr", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col", "colgroup",
        "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6",
        "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section",
        "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
        "var",
    }
)  # fmt: skip
_MATH_TAGS = frozenset(
    {
        "math", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom",
        "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable",
        "mtd", "mtext", "mtr", "munder", "munderover", "none", "semantics",
    }
)  # fmt: skip
_ATTRIBUTES = frozenset(
    {
        "id", "class", "lang", "dir", "alt", "colspan", "rowspan", "scope", "start", "reversed", "value", "role",
        "aria-label", "title", "width", "height",
    }
)  # fmt: skip
_MATH_ATTRIBUTES = frozenset(
    {
        "display", "mathvariant", "stretchy", "fence", "separator", "form", "lspace", "rspace", "accent",
        "accentunder", "columnalign", "rowspan", "columnspan", "width", "height", "depth", "linethickness",
        "alttext", "dir",
    }
)  # fmt: skip
# Elements that are dropped with their content.
_GONE = frozenset(
    {
        "head", "script", "style", "title", "iframe", "object", "embed", "template", "noscript", "svg", "form",
        "input", "button", "textarea",
    }
)  # fmt: skip
_SCHEMES = frozenset({"http", "https", "mailto"})

type Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A rebuilt chapter, and those of its blocks that have a number in the edition."""

    root: HtmlElement
    blocks: dict[int, HtmlElement]

    def markup(self) -> str:
        return _inside(self.root)


@dataclass(frozen=True, slots=True)
class _Rebuild:
    """What a chapter is rebuilt with: the URLs of its links and pictures, and its numbered blocks."""

    link: Address
    asset: Address
    numbers: Mapping[etree._Element, int] = field(default_factory=dict)
    marks: Mapping[etree._Element, Mark] = field(default_factory=dict)
    blocks: dict[int, HtmlElement] = field(default_factory=dict)


def chapter(
    xhtml: bytes,
    *,
    link: Address,
    asset: Address,
    numbers: Sequence[int | None] = (),
    marks: Sequence[Mark] = (),
) -> Chapter:
    """Rebuild the content of a chapter's body as HTML.

    `link` turns a file of the book into a URL, `asset` a picture's name; external links stay. `numbers` are those of
    the chapter's blocks in the edition (docs/reading.md): each becomes an id, `b-212`. `marks` are ranges of
    these blocks. Raises ValueError if the file is not XML.
    """
    tree = _parsed(xhtml)
    blocks = zip(edition_text.block_elements(tree), numbers, strict=False) if numbers else ()
    known = {element: number for (element, _), number in blocks if number is not None}
    made = insert_marks({number: element for element, number in known.items()}, marks)
    rebuild = _Rebuild(link, asset, known, made)
    return Chapter(_rebuilt(_body(tree), "div", rebuild), rebuild.blocks)


def block_texts(xhtml: bytes) -> list[str]:
    """Return the texts of a chapter's blocks. Raises ValueError if the file is not XML."""
    return [text for _, text in edition_text.block_elements(_parsed(xhtml))]


def sample_markup(xhtml: bytes, *, words: int) -> str:
    """Return the chapter's first blocks, up to `words` words, without pictures, links, anchors and classes."""
    whole = _rebuilt(_body(_parsed(xhtml)), "div", _Rebuild(lambda _: "", lambda _: ""))
    container = _container(whole)
    kept = html.Element("div")
    count = 0
    for block in list(container):
        if block.tag in {"aside", "figure"} or block.get("class") == book_classes("notes"):
            continue
        for node in list(block.iter("a", "img")):
            if node.get("role") == "doc-noteref":
                node.drop_tree()
            else:
                node.drop_tag()
        for node in block.iter():
            node.attrib.pop("id", None)
            node.attrib.pop("class", None)
        count += len(block.text_content().split())
        kept.append(block)
        if count >= words:
            break
    return _inside(kept)


def _container(root: HtmlElement) -> HtmlElement:
    """Return the element that holds the blocks, skipping nested sections that contain nothing else."""
    while len(root) == 1 and root[0].tag in {"section", "div"}:
        root = root[0]
    return root


def _parsed(xhtml: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(xhtml, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("a chapter is no well-formed XHTML") from error


def _body(root: etree._Element) -> etree._Element:
    body = root.find(f"{_XHTML}body")
    return body if body is not None else root


def _rebuilt(source: etree._Element, tag: str, rebuild: _Rebuild) -> HtmlElement:
    """Return `source` as a new element `tag` with its allowed content."""
    element = html.Element(tag)
    _append_text(element, source.text)
    for child in source:
        if isinstance(child.tag, str):
            _append(element, child, rebuild)
        _append_text(element, child.tail)
    return element


def _append(parent: HtmlElement, child: etree._Element, rebuild: _Rebuild) -> None:
    name = etree.QName(child).localname
    is_math = str(child.tag).startswith(_MATHML)
    if name in _GONE:
        return
    made = _rebuilt(child, name, rebuild)
    if (mark := rebuild.marks.get(child)) is not None:
        _refer(made, mark)
        parent.append(made)
        return
    if name in (_MATH_TAGS if is_math else _TAGS):
        _copy_attributes(child, made, _MATH_ATTRIBUTES if is_math else _ATTRIBUTES, rebuild)
        if (number := rebuild.numbers.get(child)) is not None:
            _number(made, number)
            rebuild.blocks[number] = made
        parent.append(made)
        return
    _append_text(parent, made.text)
    for part in list(made):
        parent.append(part)


def _refer(made: HtmlElement, mark: Mark) -> None:
    """Complete a mark of ours: its class, and the link to the note below the text."""
    made.set("class", mark.css_class)
    if mark.ref:
        address = {"id": f"own-note-ref-{mark.ref}", "href": f"#own-note-{mark.ref}", "aria-label": mark.label}
        link = html.Element("a", {"class": "own-note-ref", **address})
        link.text = str(mark.ref)
        made.append(link)


def _number(block: HtmlElement, number: int) -> None:
    """Give a block its number as its id. If links of the book lead to it, they find an empty element inside."""
    if anchor := block.get("id"):
        inside = html.Element("span", id=anchor)
        inside.tail, block.text = block.text, None
        block.insert(0, inside)
    block.set("id", f"b-{number}")


def _copy_attributes(source: etree._Element, made: HtmlElement, allowed: frozenset[str], rebuild: _Rebuild) -> None:
    for name, value in source.attrib.items():
        if name in allowed and (kept := _of_a_book(str(name), str(value))):
            made.set(str(name), kept)
    if made.tag == "a" and (address := _href(source.get("href", ""), rebuild.link)):
        made.set("href", address)
    if made.tag == "img":
        made.set("src", rebuild.asset(posixpath.basename(source.get("src", ""))))
        made.set("loading", "lazy")
        made.set("alt", source.get("alt", ""))


def _of_a_book(name: str, value: str) -> str:
    """Return an attribute's value made safe for use on our pages; "" if it is not allowed."""
    if name == "class":
        return book_classes(value)
    if name == "id":
        return BOOK_PREFIX + value
    return value if name != "role" or is_book_role(value) else ""


def _href(href: str, link: Address) -> str:
    """Return `link`'s URL for targets inside the book, and web and mail addresses unchanged; "" for anything else."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme:
        return href if parts.scheme in _SCHEMES else ""
    if parts.netloc:
        return ""
    path, hash_sign, fragment = href.partition("#")
    anchor = f"#{BOOK_PREFIX}{fragment}" if hash_sign else ""
    return link(path) + anchor if path else anchor


def _append_text(element: HtmlElement, text: str | None) -> None:
    if not text:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _inside(element: HtmlElement) -> str:
    markup: str = html.tostring(element, encoding="unicode", method="html")
    return markup.partition(">")[2].rpartition("</")[0]
