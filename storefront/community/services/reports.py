"""Reports of books, shelves and other things: the first opens a case, later ones join it until a moderator decides.

`actor` is None for people without an account, who give a name and an address instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import restrictions
from accounts.models import User
from accounts.permissions import Visitor
from accounts.restrictions import Activity
from common import jobs
from common.errors import NotAllowed, NotFound
from publishing.models import Work
from publishing.services.editions import lock_work as locked_work
from storefront.catalogue.models import Listing
from storefront.community import permissions, reportables
from storefront.community.errors import AlreadyReported, ReporterMissing
from storefront.community.models import CaseSource, CaseState, Report, Reported, ReportRule, ReviewCase, Shelf
from storefront.community.models.report_rule import ALWAYS_COUNTED


class ReportNotAllowed(NotAllowed):
    code = "report.not_allowed"
    message = _("This is yours: you can change or remove it yourself.")


@dataclass(frozen=True, slots=True)
class ReportInput:
    """The content of a report.

    `right_holder` and `original` are used for copyright infringements only; `name`, `email` and `language` for people
    without an account.
    """

    rule: ReportRule
    words: str
    right_holder: str = ""
    original: str = ""
    place: str = ""
    name: str = ""
    email: str = ""
    language: str = ""


@transaction.atomic
def report_book(*, actor: User | None, work: Work, told: ReportInput, at: datetime) -> Report:
    """Report a book that is on sale or announced. Raises NotFound, ReportNotAllowed, AlreadyReported."""
    work = locked_work(work)
    if not Listing.objects.on_sale().filter(work=work).exists():
        raise NotFound
    if not permissions.may_report_book(_visitor(actor), work):
        raise ReportNotAllowed
    case, _is_new = ReviewCase.objects.get_or_create(
        work=work,
        reported=Reported.BOOK,
        state=CaseState.OPEN,
        defaults={"writer_id": work.owner_id, "opened_at": at, "source": _source(actor)},
    )
    return _report(actor, case, told, at)


@transaction.atomic
def report_shelf(*, actor: User | None, shelf: Shelf, told: ReportInput, at: datetime) -> Report:
    """Report a shelf that others can see. Raises NotFound, ReportNotAllowed, AlreadyReported."""
    found = Shelf.objects.select_for_update().filter(pk=shelf.pk, is_hidden=False).first()
    if found is None:
        raise NotFound
    if not permissions.may_report_shelf(_visitor(actor), found):
        raise ReportNotAllowed
    case, _is_new = ReviewCase.objects.get_or_create(
        shelf=found,
        reported=Reported.SHELF,
        state=CaseState.OPEN,
        defaults={"writer_id": found.owner_id, "opened_at": at, "source": _source(actor)},
    )
    return _report(actor, case, told, at)


@transaction.atomic
def report_thing(*, actor: User | None, reported: Reported, thing_id: str, told: ReportInput, at: datetime) -> Report:
    """Report something that an app above knows. Raises NotFound, ReportNotAllowed, AlreadyReported."""
    kind = reportables.kind_of(reported)
    if kind is None:
        raise NotFound
    kind.lock(thing_id)
    thing = kind.find(thing_id)
    if thing is None or thing.is_hidden:
        raise NotFound
    if not may_report_thing(_visitor(actor), kind, thing_id) or thing.owner == actor:
        raise ReportNotAllowed
    case, _is_new = ReviewCase.objects.get_or_create(
        reported=reported,
        thing_id=thing_id,
        state=CaseState.OPEN,
        defaults={"writer": thing.owner, "thing_title": thing.title[:300], "opened_at": at, "source": _source(actor)},
    )
    return _report(actor, case, told, at)


def may_report_thing(user: Visitor, kind: reportables.Kind, thing_id: str) -> bool:
    """Return whether the visitor may report something that an app above knows."""
    return (kind.is_public or isinstance(user, User)) and kind.may_report(user, thing_id)


@transaction.atomic
def confirm(*, report: Report, at: datetime) -> Report:
    """Count a report from now on, because its sender followed the link in the receipt. Safe to repeat.

    Raises NoticesSuspended.
    """
    found = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if found.confirmed_at is None:
        require_heard(found, Activity.NOTICES, at)
        found.confirmed_at = at
        found.save(update_fields=["confirmed_at"])
    return found


def require_heard(report: Report, activity: Activity, at: datetime) -> None:
    """Require that reports or complaints of its sender are looked at. Who has an account cannot get around a suspension
    by writing from its address without logging in. Raises NoticesSuspended, ComplaintsSuspended."""
    sender = report.user or User.objects.filter(email__iexact=report.email).exclude(email="").first()
    if sender is not None:
        restrictions.require(sender, activity, at)


def _visitor(actor: User | None) -> Visitor:
    return actor if actor is not None else AnonymousUser()


def _source(actor: User | None) -> CaseSource:
    return CaseSource.OWN if actor is not None and permissions.may_moderate(actor) else CaseSource.NOTICE


def _report(actor: User | None, case: ReviewCase, told: ReportInput, at: datetime) -> Report:
    """Add a report to the case, once for each person. The caller has locked the book or shelf, so that nobody can
    decide."""
    name, email = ("", "") if actor is not None else (told.name.strip(), told.email.strip().lower())
    is_gravest = told.rule in ALWAYS_COUNTED
    if actor is None and not (told.rule == ReportRule.MINORS or (name and email)):
        raise ReporterMissing
    if actor is not None and not is_gravest:
        restrictions.require(actor, Activity.NOTICES, at)
    mine = case.reports.filter(user=actor) if actor is not None else case.reports.filter(email=email)
    if (actor is not None or email) and mine.exists():
        raise AlreadyReported
    is_copied = told.rule == ReportRule.COPYRIGHT
    report = Report.objects.create(
        case=case,
        user=actor,
        name=name,
        email=email,
        language=told.language if email else "",
        rule=told.rule,
        place=told.place.strip(),
        words=told.words.strip(),
        right_holder=told.right_holder.strip() if is_copied else "",
        original=told.original.strip() if is_copied else "",
        created_at=at,
        confirmed_at=at if actor is not None or is_gravest else None,
    )
    if report.address:
        jobs.enqueue("community.mail_receipt", report_id=report.pk)
    return report
