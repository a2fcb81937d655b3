"""How we decide: how long it takes, how often an appeal wins, and what is past its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, Q

from hiring.contracts.models import Case
from hiring.contracts.selectors import clocks
from insight.market.periods import Span
from insight.market.values import Value, quantile, share
from storefront.community.models import AppealOutcome, CaseState, ReviewCase

# The terms of contracts promise it for their cases; for reports and flags it is our own target.
DAYS_TO_DECIDE = 14
_TENTH_OF_AN_HOUR = timedelta(minutes=6)


def median_hours(span: Span) -> list[Value]:
    """Return the median time to a decision."""
    return [quantile(_times(span), 1, 2)]


def ninetieth_hours(span: Span) -> list[Value]:
    """Return the time within which nine of ten decisions were made."""
    return [quantile(_times(span), 9, 10)]


def appeals_won(span: Span) -> list[Value]:
    """Return the share of appeals, decided in a quarter, that changed the decision."""
    during = Q(appeal_decided_at__gte=span.ago(91), appeal_decided_at__lt=span.end)
    moderated, contracts = ReviewCase.objects.filter(during), Case.objects.filter(during)
    won = moderated.filter(appeal_outcome=AppealOutcome.OVERTURNED).count() + sum(
        (case.appeal_provider_minor, case.appeal_share_ruling) != (_first_minor(case), case.share_ruling)
        for case in contracts
    )
    return [share(won, moderated.count() + contracts.count())]


def past_time(span: Span) -> list[Value]:
    """Return how many cases wait longer than 14 days, or than the terms of their contract promise."""
    waiting = ReviewCase.objects.filter(state__in=(CaseState.OPEN, CaseState.APPEALED, CaseState.MENDED))
    since = waiting.annotate(mended=Max("remedies__sent_at")).values_list("opened_at", "appealed_at", "mended")
    late = sum(max(at for at in moments if at is not None) < span.ago(DAYS_TO_DECIDE) for moments in since)
    return [Value(late + clocks.overdue_cases(at=span.end), waiting.count() + Case.objects.waiting().count())]


def _first_minor(case: Case) -> int | None:
    """Return the provider's part as it was first decided, before a bank took some of it."""
    return case.provider_minor if case.as_decided_minor is None else case.as_decided_minor


def _times(span: Span) -> list[int]:
    """Return how long each decision of the last four weeks took, first ones and those on appeals."""
    start, end = span.ago(28), span.end
    waits: list[tuple[datetime | None, datetime | None]] = []
    for since, until in (("opened_at", "decided_at"), ("appealed_at", "appeal_decided_at")):
        done = {f"{until}__gte": start, f"{until}__lt": end, f"{since}__isnull": False}
        waits += ReviewCase.objects.filter(**done).values_list(since, until)
    appeals = Case.objects.filter(appeal_decided_at__gte=start, appeal_decided_at__lt=end, appealed_at__isnull=False)
    waits += appeals.values_list("appealed_at", "appeal_decided_at")
    first = Case.objects.filter(decided_at__gte=start, decided_at__lt=end).select_related("milestone__contract")
    waits += [(_ours_since(case), case.decided_at) for case in first]
    return [max(until - since, timedelta()) // _TENTH_OF_AN_HOUR for since, until in waits if since and until]


def _ours_since(case: Case) -> datetime:
    """Return from when on a case waited for us: its answer, or the end of the time for it."""
    time_is_over = case.opened_at + timedelta(days=case.milestone.contract.days.answer_in_case)
    return min(case.answered_at or time_is_over, time_is_over)
