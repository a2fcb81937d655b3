"""Chapters of a web book as markup for our own pages, rebuilt from allowed elements and attributes only.

The engine writes only safe chapters. They are rebuilt here all the same, so that the safety of our pages never depends
on what an archive contains.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from urllib.parse import urlsplit

from lxml import etree, html
from lxml.html import HtmlElement

from publishing.selectors import BOOK_PREFIX, book_classes, is_book_role

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


def chapter_markup(xhtml: bytes, *, link: Address, asset: Address) -> str:
    """Return the content of a chapter's body as HTML.

    `link` turns a file of the book into a URL, `asset` a picture's name; external links stay. Raises ValueError if the
    file is not XML.
    """
    body = _body(xhtml)
    return _inside(_rebuilt(body, "div", link, asset))


def sample_markup(xhtml: bytes, *, words: int) -> str:
    """Return the chapter's first blocks, up to `words` words, without pictures, links, anchors and classes."""
    whole = _rebuilt(_body(xhtml), "div", lambda _: "", lambda _: "")
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


def _body(xhtml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xhtml, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("a chapter is no well-formed XHTML") from error
    body = root.find(f"{_XHTML}body")
    return body if body is not None else root


def _rebuilt(source: etree._Element, tag: str, link: Address, asset: Address) -> HtmlElement:
    """Return `source` as a new element `tag` with its allowed content."""
    element = html.Element(tag)
    _append_text(element, source.text)
    for child in source:
        if isinstance(child.tag, str):
            _append(element, child, link, asset)
        _append_text(element, child.tail)
    return element


def _append(parent: HtmlElement, child: etree._Element, link: Address, asset: Address) -> None:
    name = etree.QName(child).localname
    is_math = str(child.tag).startswith(_MATHML)
    if name in _GONE:
        return
    made = _rebuilt(child, name, link, asset)
    if name in (_MATH_TAGS if is_math else _TAGS):
        _copy_attributes(child, made, _MATH_ATTRIBUTES if is_math else _ATTRIBUTES, link, asset)
        parent.append(made)
        return
    _append_text(parent, made.text)
    for part in list(made):
        parent.append(part)


def _copy_attributes(
    source: etree._Element, made: HtmlElement, allowed: frozenset[str], link: Address, asset: Address
) -> None:
    for name, value in source.attrib.items():
        if name in allowed and (kept := _of_a_book(str(name), str(value))):
            made.set(str(name), kept)
    if made.tag == "a" and (address := _href(source.get("href", ""), link)):
        made.set("href", address)
    if made.tag == "img":
        made.set("src", asset(posixpath.basename(source.get("src", ""))))
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
