"""The finance office: ledger overview, sales, contributors, entries and everybody's statements."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import services as account_services
from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.errors import NotFound
from common.paging import page_of, page_of_list
from royalties import exports, permissions
from royalties.forms import EntriesFilter, PeopleFilter, SalesFilter, StatementsFilter
from royalties.hold_forms import PersonHoldForm
from royalties.models import ClosedPeriod, PayeeDetails, PayoutAccount, Statement
from royalties.payee_forms import PurposeForm
from royalties.selectors import clearing_accounts, finance, reconciliation, sales, trial_balance
from royalties.services import invariants, month_close
from royalties.views import statements as shared
from royalties.views.checklist import checks_ahead
from royalties.views.decorators import for_finance

_CHECKED = "royalties.invariants"
_CHECK_LASTS_S = 60


@require_GET
@for_finance
def overview(request: PersonRequest) -> HttpResponse:
    """Show the trial balance, the ledger rules and the months. `?check=now` checks the rules again."""
    at = clock.now()
    checked = checked_rules(anew=request.GET.get("check") == "now")
    standing, raised = reconciliation.standing(at), clearing_accounts.raised(at)
    context = {
        "balances": _by_currency(trial_balance.trial_balance()),
        "checked": checked,
        "payable": finance.payable_by_currency(at=at),
        "closed": ClosedPeriod.objects.all()[:6],
        "next_period": _next_period(),
        "checks": checks_ahead(checked["violations"], standing, raised),
    }
    return render(request, "finance/overview.html", context)


@require_GET
@for_finance
def sale_list(request: PersonRequest) -> HttpResponse:
    """List every sale, with totals over the whole filtered list."""
    form = SalesFilter(request.GET)
    found = finance.sales_by(**(form.cleaned_data if form.is_valid() else {}))
    context = {"form": form, "page": page_of(request, found), "totals": finance.sales_totals(found)}
    return render(request, "finance/sales.html", context)


@require_GET
@for_finance
def sales_export(request: PersonRequest) -> StreamingHttpResponse:
    """Stream the filtered list as CSV. The export is noted in the audit log."""
    form = SalesFilter(request.GET)
    found = finance.sales_by(**(form.cleaned_data if form.is_valid() else {}))
    account_services.record_audit(actor=request.user, verb="sales.exported", subject=request.user)
    rows = exports.sales_csv(found.iterator(chunk_size=2000))
    headers = {"Content-Disposition": 'attachment; filename="sales.csv"'}
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
@for_finance
def sale(request: PersonRequest, reference: str) -> HttpResponse:
    """Show one sale: its breakdown beside its ledger entries."""
    shown = sales.breakdown_of(reference)
    entries = [finance.entry(entry_id) for entry_id in shown.entry_ids]
    return render(request, "finance/sale.html", {"sale": shown, "entries": entries})


@require_GET
@for_finance
def contributor_list(request: PersonRequest) -> HttpResponse:
    """List the balances per contributor and currency."""
    form = PeopleFilter(request.GET)
    rows = finance.contributor_rows(**(form.cleaned_data if form.is_valid() else {}))
    page = page_of_list(request, rows)
    context = {"form": form, "rows": page.rows, "page": page, "totals": finance.contributor_totals(rows)}
    return render(request, "finance/contributors.html", context)


@require_GET
@for_finance
def contributor(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show one contributor: balances, payout account (masked), payouts, holds and statements."""
    user = User.objects.filter(public_id=public_id).first()
    if user is None:
        raise NotFound
    context = {
        "person": user,
        "rows": finance.contributor_rows(user=user),
        "account": PayoutAccount.objects.filter(user=user).first(),
        "details": PayeeDetails.objects.filter(user=user).first(),
        "may_read_details": permissions.may_read_payee_details(request.user),
        "can_be_asked": bool(user.is_active and user.mail_to),
        "purpose_form": PurposeForm(),
        "payouts": user.payouts.select_related("run")[:20],
        "holds": user.payout_holds.select_related("imposed_by", "lifted_by")[:20],
        "holds_in_force": list(user.payout_holds.in_force(clock.now())),
        "may_hold": permissions.may_hold_payouts(request.user) and user != request.user,
        "hold_form": PersonHoldForm(),
        "statements": user.statements.all()[:20],
    }
    return render(request, "finance/contributor.html", context)


@require_GET
@for_finance
def entry_list(request: PersonRequest) -> HttpResponse:
    """List the journal entries."""
    form = EntriesFilter(request.GET)
    found = finance.entries_by(**(form.cleaned_data if form.is_valid() else {}))
    return render(request, "finance/entries.html", {"form": form, "page": page_of(request, found)})


@require_GET
@for_finance
def entry(request: PersonRequest, entry_id: int) -> HttpResponse:
    """Show one journal entry with its postings and its position in the hash chain."""
    found = finance.entry(entry_id)
    if found is None:
        raise NotFound
    return render(request, "finance/entry.html", {"entry": found, **shared.provider(found)})


@require_GET
@for_finance
def provider_object(request: PersonRequest, object_id: str) -> HttpResponse:
    """Show the simulated provider's object behind an entry."""
    return shared.provider_object(request, object_id, base="finance/base.html")


@require_GET
@for_finance
def statement_list(request: PersonRequest) -> HttpResponse:
    """List everybody's statements."""
    form = StatementsFilter(request.GET)
    found = finance.statements_by(**(form.cleaned_data if form.is_valid() else {}))
    context = {"form": form, "page": page_of(request, found), "totals": finance.statement_totals(found)}
    return render(request, "finance/statements.html", context)


@require_GET
@for_finance
def statement(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show one statement as its contributor sees it."""
    return render(request, "finance/statement.html", shared.content(_statement(public_id), shared.FINANCE_PAGES))


@require_GET
@for_finance
def statement_movement(request: PersonRequest, public_id: str, kind: str) -> HttpResponse:
    """Show the journal entries that make up one movement."""
    context = shared.movement(request, _statement(public_id), kind)
    return render(request, "finance/statement_entries.html", context)


@require_GET
@for_finance
def statement_figure(request: PersonRequest, public_id: str, name: str) -> HttpResponse:
    """Show the journal entries behind a balance of a statement."""
    return render(request, "finance/statement_entries.html", shared.figure(request, _statement(public_id), name))


@require_GET
@for_finance
def statement_line(request: PersonRequest, public_id: str, position: int) -> HttpResponse:
    """Show the journal entries that make up one line of a statement."""
    return render(request, "finance/statement_entries.html", shared.line(request, _statement(public_id), position))


@require_GET
@for_finance
def statement_file(request: PersonRequest, public_id: str, form: str) -> HttpResponse:
    """Return the statement as a file. The export is noted in the audit log."""
    found = _statement(public_id)
    account_services.record_audit(actor=request.user, verb="statement.exported", subject=found)
    return shared.file(found, form)


def _statement(public_id: str) -> Statement:
    found = Statement.objects.filter(public_id=public_id).select_related("closed_period", "user").first()
    if found is None:
        raise NotFound
    return found


def checked_rules(*, anew: bool) -> dict[str, Any]:
    """Return the ledger rules with their violations.

    Checking reads the whole ledger, so the result may be up to a minute old unless `anew` asks for a new check.
    """
    checked: dict[str, Any] | None = None if anew else cache.get(_CHECKED)
    if checked is None:
        violations = invariants.check_invariants()
        rules = [(rule, [v for v in violations if v.rule == rule.code]) for rule in invariants.RULES]
        # Functions cannot be cached, so only code and title of a rule are.
        checked = {
            "at": clock.now(),
            "rules": [(rule.code, rule.title, found) for rule, found in rules],
            "violations": len(violations),
        }
        cache.set(_CHECKED, checked, _CHECK_LASTS_S)
    return checked


def _next_period() -> tuple[str, bool] | None:
    """Return the next month to close, and whether it is over."""
    period = month_close.next_to_close()
    return (str(period), clock.now() >= period.end) if period else None


def _by_currency(sums: list[trial_balance.AccountSum]) -> list[dict[str, object]]:
    """Return the trial balance as one table per currency; accounts per contributor or country are summed by kind."""
    currencies: dict[str, dict[str, int]] = {}
    for row in sums:
        kinds = currencies.setdefault(row.currency, {})
        kinds[row.kind] = kinds.get(row.kind, 0) + row.balance_minor
    return [
        {
            "currency": currency,
            "rows": [(kind, max(amount, 0), max(-amount, 0)) for kind, amount in kinds.items() if amount],
            "debit": sum(max(amount, 0) for amount in kinds.values()),
            "credit": sum(max(-amount, 0) for amount in kinds.values()),
        }
        for currency, kinds in currencies.items()
    ]
