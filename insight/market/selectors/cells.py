"""Supply and demand by cell: subject and language of books, kind and language of services.

Demand counts people, so it is told in fives, from five on, for blocks of four weeks that do not overlap.
"""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from common.money import divide_half_up
from hiring.offers.models import Offer
from hiring.requests.models import ServiceRequest
from hiring.service_kinds import ServiceKind
from insight.market.periods import Span
from insight.market.values import Value, people_in_cells
from publishing import thema
from publishing.languages import language_name
from storefront.catalogue import facets
from storefront.catalogue.models import Listing
from storefront.checkout.models import OrderLine, OrderState

_BETWEEN, _FOR = "|", "+"


def book_supply(span: Span) -> list[Value]:
    """Return how many works are on sale in each subject and language."""
    rows = Listing.objects.on_sale().order_by().values_list("subject", "language").annotate(count=Count("pk"))
    cells: Counter[str] = Counter()
    for subject, language, count in rows:
        cells[_cell(subject, language)] += count
    return _counts(cells)


def book_demand(span: Span) -> list[Value]:
    """Return how many people bought a book of each subject and language."""
    lines = OrderLine.objects.filter(
        paid_minor__gt=0, order__state=OrderState.PAID, order__paid_at__gte=span.start, order__paid_at__lt=span.end
    )
    rows = lines.values_list("edition__work__subject", "edition__work__language", "order__buyer").distinct()
    pairs = {(_cell(subject, language), buyer) for subject, language, buyer in rows}
    return people_in_cells(Counter(cell for cell, _buyer in pairs).items())


def book_pressure(span: Span) -> list[Value]:
    """Return the share of buyers by the share of works, in hundredths, for each cell with a demand."""
    return _pressure(book_supply(span), book_demand(span))


def service_supply(span: Span) -> list[Value]:
    """Return how many offers take work in each kind of service and language."""
    is_back = Q(provider__provider__away_until=None) | Q(provider__provider__away_until__lt=span.after)
    offers = Offer.objects.public().filter(is_back, places__gt=0, provider__provider__is_available=True)
    rows = offers.order_by().values_list("kind", "languages__language", "pk").distinct()
    cells = {(_cell(kind, language), offer) for kind, language, offer in rows if language}
    return _counts(Counter(cell for cell, _offer in cells))


def service_demand(span: Span) -> list[Value]:
    """Return how many people asked for each kind of service and language."""
    asked = ServiceRequest.objects.filter(opened_at__gte=span.start, opened_at__lt=span.end)
    rows = asked.order_by().values_list("kind", "language", "client").distinct()
    cells = {(_cell(kind, language), client) for kind, language, client in rows}
    return people_in_cells(Counter(cell for cell, _client in cells).items())


def service_pressure(span: Span) -> list[Value]:
    """Return the share of people who asked by the share of offers, in hundredths, for each cell with a demand."""
    return _pressure(service_supply(span), service_demand(span))


def search_cell(service: str, subject: str, language: str) -> str:
    """Return the name of a cell of searches: of books, or of a service for books of a subject."""
    return f"{service}{_FOR if service and subject else ''}{subject}{_BETWEEN}{language}"


def label_of(part: str) -> str:
    """Return a cell in words: "Crime and mystery, German"; other parts as they are."""
    what, between, language = part.partition(_BETWEEN)
    if not between:
        return part
    service, _for, subject = what.partition(_FOR) if what.partition(_FOR)[0] in ServiceKind.values else ("", "", what)
    words = [str(ServiceKind(service).label)] if service else []
    if subject or not service:
        words.append(str(thema.label(subject) or _("No subject")))
    return ", ".join([*words, *([language_name(language)] if language else [])])


def _cell(what: str, language: str) -> str:
    """Return the cell's name: subjects by two letters, languages without their region."""
    return f"{what if what in ServiceKind.values else what[:2]}{_BETWEEN}{facets.base_language(language)}"


def _counts(cells: Counter[str]) -> list[Value]:
    return [Value(count, count, cell) for cell, count in sorted(cells.items())]


def _pressure(supply: list[Value], demand: list[Value]) -> list[Value]:
    """Return (people here / all people) / (what is here, at least a half / all there is).

    All people are those of the cells that are told, so that nothing is said about the others.
    """
    there = {value.part: value.events for value in supply}
    all_there, people = sum(there.values()), sum(value.events for value in demand)
    if not all_there:
        return []
    return [
        Value(
            divide_half_up(100 * 2 * value.events * all_there, people * max(2 * there.get(value.part, 0), 1)),
            value.events,
            value.part,
        )
        for value in demand
    ]
