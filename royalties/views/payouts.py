"""Payout runs: one person proposes, another approves, and finance can hold payouts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from common.paging import page_of
from royalties import permissions
from royalties.forms import ProposeForm
from royalties.hold_forms import HoldForm, PersonHoldForm
from royalties.models import HoldRule, Payout, PayoutRun, PayoutRunState, PayoutState, PersonHold
from royalties.selectors import finance, payout_page, run_preview
from royalties.selectors.run_preview import RunPreview
from royalties.services import payouts
from royalties.services.payouts import bank_files
from royalties.views.decorators import for_finance, known_to_moderators


@dataclass(frozen=True, slots=True)
class RowAction:
    """What finance can do with a payout: the URL of the form, its button, and the fields of a hold."""

    href: str
    label: str
    form: HoldForm | None = None


class RunRow(NamedTuple):
    """One payout of a run. `why_not` says why an approval now would leave it out, unless its own reason does."""

    payout: Payout
    why_not: str
    action: RowAction | None


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
    preview = run_preview.run_preview(found, at=clock.now()) if is_proposed else None
    may_approve = is_proposed and permissions.may_approve(request.user, found)
    context = {
        "run": found,
        "going": preview,
        "rows": _rows(found, preview),
        "files": found.bank_files.select_related("made_by", "released_by"),
        "waits_for_file": found.payouts.fileable().exists(),
        "has_bank": bank_files.is_set_up(),
        "may_release_files": permissions.may_approve_payouts(request.user),
        "total_minor": sum(found.payouts.exclude(state=PayoutState.CANCELED).values_list("amount_minor", flat=True)),
        "may_approve": may_approve,
        "why_not_approved": _why_not_approved(preview, may_approve=may_approve),
        "may_cancel": is_proposed and permissions.may_approve_payouts(request.user),
        "may_hold": permissions.may_hold_payouts(request.user),
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
        payouts.hold(
            actor=request.user,
            payout=payout,
            rule=HoldRule(form.cleaned_data["rule"]),
            reason=form.cleaned_data["reason"],
            at=clock.database_now(),
        )
        messages.success(request, _("The payout is held. We email its recipient the reasons."))
    else:
        messages.error(request, _("Choose the rule and say what happened. The recipient can read it."))
    return redirect("finance-run", public_id=payout.run.public_id)


@require_POST
@known_to_moderators
@for_finance
def release(request: PersonRequest, public_id: str) -> HttpResponse:
    payout = payouts.release(actor=request.user, payout=_payout(public_id), at=clock.database_now())
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
            rule=HoldRule(form.cleaned_data["rule"]),
            reason=form.cleaned_data["reason"],
            ends_at=form.ends_at,
            at=clock.database_now(),
        )
        messages.success(request, _("All payouts to this person are on hold. We email them the reasons."))
    else:
        messages.error(request, _("Choose the rule, say what happened and, if the hold ends, enter a valid date."))
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


def _rows(found: PayoutRun, preview: RunPreview | None) -> list[RunRow]:
    why_not = {each.payout.pk: each.why_not for each in preview.candidates} if preview else {}
    rows = []
    for payout in found.payouts.select_related("user", "account", "bank_file").order_by("pk"):
        why = why_not.get(payout.pk, "")
        rows.append(RunRow(payout, why if why != payout.reason else "", _action(payout)))
    return rows


def _action(payout: Payout) -> RowAction | None:
    if payout.state == PayoutState.PENDING:
        return RowAction(
            reverse("finance-hold", args=[payout.public_id]),
            _("Hold payout"),
            HoldForm(auto_id=f"id_{payout.public_id}_%s"),
        )
    if payout.state == PayoutState.HELD:
        return RowAction(reverse("finance-release", args=[payout.public_id]), _("Release"))
    if payout.is_with_refusing_bank:
        return RowAction(reverse("finance-bring-back", args=[payout.public_id]), _("Recall"))
    return None


def _why_not_approved(preview: RunPreview | None, *, may_approve: bool) -> str:
    """Return why the proposed run cannot be approved by the person now, or ""."""
    if not may_approve:
        return _("You proposed this run, so another person has to approve it.")
    if preview is None or not preview.payouts:
        return _("None of these payouts can be sent now.")
    return ""


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
