"""Navigation: contents, landmarks and page list, as EPUB 3 navigation document and as NCX."""

from __future__ import annotations

from ..markup.contents import PathOf, TocLink
from ..markup.survey import PrintPage, Survey
from ..markup.terms import Terms
from ..markup.text import attribute, escape, language_tag, one_line
from .landmarks import Landmark


def nav_document(survey: Survey, links: list[TocLink], landmarks: list[Landmark], path_of: PathOf, terms: Terms) -> str:
    """Return the EPUB navigation document, for the root of the package's folder."""
    book = survey.book
    tag = language_tag(book.metadata.language) or "und"
    direction = f' dir="{book.direction}"' if book.direction in ("ltr", "rtl") else ""
    vertical = ' class="vertical"' if book.vertical else ""
    navs = [f'<nav epub:type="toc" role="doc-toc" id="toc">\n<h1>{escape(terms.contents)}</h1>\n{_list(links)}\n</nav>']
    navs.append(_landmarks(landmarks, terms))
    if survey.marks:
        navs.append(_page_list(survey, path_of, terms))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{tag}" xml:lang="{tag}"{direction}{vertical}>\n<head>\n<title>{escape(terms.contents)}</title>\n'
        '<link rel="stylesheet" type="text/css" href="styles/book.css"/>\n</head>\n'
        f'<body epub:type="frontmatter">\n{chr(10).join(navs)}\n</body>\n</html>\n'
    )


def _list(links: list[TocLink]) -> str:
    items = "\n".join(
        f'<li><a href="{attribute(link.path)}">{escape(link.title)}</a>'
        f"{chr(10) + _list(link.children) if link.children else ''}</li>"
        for link in links
    )
    return f"<ol>\n{items}\n</ol>"


def _landmarks(landmarks: list[Landmark], terms: Terms) -> str:
    items = "\n".join(
        f'<li><a epub:type="{mark.kind}" href="{attribute(mark.path)}">{escape(mark.title)}</a></li>'
        for mark in landmarks
    )
    title = escape(terms.landmarks)
    return f'<nav epub:type="landmarks" id="landmarks" hidden="hidden">\n<h2>{title}</h2>\n<ol>\n{items}\n</ol>\n</nav>'


def _page_list(survey: Survey, path_of: PathOf, terms: Terms) -> str:
    items = "\n".join(
        f'<li><a href="{attribute(path_of(mark.piece))}#{mark.fragment}">{escape(mark.label)}</a></li>'
        for mark in survey.marks
    )
    return (
        '<nav epub:type="page-list" role="doc-pagelist" id="page-list" hidden="hidden">\n'
        f"<h2>{escape(terms.pages)}</h2>\n<ol>\n{items}\n</ol>\n</nav>"
    )


def ncx_document(survey: Survey, links: list[TocLink], path_of: PathOf, terms: Terms, identifier: str) -> str:
    """Return the contents and the page list for EPUB 2 readers."""
    points, _ = _points(links, 1)
    pages = _page_targets(survey, path_of, terms)
    title = one_line(survey.book.metadata.title) or terms.untitled
    numbers = [int(mark.label) for mark in survey.marks if _is_number(mark.label)]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">\n<head>\n'
        f'<meta name="dtb:uid" content="{attribute(identifier)}"/>\n'
        f'<meta name="dtb:depth" content="{_depth(links)}"/>\n'
        f'<meta name="dtb:totalPageCount" content="{len(survey.marks)}"/>\n'
        f'<meta name="dtb:maxPageNumber" content="{max(numbers, default=0)}"/>\n</head>\n'
        f"<docTitle><text>{escape(title)}</text></docTitle>\n<navMap>\n{points}\n</navMap>\n{pages}</ncx>\n"
    )


def _page_targets(survey: Survey, path_of: PathOf, terms: Terms) -> str:
    """Return the page list. A page whose label is not a number, or repeats an earlier number, is a special one."""
    if not survey.marks:
        return ""
    firsts = {mark.label: number for number, mark in reversed(list(enumerate(survey.marks, 1)))}
    targets = "\n".join(
        _page_target(number, mark, path_of, is_numbered=firsts[mark.label] == number and _is_number(mark.label))
        for number, mark in enumerate(survey.marks, 1)
    )
    return f"<pageList>\n<navLabel><text>{escape(terms.pages)}</text></navLabel>\n{targets}\n</pageList>\n"


def _is_number(label: str) -> bool:
    return label.isascii() and label.isdigit()


def _page_target(number: int, mark: PrintPage, path_of: PathOf, *, is_numbered: bool) -> str:
    kind = f'type="normal" value="{int(mark.label)}"' if is_numbered else 'type="special"'
    return (
        f'<pageTarget id="page{number}" {kind}><navLabel><text>{escape(mark.label)}</text></navLabel>'
        f'<content src="{attribute(path_of(mark.piece))}#{mark.fragment}"/></pageTarget>'
    )


def _points(links: list[TocLink], number: int) -> tuple[str, int]:
    """Return the markup of the entries, numbered from `number`, and the next free number."""
    parts: list[str] = []
    for link in links:
        own = number
        inside, number = _points(link.children, own + 1)
        parts.append(
            f'<navPoint id="p{own}"><navLabel><text>{escape(link.title)}</text></navLabel>'
            f'<content src="{attribute(link.path)}"/>{inside}</navPoint>'
        )
    return "\n".join(parts), number


def _depth(links: list[TocLink]) -> int:
    return 1 + max((_depth(link.children) for link in links), default=-1) if links else 0
