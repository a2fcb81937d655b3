"""Names of elements and attributes, alike for XHTML (with namespaces) and HTML (without)."""

from __future__ import annotations

from ...gate.xml import Element

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "ul",
        "html",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "optgroup",
        "noscript",
        "object",
    ]
)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
ACTIVE = frozenset(
    [
        "script",
        "iframe",
        "frame",
        "frameset",
        "noframes",
        "embed",
        "applet",
        "canvas",
        "input",
        "select",
        "textarea",
        "option",
        "datalist",
        "output",
        "progress",
        "meter",
        "portal",
        "fencedframe",
        "base",
        "link",
        "meta",
        "param",
        "xml",
    ]
)
SILENT = frozenset(
    ["head", "style", "template", "title", "rp", "wbr", "colgroup", "col", "map", "area", "source", "track"]
)
MEDIA = frozenset({"audio", "video"})

_LOCAL_NAMES: dict[object, str] = {}  # a document has few names and very many elements


def local_name(element: Element) -> str:
    """The lower-case name without namespace; "" for comments and the like."""
    tag: object = element.tag
    name = _LOCAL_NAMES.get(tag)
    if name is None:
        if not isinstance(tag, str):
            return ""
        name = (tag.rsplit("}", 1)[-1] if tag[0] == "{" else tag.rsplit(":", 1)[-1]).lower()
        if len(_LOCAL_NAMES) < 2000:
            _LOCAL_NAMES[tag] = name
    return name


def types(element: Element) -> frozenset[str]:
    """Structural semantics: `epub:type` and ARIA `role` (without "doc-"), in one set."""
    value = element.get(EPUB_TYPE) or element.get("epub:type") or ""
    role = element.get("role") or ""
    if not value and not role:
        return _NOTHING
    names = [name.rsplit(":", 1)[-1] for name in str(value).split()]
    return frozenset(names + [name.removeprefix("doc-") for name in str(role).split()])


_NOTHING: frozenset[str] = frozenset()


def language_of(element: Element) -> str:
    """The language attribute, uncleaned; "" without one."""
    return str(element.get(XML_LANG) or element.get("lang") or element.get("xml:lang") or "")


def classes(element: Element) -> str:
    """The class attribute as written."""
    return str(element.get("class") or "")
