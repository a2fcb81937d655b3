"""What the arithmetic of `calc` needs to know of lines about to be sold."""

from __future__ import annotations

from collections.abc import Sequence

from conversion.models import Artifact
from publishing.models import Edition, Price
from royalties import calc
from royalties.facts import QuoteLine
from royalties.models import RoyaltyTerms, TermsFamily


def priced_lines(*, lines: Sequence[QuoteLine], terms: RoyaltyTerms) -> list[calc.PricedLine]:
    """The lines with their terms; list price and size are looked up only where the terms ask for them."""
    if terms.family != TermsFamily.RATE_BAND:
        return [_priced(line, terms, line.paid.amount_minor, 0) for line in lines]
    editions = {edition.pk: edition for edition in Edition.objects.filter(pk__in=[line.edition_id for line in lines])}
    prices = Price.objects.filter(work__in=[e.work_id for e in editions.values()], currency=terms.currency)
    listed = dict(prices.values_list("work_id", "list_price_minor"))
    books = Artifact.objects.filter(job__in=[e.job_id for e in editions.values()], kind="epub")
    sizes = dict(books.values_list("job_id", "size_bytes"))
    return [
        _priced(
            line,
            terms,
            listed.get(editions[line.edition_id].work_id, line.paid.amount_minor),
            sizes.get(editions[line.edition_id].job_id, 0),
        )
        for line in lines
    ]


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
