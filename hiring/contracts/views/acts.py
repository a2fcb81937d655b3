"""Steps of a milestone: a page that says what a step does, with its form; and what the form does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.body_limits import accepts_files
from common.errors import DomainError, NotAllowed, NotFound
from common.limits import limited
from hiring.contracts import permissions, services
from hiring.contracts.forms import (
    AcceptPartForm,
    AppealForm,
    CaseForm,
    ConfirmForm,
    DeliveryForm,
    DivisionForm,
    EndForm,
    GiveBackPartForm,
    MoneyForm,
    ShareCaseForm,
    WishesForm,
)
from hiring.contracts.models import Division, Milestone
from hiring.contracts.process import Act, State
from hiring.contracts.selectors import cancellations, pages
from hiring.contracts.selectors.act_points import points_of
from hiring.contracts.selectors.acts import ACTS, IN_CASE, words_of
from hiring.contracts.selectors.cancellations import CardFeeRule
from hiring.contracts.services import divisions, files
from hiring.contracts.services.desk_access import state_of

_FORMS: dict[Act, type[forms.Form]] = {
    Act.ACCEPT_PART: AcceptPartForm,
    Act.GIVE_BACK_PART: GiveBackPartForm,
    Act.PROPOSE_DIVISION: DivisionForm,
    Act.OPEN_CASE: CaseForm,
    Act.REQUEST_REVISION: WishesForm,
    Act.APPEAL: AppealForm,
}

_WITH_FILES = frozenset({Act.OPEN_CASE, Act.APPEAL})
_WITHOUT_MONEY: dict[Act, type[forms.Form]] = {Act.PROPOSE_DIVISION: EndForm, Act.OPEN_CASE: ShareCaseForm}


def check_act(request: HttpRequest, contract_id: str, milestone_id: str, act: str) -> HttpResponseBase | None:
    """Decide before the body is read whether the sender may show files with this step. Raises NotFound, NotAllowed."""
    if act not in _WITH_FILES:
        raise NotFound
    return check_delivery(request, contract_id, milestone_id)


def _most_shown_bytes() -> int:
    return settings.MAX_MANUSCRIPT_BYTES


@login_required
@never_cache
@accepts_files(_most_shown_bytes, check_act, action="message")
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: PersonRequest, contract_id: str, milestone_id: str, act: str) -> HttpResponse:
    """Say what a step does before it is taken, and take it."""
    milestone = pages.milestone_for(request.user, contract_id, milestone_id)
    if act not in ACTS or act in IN_CASE:
        raise NotFound
    step = Act(act)
    side = permissions.require_side(request.user, milestone.contract)
    form = _form(step, milestone, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            _take(request.user, step, milestone, form)
        except DomainError as error:
            if isinstance(error, NotAllowed | NotFound):
                raise
            form.add_error(None, error.text)
        else:
            messages.success(request, str(words_of(step, milestone).done))
            opened = divisions.open_case_of(milestone) if step == Act.OPEN_CASE else None
            if opened is not None:
                return redirect("contracts:case", opened.public_id)
            return redirect("contracts:contract", contract_id)
    context = {
        "milestone": milestone,
        "contract": milestone.contract,
        "act": step,
        "points": points_of(step, milestone, side) if milestone.amount_minor else [],
        "words": words_of(step, milestone),
        "form": form,
        "warning": _warning(milestone) if step in {Act.ACCEPT, Act.ACCEPT_PART} else "",
        "card_fee": _card_fee(request.user, milestone) if step == Act.PROPOSE_DIVISION else None,
    }
    return render(request, "hiring/contracts/act.html", context, status=422 if form.errors else 200)


def _warning(milestone: Milestone) -> str:
    """Return what a client should know before accepting, or ""."""
    newest = milestone.deliveries.last()
    if newest is None or newest.is_made_as_agreed:
        return ""
    return _(
        "Declared with this delivery: %(declared)s. That is not what the contract says: you need not accept it."
    ) % {"declared": newest.ai_use_label}


def _card_fee(user: User, milestone: Milestone) -> CardFeeRule | None:
    """Return what a client should know before they cancel: only before a delivery a division of nothing is that."""
    if milestone.state != State.FUNDED or milestone.contract.client_id != user.pk:
        return None
    return cancellations.rule_of(milestone, clock.now(), fee=milestone.card_fee)


def _form(step: Act, milestone: Milestone, *data: Any) -> forms.Form:
    kind = _FORMS.get(step, ConfirmForm)
    if not issubclass(kind, MoneyForm):
        return kind(*data)
    if not milestone.amount_minor:
        return _WITHOUT_MONEY.get(step, ConfirmForm)(*data)
    most = milestone.held_minor
    if step in {Act.ACCEPT_PART, Act.GIVE_BACK_PART}:
        most = max(most - 1, 0)
    elif step == Act.PROPOSE_DIVISION:
        most = divisions.divisible_minor(milestone)
    elif step == Act.OPEN_CASE and milestone.state == State.RELEASED:
        most = sum(one.released_minor for one in milestone.settlements.all() if one.by_silence)
    return kind(*data, currency=milestone.currency, most_minor=most)


def _take(actor: User, step: Act, milestone: Milestone, form: forms.Form) -> None:
    told = form.cleaned_data
    common: dict[str, Any] = {"actor": actor, "milestone": milestone, "at": clock.database_now()}
    minor = form.amount_minor if isinstance(form, MoneyForm) else 0
    about_case = step in {Act.APPEAL, Act.WITHDRAW_CASE}
    case = divisions.open_case_of(milestone) if about_case else None
    if about_case and case is None:
        raise NotFound
    by_case: dict[str, Any] = {"actor": actor, "case": case, "at": common["at"]}
    shown = [
        files.store(actor=actor, content=one, name=one.name or "", at=common["at"], folder="cases")
        for one in told.get("uploads", [])
    ]
    calls: dict[Act, Callable[[], object]] = {
        Act.ACCEPT: lambda: services.accept(**common),
        Act.ACCEPT_PART: lambda: services.accept(**common, released_minor=minor),
        Act.REQUEST_REVISION: lambda: services.request_revision(**common, wishes=told["body"]),
        Act.OPEN_CASE: lambda: services.open_case(**common, amount_minor=minor, reason=told["reason"], files=shown),
        Act.TAKE_BACK: lambda: services.take_back_late(**common),
        Act.TAKE_BACK_FROM_ABSENT: lambda: services.take_back_from_absent(**common),
        Act.GIVE_BACK: lambda: services.give_back(**common),
        Act.GIVE_BACK_PART: lambda: services.give_back(**common, returned_minor=minor),
        Act.PROPOSE_DIVISION: lambda: services.propose_division(**common, provider_minor=minor, reason=told["reason"]),
        Act.CALL_OFF: lambda: services.call_off(**common),
        Act.WITHDRAW_CASE: lambda: services.withdraw_case(**by_case),
        Act.APPEAL: lambda: services.appeal(**by_case, reason=told["body"], files=shown),
    }
    calls[step]()


def check_delivery(request: HttpRequest, contract_id: str, milestone_id: str) -> HttpResponseBase | None:
    """Decide before the body is read whether the sender may deliver here. Raises NotFound, NotAllowed."""
    if not isinstance(request.user, User):
        return redirect("account_login")
    milestone = pages.milestone_for(request.user, contract_id, milestone_id)
    permissions.require_side(request.user, milestone.contract)
    return None


def _most_bytes() -> int:
    return settings.MAX_MANUSCRIPT_BYTES + settings.MAX_COVER_BYTES


@login_required
@never_cache
@limited("upload")
@accepts_files(_most_bytes, check_delivery, action="upload")
@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: PersonRequest, contract_id: str, milestone_id: str) -> HttpResponse:
    """Hand over files, or what was done at the desk."""
    milestone = pages.milestone_for(request.user, contract_id, milestone_id)
    permissions.require_side(request.user, milestone.contract)
    form = DeliveryForm(
        request.POST or None,
        request.FILES or None,
        has_desk=state_of(milestone.contract) is not None,
        agreed=milestone.contract.terms.ai_use,
    )
    if request.method == "POST" and form.is_valid():
        try:
            _deliver(request.user, milestone, form.cleaned_data)
        except DomainError as error:
            if isinstance(error, NotAllowed | NotFound):
                raise
            form.add_error(None, error.text)
        else:
            messages.success(request, _("Delivered. The client has been told."))
            return redirect("contracts:contract", contract_id)
    context = {"milestone": milestone, "contract": milestone.contract, "form": form, "most": files.MAX_FILES}
    return render(request, "hiring/contracts/deliver.html", context, status=422 if form.errors else 200)


def _deliver(actor: User, milestone: Milestone, told: dict[str, Any]) -> None:
    at = clock.database_now()
    stored = [files.store(actor=actor, content=one, name=one.name or "", at=at) for one in told["uploads"]]
    given = services.DeliveryInput(
        note=told["note"], ai_use=told["ai_use"], files=stored, with_desk=told.get("with_desk", False)
    )
    services.deliver(actor=actor, milestone=milestone, told=given, at=at)


@login_required
@require_POST
def accept_division(request: PersonRequest, contract_id: str, milestone_id: str, division_id: str) -> HttpResponse:
    """Accept how the other side proposes to divide the money."""
    milestone = pages.milestone_for(request.user, contract_id, milestone_id)
    found = Division.objects.select_related("milestone").filter(milestone=milestone, public_id=division_id).first()
    if found is None:
        raise NotFound
    try:
        services.accept_division(actor=request.user, division=found, at=clock.database_now())
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        messages.warning(request, error.text)
    else:
        messages.success(request, _("You agree, and the money is divided so."))
    return redirect("contracts:contract", contract_id)
