"""What the transparency report says of suspensions and endings (Digital Services Act, Article 24(1)(b))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.restrictions import Activity
from storefront.community.models import AppealOutcome
from storefront.community.selectors.transparency import EU, Part, Section
from storefront.suspensions.models import AccountEnding, EndingGround, PriorWarning, Suspension
from storefront.suspensions.rules import NUMBERS, SuspensionRule

_BASES = {
    EndingGround.RULES: "2019/1150 Article 4(2)",
    EndingGround.OBLIGATION: "2019/1150 Article 4(4)(a)",
    EndingGround.IMPERATIVE: "2019/1150 Article 4(4)(b)",
    EndingGround.REPEATED: "2019/1150 Article 4(4)(c)",
}


def of_period(begins: datetime, ends: datetime) -> dict[str, Any]:
    """Return the figures between two moments, each by the moment at which it happened."""

    def within(field: str) -> Q:
        return Q(**{f"{field}__gte": begins, f"{field}__lt": ends})

    imposed = Suspension.objects.filter(within("decided_at"))
    lifted = Suspension.objects.filter(within("lifted_at"))
    ended = AccountEnding.objects.filter(within("confirmed_at"))
    return {
        "warnings": counts(PriorWarning.objects.filter(within("made_at")).values_list("activity", flat=True)),
        "suspensions": {
            "by_kind": counts(imposed.values_list("activity", flat=True)),
            "by_rule": counts(imposed.values_list("rule", flat=True)),
            "lifted_early": lifted.exclude(appeal_outcome=AppealOutcome.OVERTURNED).count(),
            "appeals": _appeals(Suspension, within),
        },
        "account_endings": {
            "decided": counts(ended.values_list("ground", flat=True)),
            "took_effect": AccountEnding.objects.filter(within("done_at")).count(),
            "taken_back": AccountEnding.objects.filter(within("lifted_at"), confirmed_at__isnull=False)
            .exclude(appeal_outcome=AppealOutcome.OVERTURNED)
            .count(),
            "appeals": _appeals(AccountEnding, within),
        },
    }


def _appeals(model: type[Suspension] | type[AccountEnding], within: Any) -> dict[str, Any]:
    decided = model._default_manager.filter(within("appeal_decided_at"))
    return {
        "made": model._default_manager.filter(within("appealed_at")).count(),
        "by_outcome": counts(decided.values_list("appeal_outcome", flat=True)),
    }


def years() -> Iterable[int]:
    """Return the years in which there is something to count."""
    found = {made.astimezone(UTC).year for made in PriorWarning.objects.values_list("made_at", flat=True)}
    return found | {made.astimezone(UTC).year for made in AccountEnding.objects.values_list("proposed_at", flat=True)}


def sections(told: dict[str, Any]) -> list[Section]:
    """Return the page's sections of one year's figures."""
    suspended, ended = told["suspensions"], told["account_endings"]
    rows = [(_("Warnings"), sum(told["warnings"].values()))]
    rows += [(str(Activity(kind).label), count) for kind, count in suspended["by_kind"].items()]
    rows += [
        (_("Lifted early"), suspended["lifted_early"]),
        (_("Appeals"), suspended["appeals"]["made"]),
        (_("of these, overturned"), suspended["appeals"]["by_outcome"].get(AppealOutcome.OVERTURNED, 0)),
    ]
    endings = [(str(EndingGround(ground).label), count) for ground, count in ended["decided"].items()]
    endings += [
        (_("Took effect"), ended["took_effect"]),
        (_("Taken back"), ended["taken_back"]),
        (_("Appeals"), ended["appeals"]["made"]),
        (_("of these, overturned"), ended["appeals"]["by_outcome"].get(AppealOutcome.OVERTURNED, 0)),
    ]
    return [(_("Suspensions"), rows), (_("Accounts of authors that the shop ended"), endings)]


def statements() -> list[dict[str, Any]]:
    """Return a statement of reasons for each suspension from publishing or writing, and each end of an account, without
    words."""
    suspended = Suspension.objects.filter(activity__in=[Activity.CONTENT, Activity.POSTING]).order_by(
        "decided_at", "pk"
    )
    ended = AccountEnding.objects.filter(confirmed_at__isnull=False).order_by("confirmed_at", "pk")
    return [*map(_of_suspension, suspended), *map(_of_ending, ended)]


def _of_suspension(one: Suspension) -> dict[str, Any]:
    until = one.lifted_at.date() if one.lifted_at else one.last_day
    return statement(
        puid=one.public_id,
        restriction={
            "decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION",
            "end_date_service_restriction": until.isoformat(),
        },
        rule=one.rule,
        is_illegal=NUMBERS[SuspensionRule(one.rule)].rule == SuspensionRule.ILLEGAL,
        applied=one.decided_at,
        facts="A moderator counted earlier decisions by the published rule, after a warning.",
    )


def _of_ending(one: AccountEnding) -> dict[str, Any]:
    until = one.lifted_at.date().isoformat() if one.lifted_at else None
    return statement(
        puid=one.public_id,
        restriction={
            "decision_provision": "DECISION_PROVISION_PARTIAL_TERMINATION",
            "end_date_service_restriction": until,
        },
        rule=_BASES[EndingGround(one.ground)],
        is_illegal=False,
        applied=one.due_at,
        facts="Two people decided and told the person concerned rule, evidence and reason.",
    )


def statement(
    *,
    puid: str,
    restriction: dict[str, Any],
    rule: str,
    is_illegal: bool,
    applied: datetime | None,
    facts: str,
    by_machine: bool = False,
) -> dict[str, Any]:
    """Return a statement of reasons in the fields of the Commission's transparency database."""
    ground = "illegal_content" if is_illegal else "incompatible_content"
    return {
        "puid": str(puid),
        **restriction,
        "decision_ground": f"DECISION_GROUND_{ground.upper()}",
        f"{ground}_legal_ground" if is_illegal else f"{ground}_ground": rule,
        f"{ground}_explanation": f"{settings.SITE_URL}/rules/",
        "category": "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
        "content_type": ["CONTENT_TYPE_OTHER"],
        "territorial_scope": list(EU),
        "application_date": applied.date().isoformat() if applied else None,
        "decision_facts": facts,
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "Yes" if by_machine else "No",
        "automated_decision": f"AUTOMATED_DECISION_{'FULLY' if by_machine else 'NOT_AUTOMATED'}",
    }


def counts(values: Iterable[str]) -> dict[str, int]:
    """Return how often each is there, sorted."""
    return dict(sorted(Counter(values).items()))


PART = Part(figures=of_period, years=years, statements=statements, sections=sections)
