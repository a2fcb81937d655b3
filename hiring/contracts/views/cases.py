"""One case, for its sides and for who decides it; and the moderators' queue."""

from __future__ import annotations

from typing import Any

import structlog
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.body_limits import accepts_files
from common.errors import DomainError, HiddenPage, NotFound
from common.limits import limited
from hiring import shared_files
from hiring.contracts import permissions, services
from hiring.contracts.forms import CaseWordsForm, DecisionForm, QuestionForm, ShareDecisionForm
from hiring.contracts.models import Case
from hiring.contracts.process import Act, State
from hiring.contracts.selectors import cases, pages
from hiring.contracts.selectors.acts import ACTS
from hiring.contracts.services import files

logger = structlog.stdlib.get_logger(__name__)


@require_safe
@never_cache
def queue(request: PersonRequest) -> HttpResponse:
    """List the cases that wait for a decision, and those that wait for a side. Moderators only."""
    if not permissions.may_moderate(request.user):
        raise HiddenPage
    logger.info("moderation.read", user=request.user.public_id, path=request.path)
    rows = [(one, _may_decide(request, one)) for one in cases.cases_to_decide()]
    context = {"rows": rows, "others": cases.cases_in_progress(), "now": clock.now()}
    return render(request, "hiring/contracts/cases.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: PersonRequest, case_id: str) -> HttpResponse:
    """Show what a case is about and what both sides say; take a moderator's decision."""
    found = cases.case_for(request.user, case_id)
    side = permissions.side_of(request.user, found.milestone.contract)
    if side is None:
        logger.info("moderation.read", user=request.user.public_id, path=request.path)
    if request.method == "POST" and side is not None:
        raise NotFound
    if "ask" in request.POST:
        return _ask(request, found)
    form = _decision_form(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _decide(request, found, form):
        messages.success(request, _("Decision saved and logged."))
        return redirect("contracts:cases")
    return _page(request, found, form)


def _ask(request: PersonRequest, found: Case) -> HttpResponse:
    """Ask both sides something before the decision."""
    question = QuestionForm(request.POST)
    if question.is_valid():
        body = question.cleaned_data["question"]
        try:
            services.ask_in_case(actor=request.user, case=found, body=body, at=clock.database_now())
        except DomainError as error:
            if error.is_refusal or isinstance(error, NotFound):
                raise
            question.add_error(None, error.text)
        else:
            messages.success(request, _("Both sides have been asked."))
            return redirect("contracts:case", found.public_id)
    return _page(request, found, _decision_form(found), question=question)


def check_words(request: HttpRequest, case_id: str) -> HttpResponseBase | None:
    """Decide before the body is read whether the sender may write in the case. Raises NotFound, NotAllowed."""
    if not isinstance(request.user, User):
        return redirect("account_login")
    permissions.require_side(request.user, cases.case_for(request.user, case_id).milestone.contract)
    return None


def _most_bytes() -> int:
    return settings.MAX_MANUSCRIPT_BYTES


@login_required
@never_cache
@limited("message")
@accepts_files(_most_bytes, check_words, action="message")
@require_POST
def write(request: PersonRequest, case_id: str) -> HttpResponse:
    """Answer a case, or add words and files to it, as one of its sides."""
    found = cases.case_for(request.user, case_id)
    side = permissions.require_side(request.user, found.milestone.contract)
    act = cases.writing_act(found, side, clock.database_now()) or Act.WRITE_IN_CASE
    words = CaseWordsForm(request.POST, request.FILES, is_answer=act == Act.ANSWER)
    if words.is_valid():
        try:
            _say(request.user, found, act, words.cleaned_data)
        except DomainError as error:
            if error.is_refusal or isinstance(error, NotFound):
                raise
            words.add_error(None, error.text)
        else:
            messages.success(request, str(ACTS[act].done))
            return redirect("contracts:case", case_id)
    return _page(request, found, _decision_form(found), words)


@login_required
@never_cache
@require_safe
def file(request: PersonRequest, file_id: str) -> FileResponse:
    """Download a file that was shown in a case."""
    found = cases.file_for(request.user, file_id)
    return shared_files.attachment(shared_files.SharedFile(found.file, found.sha256, found.file_name))


def _say(actor: User, case: Case, act: Act, told: dict[str, Any]) -> None:
    at = clock.database_now()
    stored = [
        files.store(actor=actor, content=one, name=one.name or "", at=at, folder="cases") for one in told["uploads"]
    ]
    say = services.answer_case if act == Act.ANSWER else services.write_in_case
    say(actor=actor, case=case, body=told["body"], files=stored, at=at)


def _decision_form(case: Case, data: QueryDict | None = None) -> forms.Form:
    if case.is_about_share:
        return ShareDecisionForm(data)
    return DecisionForm(data, currency=case.milestone.currency, most_minor=case.amount_minor)


def _page(
    request: PersonRequest,
    found: Case,
    form: forms.Form,
    words: CaseWordsForm | None = None,
    question: QuestionForm | None = None,
) -> HttpResponse:
    contract, at = found.milestone.contract, clock.database_now()
    page = pages.contract_page(request.user, contract, at)
    card = next(card for card in page.cards if card.milestone.pk == found.milestone_id)
    act = cases.writing_act(found, page.side, at)
    context = {
        "case": found,
        "contract": contract,
        "page": page,
        "card": card,
        "outcome": next((one for one in card.outcomes if one.case.pk == found.pk), None),
        "statements": cases.statements_of(found),
        "act": ACTS[act] if act is not None else None,
        "words": words or CaseWordsForm(is_answer=act == Act.ANSWER),
        "may_decide": _may_decide(request, found),
        "waits_for_decision": found.milestone.state in {State.TO_DECIDE, State.APPEALED} and found.closed_at is None,
        "form": form,
        "question": question or QuestionForm(),
    }
    is_wrong = any(one is not None and one.errors for one in (form, words, question))
    return render(request, "hiring/contracts/case.html", context, status=422 if is_wrong else 200)


def _decide(request: PersonRequest, case: Case, form: forms.Form) -> bool:
    """Take the decision; return whether it was taken."""
    decide = services.decide_appeal if case.milestone.state == State.APPEALED else services.decide_case
    try:
        decide(
            actor=request.user,
            case=case,
            provider_minor=form.amount_minor if isinstance(form, DecisionForm) else 0,
            ruling=form.cleaned_data.get("ruling", ""),
            reason=form.cleaned_data["reason"],
            at=clock.database_now(),
        )
    except DomainError as error:
        if error.is_refusal or isinstance(error, NotFound):
            raise
        form.add_error(None, error.text)
        return False
    return True


def _may_decide(request: PersonRequest, case: Case) -> bool:
    if case.milestone.state == State.APPEALED:
        return permissions.may_decide_appeal(request.user, case)
    return permissions.may_decide(request.user, case)
