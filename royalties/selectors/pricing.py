"""What the arithmetic of `calc` needs to know of lines about to be sold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.db.models import F, Q

from conversion.models import Artifact
from publishing.models import Edition, Price
from royalties import calc
from royalties.facts import QuoteLine
from royalties.models import RoyaltyTerms, TermsFamily


def terms_of_editions(editions: Sequence[int], *, currency: str, at: datetime) -> dict[int | None, RoyaltyTerms]:
    """The terms of the plan that each edition's author is on, by edition; under None those of no plan. One query."""
    member = Q(plan__memberships__starts_at__lte=at) & (
        Q(plan__memberships__ends_at=None) | Q(plan__memberships__ends_at__gt=at)
    )
    owned = Q(plan__memberships__user__works__editions__in=editions)
    rows = (
        RoyaltyTerms.objects.filter(Q(plan=None) | (member & owned), currency=currency, effective_at__lte=at)
        .annotate(edition_id=F("plan__memberships__user__works__editions"))
        .order_by("effective_at", "id")
    )
    return {cast("Any", row).edition_id: row for row in rows}  # annotated


def priced_lines(*, lines: Sequence[QuoteLine], terms: Mapping[int, RoyaltyTerms]) -> list[calc.PricedLine]:
    """The lines with the terms of their editions; list price and size are looked up only where terms ask for them."""
    banded = [line.edition_id for line in lines if terms[line.edition_id].family == TermsFamily.RATE_BAND]
    listed, sizes = _list_prices_and_sizes(banded, terms) if banded else ({}, {})
    return [
        _priced(
            line,
            terms[line.edition_id],
            listed.get(line.edition_id, line.paid.amount_minor),
            sizes.get(line.edition_id, 0),
        )
        for line in lines
    ]


def _list_prices_and_sizes(
    banded: Sequence[int], terms: Mapping[int, RoyaltyTerms]
) -> tuple[dict[int, int], dict[int, int]]:
    """By edition: the list price in the terms' currency, and the bytes of the book."""
    editions = list(Edition.objects.filter(pk__in=banded))
    prices = Price.objects.filter(work__in=[e.work_id for e in editions], currency=terms[banded[0]].currency)
    by_work = dict(prices.values_list("work_id", "list_price_minor"))
    books = Artifact.objects.filter(job__in=[e.job_id for e in editions], kind="epub")
    by_job = dict(books.values_list("job_id", "size_bytes"))
    listed = {e.pk: by_work[e.work_id] for e in editions if e.work_id in by_work}
    return listed, {e.pk: by_job.get(e.job_id, 0) for e in editions}


def _priced(line: QuoteLine, terms: RoyaltyTerms, list_price: int, size_bytes: int) -> calc.PricedLine:
    return calc.PricedLine(
        paid=line.paid.amount_minor,
        tax=line.tax.amount_minor,
        terms=terms.as_terms(),
        list_price=list_price,
        size_bytes=size_bytes,
        full=line.full.amount_minor if line.full is not None else None,
        full_tax=line.full_tax.amount_minor if line.full_tax is not None else 0,
    )
