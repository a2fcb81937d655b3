"""Supply and demand, by cell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from insight.market.alarms import Limit, NoAlarm, OwnSeries, Side
from insight.market.figure import NOT_LESS, NOW, Figure, Group, Owner
from insight.market.periods import Cadence
from insight.market.selectors import cells, searching
from insight.market.values import Unit

_BLOCK = _("four weeks that do not overlap with others")

CELLS = (
    Figure(
        code="book_supply",
        group=Group.CELLS,
        name=_("Works on sale"),
        definition=_("Works on sale, by subject and language."),
        source="Listing",
        count=cells.book_supply,
        unit=Unit.COUNT,
        window=NOW,
        target=_("follows demand"),
        alarm=NoAlarm(),
        owner=Owner.OPERATORS,
        cadence=Cadence.FOUR_WEEKS,
        again=0,
    ),
    Figure(
        code="book_demand",
        group=Group.CELLS,
        name=_("People who bought"),
        definition=_("People who paid for a book, by its subject and language; from five people on, in fives."),
        source="Order, OrderLine, Work",
        count=cells.book_demand,
        unit=Unit.COUNT,
        window=_BLOCK,
        target=NOT_LESS,
        alarm=OwnSeries(Side.BELOW),
        owner=Owner.OPERATORS,
        cadence=Cadence.FOUR_WEEKS,
    ),
    Figure(
        code="book_pressure",
        group=Group.CELLS,
        name=_("Demand by supply, books"),
        definition=_(
            "The share of a cell in all people who bought, divided by its share in all works on sale; a cell "
            "without works counts as half a work."
        ),
        source="Listing, Order, OrderLine",
        count=cells.book_pressure,
        unit=Unit.RATIO,
        window=_BLOCK,
        target=_("near 1"),
        alarm=OwnSeries(Side.ABOVE),
        owner=Owner.OPERATORS,
        cadence=Cadence.FOUR_WEEKS,
        again=0,
    ),
    Figure(
        code="service_supply",
        group=Group.CELLS,
        name=_("Offers that take work"),
        definition=_("Public offers with a free place, by kind of service and language."),
        source="Offer, OfferLanguage, Provider",
        count=cells.service_supply,
        unit=Unit.COUNT,
        window=NOW,
        target=_("follows demand"),
        alarm=NoAlarm(),
        owner=Owner.OPERATORS,
        cadence=Cadence.FOUR_WEEKS,
        again=0,
    ),
    Figure(
        code="service_demand",
        group=Group.CELLS,
        name=_("People who asked for a service"),
        definition=_(
            "People who opened a request, by kind of service and language of the text; from five people on, in fives."
        ),
        source="ServiceRequest",
        count=cells.service_demand,
        unit=Unit.COUNT,
        window=_BLOCK,
        target=NOT_LESS,
        alarm=OwnSeries(Side.BELOW),
        owner=Owner.OPERATORS,
        cadence=Cadence.FOUR_WEEKS,
    ),
    Figure(
        code="service_pressure",
        group=Group.CELLS,
        name=_("Demand by supply, services"),
        definition=_(
            "The share of a cell in all people who asked, divided by its share in all offers that take work; a "
            "cell without offers counts as half an offer."
        ),
        source="Offer, ServiceRequest",
        count=cells.service_pressure,
        unit=Unit.RATIO,
        window=_BLOCK,
        target=_("near 1"),
        alarm=OwnSeries(Side.ABOVE),
        owner=Owner.OPERATORS,
        cadence=Cadence.FOUR_WEEKS,
        again=0,
    ),
)

SEARCHES = (
    Figure(
        code="gaps",
        group=Group.CELLS,
        name=_("Searched for, and not found"),
        definition=_(
            "People who found fewer than five books or offers, by what they searched for; from five people on, in "
            "fives. Events are all people who searched for it."
        ),
        source="SearchEvent, WeekSheet, GapCell",
        count=searching.gaps,
        unit=Unit.COUNT,
        window=_("the week"),
        target=_("as few as possible"),
        alarm=NoAlarm(),
        owner=Owner.OPERATORS,
    ),
    Figure(
        code="found_little",
        group=Group.CELLS,
        name=_("Who found little"),
        definition=_(
            "The share of people who found fewer than five books or offers, by what they searched for. Events are all "
            "people who searched for it."
        ),
        source="SearchEvent, WeekSheet, GapCell",
        count=searching.found_little,
        unit=Unit.SHARE,
        window=_("the week"),
        target=_("a fifth of them or less"),
        alarm=Limit(high=2000),
        owner=Owner.OPERATORS,
    ),
    Figure(
        code="search_fill",
        group=Group.CELLS,
        name=_("Searches that led to a book"),
        definition=_("The share of searches for books after which a book was looked at within half an hour."),
        source="SearchEvent, WeekSheet, GapCell",
        count=searching.filled,
        unit=Unit.SHARE,
        window=_("the week"),
        target=NOT_LESS,
        alarm=OwnSeries(Side.BELOW),
        owner=Owner.OPERATORS,
    ),
)
