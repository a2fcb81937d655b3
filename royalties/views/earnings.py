"""A contributor's earnings, from sale to payout. Every figure links to the entries behind it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.countries import country_name
from accounts.requests import PersonRequest
from common import clock
from common.errors import NotFound
from common.paging import page_of
from royalties import permissions
from royalties.forms import MonthsFilter, SharesFilter
from royalties.models import PayeeDetails, PayoutAccount, Statement
from royalties.selectors import (
    breakdowns,
    claims,
    earnings,
    payout_flow,
    payout_page,
    provider_objects,
    reserves,
    sales,
)
from royalties.views import statements as shared
from royalties.views.decorators import for_contributors, hidden_from_strangers

_SHOWN = 8


@require_GET
@for_contributors
def overview(request: PersonRequest) -> HttpResponse:
    """Show how the money flows from sale to payout."""
    user, at = request.user, clock.now()
    context = {
        "flows": payout_flow.payout_flows_of(user, at),
        "holds": payout_flow.holds_of(user, at),
        "details": PayeeDetails.objects.filter(user=user).first(),
        "rules": reserves.rules_of(user, at),
        "releases": reserves.releases_ahead(user)[:_SHOWN],
        "claims": claims.held_of(user),
        "clearings": earnings.clearings_ahead(user)[:_SHOWN],
        "shares": earnings.shares_of(user)[:_SHOWN],
        "payouts": earnings.payouts_of(user)[:_SHOWN],
        "statements": Statement.objects.filter(user=user)[:_SHOWN],
        "account": PayoutAccount.objects.filter(user=user).first(),
    }
    return render(request, "royalties/overview.html", context)


@require_GET
@for_contributors
def stage(request: PersonRequest, name: str) -> HttpResponse:
    """Show the postings or payouts behind one stage of the flow. `?currency=` selects the currency."""
    currency = request.GET.get("currency", "")
    if (name not in payout_flow.STAGES and name != "paid") or currency not in settings.CURRENCIES:
        raise NotFound
    context: dict[str, object] = {
        "name": name,
        "currency": currency,
        "balance": payout_flow.balance_of(request.user, name, currency),
    }
    if name == "paid":
        context["page"] = page_of(request, payout_flow.payouts_paid(request.user).filter(currency=currency))
    else:
        page = page_of(request, payout_flow.postings_of(request.user, name, currency))
        context |= {"page": page, "movements": payout_flow.movements(request.user, page.rows)}
    return render(request, "royalties/stage.html", context)


@require_GET
@hidden_from_strangers
@for_contributors
def share_list(request: PersonRequest) -> HttpResponse:
    """List every sale the person has a share in."""
    form = SharesFilter(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    shares = earnings.shares_of(request.user, **filters)
    context = {
        "form": form,
        "page": page_of(request, shares),
        "totals": earnings.totals_of(shares),
        "works": earnings.works_earning_for(request.user),
        "country": country_name(filters["country"]) if filters.get("country") else "",
    }
    return render(request, "royalties/shares.html", context)


@require_GET
@for_contributors
def breakdown(request: PersonRequest) -> HttpResponse:
    """Show what was sold and returned, by work, country and format, from one month to another."""
    form = MonthsFilter(request.GET)
    months = form.cleaned_data if form.is_valid() else {}
    shares = earnings.shares_of(request.user, **months)
    context = {
        "form": form,
        "query": "".join(f"&{name}={value}" for name, value in months.items() if value),
        "works": breakdowns.by_work(shares),
        "countries": breakdowns.by_country(shares),
        "formats": breakdowns.by_format(shares),
    }
    return render(request, "royalties/breakdown.html", context)


@require_GET
@hidden_from_strangers
@for_contributors
def share(request: PersonRequest, reference: str) -> HttpResponse:
    """Show one sale: where its price went, and where the person's share is."""
    own = earnings.share_of(request.user, reference)
    if own is None:
        raise NotFound
    context = {"own": own, "sale": sales.breakdown_of(reference), "is_owner": own.sale.work.owner_id == request.user.pk}
    return render(request, "royalties/share.html", context)


@require_GET
@for_contributors
def entry(request: PersonRequest, entry_id: int) -> HttpResponse:
    """Show one journal entry that touches the person's accounts, without other people's names."""
    found = earnings.entry_for(request.user, entry_id)
    if found is None:
        raise NotFound
    return render(request, "royalties/entry.html", {"entry": found, **shared.provider(found, request.user)})


@require_GET
@for_contributors
def provider_object(request: PersonRequest, object_id: str) -> HttpResponse:
    """Show the simulated provider's object behind one of the person's entries."""
    if not provider_objects.belongs_to(request.user, object_id):
        raise NotFound
    return shared.provider_object(request, object_id, base="royalties/base.html")


@require_GET
@hidden_from_strangers
@for_contributors
def statement_list(request: PersonRequest) -> HttpResponse:
    """List the person's statements."""
    return render(request, "royalties/statements.html", {"statements": Statement.objects.filter(user=request.user)})


@require_GET
@hidden_from_strangers
@for_contributors
def statement(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show one statement: one month in one currency."""
    context = shared.content(_own_statement(request, public_id), shared.OWN_PAGES)
    return render(request, "royalties/statement.html", context)


@require_GET
@hidden_from_strangers
@for_contributors
def statement_movement(request: PersonRequest, public_id: str, kind: str) -> HttpResponse:
    """Show the journal entries that make up one movement."""
    context = shared.movement(request, _own_statement(request, public_id), kind)
    return render(request, "royalties/statement_entries.html", context)


@require_GET
@hidden_from_strangers
@for_contributors
def statement_figure(request: PersonRequest, public_id: str, name: str) -> HttpResponse:
    """Show the journal entries behind a balance of a statement."""
    context = shared.figure(request, _own_statement(request, public_id), name)
    return render(request, "royalties/statement_entries.html", context)


@require_GET
@hidden_from_strangers
@for_contributors
def statement_line(request: PersonRequest, public_id: str, position: int) -> HttpResponse:
    """Show the journal entries that make up one line of a statement."""
    context = shared.line(request, _own_statement(request, public_id), position)
    return render(request, "royalties/statement_entries.html", context)


@require_GET
@hidden_from_strangers
@for_contributors
def statement_file(request: PersonRequest, public_id: str, form: str) -> HttpResponse:
    """Return the statement as a PDF, CSV or XLSX file."""
    return shared.file(_own_statement(request, public_id), form)


@require_GET
@hidden_from_strangers
@for_contributors
def fragment(request: PersonRequest) -> HttpResponse:
    """Return the fragment for the author's desk with what one work earns its viewer. `?work=` is its public id."""
    work = request.GET.get("work", "")
    if not permissions.may_see_earnings_of(request.user, work):
        raise NotFound
    shares = earnings.shares_of(request.user, work=work)
    context = {
        "work": work,
        "totals": earnings.totals_of(shares),
        "is_payable": payout_page.is_payable(request.user, at=clock.now()),
    }
    return render(request, "royalties/_fragment.html", context)


def _own_statement(request: PersonRequest, public_id: str) -> Statement:
    found = Statement.objects.filter(user=request.user, public_id=public_id).select_related("closed_period", "user")
    statement = found.first()
    if statement is None:
        raise NotFound
    return statement
