"""The end of an author's account by the shop: proposed by one person, confirmed by a second, appealed to a third.

With notice, it takes effect 30 days after the person was told, and not while their appeal is open; until then
everything works. At once only on the grounds that the P2B Regulation names. What has been earned is not touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from accounts.restrictions import Activity
from common import jobs
from publishing.models import Edition, Work
from publishing.services import account_endings
from publishing.services.account_endings import EndedWork
from storefront.catalogue.models import Bundle, BundleState
from storefront.catalogue.services import bundles
from storefront.community.models import AppealOutcome, ReviewCase
from storefront.suspensions import permissions, selectors
from storefront.suspensions.errors import (
    AppealNotPossible,
    DecidedBefore,
    EndedAlready,
    NotAnAuthor,
    NotRepeated,
    NotYours,
    WordsMissing,
)
from storefront.suspensions.models import AccountEnding, EndedBundle, EndedSale, EndingGround, Suspension


@transaction.atomic
def propose(
    *, actor: User, person: User, ground: EndingGround, rule: str, evidence: str, reason: str, at: datetime
) -> AccountEnding:
    """Propose to end somebody's account as an author. Nothing happens until a second person confirms.

    Raises NotYours, NotAnAuthor, WordsMissing, EndedAlready, NotRepeated.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not permissions.may_judge(actor, person):
        raise NotYours
    if not person.is_author:
        raise NotAnAuthor
    if not (rule.strip() and evidence.strip() and reason.strip()):
        raise WordsMissing
    if AccountEnding.objects.filter(person=person, lifted_at=None).exists():
        raise EndedAlready
    if ground == EndingGround.REPEATED and not _is_repeated(person):
        raise NotRepeated
    made = AccountEnding.objects.create(
        person=person,
        ground=ground,
        rule=rule.strip(),
        evidence=evidence.strip(),
        reason=reason.strip(),
        proposed_by=actor,
        proposed_at=at,
    )
    account_services.record_audit(actor=actor, verb="ending.proposed", subject=made, facts={"ground": ground})
    return made


@transaction.atomic
def confirm(*, actor: User, ending: AccountEnding, at: datetime) -> AccountEnding:
    """End the account, as the second person: after the notice, or at once. Raises DecidedBefore, NotYours."""
    found = _locked(ending)
    if found.confirmed_at is not None or found.lifted_at is not None:
        raise DecidedBefore
    if not permissions.may_confirm(actor, found):
        raise NotYours
    found.confirmed_by, found.confirmed_at = actor, at
    found.due_at = at if found.is_at_once else None  # the notice begins when the person is told
    found.save(update_fields=["confirmed_by", "confirmed_at", "due_at"])
    account_services.record_audit(actor=actor, verb="ending.confirmed", subject=found)
    jobs.enqueue("suspensions.mail_ending", ending_id=found.pk)
    if found.is_at_once:
        _take_effect(found, at)
    return found


@transaction.atomic
def withdraw(*, actor: User, ending: AccountEnding, reason: str, at: datetime) -> AccountEnding:
    """Take it back, before it takes effect or after. Books come back. Raises DecidedBefore, NotYours, WordsMissing."""
    found = _locked(ending)
    if found.lifted_at is not None:
        raise DecidedBefore
    if not permissions.may_lift(actor, found, at):
        raise NotYours
    if not reason.strip():
        raise WordsMissing
    found.lifted_at, found.lifted_by, found.lift_reason = at, actor, reason.strip()
    found.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    account_services.record_audit(actor=actor, verb="ending.withdrawn", subject=found)
    _put_back(found, at)
    if found.confirmed_at is not None:
        jobs.enqueue("suspensions.mail_ending", ending_id=found.pk)
    return found


@transaction.atomic
def appeal(*, actor: User, ending: AccountEnding, text: str, at: datetime) -> AccountEnding:
    """Appeal, as the author. During the notice, nothing takes effect until it is decided.

    Raises AppealNotPossible, WordsMissing.
    """
    found = _locked(ending)
    if found.confirmed_at is None or not permissions.may_appeal(actor, found, found.person, at):
        raise AppealNotPossible
    if not text.strip():
        raise WordsMissing
    found.appeal, found.appealed_at = text.strip(), at
    found.save(update_fields=["appeal", "appealed_at"])
    account_services.record_audit(actor=actor, verb="ending.appealed", subject=found)
    return found


@transaction.atomic
def decide_appeal(
    *, actor: User, ending: AccountEnding, outcome: AppealOutcome, reason: str, at: datetime
) -> AccountEnding:
    """Decide the appeal, as a third person. Overturned, everything comes back.

    Raises DecidedBefore, NotYours, WordsMissing.
    """
    found = _locked(ending)
    if not found.awaits_appeal:
        raise DecidedBefore
    if not permissions.may_decide_appeal(actor, found):
        raise NotYours
    if not reason.strip():
        raise WordsMissing
    found.appeal_outcome, found.appeal_reason = outcome, reason.strip()
    found.appeal_decided_by, found.appeal_decided_at = actor, at
    if found.is_undone:
        found.lifted_at = found.lift_told_at = at  # told with the outcome of the appeal
    found.save()
    facts: dict[str, str | int] = {"outcome": outcome}
    account_services.record_audit(actor=actor, verb="ending.appeal_decided", subject=found, facts=facts)
    if found.is_undone:
        _put_back(found, at)
    jobs.enqueue("suspensions.mail_ending", ending_id=found.pk)
    return found


@transaction.atomic
def take_effect(*, ending_id: int, at: datetime) -> bool:
    """Take the books off sale if the notice is over. Return whether it took effect now. Safe to repeat."""
    found = _locked(AccountEnding.objects.get(pk=ending_id))
    if not AccountEnding.objects.due(at).filter(pk=found.pk).exists():
        return False
    _take_effect(found, at)
    return True


def may_return(work: Work, edition: Edition | None, release_date: date | None) -> bool:
    """Return whether a work may come back from a hold. One of an ended account may not; it returns with the account."""
    ending = AccountEnding.objects.in_effect().filter(person=work.owner_id).first()
    if ending is None:
        return True
    if edition is not None or release_date is not None:
        returns = {"edition": edition, "release_date": release_date}
        EndedSale.objects.update_or_create(ending=ending, work=work, defaults=returns)
    return False


def _is_repeated(person: User) -> bool:
    rows = Suspension.objects.filter(person=person, activity=Activity.CONTENT)
    before = rows.exclude(appeal_outcome=AppealOutcome.OVERTURNED).order_by("decided_at").first()
    if before is None:
        return False
    newer = ReviewCase.objects.in_force().filter(writer=person, reported__in=selectors.PUBLISHED)
    return newer.exclude(outcome__in=["", "keep"]).filter(decided_at__gt=before.decided_at).exists()


def _take_effect(found: AccountEnding, at: datetime) -> None:
    assert found.confirmed_by is not None  # noqa: S101 - the caller has checked
    found.done_at = at
    found.save(update_fields=["done_at"])
    with _bundles_recorded(found):
        for one in account_endings.end_sales(actor=found.confirmed_by, owner=found.person, at=at):
            returns = {"edition": one.edition, "release_date": one.release_date}
            EndedSale.objects.update_or_create(ending=found, work=one.work, defaults=returns)
    account_services.record_audit(actor=None, verb="ending.took_effect", subject=found)


@contextmanager
def _bundles_recorded(found: AccountEnding) -> Iterator[None]:
    """Note which bundles with a book of the person go off sale meanwhile."""
    with_one = Bundle.objects.filter(works__work__owner=found.person).distinct()
    before = set(with_one.filter(state=BundleState.ON_SALE).values_list("pk", flat=True))
    yield
    after = set(with_one.filter(state=BundleState.ON_SALE).values_list("pk", flat=True))
    for bundle_id in before - after:
        EndedBundle.objects.get_or_create(ending=found, bundle_id=bundle_id)


def _put_back(found: AccountEnding, at: datetime) -> None:
    for sale in found.sales.select_related("work", "edition").order_by("work_id"):
        account_endings.put_back(owner=found.person, ended=EndedWork(sale.work, sale.edition, sale.release_date))
    for row in found.bundles.select_related("bundle").order_by("bundle_id"):
        bundles.restore_after_takedown(row.bundle, at=at)


def _locked(ending: AccountEnding) -> AccountEnding:
    """Lock the person, then the ending, as whoever proposes one does."""
    User.objects.select_for_update(no_key=True).get(pk=ending.person_id)
    rows = AccountEnding.objects.select_for_update(of=("self",)).select_related("person", "confirmed_by")
    return rows.get(pk=ending.pk)
