"""The terms, fees, list prices and sizes that `calc` needs for lines about to be sold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from conversion.models import Artifact
from publishing.models import Edition, Price
from royalties import calc
from royalties.dto import QuoteLine
from royalties.models import RoyaltyTerms, TermsFamily

# Written in SQL because every step of buying runs it, and so that only the works in question are looked up.
_IN_FORCE = """
    WITH fee AS (
      SELECT rate_bps, fixed_minor FROM royalties_processorfeeschedule WHERE currency = %s AND effective_at <= %s
      ORDER BY effective_at DESC, id DESC LIMIT 1)
    SELECT CAST(NULL AS BIGINT) AS edition_id, fee.rate_bps AS fee_bps, fee.fixed_minor AS fee_minor,
      royalties_royaltyterms.*
    FROM royalties_royaltyterms LEFT JOIN fee ON TRUE
    WHERE plan_id IS NULL AND currency = %s AND effective_at <= %s
    UNION ALL
    SELECT edition.id, NULL, NULL, royalties_royaltyterms.*
    FROM publishing_edition AS edition JOIN publishing_work AS work ON work.id = edition.work_id
      JOIN royalties_planmembership AS member ON member.user_id = work.owner_id
      JOIN royalties_royaltyterms ON royalties_royaltyterms.plan_id = member.plan_id
    WHERE edition.id IN ({editions}) AND member.starts_at <= %s AND (member.ends_at IS NULL OR member.ends_at > %s)
      AND royalties_royaltyterms.currency = %s AND royalties_royaltyterms.effective_at <= %s
    ORDER BY effective_at, id"""


def terms_by_edition(
    editions: Sequence[int], *, currency: str, at: datetime
) -> tuple[dict[int | None, RoyaltyTerms], calc.ProcessorFees | None]:
    """Return the terms by edition, of the plan that its author is on, and the provider's fees. One query.

    The key None holds the terms outside any plan; without them the fees are not known either.
    """
    moment = connection.ops.adapt_datetimefield_value(at)
    now = [currency, moment]
    statement = _IN_FORCE.format(editions=", ".join(["%s"] * len(editions)) or "NULL")
    rows: list[Any] = list(RoyaltyTerms.objects.raw(statement, [*now, *now, *editions, moment, moment, *now]))
    fees = next((calc.ProcessorFees(row.fee_bps, row.fee_minor) for row in rows if row.fee_bps is not None), None)
    return {row.edition_id: row for row in rows}, fees  # later rows replace earlier ones


def priced_lines(*, lines: Sequence[QuoteLine], terms: Mapping[int, RoyaltyTerms]) -> list[calc.PricedLine]:
    """Return the lines with the terms of their editions.

    List price and size are looked up only where the terms ask for them.
    """
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
    """Return by edition the list price in the terms' currency, and the size of the book in bytes."""
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
