"""Reconciliation in the finance office: what does not agree with the provider, and how it is resolved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest
from common import clock, jobs
from common.errors import DomainError, NotAllowed, NotFound
from common.paging import page_of
from royalties import permissions
from royalties.models import HandMatch, ProviderAgainst, ReconciliationItem, ReconciliationRun, SetAside
from royalties.reconciliation_forms import CorrectForm, ExplainForm, ItemsFilter, MatchForm
from royalties.selectors import clearing_accounts, provider_objects, reconciliation
from royalties.services import reconciliation_items
from royalties.views.decorators import for_finance, in_office

_ASKED_AT = "reconciliation_asked_at"
# A run that takes longer has failed or is queued; the page then shows the last finished comparison.
_RUN_MAY_TAKE = timedelta(minutes=10)


@require_GET
@for_finance
def item_list(request: PersonRequest) -> HttpResponse:
    """Show open items by age, the filtered list, and the clearing accounts that are not at zero."""
    at = clock.now()
    form = ItemsFilter(request.GET)
    found = reconciliation.items_by(at=at, **form.asked())
    page = page_of(request, found)
    aside = reconciliation.aside_until(page.rows, at)
    standing = reconciliation.standing(at)
    is_comparing = _is_comparing(request, standing.last)
    context = {
        "form": form,
        "page": page,
        "rows": [(item, item.age(at).days, aside.get(item.pk)) for item in page.rows],
        "totals": reconciliation.totals(found),
        "ages": reconciliation.AGES,
        "ageing": reconciliation.ageing(at),
        "standing": standing,
        "is_comparing": is_comparing,
        "accounts": clearing_accounts.clearing_accounts(at),
        "is_filtered": bool(request.GET),
        "may_explain": permissions.may_explain_items(request.user),
    }
    response = render(request, "finance/reconciliation.html", context, status=422 if form.errors else 200)
    if request.headers.get("HX-Request") and not is_comparing:
        response["HX-Refresh"] = "true"
    return response


def _is_comparing(request: PersonRequest, last: ReconciliationRun | None) -> bool:
    """Return whether this person asked for a comparison that has not finished yet."""
    asked = request.session.get(_ASKED_AT)
    if asked is None:
        return False
    asked_at = datetime.fromisoformat(asked)
    if (last is None or last.at < asked_at) and clock.database_now() < asked_at + _RUN_MAY_TAKE:
        return True
    del request.session[_ASKED_AT]
    return False


@require_POST
@in_office
def compare(request: PersonRequest) -> HttpResponse:
    """Start a comparison now instead of waiting for the nightly one."""
    if not permissions.may_explain_items(request.user):
        raise NotAllowed
    request.session[_ASKED_AT] = clock.database_now().isoformat()
    jobs.enqueue("royalties.reconcile")
    return redirect("finance-reconciliation")


@require_GET
@for_finance
def item(request: PersonRequest, item_id: int) -> HttpResponse:
    """Show one item: both sides next to each other, and its explanations and proposals."""
    return _item_page(request, item_id)


@require_POST
@for_finance
def explain(request: PersonRequest, item_id: int) -> HttpResponse:
    """Save an explanation of why the item does not agree."""
    found, form = _item(item_id), ExplainForm(request.POST, auto_id="explain_%s")
    return _act(
        request,
        found,
        "explain",
        form,
        lambda: reconciliation_items.explain(
            actor=request.user,
            item=found,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
            until=form.ends_at,
            at=clock.database_now(),
        ),
    )


@require_POST
@for_finance
def correct(request: PersonRequest, item_id: int) -> HttpResponse:
    """Propose an entry over the difference."""
    found, form = _item(item_id), CorrectForm(request.POST, auto_id="correct_%s")
    return _act(
        request,
        found,
        "correct",
        form,
        lambda: reconciliation_items.propose_correction(
            actor=request.user,
            item=found,
            against=form.cleaned_data["against"],
            reason=form.cleaned_data["reason"],
            at=clock.database_now(),
        ),
    )


@require_POST
@for_finance
def match(request: PersonRequest, item_id: int) -> HttpResponse:
    """Propose to match one of our entries with the item."""
    found, form = _item(item_id), MatchForm(request.POST, auto_id="match_%s")
    return _act(
        request,
        found,
        "match",
        form,
        lambda: reconciliation_items.propose_match(
            actor=request.user,
            item=found,
            entry_id=form.cleaned_data["entry"],
            reason=form.cleaned_data["reason"],
            at=clock.database_now(),
        ),
    )


@require_POST
@for_finance
def decide_match(request: PersonRequest, public_id: str) -> HttpResponse:
    """Approve or decline a proposed match."""
    found = HandMatch.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    decision = request.POST.get("decision")
    act = reconciliation_items.approve_match if decision == "approve" else reconciliation_items.decline_match
    try:
        act(actor=request.user, match=found, at=clock.database_now())
    except NotAllowed:
        raise
    except DomainError as problem:
        messages.error(request, problem.text)
    return redirect("finance-item", found.item_id)


@require_POST
@for_finance
def decide_set_aside(request: PersonRequest, public_id: str) -> HttpResponse:
    """Approve or decline setting an item aside, so that it blocks no month until a given day."""
    found = SetAside.objects.select_related("item").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    is_approved = request.POST.get("decision") == "approve"
    act = reconciliation_items.approve_set_aside if is_approved else reconciliation_items.decline_set_aside
    try:
        act(actor=request.user, set_aside=found, at=clock.database_now())
    except NotAllowed:
        raise
    except DomainError as problem:
        messages.error(request, problem.text)
    return redirect("finance-item", found.item_id)


def _item(item_id: int) -> ReconciliationItem:
    found = ReconciliationItem.objects.filter(pk=item_id).first()
    if found is None:
        raise NotFound
    return found


def _act(
    request: PersonRequest, found: ReconciliationItem, name: str, form: Form, act: Callable[[], object]
) -> HttpResponse:
    """Run the action and show the item again. When the action is refused, the form keeps what was entered."""
    if not form.is_valid():
        return _item_page(request, found.pk, status=422, **{f"{name}_form": form})
    try:
        act()
    except NotAllowed:
        raise
    except DomainError as problem:
        messages.error(request, problem.text)
        return _item_page(request, found.pk, status=problem.status, **{f"{name}_form": form})
    return redirect("finance-item", found.pk)


def _item_page(request: PersonRequest, item_id: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    shown = reconciliation.sides(item_id)
    if shown is None:
        raise NotFound
    at = clock.now()
    context = {
        "shown": shown,
        "item": shown.item,
        "age": shown.item.age(at).days,
        "aside_until": reconciliation.aside_until([shown.item], at).get(item_id),
        "movements": [(movement, provider_objects.address_of(movement.source_id)) for movement in shown.movements],
        "explain_form": ExplainForm(auto_id="explain_%s"),
        "correct_form": CorrectForm(
            initial={"against": ProviderAgainst.BANK if shown.item.kind == "payout" else None}, auto_id="correct_%s"
        ),
        "match_form": MatchForm(
            initial={"entry": shown.candidates[0].entry.pk if shown.candidates else None}, auto_id="match_%s"
        ),
        "may_explain": permissions.may_explain_items(request.user) and shown.item.is_open,
        "may_decide": permissions.may_decide_items(request.user),
        **forms,
    }
    return render(request, "finance/reconciliation_item.html", context, status=status)
