"""Payout runs: one person proposes, another approves, and finance can hold payouts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from common.paging import page_of
from royalties import permissions
from royalties.forms import HoldForm, PersonHoldForm, ProposeForm
from royalties.models import Payout, PayoutRun, PayoutRunState, PayoutState, PersonHold
from royalties.selectors import finance, payout_page, run_preview
from royalties.services import payouts
from royalties.services.payouts import bank_files
from royalties.views.decorators import for_finance, known_to_moderators


@require_GET
@known_to_moderators
@for_finance
def run_list(request: PersonRequest) -> HttpResponse:
    """Show what is payable, and the payout runs so far."""
    context = {
        "payable": finance.payable_by_currency(at=clock.now()),
        "page": page_of(request, finance.runs()),
        "attention": payout_page.attention(at=clock.now()),
        "may_propose": permissions.may_propose_payouts(request.user),
    }
    return render(request, "finance/payouts.html", context)


@require_POST
@known_to_moderators
@for_finance
def propose(request: PersonRequest) -> HttpResponse:
    form = ProposeForm(request.POST)
    if not form.is_valid():
        return redirect("finance-payouts")
    run = payouts.propose_run(actor=request.user, currency=form.cleaned_data["currency"], at=clock.database_now())
    messages.success(request, _("The run is proposed. Another person has to approve it."))
    return redirect("finance-run", public_id=run.public_id)


@require_GET
@known_to_moderators
@for_finance
def run(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show one run with its payouts."""
    found = _run(public_id)
    is_proposed = found.state == PayoutRunState.PROPOSED
    leaves = run_preview.run_preview(found, at=clock.now()) if is_proposed else None
    why_not = {each.payout.pk: each.why_not for each in leaves.candidates} if leaves else {}
    payouts_of_run = found.payouts.select_related("user", "account", "bank_file").order_by("pk")
    context = {
        "run": found,
        "going": leaves,
        "payouts": [(payout, why_not.get(payout.pk, "")) for payout in payouts_of_run],
        "files": found.bank_files.select_related("made_by", "released_by"),
        "waits_for_file": found.payouts.fileable().exists(),
        "has_bank": bank_files.is_set_up(),
        "may_release_files": permissions.may_approve_payouts(request.user),
        "total_minor": sum(found.payouts.exclude(state=PayoutState.CANCELED).values_list("amount_minor", flat=True)),
        "may_approve": is_proposed and permissions.may_approve(request.user, found),
        "may_cancel": is_proposed and permissions.may_approve_payouts(request.user),
        "may_hold": permissions.may_hold_payouts(request.user),
        "hold_form": HoldForm(),
    }
    return render(request, "finance/payout_run.html", context)


@require_POST
@known_to_moderators
@for_finance
def approve(request: PersonRequest, public_id: str) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        payouts.approve_run(actor=request.user, run=_run(public_id), at=clock.database_now(), seen=seen)
    except NotAllowed:
        raise
    except DomainError as problem:
        messages.error(request, problem.text)
    else:
        messages.success(request, _("The run is approved. Its payouts are on their way."))
    return redirect("finance-run", public_id=public_id)


@require_POST
@known_to_moderators
@for_finance
def cancel(request: PersonRequest, public_id: str) -> HttpResponse:
    found = payouts.cancel_run(actor=request.user, run=_run(public_id), at=clock.database_now())
    messages.success(request, _("The run is withdrawn. Its amounts are payable again."))
    return redirect("finance-run", public_id=found.public_id)


@require_POST
@known_to_moderators
@for_finance
def hold(request: PersonRequest, public_id: str) -> HttpResponse:
    payout, form = _payout(public_id), HoldForm(request.POST)
    if form.is_valid():
        payouts.hold(actor=request.user, payout=payout, reason=form.cleaned_data["reason"])
        messages.success(request, _("The payout is held."))
    else:
        messages.error(request, _("Enter a reason for the hold. The recipient can read it."))
    return redirect("finance-run", public_id=payout.run.public_id)


@require_POST
@known_to_moderators
@for_finance
def release(request: PersonRequest, public_id: str) -> HttpResponse:
    payout = payouts.release(actor=request.user, payout=_payout(public_id))
    messages.success(request, _("The payout is released."))
    return redirect("finance-run", public_id=payout.run.public_id)


@require_POST
@known_to_moderators
@for_finance
def bring_back(request: PersonRequest, public_id: str) -> HttpResponse:
    payout = _payout(public_id)
    payouts.bring_back(actor=request.user, payout=payout, at=clock.database_now())
    messages.success(request, _("The payout is being recalled from the payee’s account at the provider."))
    return redirect("finance-run", public_id=payout.run.public_id)


@require_POST
@known_to_moderators
@for_finance
def impose_hold(request: PersonRequest, public_id: str) -> HttpResponse:
    """Hold all payouts to one person."""
    person, form = User.objects.filter(public_id=public_id).first(), PersonHoldForm(request.POST)
    if person is None:
        raise NotFound
    if form.is_valid():
        payouts.impose_hold(
            actor=request.user,
            person=person,
            reason=form.cleaned_data["reason"],
            ends_at=form.ends_at,
            at=clock.database_now(),
        )
        messages.success(request, _("All payouts to this person are on hold. We email them the reason."))
    else:
        messages.error(request, _("Enter a reason for the hold and, if it ends, a valid date."))
    return redirect("finance-contributor", public_id=public_id)


@require_POST
@known_to_moderators
@for_finance
def lift_hold(request: PersonRequest, public_id: str) -> HttpResponse:
    found = PersonHold.objects.select_related("user").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    payouts.lift_hold(actor=request.user, hold=found, at=clock.database_now())
    messages.success(request, _("The hold is lifted. Payouts that were waiting continue."))
    return redirect("finance-contributor", public_id=found.user.public_id)


def _run(public_id: str) -> PayoutRun:
    found = PayoutRun.objects.select_related("proposed_by", "approved_by", "period").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def _payout(public_id: str) -> Payout:
    found = Payout.objects.select_related("run").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
