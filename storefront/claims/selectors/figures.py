"""What the transparency report counts of claims, and the statements of reasons for what was held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from statistics import median
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from storefront.claims.models import Appeal, Claim, ConductNotice, Hold, HoldState, NoticeKind, Outcome
from storefront.community.models import AppealOutcome
from storefront.community.selectors.transparency import EU, Part, Section


def years() -> Iterable[int]:
    """Return the years in which a claim began to count."""
    return {day.year for day in Claim.objects.counting().dates("confirmed_at", "year")}


def figures(begins: datetime, ends: datetime) -> dict[str, Any]:
    """Return the figures from and before two moments, each by the moment at which it happened."""

    def within(field: str) -> Q:
        return Q(**{f"{field}__gte": begins, f"{field}__lt": ends})

    filed = Claim.objects.filter(within("confirmed_at"))
    holds = Hold.objects.filter(within("begun_at"))
    ended = Claim.objects.filter(within("ended_at"))
    appealed = Claim.objects.filter(within("case__appeal_decided_at"))
    moments = ended.values_list("confirmed_at", "ended_at")
    days = [(last - first).total_seconds() / 86_400 for first, last in moments if first and last]
    notices = ConductNotice.objects.filter(within("made_at"))
    told = {
        "filed": filed.count(),
        "found_by_a_machine": filed.filter(by_machine=True).count(),
        "without_account": filed.filter(user=None).count(),
        "holds": {"begun": holds.count(), "at_once": holds.filter(is_at_once=True).count()},
        "ended": {"total": len(days), "by_outcome": _counts(ended.order_by().values_list("outcome", flat=True))},
        "appeals": {
            "made": Appeal.objects.filter(within("made_at")).count(),
            "overturned": appealed.filter(case__appeal_outcome=AppealOutcome.OVERTURNED).count(),
        },
        "median_days": round(median(days), 1) if days else None,
        "warnings": notices.filter(kind=NoticeKind.WARNING).count(),
        "suspensions": notices.filter(kind=NoticeKind.SUSPENSION).count(),
    }
    return {"claims": told}


def sections(told: dict[str, Any]) -> list[Section]:
    """Return the page's section of one year's figures."""
    claims = told["claims"]
    by_outcome = claims["ended"]["by_outcome"]
    rows = [
        (_("All"), claims["filed"]),
        (_("with passages that a machine had found"), claims["found_by_a_machine"]),
        (_("Shares held"), claims["holds"]["begun"]),
        (_("of these, at once by a fixed rule"), claims["holds"]["at_once"]),
        (pgettext("claims", "Agreed"), by_outcome.get(Outcome.AGREED, 0)),
        (pgettext("claims", "Upheld"), by_outcome.get(Outcome.UPHELD, 0)),
        (pgettext("claims", "Dismissed"), by_outcome.get(Outcome.DISMISSED, 0)),
        (_("Appeals"), claims["appeals"]["made"]),
    ]
    if claims["median_days"] is not None:
        rows.append((_("Median time to the end, in days"), claims["median_days"]))
    rows.append((_("Claimants suspended for 90 days"), claims["suspensions"]))
    return [(_("Claims on words of books"), rows)]


def statements() -> list[dict[str, Any]]:
    """Return a statement of reasons for each hold, in the fields of the Commission's transparency database."""
    rows = Hold.objects.exclude(begun_at=None).select_related("claim").order_by("begun_at", "pk")
    return [_statement(hold) for hold in rows]


def _statement(hold: Hold) -> dict[str, Any]:
    decided = "FULLY" if hold.is_at_once else "NOT_AUTOMATED"
    return {
        "puid": str(hold.public_id),
        "decision_monetary": ["DECISION_MONETARY_SUSPENSION"],
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "illegal_content_legal_ground": "copyright",
        "illegal_content_explanation": f"{settings.SITE_URL}/rules/",
        "category": "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        "content_type": ["CONTENT_TYPE_TEXT"],
        "territorial_scope": list(EU),
        "application_date": hold.begun_at.date().isoformat() if hold.begun_at else None,
        "end_date_monetary_restriction": hold.ended_at.date().isoformat()
        if hold.state == HoldState.ENDED and hold.ended_at
        else None,
        "decision_facts": "A share of the book's earnings is held until a claim on some of its words is decided.",
        "source_type": "SOURCE_ARTICLE_16",
        "automated_detection": "Yes" if hold.claim.by_machine else "No",
        "automated_decision": f"AUTOMATED_DECISION_{decided}",
    }


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


PART = Part(figures=figures, years=years, statements=statements, sections=sections)
