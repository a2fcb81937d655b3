"""Decided cases about one person, warnings, suspensions, and ended accounts."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from accounts.restrictions import Activity
from common import clock
from storefront.community.models import CaseOutcome, CaseState, Report, Reported, ReportRule, ReviewCase
from storefront.suspensions.models import AccountEnding, EndingGround, PriorWarning, Suspension, Unfounded
from storefront.suspensions.rules import NUMBERS, SuspensionRule
from storefront.suspensions.services import emails, ending, suspending, warning
from tests.factories.accounts import make_author, make_moderator
from tests.factories.publishing import make_work

WORDS = {"evidence": "Three books hold the same text.", "reason": "It goes on after the warning."}


def make_case(
    person: User,
    *,
    rule: ReportRule = ReportRule.COPYRIGHT,
    outcome: CaseOutcome = CaseOutcome.OFF_SALE,
    reported: str = Reported.BOOK,
    at: datetime | None = None,
) -> ReviewCase:
    """A decided case about a book of the person, or a review of it, which has no other effect."""
    at = at or clock.now()
    return ReviewCase.objects.create(
        work=make_work(owner=person),
        reported=reported,
        writer=person,
        state=CaseState.DECIDED,
        opened_at=at,
        outcome=outcome,
        rule="" if outcome == CaseOutcome.KEEP else rule,
        evidence="Page 3.",
        reason="It is copied.",
        decided_by=make_moderator(),
        decided_at=at,
        told_at=at,
    )


def make_dismissed(person: User, *, at: datetime | None = None, rule: ReportRule = ReportRule.STOLEN) -> Report:
    """A report by the person that led to nothing."""
    at = at or clock.now()
    case = make_case(make_author(), outcome=CaseOutcome.KEEP, at=at)
    return Report.objects.create(
        case=case, user=person, rule=rule, words="It is bad.", created_at=at, confirmed_at=at, told_at=at
    )


def make_unfounded(person: User, *, at: datetime | None = None) -> Unfounded:
    """A dismissed report by the person that a moderator called manifestly unfounded."""
    at = at or clock.now()
    report = make_dismissed(person, at=at)
    return warning.call_report_unfounded(actor=make_moderator(), report=report, reason="A blank page.", at=at)


def make_warning(person: User, activity: Activity = Activity.CONTENT, *, at: datetime | None = None) -> PriorWarning:
    """A warning that the person was told of."""
    at = at or clock.now()
    with clock.frozen(at):
        made = warning.warn(actor=make_moderator(), person=person, activity=activity, reason="Please stop.", at=at)
        emails.mail_warning(warning_id=made.pk)
    made.refresh_from_db()
    return made


def make_post_case(person: User, *, at: datetime | None = None) -> ReviewCase:
    """A decision that a review by the person, since withdrawn, broke a rule."""
    return make_case(person, rule=ReportRule.HATE, outcome=CaseOutcome.HIDE, reported="", at=at)


def make_suspension(
    person: User | None = None, activity: Activity = Activity.CONTENT, *, actor: User | None = None, days: int = 30
) -> Suspension:
    """All grounds but one, the warning, and one after it; the person has been told."""
    person = person or make_author()
    at = clock.now()
    grounds = {Activity.CONTENT: make_case, Activity.POSTING: make_post_case}
    ground = grounds.get(activity, make_unfounded)
    rules = {Activity.CONTENT: SuspensionRule.ILLEGAL, Activity.POSTING: SuspensionRule.POSTS}
    rule = rules.get(activity) or SuspensionRule(activity)
    for _number in range(NUMBERS[rule].count - 1):
        ground(person, at=at - timedelta(days=3))
    make_warning(person, activity, at=at - timedelta(days=2))
    ground(person, at=at - timedelta(days=1))
    actor = actor or make_moderator()
    made = suspending.suspend(actor=actor, person=person, rule=rule, days=days, at=at, **WORDS)
    emails.mail_suspension(suspension_id=made.pk)
    made.refresh_from_db()
    return made


def propose_end(
    person: User, ground: EndingGround = EndingGround.OBLIGATION, *, actor: User | None = None
) -> AccountEnding:
    told = {"rule": "A court order.", "evidence": "The order of 3 May.", "reason": "We have to follow it."}
    actor = actor or make_moderator()
    return ending.propose(actor=actor, person=person, ground=ground, at=clock.now(), **told)


def make_ending(person: User | None = None, ground: EndingGround = EndingGround.OBLIGATION) -> AccountEnding:
    """A confirmed end of an author's account; the author has been told."""
    made = propose_end(person or make_author(), ground)
    ending.confirm(actor=make_moderator(), ending=made, at=clock.now())
    emails.mail_ending(ending_id=made.pk)
    made.refresh_from_db()
    return made
