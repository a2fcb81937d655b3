"""Views for staff who read and answer requests."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from common.paging import PAGE_LENGTH
from helpdesk import selectors, services
from helpdesk.forms import AnswerForm, RequestsFilter
from royalties.views.decorators import in_office

_STATES = ("open", "answered", "closed")


@require_safe
@in_office
def request_list(request: PersonRequest) -> HttpResponse:
    """List open requests, oldest first; or closed ones."""
    form = RequestsFilter(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    state = told.get("state") or "open"
    pages = Paginator(selectors.requests_by(state=state, text=told.get("text", "")), PAGE_LENGTH)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": RequestsFilter(initial={"state": state, "text": told.get("text", "")}),
        "state": state,
        "time_label": _("Waiting for") if state == "open" else _("Closed"),
        "page": page,
        "newer": _address(request, page.previous_page_number()) if page.has_previous() else "",
        "older": _address(request, page.next_page_number()) if page.has_next() else "",
        "now": clock.now(),
    }
    return render(request, "helpdesk/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_office
def request_page(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show one request with what it is about, and the form to answer it."""
    asked = selectors.request_by_public_id(public_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        try:
            services.answer_request(actor=request.user, public_id=public_id, answer=answer, at=clock.now())
        except DomainError as error:
            form.add_error(None, error.text)
            asked = selectors.request_by_public_id(public_id)
        else:
            messages.success(request, _("Your answer is on its way by email."))
            return redirect("helpdesk-requests")
    context = {"asked": asked, "form": form, "others": selectors.other_requests_of(asked), "now": clock.now()}
    return render(request, "helpdesk/request.html", context, status=422 if form.errors else 200)


@require_POST
@in_office
def close(request: PersonRequest, public_id: str) -> HttpResponse:
    """Close a request that needs no answer."""
    services.close_request(actor=request.user, public_id=public_id, at=clock.now())
    messages.success(request, _("The request is closed. Nothing was sent."))
    return redirect("helpdesk-requests")


def _address(request: PersonRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}"
