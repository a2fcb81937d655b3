"""The resolved table of contents: every entry has a target, all in reading order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from ..book.model import Division, TocEntry
from .survey import Survey
from .terms import Terms
from .text import one_line

type PathOf = Callable[[int], str]


@dataclass(slots=True)
class TocLink:
    """A resolved contents entry: `order` is its position in reading order."""

    title: str
    path: str
    order: int
    children: list[TocLink] = field(default_factory=list)


def toc_links(survey: Survey, path_of: PathOf, terms: Terms) -> list[TocLink]:
    """Return the contents with a target for every entry, all in reading order.

    Entries without a target are replaced by their children. Contents that cannot be brought into reading order, or that
    have no entry at all, are replaced by a list of the chapters.
    """
    links = _resolved(survey.book.toc, survey, path_of, terms)
    _sort(links)
    return links if links and _is_ordered(links) else _chapter_links(survey, path_of, terms)


def _resolved(entries: list[TocEntry], survey: Survey, path_of: PathOf, terms: Terms) -> list[TocLink]:
    links: list[TocLink] = []
    for entry in entries:
        children = _resolved(entry.children, survey, path_of, terms)
        place = survey.places.get(entry.anchor) if entry.anchor else None
        place = place or survey.places.get(entry.chapter_id)
        if place is None:
            links.extend(children)
            continue
        path = path_of(place.piece) + (f"#{place.fragment}" if place.fragment else "")
        title = one_line(entry.title) or survey.pieces[place.piece].title or terms.untitled
        links.append(TocLink(title, path, place.order, children))
    return links


def _sort(links: list[TocLink]) -> None:
    links.sort(key=lambda link: link.order)
    for link in links:
        _sort(link.children)


def _is_ordered(links: list[TocLink]) -> bool:
    orders = _orders(links)
    return all(first <= second for first, second in pairwise(orders))


def _orders(links: list[TocLink]) -> list[int]:
    orders: list[int] = []
    for link in links:
        orders.append(link.order)
        orders.extend(_orders(link.children))
    return orders


def _chapter_links(survey: Survey, path_of: PathOf, terms: Terms) -> list[TocLink]:
    links = [
        TocLink(piece.title or terms.untitled, path_of(index), index)
        for index, piece in enumerate(survey.pieces)
        if piece.is_first and not (piece.chapter.is_made and piece.chapter.division is Division.FRONT)
    ]
    return links or [TocLink(terms.title_page, "text/titlepage.xhtml", 0)]
