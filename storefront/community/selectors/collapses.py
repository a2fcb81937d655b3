"""Reads reviews that a machine collapsed, and what their writers are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.templatetags.money import day
from storefront.community import standing_rules
from storefront.community.models import CaseState, Collapse, ReviewCase

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def collapses_to_mail() -> QuerySet[Collapse]:
    """Return those whose writers have not been told."""
    return Collapse.objects.filter(told_at=None, case__writer__deletion__done_at=None)


def newest_of(case: ReviewCase) -> Collapse | None:
    """Return the newest collapse of the case."""
    return case.collapses.order_by("-pk").first()


def answerable(case: ReviewCase) -> Collapse | None:
    """Return the collapse that the writer may answer: once, while a moderator has not decided."""
    made = newest_of(case) if case.state == CaseState.OPEN else None
    return made if made is not None and made.objected_at is None else None


def statement_of(made: Collapse) -> list[tuple[StrOrPromise, StrOrPromise]]:
    """Return the statement of reasons (Digital Services Act, Article 17)."""
    ends = _("Until a moderator decides")
    return [
        (_("Decision"), made.get_fold_display()),
        (_("Rule"), made.get_rule_display()),
        (
            _("What happened"),
            _("Readers flagged the review under this rule on or before %(day)s.") % {"day": day(made.made_at)},
        ),
        (_("What led to it"), _("A report or a flag")),
        (
            _("Use of machines"),
            _(
                "A machine added up the flags, each by the standing of its reader, and collapsed the review at a "
                "weight of %(weight)s. No machine reads reviews. A person decides."
            )
            % {"weight": standing_rules.FOLD_AT},
        ),
        (_("Basis"), _("Our rules")),
        (_("Where it applies"), _("In all countries")),
        (_("How long it applies"), _("It ended on %(day)s.") % {"day": day(made.ended_at)} if made.ended_at else ends),
        (
            _("If you disagree"),
            _(
                "Tell the moderator why. If the decision is against you, appeal within six months: someone else "
                "decides. You can also turn to an out-of-court dispute settlement body or go to court."
            ),
        ),
    ]
