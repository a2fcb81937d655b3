"""Cases and reports: the moderators' queue, a case with its evidence, the public log, and a person's reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.errors import NotFound
from storefront.catalogue.models import Listing
from storefront.community import reportables
from storefront.community.models import (
    AppealOutcome,
    CaseOutcome,
    CaseState,
    FlagRule,
    Remedy,
    Report,
    Reported,
    ReportRule,
    Review,
    ReviewCase,
    ReviewFlag,
    Shelf,
    ShelfBook,
    Stop,
)
from storefront.community.models.report_rule import ALWAYS_COUNTED

# The rules for each kind of report. A shelf is not marked for adults: its books are, one by one.
REPORT_RULES: dict[Reported, list[ReportRule]] = {
    Reported.BOOK: list(ReportRule),
    Reported.SHELF: [rule for rule in ReportRule if rule != ReportRule.ADULT],
    Reported.OFFER: [rule for rule in ReportRule if rule != ReportRule.ADULT],
    Reported.MESSAGE: [rule for rule in ReportRule if rule not in {ReportRule.ADULT, ReportRule.METADATA}],
    Reported.NEWSLETTER: [rule for rule in ReportRule if rule not in {ReportRule.ADULT, ReportRule.METADATA}],
    Reported.IN_PROGRESS: list(ReportRule),
    Reported.ADVANCE_COPIES: list(ReportRule),
    Reported.CLAIM: [ReportRule.COPYRIGHT],
    Reported.CONTRACT_REVIEW: [rule for rule in ReportRule if rule not in {ReportRule.ADULT, ReportRule.METADATA}],
}
UNCONFIRMED_PERIOD = timedelta(days=7)  # so long a report waits for the link in its receipt to be followed
_WAITING = (CaseState.OPEN, CaseState.APPEALED, CaseState.MENDED)
_MAX_GRAVEST = 25
_MAX_REPORTS = 100  # shown beside a case


def cases_by(*, state: str = "", kind: str = "", rule: str = "") -> QuerySet[ReviewCase]:
    """Return cases for the queue, newest first, with their number of reports; the open ones unless a state is given.

    A case whose reports are all unconfirmed is not in it.
    """
    reports = (
        Report.objects.confirmed()
        .filter(case=OuterRef("pk"))
        .order_by()
        .values("case")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = ReviewCase.objects.select_related("work", "shelf", "review", "reply")
    rows = rows.annotate(reported_by=Coalesce(Subquery(reports), 0))
    of_process = Q(reported__in=reportables.with_own_process())
    rows = rows.filter(Q(reported="") | Q(reported_by__gt=0) | of_process | ~Q(state=CaseState.OPEN))
    rows = rows.filter(state=state) if state else rows.filter(state__in=_WAITING)
    if kind:
        rows = rows.filter(**_kinds()[kind])
    if rule:
        flags = ReviewFlag.objects.filter(rule=rule, closed_at=None)
        flagged = Q(review__in=flags.values("review")) | Q(reply__in=flags.values("reply"))
        reported = Q(pk__in=Report.objects.confirmed().filter(rule=rule).values("case"))
        rows = rows.filter(Q(rule=rule) | flagged | reported)
    return rows.order_by("-pk")


def gravest_cases() -> list[ReviewCase]:
    """Return the open cases about sexual abuse of children or a danger to life; they stand above all others in the
    queue."""
    gravest = Report.objects.confirmed().filter(case=OuterRef("pk"), rule__in=ALWAYS_COUNTED)
    return list(cases_by(state=CaseState.OPEN).filter(Exists(gravest))[:_MAX_GRAVEST])


def about(case: ReviewCase) -> str:
    """Return in a few words what a case of the queue is about; "" once the review or reply was withdrawn."""
    if reportables.has_own_process(case):
        return str(case.kind)
    if case.reported:
        count: int = getattr(case, "reported_by", 0)  # annotated by `cases_by`
        reports = ngettext("%(n)s report", "%(n)s reports", count) % {"n": count}
        return f"{case.kind}, {reports}"
    if case.reply is not None:
        return f"{_('Reply:')} {_first_words(case.reply.body)}"
    if case.review is not None:
        return case.review.title or _first_words(case.review.body) or "—"
    return ""


def _first_words(text: str) -> str:
    return Truncator(text).words(8, truncate=" …")


def _kinds() -> dict[str, dict[str, object]]:
    of_reviews = {"reported": ""}
    return {
        "review": {**of_reviews, "is_reply": False},
        "reply": {**of_reviews, "is_reply": True},
        **{kind: {"reported": kind} for kind in Reported.values},
    }


def case_of(case_id: str) -> ReviewCase:
    """Return the case with this public id. Raises NotFound."""
    rows = ReviewCase.objects.select_related(
        *("work__listing", "shelf__owner", "writer", "decided_by", "appeal_decided_by", "stop__made_by"),
        *("review__user__standing", "review__reply__author", "reply__author"),
        *("reply__review__user__standing", "reply__review__reply__author"),
    )
    case = rows.filter(public_id=case_id).first()
    if case is None:
        raise NotFound
    return case


def cases_to_mail() -> QuerySet[ReviewCase]:
    """Return cases whose writers have not yet been emailed a decision that changed something, or an appeal's
    outcome."""
    decided = Q(told_at=None, state=CaseState.DECIDED) & ~Q(outcome=CaseOutcome.KEEP)
    rows = ReviewCase.objects.exclude(reported__in=reportables.with_own_process())
    return rows.filter(decided | Q(appeal_told_at=None, appeal_decided_at__isnull=False))


def stops_to_mail() -> QuerySet[Stop]:
    """Return stops whose owners have not yet been told."""
    return Stop.objects.filter(told_at=None)


def remedies_to_mail() -> QuerySet[Remedy]:
    """Return mended cases whose owners have not yet been told what was decided."""
    return Remedy.objects.filter(told_at=None, decided_at__isnull=False)


def reports_to_mail() -> QuerySet[Report]:
    """Return reports whose writers have not yet been emailed the decision, or that an appeal overturned it."""
    decided = Q(told_at=None, case__decided_at__isnull=False)
    undone = Q(undone_told_at=None, case__appeal_outcome=AppealOutcome.OVERTURNED)
    return Report.objects.confirmed().filter(decided | undone, has_address())


def receipts_to_mail() -> QuerySet[Report]:
    """Return reports whose senders have not yet been told that they have arrived."""
    return Report.objects.filter(has_address(), receipt_at=None)


def has_address() -> Q:
    """Select reports whose senders can be emailed."""
    return Q(user__isnull=False, user__deletion__done_at=None) | ~Q(email="")


def unconfirmed_reports(at: datetime) -> QuerySet[Report]:
    """Return reports that nobody confirmed in time."""
    return Report.objects.filter(confirmed_at=None, created_at__lte=at - UNCONFIRMED_PERIOD)


def reports_of(user: User) -> QuerySet[Report]:
    """Return the person's reports, newest first, with their cases."""
    return Report.objects.filter(user=user).select_related("case__work", "case__shelf").order_by("-pk")


def decided_cases() -> QuerySet[ReviewCase]:
    """Return the public log: decisions, their rules and the outcomes of appeals, without names or texts."""
    columns = ("public_id", "is_reply", "reported", "rule", "outcome", "decided_at", "appealed_at")
    rows = ReviewCase.objects.exclude(decided_at=None).order_by("-pk")
    return rows.only(*columns, "state", "appeal_outcome", "appeal_decided_at")


# ---------------------------------------------------------------- what a case is about


@dataclass(frozen=True, slots=True)
class CaseSubject:
    """What a moderator sees of the subject. `version` changes with every change of it."""

    version: str
    words: str


def current_subject(case: ReviewCase) -> CaseSubject | None:
    """Return the case's subject as it is now; None once it was withdrawn or deleted."""
    if case.reported == Reported.BOOK:
        return _shown_book(case)
    if case.reported == Reported.SHELF:
        return _shown_shelf(case.shelf) if case.shelf is not None else None
    if case.thing_id:
        thing = reportables.find(case.reported, case.thing_id)
        return CaseSubject(_digest(thing.words, thing.is_hidden), thing.words) if thing is not None else None
    subject = case.subject
    return CaseSubject(subject.version, subject.words) if subject is not None else None


def _shown_book(case: ReviewCase) -> CaseSubject | None:
    listing = Listing.objects.filter(work=case.work).first()
    if listing is None:
        return None
    lines = [listing.title, listing.subtitle, listing.byline, listing.description]
    words = "\n\n".join(filter(None, lines))
    return CaseSubject(_digest(words, listing.edition_id, listing.is_adult, listing.is_on_sale), words)


def _shown_shelf(shelf: Shelf) -> CaseSubject:
    rows = shelf.books.filter(removed_at=None).select_related("work").order_by("position", "pk")
    books = "\n".join(f"{row.work}: {row.reason}" if row.reason else str(row.work) for row in rows)
    words = "\n\n".join(filter(None, [shelf.title, shelf.description, books]))
    return CaseSubject(_digest(words, shelf.is_hidden), words)


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def outcomes_of(case: ReviewCase) -> list[CaseOutcome]:
    """Return the possible outcomes for the case's subject."""
    if case.reported == Reported.SHELF:
        return [CaseOutcome.KEEP, CaseOutcome.PRIVATE]
    if case.reported == Reported.CLAIM:
        return [CaseOutcome.KEEP, CaseOutcome.UPHELD]
    if case.thing_id:
        return [CaseOutcome.KEEP, CaseOutcome.HIDE]
    if case.reported == Reported.BOOK:
        marked = case.work is not None and case.work.is_adult
        return [CaseOutcome.KEEP, *([] if marked else [CaseOutcome.ADULT]), CaseOutcome.OFF_SALE]
    return [CaseOutcome.KEEP, CaseOutcome.SPOILER, CaseOutcome.HIDE]


def rules_of(case: ReviewCase) -> list[FlagRule | ReportRule]:
    """Return the rules that a decision of the case can name: all but `OTHER`."""
    if not case.reported:
        return [*FlagRule]
    return [rule for rule in REPORT_RULES[Reported(case.reported)] if rule != ReportRule.OTHER]


def is_thing_hidden(reported: Reported, thing_id: str, at: datetime) -> bool:
    """Return whether a decision or a stop in force hides something that an app above knows."""
    hidden = Q(outcome=CaseOutcome.HIDE) | Q(stop__in=Stop.objects.active(at))
    return ReviewCase.objects.in_force().filter(hidden, reported=reported, thing_id=thing_id).exists()


def is_shelf_hidden(shelf: Shelf, at: datetime) -> bool:
    """Return whether a decision or a stop in force hides the shelf."""
    hidden = Q(outcome=CaseOutcome.PRIVATE) | Q(stop__in=Stop.objects.active(at))
    return ReviewCase.objects.in_force().filter(hidden, shelf=shelf).exists()


def stop_of(case: ReviewCase) -> Stop | None:
    """Return the emergency stop of the case."""
    return Stop.objects.filter(case=case).select_related("made_by").first()


def hiding_decision(shelf: Shelf) -> ReviewCase | None:
    """Return the decision that hides the shelf from everybody but its owner."""
    return ReviewCase.objects.in_force().filter(shelf=shelf, outcome=CaseOutcome.PRIVATE).first()


def shelf_rows(case: ReviewCase) -> list[ShelfBook]:
    """Return the books on the shelf that the case is about."""
    if case.shelf is None:
        return []
    return list(case.shelf.books.filter(removed_at=None).select_related("work").order_by("position", "pk"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of a case: flags with their weight and reports, without names; earlier decisions."""

    flags: list[ReviewFlag]
    vouches: int
    vouched_weight: int
    reports: list[Report]
    before: list[ReviewCase]  # of the same writer
    reviews_of_writer: int


def evidence(case: ReviewCase) -> Evidence:
    """Return the evidence of a case."""
    subject, review = case.subject, None if case.is_reply else case.review
    vouches = review.vouches.aggregate(count=Count("pk"), weight=Sum("weight", default=0)) if review else {}
    before = ReviewCase.objects.filter(writer=case.writer).exclude(pk=case.pk).exclude(outcome="")
    return Evidence(
        flags=list(subject.flags.all()) if subject else [],
        vouches=vouches.get("count", 0),
        vouched_weight=vouches.get("weight", 0),
        reports=list(_shown_reports(case)[:_MAX_REPORTS]),
        before=list(before.select_related("work", "shelf")[:10]),
        reviews_of_writer=0 if case.reported else Review.objects.filter(user=case.writer).count(),
    )


def _shown_reports(case: ReviewCase) -> QuerySet[Report]:
    """Return the reports of a case; of reviews and replies the complaints alone, because the flags are shown."""
    rows = case.reports.confirmed().select_related("complaint_on__case")
    return rows if case.reported else rows.exclude(complaint_on=None)
