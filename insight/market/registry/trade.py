"""Whether what is offered is bought and hired, for the first time and again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from insight.market.alarms import HalfAsGood, Limit, OwnSeries, Side
from insight.market.figure import NOT_LESS, NOT_MORE, QUARTER, Figure, Group, Owner
from insight.market.selectors import coming_back, first_ones, leakage
from insight.market.values import Unit

FIRST = (
    Figure(
        code="first_sale",
        group=Group.FIRST,
        name=_("Time to the first sale"),
        definition=_(
            "The Kaplan-Meier median of the days from a work’s first edition to its first paid copy, bought by "
            "somebody who did not make it. Works without one are in it, with the time they have waited."
        ),
        source="Edition, SaleRecord, OrderLine, Contributor",
        count=first_ones.first_sale_days,
        unit=Unit.DAYS,
        window=_("works that came out within a year"),
        target=NOT_MORE,
        alarm=HalfAsGood(is_less_better=True),
        owner=Owner.OPERATORS,
    ),
    Figure(
        code="new_books_sold",
        group=Group.FIRST,
        name=_("New books that were sold"),
        definition=_(
            "The share of works, out for 30 to 60 days, of which somebody who did not make it bought and kept a copy."
        ),
        source="Edition, SaleRecord, SaleRefund, OrderLine, Contributor",
        count=first_ones.new_books_sold,
        unit=Unit.SHARE,
        window=_("works that came out 30 to 60 days before"),
        target=NOT_LESS,
        alarm=HalfAsGood(),
        owner=Owner.OPERATORS,
    ),
    Figure(
        code="first_hire",
        group=Group.FIRST,
        name=_("Time to the first contract"),
        definition=_(
            "The Kaplan-Meier median of the days from a provider’s first public offer to their first contract. "
            "Providers without one are in it, with the time they have waited."
        ),
        source="Offer, Contract",
        count=first_ones.first_hire_days,
        unit=Unit.DAYS,
        window=_("providers whose first offer came out within a year"),
        target=NOT_MORE,
        alarm=HalfAsGood(is_less_better=True),
        owner=Owner.OPERATORS,
    ),
)

AGAIN = (
    Figure(
        code="readers_again",
        group=Group.AGAIN,
        name=_("Readers who buy again"),
        definition=_("The share of readers with a second paid order within 90 days of their first."),
        source="Order",
        count=coming_back.readers_again,
        unit=Unit.SHARE,
        window=_("first orders in the four weeks that ended 90 days before"),
        target=NOT_LESS,
        alarm=OwnSeries(Side.BELOW),
        owner=Owner.OPERATORS,
    ),
    Figure(
        code="clients_again",
        group=Group.AGAIN,
        name=_("Clients who hire again"),
        definition=_("The share of clients with a second contract within 180 days of their first."),
        source="Contract",
        count=coming_back.clients_again,
        unit=Unit.SHARE,
        window=_("first contracts in the 13 weeks that ended 180 days before"),
        target=NOT_LESS,
        alarm=OwnSeries(Side.BELOW),
        owner=Owner.OPERATORS,
    ),
    Figure(
        code="authors_again",
        group=Group.AGAIN,
        name=_("Authors who publish again"),
        definition=_("The share of authors with a second work on sale within a year of their first."),
        source="Edition, Work",
        count=coming_back.authors_again,
        unit=Unit.SHARE,
        window=_("first works in the 13 weeks that ended a year before"),
        target=NOT_LESS,
        alarm=OwnSeries(Side.BELOW),
        owner=Owner.OPERATORS,
    ),
    Figure(
        code="requests_filled",
        group=Group.AGAIN,
        name=_("Requests that were filled"),
        definition=_("The share of requests of which a milestone was paid within 14 days."),
        source="ServiceRequest, Proposal, Contract, Milestone",
        count=coming_back.requests_filled,
        unit=Unit.SHARE,
        window=_("requests of the four weeks that ended 14 days before"),
        target=_("half of them or more: below, there are too few providers"),
        alarm=Limit(low=5000),
        owner=Owner.OPERATORS,
    ),
    Figure(
        code="offers_used",
        group=Group.AGAIN,
        name=_("Offers that were used"),
        definition=_("The share of offers, public for 90 days, with a contract in these days."),
        source="Offer, Proposal, Contract",
        count=coming_back.offers_used,
        unit=Unit.SHARE,
        window=_("the last 90 days"),
        target=_("a tenth of them or more: below, there are too few clients"),
        alarm=Limit(low=1000),
        owner=Owner.OPERATORS,
        again=0,
    ),
)

LEAKAGE = (
    Figure(
        code="not_paid",
        group=Group.LEAKAGE,
        name=_("Contracts that were not paid"),
        definition=_("The share of contracts about money of which no milestone was paid within 14 days."),
        source="Contract, Milestone",
        count=leakage.not_paid,
        unit=Unit.SHARE,
        window=_("contracts of the four weeks that ended 14 days before"),
        target=NOT_MORE,
        alarm=OwnSeries(Side.ABOVE),
        owner=Owner.OPERATORS,
    ),
    Figure(
        code="left_after_first",
        group=Group.LEAKAGE,
        name=_("Left after the first milestone"),
        definition=_(
            "The share of contracts, ended after the first of several milestones, whose provider corrects or "
            "comments on the text of the work later."
        ),
        source="Contract, Milestone, Correction, Comment",
        count=leakage.left_after_first,
        unit=Unit.SHARE,
        window=QUARTER,
        target=NOT_MORE,
        alarm=OwnSeries(Side.ABOVE),
        owner=Owner.OPERATORS,
    ),
)
