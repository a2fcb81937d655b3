"""The page where the sides of a contract review each other, and the list of what was said of a person."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.limits import limited
from hiring.reviews import selectors
from hiring.reviews.forms import AnswerForm, ContractReviewForm
from hiring.reviews.services import reviews


@login_required
@never_cache
@limited("review")
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: PersonRequest, contract_id: str) -> HttpResponse:
    """Show both reviews as far as they are shown; write or change one's own."""
    contract, now = selectors.contract_of(contract_id), clock.now()
    page = selectors.page_for(request.user, contract, now)
    initial = {"stars": page.mine.stars, "body": page.mine.body} if page.mine is not None else None
    form = ContractReviewForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            reviews.write(actor=request.user, contract=contract, stars=given["stars"], body=given["body"], at=now)
        except DomainError as error:
            if error.is_refusal:
                raise
            messages.warning(request, error.text)
        else:
            messages.success(request, _("Your review is saved."))
        return redirect("hiring-reviews:review", contract_id)
    return _page(request, page, form, AnswerForm())


@login_required
@never_cache
@limited("review")
@require_POST
def answer(request: PersonRequest, contract_id: str) -> HttpResponse:
    """Answer the other side's review."""
    now = clock.now()
    page = selectors.page_for(request.user, selectors.contract_of(contract_id), now)
    if page.theirs is None:
        raise NotFound
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, page, ContractReviewForm(), form)
    reviews.answer(actor=request.user, review=page.theirs, text=form.cleaned_data["text"], at=now)
    messages.success(request, _("Your answer is shown below the review."))
    return redirect("hiring-reviews:review", contract_id)


def _page(
    request: PersonRequest, page: selectors.ReviewPage, form: ContractReviewForm, answer_form: AnswerForm
) -> HttpResponse:
    status = 422 if form.errors or answer_form.errors else 200
    context = {"page": page, "form": form, "answer_form": answer_form}
    return render(request, "hiring/reviews/review.html", context, status=status)
