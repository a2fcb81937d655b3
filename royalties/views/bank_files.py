"""Bank files and bank statements, exchange rates, and the platform's unit economics."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest
from accounts.staff_sessions import recent_login_required
from common import clock
from common.body_limits import accepts_files
from common.errors import NotFound
from payments.rails.camt053 import LARGEST_BYTES
from royalties import permissions
from royalties.forms import RateForm, SettleRowForm, StatementUploadForm
from royalties.models import BankFile, BankRow, ExchangeRate, PayoutRun
from royalties.selectors import economics, payout_page
from royalties.services import exchange_rates
from royalties.services.payouts import bank_files, bank_statements
from royalties.views.decorators import for_finance, judge_finance


@require_GET
@for_finance
def bank(request: PersonRequest) -> HttpResponse:
    """Show the imported bank statements, and the lines that somebody has to resolve."""
    return _bank_page(request, StatementUploadForm())


@require_POST
@for_finance
@accepts_files(lambda: LARGEST_BYTES, judge_finance)
def upload(request: PersonRequest) -> HttpResponse:
    form = StatementUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _bank_page(request, form, status=422)
    file = form.cleaned_data["statement"]
    done = bank_statements.import_statement(
        actor=request.user, name=file.name or "", content=file.read(), at=clock.database_now()
    )
    if done.is_new:
        messages.success(request, _("The statement was imported, and what it confirms was posted."))
    else:
        messages.warning(request, _("This statement was imported before, so nothing changed."))
    return redirect("finance-bank")


@require_POST
@for_finance
def settle(request: PersonRequest, row_id: int) -> HttpResponse:
    row, form = BankRow.objects.filter(pk=row_id).first(), SettleRowForm(request.POST)
    if row is None:
        raise NotFound
    if form.is_valid():
        bank_statements.settle_row(
            actor=request.user,
            row=row,
            note=form.cleaned_data["note"],
            is_sweep=form.cleaned_data["is_sweep"],
            at=clock.database_now(),
        )
        messages.success(request, _("The line is resolved."))
    else:
        messages.error(request, _("Say how the line was resolved."))
    return redirect("finance-bank")


@require_POST
@for_finance
def make_files(request: PersonRequest, public_id: str) -> HttpResponse:
    run = PayoutRun.objects.filter(public_id=public_id).first()
    if run is None:
        raise NotFound
    bank_files.make_files(actor=request.user, run=run, at=clock.database_now())
    messages.success(request, _("The file is created. Another person has to release it."))
    return redirect("finance-run", public_id=public_id)


@require_GET
@for_finance
@recent_login_required
def download(request: PersonRequest, public_id: str) -> HttpResponse:
    """Return the file as it goes to the bank, with the same bytes each time. The download is noted in the audit log."""
    file = _file(public_id)
    content = bank_files.download(actor=request.user, file=file)
    return HttpResponse(
        content,
        content_type=file.mime,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


@require_POST
@for_finance
def release_file(request: PersonRequest, public_id: str) -> HttpResponse:
    file = bank_files.release_file(actor=request.user, file=_file(public_id), at=clock.database_now())
    messages.success(request, _("The file is released. Its payouts are in transit until the bank’s statement arrives."))
    return redirect("finance-run", public_id=file.run.public_id)


@require_POST
@for_finance
def withdraw_file(request: PersonRequest, public_id: str) -> HttpResponse:
    file = bank_files.withdraw_file(actor=request.user, file=_file(public_id))
    messages.success(request, _("The file is withdrawn. Its payouts wait for a new file."))
    return redirect("finance-run", public_id=file.run.public_id)


@for_finance
def rates(request: PersonRequest) -> HttpResponse:
    """List exchange rates, and save a new one for another person to approve."""
    form = RateForm(request.POST or None, initial={"true_on": clock.now().date(), "base": "EUR"})
    if request.method == "POST" and form.is_valid():
        exchange_rates.propose_rate(
            actor=request.user,
            base=form.cleaned_data["base"],
            quote=form.cleaned_data["quote"],
            rate=form.cleaned_data["rate"],
            true_at=form.true_at,
            source=form.cleaned_data["source"],
            at=clock.database_now(),
        )
        messages.success(request, _("The rate is saved. Another person has to approve it."))
        return redirect("finance-rates")
    context = {"form": form, "rates": payout_page.rates(), "may_enter": permissions.may_enter_rates(request.user)}
    return render(request, "finance/rates.html", context, status=422 if form.errors else 200)


@require_POST
@for_finance
def decide_rate(request: PersonRequest, public_id: str) -> HttpResponse:
    rate = ExchangeRate.objects.filter(public_id=public_id).first()
    if rate is None:
        raise NotFound
    exchange_rates.decide_rate(
        actor=request.user, rate=rate, is_approved=request.POST.get("decision") == "approve", at=clock.database_now()
    )
    return redirect("finance-rates")


@require_GET
@for_finance
def unit_economics(request: PersonRequest) -> HttpResponse:
    """Show what the platform earns and spends, month by month, and where it breaks even."""
    at = clock.now()
    months = economics.by_month(until=at)
    currencies = [
        (currency, total, economics.table_of([month for month in months if month.currency == currency]))
        for currency, total in economics.totals(months).items()
    ]
    context = {"currencies": currencies, "break_evens": economics.break_evens(at=at)}
    return render(request, "finance/economics.html", context)


def _bank_page(request: PersonRequest, form: StatementUploadForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "statements": payout_page.statements_imported(),
        "waiting": BankRow.objects.waiting().select_related("payout", "statement"),
        "is_set_up": bank_files.is_set_up(),
        "may_import": permissions.may_propose_payouts(request.user),
    }
    return render(request, "finance/bank.html", context, status=status)


def _file(public_id: str) -> BankFile:
    found = BankFile.objects.select_related("run").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
