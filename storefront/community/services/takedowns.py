"""Applies decisions to what was reported, and undoes them after a successful appeal."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from common import jobs
from publishing import services as publishing_services
from publishing.models import Work
from publishing.services import SaleState
from publishing.services.editions import lock_work as locked_work
from storefront.catalogue.services.versions import bump_version
from storefront.community import reportables
from storefront.community.models import CaseOutcome, Reported, ReviewCase, Shelf
from storefront.community.selectors import cases

_TOLD_AT_ONCE = 100


def lock_case_subject(case: ReviewCase) -> ReviewCase:
    """Lock the book, shelf or other thing, then the case, and return the case with its current subject.

    Reports, decisions, publishing and edits of the shelf wait for the same locks.
    """
    work: Work | None = None
    shelf: Shelf | None = None
    if case.reported == Reported.BOOK and case.work is not None:
        work = locked_work(case.work)
    elif case.reported == Reported.SHELF:
        shelf = Shelf.objects.select_for_update().filter(cases=case.pk).first()
    kind = reportables.kind_of(case.reported)
    if kind is not None:
        kind.lock(case.thing_id)
    found = ReviewCase.objects.select_for_update(of=("self",)).select_related("edition").get(pk=case.pk)
    found.work, found.shelf = work, shelf
    return found


def apply(*, actor: User, case: ReviewCase, at: datetime) -> None:
    """Apply the decision, or undo it after a successful appeal. The caller has locked the case."""
    if case.shelf is not None:
        _hide(case.shelf)
    kind = reportables.kind_of(case.reported)
    if kind is not None:
        kind.set_hidden(case.thing_id, cases.is_hidden_by_decision(Reported(case.reported), case.thing_id), at)
    if case.work is None:
        return
    if case.is_undone:
        _undo(case, actor=actor, work=case.work)
    elif case.appeal_outcome:  # upheld: it was already applied
        return
    elif case.outcome == CaseOutcome.OFF_SALE:
        taken = publishing_services.take_down(actor=actor, work=case.work, case=case.public_id, at=at)
        case.edition, case.release_date = taken.edition, taken.release_date
        case.save(update_fields=["edition", "release_date"])
    elif case.outcome == CaseOutcome.ADULT:
        publishing_services.mark_adult(actor=actor, work=case.work, case=case.public_id)


def _undo(case: ReviewCase, *, actor: User, work: Work) -> None:
    if case.outcome == CaseOutcome.OFF_SALE:
        taken = SaleState(case.edition, case.release_date)
        publishing_services.restore(actor=actor, work=work, case=case.public_id, taken=taken)
    elif case.outcome == CaseOutcome.ADULT:
        publishing_services.unmark_adult(actor=actor, work=work, case=case.public_id)


def _hide(shelf: Shelf) -> None:
    """Hide or show a locked shelf according to the decisions in force."""
    shelf.is_hidden = ReviewCase.objects.in_force().filter(shelf=shelf, outcome=CaseOutcome.PRIVATE).exists()
    shelf.save(update_fields=["is_hidden"])
    bump_version()  # the front page and its books' pages may show it


def enqueue_reporter_emails(case: ReviewCase) -> None:
    """Enqueue emails to those who reported it; if there are very many, `sweeping` enqueues the rest."""
    if case.reported:
        for report_id in case.reports.confirmed().values_list("pk", flat=True)[:_TOLD_AT_ONCE]:
            jobs.enqueue("community.mail_report", report_id=report_id)
