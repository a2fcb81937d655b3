"""What the transparency report says of held money: each hold with its statement of reasons, and the complaints."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from royalties.models import ComplaintOutcome, HoldKind, HoldNotice
from storefront.community.selectors.transparency import Part, Section
from storefront.suspensions.selectors.figures import counts, statement


def of_period(begins: datetime, ends: datetime) -> dict[str, Any]:
    """Return the figures between two moments, each by the moment at which it happened."""

    def within(field: str) -> Q:
        return Q(**{f"{field}__gte": begins, f"{field}__lt": ends})

    placed = HoldNotice.objects.filter(within("placed_at"))
    decided = HoldNotice.objects.filter(within("decided_at"))
    return {
        "money_holds": {
            "by_kind": counts(placed.values_list("kind", flat=True)),
            "by_rule": counts(placed.values_list("rule", flat=True)),
            "by_a_machine": placed.filter(placed_by=None).count(),
            "complaints": {
                "made": HoldNotice.objects.filter(within("complained_at")).count(),
                "by_outcome": counts(decided.values_list("outcome", flat=True)),
            },
        }
    }


def years() -> Iterable[int]:
    """Return the years in which there is something to count."""
    return {placed.astimezone(UTC).year for placed in HoldNotice.objects.values_list("placed_at", flat=True)}


def sections(told: dict[str, Any]) -> list[Section]:
    """Return the page's section of one year's figures."""
    holds = told["money_holds"]
    rows = [(str(HoldKind(kind).label), count) for kind, count in holds["by_kind"].items()]
    rows += [
        (_("of these, placed by a machine"), holds["by_a_machine"]),
        (_("Complaints"), holds["complaints"]["made"]),
        (_("of these, lifted"), holds["complaints"]["by_outcome"].get(ComplaintOutcome.OVERTURNED, 0)),
    ]
    return [(_("Money on hold"), rows)]


def statements() -> list[dict[str, Any]]:
    """Return the statement of reasons of each hold, without words."""
    return [_of_hold(notice) for notice in HoldNotice.objects.order_by("placed_at", "pk")]


def _of_hold(notice: HoldNotice) -> dict[str, Any]:
    ends = notice.ended_at or notice.until
    by_machine = notice.placed_by_id is None
    return statement(
        puid=notice.public_id,
        restriction={
            "decision_monetary": "DECISION_MONETARY_SUSPENSION",
            "end_date_monetary_restriction": ends.date().isoformat() if ends else None,
        },
        rule=notice.rule,
        is_illegal=False,
        applied=notice.placed_at,
        facts="A machine applied a published rule." if by_machine else "A person applied a published rule.",
        by_machine=by_machine,
    )


PART = Part(figures=of_period, years=years, statements=statements, sections=sections)
