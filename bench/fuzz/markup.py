"""Random HTML files and EPUBs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from html import escape

from bench.fuzz.words import NUMBERS, WORDS, picture, split, text, zipped

_TAG_DEPTH = 7
_TAGS = split(
    "p p p p div div section article aside nav header footer main h1 h2 h3 h4 h6 ul ol li li dl dt dd table "
    "thead tbody tfoot tr tr td td th caption col colgroup blockquote pre code em i b strong span span a a img "
    "figure figcaption ruby rb rt rp rtc math mi mn mo mrow mfrac msup msub mtable mtr mtd mfenced mtext "
    "semantics annotation svg image rect title br hr sup sub small u s del ins q cite dfn abbr mark bdo bdi wbr "
    "details summary audio video picture source object iframe form input script style template noscript center "
    "font address hgroup body html tt big"
)
_EMPTY = frozenset(["br", "hr", "img", "input", "col", "wbr", "source"])
_PAGES = ("a.xhtml", "b.xhtml", "nav.xhtml", "missing.xhtml")
_LINKS = (
    *(
        "#n1",
        "#n2",
        "#",
        "",
        "a.xhtml#n1",
        "b.xhtml",
        "../x.png",
        "p.png",
        "javascript:x",
        "data:image/png;base64,AAAA",
    ),
    *("http://example.org/ a", "mailto:x", "//host/x", "%zz", "a.xhtml#%ff", "file:///etc/passwd", "q.svg", "?x#y"),
)
_EPUB_TYPES = split(
    "noteref footnote footnotes rearnote endnotes pagebreak titlepage toc page-list landmarks bodymatter cover "
    "z3998:verse dedication epigraph part chapter bridgehead z3998:poem index"
)
_CLASSES = split("poem stanza line verse center note pagenum smallcaps dropcap i4 title author calibre x")
_STYLES = (
    *(
        "font-style:italic",
        "font-weight:bolder",
        "font-size:32pt",
        "font-size:300%",
        "text-align:center",
        "display:none",
    ),
    *(
        "writing-mode:vertical-rl",
        "page-break-before:always",
        "margin-left:-99em",
        "text-indent:calc(1/0)",
        "float:left",
    ),
    *(
        "font-variant:small-caps",
        "white-space:pre",
        "text-emphasis:dot",
        "direction:rtl",
        "font-size:NaNpx",
        ";;:",
        "a:b}",
    ),
)


def markup(chance: random.Random, depth: int = _TAG_DEPTH, *, is_xml: bool = False) -> str:
    """Return random elements of HTML, of a tidy tree where `is_xml`."""
    parts = []
    for _ in range(chance.choice((1, 1, 2, 3, 5)) if depth < _TAG_DEPTH else chance.choice((1, 4, 9))):
        tag = chance.choice(_TAGS if depth < _TAG_DEPTH else _TAGS[:60])
        if is_xml and tag in ("body", "html"):
            tag = "div"
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in _attributes(chance).items())
        if tag in _EMPTY:
            parts.append(f"<{tag}{attributes}/>")
            continue
        inner = escape(text(chance)) if not depth or chance.random() < 0.4 else markup(chance, depth - 1, is_xml=is_xml)
        end = f"</{tag}>" if is_xml or chance.random() < 0.93 else chance.choice(("", "</p>", "</table>", "</x>"))
        parts.append(f"<{tag}{attributes}>{inner}{end}")
        if chance.random() < 0.3:
            parts.append(escape(text(chance)))
    return "".join(parts)


def _attributes(chance: random.Random) -> dict[str, str]:
    values: tuple[tuple[str, Sequence[str]], ...] = (
        ("id", ("n1", "n2", "1 2", "", "é", "note-1", "ch-1")),
        ("href", _LINKS),
        ("src", _LINKS),
        ("epub:type", _EPUB_TYPES),
        ("class", _CLASSES),
        ("style", _STYLES),
        ("lang", ("de", "fr-CA", "", "xx-", "ja", "ar", "123")),
        ("dir", ("rtl", "ltr", "auto", "up")),
        ("colspan", NUMBERS),
        ("rowspan", NUMBERS),
        ("start", NUMBERS),
        ("value", NUMBERS),
        ("type", ("a", "A", "I", "checkbox", "text/css")),
        ("alt", WORDS),
        ("title", WORDS),
        ("role", ("doc-noteref", "doc-footnote", "doc-pagebreak", "presentation")),
        ("name", ("n1", "author", "viewport")),
        ("width", NUMBERS),
        ("aria-label", WORDS),
    )
    return {name: chance.choice(options) for name, options in chance.sample(values, chance.choice((0, 0, 1, 2, 4)))}


def html(chance: random.Random) -> bytes:
    head = f"<title>{escape(text(chance))}</title><style>{_css(chance)}</style>"
    head += f'<meta name="{chance.choice(("author", "dc.title", "description"))}" content="{escape(text(chance))}">'
    return f"<!DOCTYPE html><html lang=en><head>{head}</head><body>{markup(chance)}</body></html>".encode()


def _css(chance: random.Random) -> str:
    selectors = (
        "p",
        ".poem",
        "#n1",
        "p > i",
        "*",
        "::first-line",
        "@media print{p",
        "a:hover",
        "@import 'x'",
        "h1,,h2",
    )
    return "".join(f"{chance.choice(selectors)}{{{chance.choice(_STYLES)}}}" for _ in range(chance.randrange(8)))


def _page(chance: random.Random) -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head>'
        f'<title>{escape(text(chance))}</title><link rel="stylesheet" href="s.css"/>'
        f'<meta name="viewport" content="width={chance.choice(NUMBERS)},height={chance.choice(NUMBERS)}"/></head>'
        f"<body>{markup(chance, is_xml=True)}</body></html>"
    )


def epub(chance: random.Random) -> bytes:
    about = ("dc:title", "dc:language", "dc:creator", "dc:identifier", "dc:date", "dc:subject", "dc:source", "meta")
    metadata = "".join(
        f'<{(tag := chance.choice(about))} id="m{number}" refines="#m{chance.randrange(6)}" name="cover" '
        f'property="{chance.choice(("role", "rendition:layout", "file-as", "dcterms:modified"))}">'
        f"{escape(chance.choice((text(chance), 'pre-paginated', 'de', 'aut', '2020-13-45')))}</{tag}>"
        for number in range(chance.randrange(8))
    )
    types = ("application/xhtml+xml",) * 4 + ("image/png", "text/css", "image/svg+xml", "application/x-dtbncx+xml", "x")
    properties = ("", "", "nav", "cover-image", "svg", "mathml", "rendition:layout-pre-paginated")
    manifest = "".join(
        f'<item id="i{chance.choice((number, 0))}" href="{chance.choice((*_PAGES, "p.png", "q.svg"))}" '
        f'media-type="{chance.choice(types)}" properties="{chance.choice(properties)}"/>'
        for number in range(chance.randrange(2, 7))
    )
    spine = "".join(
        f'<itemref idref="i{chance.randrange(5)}" linear="{chance.choice(("yes", "no", "x"))}" '
        f'properties="{chance.choice(("", "page-spread-left", "rendition:layout-reflowable"))}"/>'
        for _ in range(chance.randrange(1, 6))
    )
    ways = ("ltr", "rtl", "default", "")
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="O/b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
            "O/b.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            f'version="3.0"><metadata>{metadata}</metadata><manifest>{manifest}</manifest>'
            f'<spine toc="i1" page-progression-direction="{chance.choice(ways)}">{spine}</spine></package>',
            "O/a.xhtml": _page(chance),
            "O/b.xhtml": _page(chance),
            "O/nav.xhtml": _page(chance).replace("<p", "<li").replace("</p>", "</li>"),
            "O/s.css": _css(chance),
            "O/p.png": picture(chance),
            "O/q.svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {chance.choice(NUMBERS)} 9"><g>'
            f"{markup(chance, 2, is_xml=True)}</g></svg>",
        }
    )
