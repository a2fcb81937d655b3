"""Statements of reasons (Digital Services Act, Article 17; P2B Regulation, Article 4): what pages and emails say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.restrictions import Activity
from common.templatetags.money import day
from storefront.suspensions.models import AccountEnding, EndingGround, Suspension
from storefront.suspensions.rules import NUMBERS, SuspensionRule

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

type Rows = list[tuple[StrOrPromise, StrOrPromise]]

FORBIDDEN: dict[Activity, StrOrPromise] = {
    Activity.CONTENT: _(
        "You cannot put books, editions, bundles or chapters on sale or on show, upload files, send newsletters or "
        "offer services. What is on sale stays on sale, and contracts go on."
    ),
    Activity.POSTING: _(
        "You cannot write reviews or replies, make or change shelves, or send messages. What you have written stays, "
        "and messages about contracts still work."
    ),
    Activity.NOTICES: _(
        "We do not look at what you report or flag. Reports of sexual abuse of children or of a danger to somebody’s "
        "life always count."
    ),
    Activity.COMPLAINTS: _(
        "We do not look at your appeals and complaints. Your appeal against this decision is always looked at."
    ),
}
_UNTOUCHED = _(
    "Everything you have earned and will earn is paid as usual. You can log in, read and download your data. Money is "
    "held only for the reasons that our rules name, each with a statement of its own."
)
_REDRESS = _("Appeal here, turn to an out-of-court dispute settlement body, or go to court.")
_NO_MACHINES = _("None but for counting the decisions: people found it and decided.")


def of_suspension(found: Suspension) -> Rows:
    """Return the statement of a suspension."""
    numbers = NUMBERS[SuspensionRule(found.rule)]
    return [
        (_("What is suspended"), Activity(found.activity).label),
        (_("What that means"), FORBIDDEN[Activity(found.activity)]),
        (_("Rule"), f"{numbers.rule.label}: {rule_in_words(numbers.rule)}"),
        (_("Evidence"), found.evidence),
        (_("Reason"), found.reason),
        (_("Warning"), _("You were warned on %(day)s.") % {"day": day(found.warning.made_at)}),
        (_("What led to it"), _("Earlier decisions, listed below")),
        (_("Use of machines"), _NO_MACHINES),
        (_("Basis"), _law_of(numbers.rule)),
        (_("Where it applies"), _("In all countries")),
        (
            _("How long it applies"),
            _("From %(first)s until %(last)s. It ends by itself.")
            % {"first": day(found.first_day), "last": day(found.last_day)},
        ),
        (_("What it leaves to you"), _UNTOUCHED),
        (_("If you disagree"), _REDRESS),
    ]


def of_ending(found: AccountEnding) -> Rows:
    """Return the statement of the end of an account."""
    ground = EndingGround(found.ground)
    basis: StrOrPromise = str(ground.basis)
    begins = day(found.due_at) if found.due_at else _("30 days after we told you")
    return [
        (_("What ends"), _("Your account as an author")),
        (
            _("What that means"),
            _(
                "Your books go off sale, and you cannot publish here. Readers who bought them keep them, and "
                "pre-orders are paid back."
            ),
        ),
        (_("Rule"), found.rule),
        (_("Evidence"), found.evidence),
        (_("Reason"), found.reason),
        (_("What led to it"), ground.label),
        (_("Use of machines"), _("None: two people decided.")),
        (_("Basis"), basis),
        (_("Where it applies"), _("In all countries")),
        (_("When it takes effect"), _("At once") if found.is_at_once else begins),
        (_("How long it applies"), _("Until an appeal succeeds or we take it back")),
        (_("What it leaves to you"), _UNTOUCHED),
        (_("If you disagree"), _REDRESS),
    ]


def rule_in_words(rule: SuspensionRule) -> str:
    """Return the published rule with its numbers."""
    numbers = NUMBERS[rule]
    told = _("%(count)d within twelve months, at least one of them after a warning: %(words)s") % {
        "count": numbers.count,
        "words": numbers.words,
    }
    if not numbers.share_percent:
        return told
    share = _("at least %(share)d %% of all that the person sent in") % {"share": numbers.share_percent}
    return f"{told}; {share}"


def _law_of(rule: SuspensionRule) -> StrOrPromise:
    if rule in {SuspensionRule.BREACH, SuspensionRule.POSTS}:
        return _("Our rules")
    if rule == SuspensionRule.ILLEGAL:
        return _("Regulation (EU) 2022/2065, Article 23(1), and our rules")
    return _("Regulation (EU) 2022/2065, Article 23(2), and our rules")
