"""What decisions about somebody leave: an emergency stop, what they mended since, a suspension, an account ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from accounts.restrictions import Activity
from publishing.models import Work
from storefront.community.models import Collapse, Remedy, ReviewCase, Stop
from storefront.suspensions.models import AccountEnding, EndedBundle, EndedSale, EndingGround, Suspension
from tests.factories.accounts import make_moderator
from tests.factories.offers import make_bundle
from tests.factories.publishing import make_published_edition
from tests.factories.suspensions import make_suspension, propose_end


def decided(writer: User, work: Work, words: str, at: datetime) -> None:
    """A decided case about the writer's review of a work, with a stop that is over, and what they mended since.

    The writer was once suspended from reporting, and their account ended by mistake.
    """
    case = ReviewCase.objects.create(
        work=work, writer=writer, opened_at=at, state="closed", words=words, appeal=words, decided_at=at
    )
    Stop.objects.create(
        case=case,
        rule="stolen",
        evidence="Page 3.",
        reason="Copied.",
        made_by=make_moderator(),
        made_at=at,
        ends_at=at + timedelta(days=3),
        ended_at=at,
    )
    Remedy.objects.create(
        case=case,
        text=words,
        sent_at=at,
        is_accepted=True,
        reason="Fine.",
        decided_by=make_moderator(),
        decided_at=at,
    )
    Collapse.objects.create(
        case=case, fold="flagged", rule="spam", made_at=at, ended_at=at, told_at=at, objection=words, objected_at=at
    )
    _suspended(case.writer, words, at)
    _ended(case.writer, words, at)


def _suspended(person: User, words: str, at: datetime) -> None:
    made = make_suspension(person, Activity.NOTICES)
    over = at.date() - timedelta(days=10)
    days = {"first_day": over - timedelta(days=30), "last_day": over}
    Suspension.objects.filter(pk=made.pk).update(appeal=words, appealed_at=at, **days)


def _ended(person: User, words: str, at: datetime) -> None:
    made = propose_end(person, EndingGround.OBLIGATION)
    confirmed = {"confirmed_by": make_moderator(), "confirmed_at": at, "due_at": at, "done_at": at, "told_at": at}
    lifted = {"lifted_at": at, "lift_reason": words, "lift_told_at": at}
    AccountEnding.objects.filter(pk=made.pk).update(evidence=words, reason=words, **confirmed, **lifted)
    first, second = (make_published_edition(owner=person, title=title) for title in ("The Frame", "The Lid"))
    EndedSale.objects.create(ending=made, work=first.work, edition=first)
    EndedBundle.objects.create(ending=made, bundle=make_bundle(first, second, title="The Box"))
