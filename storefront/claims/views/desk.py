"""The author's pages: claims on a book, and the answer to one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed
from common.limits import limited
from publishing import permissions as publishing_permissions
from publishing.passages.selectors import matches
from publishing.views.loading import load_edition
from publishing.views.steps import page_context
from storefront.claims import permissions, selectors
from storefront.claims.forms import AnswerForm, AppealForm
from storefront.claims.models import Claim, Reply, Side
from storefront.claims.selectors import steps
from storefront.claims.services import answers, decisions
from storefront.claims.views.context import claim_context


@login_required
@never_cache
@require_GET
def claims(request: PersonRequest, work_id: str) -> HttpResponse:
    """List the claims on a book."""
    edition = load_edition(request, work_id, publishing_permissions.require_see)
    context = page_context(request.user, edition) | {"claims": selectors.claims_on(edition.work)}
    return render(request, "claims/desk.html", context)


@login_required
@never_cache
@limited("claim_step")
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: PersonRequest, work_id: str, claim_id: str) -> HttpResponse:
    """Show a claim with the passages side by side; the owner answers it, and appeals."""
    edition = load_edition(request, work_id, publishing_permissions.require_see)
    found = selectors.claim_on(edition.work, claim_id)
    is_owner = permissions.may_answer(request.user, edition.work)
    if request.method == "POST" and not is_owner:
        raise NotAllowed
    answer = AnswerForm(request.POST if "answer" in request.POST else None)
    appeal = AppealForm(request.POST if "appeal" in request.POST else None)
    sent = answer if answer.is_bound else appeal
    if request.method == "POST" and sent.is_valid():
        _act(request, found, answer, appeal)
        return redirect("claims:work-claim", work_id, claim_id)
    at = clock.now()
    context = page_context(request.user, edition) | claim_context(found, Side.AUTHOR)
    context |= {
        "answer_form": answer if is_owner and steps.may_answer(found, at) else None,
        "is_shared": answers.has_other_payees(found, at),
        "appeal_form": appeal if is_owner and steps.may_appeal(found, Side.AUTHOR, at) else None,
        "appeal_until": steps.appeal_until(found, Side.AUTHOR),
        "still_there": _words_still_there(found),
    }
    return render(request, "claims/desk_claim.html", context, status=422 if answer.errors or appeal.errors else 200)


def _act(request: PersonRequest, found: Claim, answer: AnswerForm, appeal: AppealForm) -> None:
    at = clock.now()
    try:
        if answer.is_bound:
            given = answer.cleaned_data
            answers.answer(actor=request.user, claim=found, reply=Reply(given["answer"]), words=given["words"], at=at)
            messages.success(request, _("Your answer is sent."))
        else:
            words = appeal.cleaned_data["appeal"]
            decisions.appeal(actor=request.user, claim=found, side=Side.AUTHOR, words=words, at=at)
            messages.success(request, _("You have appealed. Somebody else decides."))
    except NotAllowed:
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)


def _words_still_there(claim: Claim) -> int:
    """Return how many words of the original the comparison still finds in the edition on sale, once a claim is won."""
    if not claim.is_won or claim.original is None:
        return 0
    match = matches.matched_passages(claim.work, claim.original)
    return match.words if match is not None else 0
