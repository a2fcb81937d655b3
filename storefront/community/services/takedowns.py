"""Applies decisions to what was reported, and undoes them after a successful appeal."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from common import jobs
from publishing import services as publishing_services
from publishing.models import Edition, Work
from publishing.services import SaleState
from publishing.services.editions import lock_work as locked_work
from storefront.catalogue.services.versions import bump_version
from storefront.community import reportables
from storefront.community.models import CaseOutcome, Reported, ReviewCase, Shelf
from storefront.community.selectors import cases
from storefront.community.services import case_bundles

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
    if case.is_undone:
        lift(case, actor=actor, at=at)
        return
    update_hidden(case, at)
    if case.work is None or case.appeal_outcome:  # upheld: it was already applied
        return
    if case.outcome == CaseOutcome.OFF_SALE:
        with case_bundles.recorded(case):
            taken = publishing_services.take_down(actor=actor, work=case.work, case=case.public_id, at=at)
        case.edition, case.release_date = taken.edition, taken.release_date
        case.save(update_fields=["edition", "release_date"])
    elif case.outcome == CaseOutcome.ADULT:
        publishing_services.mark_adult(actor=actor, work=case.work, case=case.public_id)


def lift(case: ReviewCase, *, actor: User, at: datetime, by: Edition | None = None) -> None:
    """Undo a decision that is no longer in force, with the bundles that went off sale. `by` is the mended edition that
    goes on sale instead of the one taken down."""
    update_hidden(case, at)
    if case.work is None:
        return
    if case.outcome == CaseOutcome.OFF_SALE:
        taken = SaleState(case.edition if by is None else None, case.release_date)
        publishing_services.restore(actor=actor, work=case.work, case=case.public_id, taken=taken)
        case_bundles.restore(case, at)
    elif case.outcome == CaseOutcome.ADULT:
        publishing_services.unmark_adult(actor=actor, work=case.work, case=case.public_id)


def update_hidden(case: ReviewCase, at: datetime) -> None:
    """Hide or show a locked shelf, or what an app above knows, according to the decisions and the stop in force."""
    if case.shelf is not None:
        case.shelf.is_hidden = cases.is_shelf_hidden(case.shelf, at)
        case.shelf.save(update_fields=["is_hidden"])
        bump_version()  # the front page and its books' pages may show it
    kind = reportables.kind_of(case.reported)
    if kind is not None:
        kind.set_hidden(case.thing_id, cases.is_thing_hidden(Reported(case.reported), case.thing_id, at), at)


def enqueue_reporter_emails(case: ReviewCase) -> None:
    """Enqueue emails to those who reported it; if there are very many, `sweeping` enqueues the rest."""
    for report_id in case.reports.confirmed().values_list("pk", flat=True)[:_TOLD_AT_ONCE]:
        jobs.enqueue("community.mail_report", report_id=report_id)
