"""Whether people come back, and whether what is asked for and offered comes about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Min

from hiring.contracts.models import Contract, Milestone
from hiring.offers.models import Offer
from hiring.requests.models import Proposal, ProposalState, ServiceRequest
from insight.market.periods import Span
from insight.market.values import Value, share, share_of_people
from publishing.models import Edition
from storefront.checkout.models import Order, OrderState

_MONTH, _QUARTER = 28, 91


def readers_again(span: Span) -> list[Value]:
    """Return the share of buyers, first seen in four weeks, who bought again within 90 days."""
    orders = Order.objects.filter(state=OrderState.PAID, total_minor__gt=0, paid_at__lt=span.end).order_by()
    firsts = orders.values("buyer").annotate(first=Min("paid_at"))
    new = firsts.filter(first__gte=span.ago(90 + _MONTH), first__lt=span.ago(90)).values("buyer")
    return [_again(orders.filter(buyer__in=new).values_list("buyer", "paid_at"), span, within=90, cohort=_MONTH)]


def clients_again(span: Span) -> list[Value]:
    """Return the share of clients, first seen in a quarter, who hired again within 180 days."""
    contracts = Contract.objects.filter(opened_at__lt=span.end).order_by().values_list("client", "opened_at")
    return [_again(contracts, span, within=180, cohort=_QUARTER)]


def authors_again(span: Span) -> list[Value]:
    """Return the share of authors, whose first work came out in a quarter, with a second one within a year."""
    works = Edition.objects.filter(published_at__isnull=False).order_by().values_list("work__owner", "work")
    firsts = ((owner, out) for owner, _work, out in works.annotate(out=Min("published_at")))
    return [_again(firsts, span, within=365, cohort=_QUARTER)]


def requests_filled(span: Span) -> list[Value]:
    """Return the share of requests of which a milestone was paid within 14 days."""
    opened = ServiceRequest.objects.filter(opened_at__gte=span.ago(14 + _MONTH), opened_at__lt=span.ago(14))
    asked = dict(opened.values_list("pk", "opened_at"))
    accepted = Proposal.objects.filter(invitation__request__in=asked, state=ProposalState.ACCEPTED)
    contracts = dict(accepted.values_list("contract", "invitation__request"))
    paid = Milestone.objects.filter(contract__public_id__in=contracts, funded_at__isnull=False)
    in_time = {
        contracts[contract]
        for contract, at in paid.order_by().values_list("contract__public_id", "funded_at")
        if at is not None and at <= asked[contracts[contract]] + timedelta(days=14)
    }
    return [share(len(in_time), len(asked))]


def offers_used(span: Span) -> list[Value]:
    """Return the share of public offers, out for 90 days, with a contract in these days."""
    out = set(Offer.objects.public().filter(published_at__lt=span.ago(90)).values_list("pk", flat=True))
    accepted = Proposal.objects.filter(invitation__offer__in=out, state=ProposalState.ACCEPTED)
    offers = dict(accepted.values_list("contract", "invitation__offer"))
    opened = Contract.objects.filter(public_id__in=offers, opened_at__gte=span.ago(90), opened_at__lt=span.end)
    return [share(len({offers[one] for one in opened.values_list("public_id", flat=True)}), len(out))]


def _again(happened: Iterable[tuple[int, datetime | None]], span: Span, *, within: int, cohort: int) -> Value:
    """Return the share of people with a second time within so many days, of those whose first was in the cohort."""
    moments: dict[int, list[datetime]] = defaultdict(list)
    for person, at in happened:
        if at is not None:
            moments[person].append(at)
    start, end, time = span.ago(within + cohort), span.ago(within), timedelta(days=within)
    of = again = 0
    for times in moments.values():
        first, *later = sorted(times)
        if start <= first < end:
            of += 1
            again += any(at <= first + time for at in later[:1])
    return share_of_people(again, of)
