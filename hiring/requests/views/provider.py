"""Pages of both sides of one invitation: what is asked, proposals and counter-proposals, the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.limits import limited
from common.money import Money
from hiring.contracts import standard_terms
from hiring.requests import permissions
from hiring.requests.forms import MilestoneFormSet, Milestones, ProposalForm, initial_of
from hiring.requests.models import Invitation, Proposal
from hiring.requests.selectors import requests as selectors
from hiring.requests.selectors.clients import client_facts
from hiring.requests.services import proposals as proposal_services
from hiring.requests.services.proposals import ProposalInput
from royalties.selectors import milestones as ledger


@login_required
@never_cache
@require_safe
def asked(request: PersonRequest, invitation_id: str) -> HttpResponse:
    """Show what is asked, and what both sides proposed so far."""
    invitation = _invitation(request, invitation_id)
    views = selectors.proposals_of(invitation, request.user)
    open_one = next((one for one in views if one.proposal.is_open), None)
    is_client = permissions.is_client(request.user, invitation.request)
    now = clock.now()
    asked_row = selectors.asked_rows(invitation.request, [invitation], today=now.date())[0]
    context = {
        "invitation": invitation,
        "asked": invitation.request,
        "offer": invitation.offer,
        "row": asked_row,
        "is_client": is_client,
        "proposals": views,
        "open_one": open_one,
        "may_answer": open_one is not None and permissions.may_answer(request.user, open_one.proposal),
        "may_propose": invitation.request.is_open and (not is_client or bool(views) or _is_direct(invitation)),
        "conversation": selectors.conversation_of(invitation),
        "terms_version": standard_terms.CURRENT,
        "facts": None if is_client else client_facts(invitation.request.client, now),
        "earnings": selectors.earnings_for(request.user, invitation, at=now),
    }
    return render(request, "hiring/requests/asked.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("proposal")
def propose(request: PersonRequest, invitation_id: str) -> HttpResponse:
    """Make a proposal, or answer the other side's with another one."""
    invitation = _invitation(request, invitation_id)
    last = invitation.proposals.order_by("-number").first()
    form = ProposalForm(
        request.POST or None,
        initial=_initial(invitation, last),
        has_share=invitation.request.work_id is not None,
    )
    rows = Milestones(request.POST or None, initial=_rows(invitation, last), prefix="milestones")
    shown = None
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        told = _told(request, invitation, form, rows)
        if told is not None and "look" in request.POST:
            draft = proposal_services.drafted(request.user, invitation, told, clock.now())
            shown = selectors.view_of(draft, invitation, request.user, before=last)
        elif told is not None and _send(request, invitation, form, told):
            return redirect("requests:asked", invitation_id)
    has_errors = bool(form.errors) or rows.has_row_errors or bool(rows.is_bound and rows.non_form_errors())
    context = {
        "form": form,
        "rows": rows,
        "invitation": invitation,
        "asked": invitation.request,
        "last": last,
        "shown": shown,
        "rates": ledger.fee_rates(
            payer_id=invitation.request.client_id,
            payee_id=invitation.offer.provider_id,
            currency=invitation.request.currency,
            at=clock.now(),
        ),
        "earnings": selectors.earnings_for(request.user, invitation, at=clock.now()),
        "smallest": ledger.smallest_milestone(currency=invitation.request.currency, at=clock.now()),
    }
    return render(request, "hiring/requests/propose.html", context, status=422 if has_errors else 200)


def _told(
    request: PersonRequest, invitation: Invitation, form: ProposalForm, rows: MilestoneFormSet
) -> ProposalInput | None:
    """Return what is proposed, or None with the errors in the form."""
    milestones = rows.read(form.cleaned_data["currency"])
    if rows.has_row_errors:
        return None
    told = form.told(milestones)
    try:
        proposal_services.check(told, invitation.request, at=clock.now())
    except DomainError as problem:
        form.add_error(None, problem.text)
        return None
    return told


def _send(request: PersonRequest, invitation: Invitation, form: ProposalForm, told: ProposalInput) -> bool:
    try:
        proposal_services.propose(actor=request.user, invitation=invitation, told=told, at=clock.now())
    except NotFound:
        raise
    except DomainError as problem:
        form.add_error(None, problem.text)
        return False
    messages.success(request, _("Your proposal is on its way. It is open for 14 days."))
    return True


def _initial(invitation: Invitation, last: Proposal | None) -> dict[str, Any]:
    if last is not None:
        return initial_of(last)
    return {
        "currency": invitation.offer.currency or invitation.request.currency,
        "ai_use": invitation.offer.ai_use,
        "credit_name": invitation.offer.provider.display_name,
    }


def _rows(invitation: Invitation, last: Proposal | None) -> list[dict[str, Any]]:
    """Return the milestones that the form begins with: the last proposal's, or the price and days of the offer."""
    if last is None:
        offer, price = invitation.offer, invitation.offer.price_for(invitation.request.words)
        if not price:
            return []
        due_on = clock.now().date() + timedelta(days=offer.turnaround_days)
        return [{"title": offer.get_kind_display(), "amount": f"{price.decimal}", "due_on": due_on}]
    return [
        {
            "title": one.title,
            "amount": f"{Money(one.amount_minor, last.currency).decimal}",
            "due_on": one.due_on,
        }
        for one in last.milestones
    ]


@login_required
@require_POST
def decline(request: PersonRequest, invitation_id: str) -> HttpResponse:
    """Say as a provider that one makes no proposal."""
    try:
        proposal_services.decline_invitation(
            actor=request.user, invitation=_invitation(request, invitation_id), at=clock.now()
        )
    except NotFound:
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("Declined. You can still make a proposal as long as the request is open."))
    return redirect("requests:asked", invitation_id)


@login_required
@require_POST
def show_earnings(request: PersonRequest, invitation_id: str) -> HttpResponse:
    """Show the provider what the book earned lately, as its client."""
    try:
        proposal_services.show_earnings(
            actor=request.user, invitation=_invitation(request, invitation_id), at=clock.now()
        )
    except NotFound:
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("They now see what the book earned in the last 90 days."))
    return redirect("requests:asked", invitation_id)


@login_required
@require_POST
@limited("proposal")
def message(request: PersonRequest, invitation_id: str) -> HttpResponse:
    """Open the conversation of the two sides, to ask something."""
    conversation = proposal_services.start_conversation(
        actor=request.user, invitation=_invitation(request, invitation_id), at=clock.now()
    )
    return redirect("conversations:conversation", conversation.public_id)


@login_required
@require_POST
def answer(request: PersonRequest, proposal_id: str, action: str) -> HttpResponse:
    """Accept, decline or withdraw a proposal."""
    proposal = selectors.proposal_by_public_id(proposal_id)
    permissions.require_side(request.user, proposal.invitation)
    acts: dict[str, Any] = {
        "accept": proposal_services.accept,
        "decline": proposal_services.decline,
        "withdraw": proposal_services.withdraw,
    }
    if action not in acts:
        raise NotFound
    try:
        done = acts[action](actor=request.user, proposal=proposal, at=clock.now())
    except NotFound:
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
        return redirect("requests:asked", proposal.invitation.public_id)
    if done.contract:
        messages.success(request, _("Agreed. This is your contract: work begins once the first milestone is paid."))
        return redirect("contracts:contract", done.contract)
    messages.success(request, _("Declined.") if action == "decline" else _("Withdrawn."))
    return redirect("requests:asked", proposal.invitation.public_id)


def _invitation(request: PersonRequest, invitation_id: str) -> Invitation:
    invitation = selectors.invitation_by_public_id(invitation_id)
    permissions.require_side(request.user, invitation)
    return invitation


def _is_direct(invitation: Invitation) -> bool:
    return invitation.request.direct_offer_id is not None
