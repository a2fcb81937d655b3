"""Work that was agreed here and seems to go on elsewhere."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef

from hiring.contracts.models import Contract, Milestone
from insight.market.periods import Span
from insight.market.values import Value, share
from publishing.comments.models import Comment
from publishing.editing.models import Correction

_TIME_TO_PAY = timedelta(days=14)


def not_paid(span: Span) -> list[Value]:
    """Return the share of contracts about money of which no milestone was paid within 14 days."""
    paid = Milestone.objects.filter(contract=OuterRef("pk"), funded_at__lte=OuterRef("opened_at") + _TIME_TO_PAY)
    opened = Contract.objects.filter(opened_at__gte=span.ago(14 + 28), opened_at__lt=span.ago(14)).exclude(currency="")
    return [share(opened.filter(~Exists(paid)).count(), opened.count())]


def left_after_first(span: Span) -> list[Value]:
    """Return the share of contracts, ended after the first of several milestones, whose provider works on in the text.

    A correction or a comment by the provider after the end of the contract is taken as work.
    """
    others = Milestone.objects.filter(contract=OuterRef("pk")).exclude(position=OuterRef("first"))
    first = Milestone.objects.filter(contract=OuterRef("pk")).order_by("position").values("position")[:1]
    ended = (
        Contract.objects.filter(ended_at__gte=span.ago(91), ended_at__lt=span.end)
        .exclude(currency="")
        .annotate(first=first)
        .filter(Exists(others), ~Exists(others.filter(funded_at__isnull=False)))
        .filter(Exists(Milestone.objects.filter(contract=OuterRef("pk"), funded_at__isnull=False)))
    )
    corrected = Correction.objects.filter(
        work=OuterRef("work"), author=OuterRef("provider"), made_at__gt=OuterRef("ended_at"), made_at__lt=span.end
    )
    said = Comment.objects.filter(
        thread__work=OuterRef("work"),
        author=OuterRef("provider"),
        written_at__gt=OuterRef("ended_at"),
        written_at__lt=span.end,
    )
    return [share(ended.filter(Exists(corrected) | Exists(said)).count(), ended.count())]
