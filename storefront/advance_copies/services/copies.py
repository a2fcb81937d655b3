"""What becomes of a copy that somebody has: more days, an early end, and whether the reader wants a reminder."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from publishing.services import editions
from storefront.advance_copies import permissions
from storefront.advance_copies.errors import NotLasting, NotWaiting, WrongDay
from storefront.advance_copies.models import Copy, CopyState
from storefront.advance_copies.services import offers


@transaction.atomic
def extend(*, actor: User, copy: Copy, last_day: date, at: datetime) -> Copy:
    """Let the reader read up to a later day, also after the copy has ended. Raises NotFound, NotAllowed, UnderReview,
    NotLasting, WrongDay."""
    offers.locked_offer(actor, copy.offer.work)
    found = Copy.objects.filter(pk=copy.pk, state=CopyState.ACCEPTED).first()
    if found is None or found.last_day is None:
        raise NotLasting
    offers.check_day(last_day, at)
    if last_day < found.last_day:  # the reader was told that day; who must stop reading earlier has it withdrawn
        raise WrongDay(days=offers.MAX_DAYS)
    found.last_day = last_day
    found.save(update_fields=["last_day"])
    facts: dict[str, str | int] = {"last_day": last_day.isoformat()}
    account_services.record_audit(actor=actor, verb="advance_copy.extended", subject=found, facts=facts)
    return found


@transaction.atomic
def withdraw(*, actor: User, copy: Copy, words: str, at: datetime) -> Copy:
    """End a copy at once, or take back an open invitation. Who had accepted is told by mail, with the author's words;
    what they downloaded stays with them. Raises NotFound, NotAllowed, NotWaiting.
    """
    work = editions.lock_work(copy.offer.work)
    permissions.require_give(actor, work)
    ends = [CopyState.ACCEPTED, CopyState.INVITED]
    found = Copy.objects.filter(pk=copy.pk, state__in=ends).first()
    if found is None:
        raise NotWaiting
    today = clock.last_day_until(at)
    is_told = found.state == CopyState.ACCEPTED and found.last_day is not None and found.last_day >= today
    found.state, found.parting_words = CopyState.WITHDRAWN, words.strip()
    found.decided_at, found.told_at = at, None if is_told else at
    found.save(update_fields=["state", "parting_words", "decided_at", "told_at"])
    account_services.record_audit(actor=actor, verb="advance_copy.withdrawn", subject=found)
    if is_told:
        jobs.enqueue("advance_copies.mail_decision", copy_id=found.pk)
    return found


def choose_reminder(*, copy: Copy, is_wanted: bool) -> None:
    """Have the reader reminded about this copy, or not. Safe to repeat. The caller has asked who they are: by their
    account or a link."""
    Copy.objects.filter(pk=copy.pk).update(wants_reminder=is_wanted)
