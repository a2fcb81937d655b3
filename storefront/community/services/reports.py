"""Reports of books, shelves and other things: the first opens a case, later ones join it until a moderator decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import NotAllowed, NotFound
from publishing.models import Work
from publishing.services.editions import lock_work as locked_work
from storefront.catalogue.models import Listing
from storefront.community import permissions, reportables
from storefront.community.errors import AlreadyReported
from storefront.community.models import CaseState, Report, Reported, ReportRule, ReviewCase, Shelf


class ReportNotAllowed(NotAllowed):
    code = "report.not_allowed"
    message = _("This is yours: you can change or remove it yourself.")


@dataclass(frozen=True, slots=True)
class ReportInput:
    """The content of a report. The last two fields are used for copyright infringements only."""

    rule: ReportRule
    words: str
    right_holder: str = ""
    original: str = ""


@transaction.atomic
def report_book(*, actor: User, work: Work, told: ReportInput, at: datetime) -> Report:
    """Report a book that is on sale or announced. Raises NotFound, ReportNotAllowed, AlreadyReported."""
    work = locked_work(work)
    if not Listing.objects.on_sale().filter(work=work).exists():
        raise NotFound
    if not permissions.may_report_book(actor, work):
        raise ReportNotAllowed
    case, _is_new = ReviewCase.objects.get_or_create(
        work=work,
        reported=Reported.BOOK,
        state=CaseState.OPEN,
        defaults={"writer_id": work.owner_id, "opened_at": at},
    )
    return _report(actor, case, told, at)


@transaction.atomic
def report_shelf(*, actor: User, shelf: Shelf, told: ReportInput, at: datetime) -> Report:
    """Report a shelf that others can see. Raises NotFound, ReportNotAllowed, AlreadyReported."""
    found = Shelf.objects.select_for_update().filter(pk=shelf.pk, is_hidden=False).first()
    if found is None:
        raise NotFound
    if not permissions.may_report_shelf(actor, found):
        raise ReportNotAllowed
    case, _is_new = ReviewCase.objects.get_or_create(
        shelf=found,
        reported=Reported.SHELF,
        state=CaseState.OPEN,
        defaults={"writer_id": found.owner_id, "opened_at": at},
    )
    return _report(actor, case, told, at)


@transaction.atomic
def report_thing(*, actor: User, reported: Reported, thing_id: str, told: ReportInput, at: datetime) -> Report:
    """Report something that an app above knows. Raises NotFound, ReportNotAllowed, AlreadyReported."""
    kind = reportables.kind_of(reported)
    if kind is None:
        raise NotFound
    kind.lock(thing_id)
    thing = kind.find(thing_id)
    if thing is None or thing.is_hidden:
        raise NotFound
    if not kind.may_report(actor, thing_id) or thing.owner == actor:
        raise ReportNotAllowed
    case, _is_new = ReviewCase.objects.get_or_create(
        reported=reported,
        thing_id=thing_id,
        state=CaseState.OPEN,
        defaults={"writer": thing.owner, "thing_title": thing.title[:300], "opened_at": at},
    )
    return _report(actor, case, told, at)


def _report(actor: User, case: ReviewCase, told: ReportInput, at: datetime) -> Report:
    """Add a report to the case, once for each person. The caller has locked the book or shelf, so that nobody can
    decide."""
    if Report.objects.filter(case=case, user=actor).exists():
        raise AlreadyReported
    is_copied = told.rule == ReportRule.COPYRIGHT
    return Report.objects.create(
        case=case,
        user=actor,
        rule=told.rule,
        words=told.words.strip(),
        right_holder=told.right_holder.strip() if is_copied else "",
        original=told.original.strip() if is_copied else "",
        created_at=at,
    )
