"""What the transparency report counts (Digital Services Act, Articles 15 and 24), read from the cases themselves.

Nothing is stored for it, so it cannot differ from the database. Years and half years are those of UTC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from storefront.checkout.models import Order
from storefront.community.models import CaseOutcome, CaseSource, Collapse, Remedy, Report, ReviewCase, Stop
from storefront.community.models.case import RULES_OF_LAW

EU = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU"),
    *("LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)
_HALF_YEAR = 6

type Section = tuple[str, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Part:
    """What an app above adds: figures between two moments, the years that it has any of, statements of reasons, and the
    page's sections of one year's figures."""

    figures: Callable[[datetime, datetime], dict[str, Any]]
    years: Callable[[], Iterable[int]]
    statements: Callable[[], list[dict[str, Any]]]
    sections: Callable[[dict[str, Any]], list[Section]]


_parts: list[Part] = []


def add_part(part: Part) -> None:
    """Count what an app above decides, too."""
    _parts.append(part)


def sections_of(figures: dict[str, Any]) -> list[Section]:
    """Return the page's sections of one year that apps above add."""
    return [section for part in _parts for section in part.sections(figures)]


def report(*, at: datetime) -> dict[str, Any]:
    """Return the whole report: one part for each year with a case, the newest first."""
    years = {day.year for day in ReviewCase.objects.dates("opened_at", "year")} | {at.year}
    years |= {year for part in _parts for year in part.years()}
    return {
        "shop": settings.SITE_NAME,
        "url": settings.SITE_URL,
        "as_of": at.isoformat(timespec="seconds"),
        "law": "Regulation (EU) 2022/2065",
        "is_micro_or_small_enterprise": settings.DSA_SMALL_SHOP,
        "readers_in_the_eu": _readers(at),
        "years": [year_of(year) for year in sorted(years, reverse=True)],
    }


def year_of(year: int) -> dict[str, Any]:
    """Return the figures of one year, each by the moment at which it happened."""
    begins, ends = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)

    def within(field: str) -> Q:
        return Q(**{f"{field}__gte": begins, f"{field}__lt": ends})

    reports = Report.objects.filter(within("confirmed_at"))
    stops, machines = Stop.objects.filter(within("made_at")), Collapse.objects.filter(within("made_at"))
    remedies = Remedy.objects.filter(within("sent_at"))
    return {
        "year": year,
        "reports": {
            "total": reports.count(),
            "without_account": reports.filter(user=None).count(),
            "by_rule": _counts(reports.order_by().values_list("rule", flat=True)),
        },
        "decisions": _decisions(ReviewCase.objects.filter(within("decided_at")), by_a_machine=machines.count()),
        "appeals": {
            "made": ReviewCase.objects.filter(within("appealed_at")).count(),
            "by_outcome": _counts(
                ReviewCase.objects.filter(within("appeal_decided_at")).values_list("appeal_outcome", flat=True)
            ),
        },
        "complaints": _complaints(reports.exclude(complaint_on=None)),
        "stops": {
            "made": stops.count(),
            "replaced_by_a_decision": stops.filter(ended_at__lt=F("ends_at")).count(),
            "ended_by_themselves": stops.filter(ended_at__gte=F("ends_at")).count(),
        },
        "mended": {"asked": remedies.count(), "accepted": remedies.filter(is_accepted=True).count()},
        **{name: told for part in _parts for name, told in part.figures(begins, ends).items()},
    }


def _decisions(cases: Any, *, by_a_machine: int) -> dict[str, Any]:
    rows = list(cases.values_list("rule", "outcome", "source", "opened_at", "decided_at"))
    hours = [(decided - opened).total_seconds() / 3600 for *_rest, opened, decided in rows]
    return {
        "total": len(rows),
        "by_rule": _counts(rule for rule, *_rest in rows if rule),
        "by_outcome": _counts(outcome for _rule, outcome, *_rest in rows),
        "by_source": _counts(source for _rule, _outcome, source, *_rest in rows),
        "median_hours": round(median(hours), 1) if hours else None,
        "by_a_machine": by_a_machine,
    }


def _complaints(reports: Any) -> dict[str, int]:
    decided = reports.exclude(case__decided_at=None)
    dismissed = decided.filter(case__outcome=CaseOutcome.KEEP).count()
    return {"made": reports.count(), "dismissed": dismissed, "acted_on": decided.count() - dismissed}


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _readers(at: datetime) -> dict[str, Any]:
    """Return how many readers in the EU bought something in a month, on average over the last complete half year.

    Who only looks is not counted: the shop does not recognise visitors.
    """
    first_month = 1 if at.month > _HALF_YEAR else _HALF_YEAR + 1
    year = at.year if at.month > _HALF_YEAR else at.year - 1
    begins = datetime(year, first_month, 1, tzinfo=UTC)
    ends = datetime(at.year, _HALF_YEAR + 1 if at.month > _HALF_YEAR else 1, 1, tzinfo=UTC)
    rows = Order.objects.filter(paid_at__gte=begins, paid_at__lt=ends, tax_country__in=EU)
    active = {(paid.astimezone(UTC).month, buyer) for buyer, paid in rows.values_list("buyer_id", "paid_at") if paid}
    return {
        "from": begins.date().isoformat(),
        "until": ends.date().isoformat(),
        "buyers_a_month": round(len(active) / _HALF_YEAR),
    }


# ---------------------------------------------------------------- statements of reasons

_CATEGORIES = {
    "copyright": "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
    "stolen": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "spam": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "ring": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "metadata": "STATEMENT_CATEGORY_CONSUMER_INFORMATION",
    "minors": "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    "danger": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
    "adult": "STATEMENT_CATEGORY_PORNOGRAPHY_OR_SEXUALIZED_CONTENT",
    "hate": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "abuse": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
}
_VISIBILITY = {
    CaseOutcome.HIDE: "DECISION_VISIBILITY_CONTENT_REMOVED",
    CaseOutcome.OFF_SALE: "DECISION_VISIBILITY_CONTENT_DISABLED",
    CaseOutcome.PRIVATE: "DECISION_VISIBILITY_CONTENT_DISABLED",
    CaseOutcome.ADULT: "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
    CaseOutcome.SPOILER: "DECISION_VISIBILITY_CONTENT_LABELLED",
}
_SOURCES = {CaseSource.NOTICE: "SOURCE_ARTICLE_16", CaseSource.OWN: "SOURCE_VOLUNTARY"}


def statements() -> list[dict[str, Any]]:
    """Return a statement of reasons for each restriction, in the fields of the Commission's transparency database.

    What the person concerned was told in words is not in it, because it may name people.
    """
    restricting = ReviewCase.objects.exclude(outcome__in=["", CaseOutcome.KEEP, CaseOutcome.UPHELD])
    restricting = restricting.order_by("decided_at", "pk")
    stops = Stop.objects.select_related("case").order_by("made_at", "pk")
    collapsed = Collapse.objects.select_related("case").order_by("made_at", "pk")
    added = [told for part in _parts for told in part.statements()]
    return [*map(_of_decision, restricting), *map(_of_stop, stops), *map(_of_collapse, collapsed), *added]


def _of_decision(case: ReviewCase) -> dict[str, Any]:
    lifted = case.appeal_decided_at if case.is_undone else case.remedied_at
    return _statement(
        puid=str(case.public_id),
        visibility=_VISIBILITY[CaseOutcome(case.outcome)],
        rule=case.rule,
        case=case,
        applied=case.decided_at,
        ends=lifted,
    )


def _of_stop(stop: Stop) -> dict[str, Any]:
    return _statement(
        puid=str(stop.public_id),
        visibility="DECISION_VISIBILITY_CONTENT_DISABLED",
        rule=stop.rule,
        case=stop.case,
        applied=stop.made_at,
        ends=stop.ended_at or stop.ends_at,
    )


def _of_collapse(made: Collapse) -> dict[str, Any]:
    """A machine collapsed it, because the flags of readers weighed enough."""
    told = _statement(
        puid=str(made.public_id),
        visibility="DECISION_VISIBILITY_CONTENT_LABELLED",
        rule=made.rule,
        case=made.case,
        applied=made.made_at,
        ends=made.ended_at,
    )
    facts = "A machine added up the flags of readers by a published rule. A person decides."
    return {**told, "decision_facts": facts, "automated_decision": "AUTOMATED_DECISION_FULLY"}


def _statement(
    *, puid: str, visibility: str, rule: str, case: ReviewCase, applied: datetime | None, ends: datetime | None
) -> dict[str, Any]:
    is_illegal = rule in RULES_OF_LAW
    ground = "illegal_content" if is_illegal else "incompatible_content"
    return {
        "puid": puid,
        "decision_visibility": [visibility],
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT" if is_illegal else "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        f"{ground}_legal_ground" if is_illegal else f"{ground}_ground": rule,
        f"{ground}_explanation": f"{settings.SITE_URL}/rules/",
        "category": _CATEGORIES.get(rule, "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"),
        "content_type": ["CONTENT_TYPE_TEXT"],
        "territorial_scope": list(EU),
        "application_date": applied.date().isoformat() if applied else None,
        "end_date_visibility_restriction": ends.date().isoformat() if ends else None,
        "decision_facts": "A moderator compared it with the rule and told the person concerned evidence and reason.",
        "source_type": _SOURCES[CaseSource(case.source)],
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    }
