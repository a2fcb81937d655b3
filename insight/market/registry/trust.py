"""Rings, and our own decisions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from insight.market.alarms import Limit, OwnSeries, Side
from insight.market.figure import NOT_MORE, NOW, QUARTER, Figure, Group, Owner
from insight.market.selectors import decisions, rings
from insight.market.values import Unit

RINGS = (
    Figure(
        code="ring_authors",
        group=Group.RINGS,
        name=_("Authors whose buyers look like a ring"),
        definition=_(
            "Authors with 10 or more buyers of whom half or more bought 3 or more books by at most 4 authors. "
            "Events are all authors with 10 or more buyers."
        ),
        source="SaleRecord, SaleRefund, OrderLine, Work, Contributor",
        count=rings.suspected_authors,
        unit=Unit.COUNT,
        window=_("kept copies of the last 365 days"),
        target=_("none"),
        alarm=Limit(high=0, min_events=1, unit=Unit.COUNT),
        owner=Owner.MODERATORS,
    ),
    Figure(
        code="ring_pairs",
        group=Group.RINGS,
        name=_("Pairs of authors with the same buyers"),
        definition=_(
            "Pairs of authors with 10 or more buyers each, where half or more of the buyers of either bought from "
            "both. Events are all such pairs with 5 or more shared buyers."
        ),
        source="SaleRecord, SaleRefund, OrderLine, Work, Contributor",
        count=rings.suspected_pairs,
        unit=Unit.COUNT,
        window=_("kept copies of the last 365 days"),
        target=_("none"),
        alarm=Limit(high=0, min_events=1, unit=Unit.COUNT),
        owner=Owner.MODERATORS,
    ),
)

DECISIONS = (
    Figure(
        code="hours_to_decide",
        group=Group.DECISIONS,
        name=_("Time to a decision, median"),
        definition=_(
            "The median time from a report, a flag, an appeal or an answered case to our decision. Events are "
            "decisions."
        ),
        source="ReviewCase, Case",
        count=decisions.median_hours,
        unit=Unit.HOURS,
        window=_("decisions of the last four weeks"),
        target=NOT_MORE,
        alarm=OwnSeries(Side.ABOVE),
        owner=Owner.MODERATORS,
    ),
    Figure(
        code="hours_to_decide_90",
        group=Group.DECISIONS,
        name=_("Time to a decision, nine of ten"),
        definition=_("The time within which nine of ten of these decisions were made."),
        source="ReviewCase, Case",
        count=decisions.ninetieth_hours,
        unit=Unit.HOURS,
        window=_("decisions of the last four weeks"),
        target=NOT_MORE,
        alarm=OwnSeries(Side.ABOVE),
        owner=Owner.MODERATORS,
    ),
    Figure(
        code="appeals_won",
        group=Group.DECISIONS,
        name=_("Appeals that were won"),
        definition=_("The share of appeals that changed the first decision."),
        source="ReviewCase, Case",
        count=decisions.appeals_won,
        unit=Unit.SHARE,
        window=QUARTER,
        target=_("20% or less: above, first decisions are not good enough"),
        alarm=Limit(high=2000, min_events=5),
        owner=Owner.MODERATORS,
    ),
    Figure(
        code="past_time",
        group=Group.DECISIONS,
        name=pgettext_lazy("cases", "Past their time"),
        definition=_(
            "Reports, flags and appeals that wait for us for more than 14 days, and cases about contracts that "
            "wait longer than their terms promise. Events are all that wait."
        ),
        source="ReviewCase, Remedy, Case, Milestone",
        count=decisions.past_time,
        unit=Unit.COUNT,
        window=NOW,
        target=_("none"),
        alarm=Limit(high=0, min_events=1, unit=Unit.COUNT),
        owner=Owner.MODERATORS,
        again=0,
    ),
)
