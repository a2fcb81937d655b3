"""The client's pages: what they asked for, a new request, a request with its shortlists and proposals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.limits import limited
from common.paging import page_of
from hiring.offers import permissions as offer_permissions
from hiring.offers import selectors as offer_selectors
from hiring.offers.models import Offer
from hiring.requests import permissions
from hiring.requests.errors import OfferGone
from hiring.requests.forms import RequestForm
from hiring.requests.models import NEXT_ROUND_AFTER, ServiceRequest
from hiring.requests.recompute_shortlist import RULES
from hiring.requests.selectors import passages
from hiring.requests.selectors import requests as selectors
from hiring.requests.selectors.requests import DraftView
from hiring.requests.services import requests as request_services
from hiring.requests.services import shortlists
from publishing.models import Work


@login_required
@never_cache
@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """List what the person asked for, and what they are asked for."""
    is_asked = "asked" in request.GET
    rows: Any = selectors.asked_of(request.user) if is_asked else selectors.requests_of(request.user)
    context = {
        "page": page_of(request, rows),
        "is_asked": is_asked,
        "has_offers": offer_selectors.offers_of(request.user).exists(),
    }
    return render(request, "hiring/requests/mine.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("service_request")
def new(request: PersonRequest) -> HttpResponse:
    """Ask everybody who fits, or one provider: `?offer=`; `?again=` repeats the request that became a contract."""
    offer_permissions.require_take_part(request.user)
    before = selectors.request_behind(request.user, request.GET.get("again", ""))
    offer = _offer(request)
    works = list(Work.objects.filter(owner=request.user).order_by("-created_at", "-pk")[:200])
    chosen = next((one for one in works if one.public_id == request.GET.get("work")), None)
    form = RequestForm(
        request.POST or None,
        works=works,
        offer=offer,
        initial=_repeated(before) if before is not None else _initial(chosen, request),
    )
    draft = None
    if request.method == "POST" and form.is_valid() and "look" in request.POST:
        draft = _look(request, form, offer)
    elif request.method == "POST" and form.is_valid():
        made = _send(request, form, offer)
        if made is not None:
            return redirect("requests:request", made.public_id)
    context = {
        "form": form,
        "offer": offer,
        "draft": draft,
        "rules": RULES,
        "hours": int(NEXT_ROUND_AFTER.total_seconds()) // 3600,
        "work": chosen,
        "chapters": passages.chapters_of(chosen) if chosen is not None else [],
        "chapter": request.GET.get("chapter", ""),
    }
    return render(request, "hiring/requests/new.html", context, status=422 if form.errors else 200)


def _offer(request: PersonRequest) -> Offer | None:
    if "offer" not in request.GET:
        return None
    offer = offer_selectors.offer_by_public_id(request.GET["offer"])
    if not offer_permissions.may_see(request.user, offer):
        raise NotFound
    request_services.require_reachable(request.user, offer)
    return offer


def _initial(work: Work | None, request: PersonRequest) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": request.GET.get("kind", ""), "language": (get_language() or "en").split("-")[0]}
    if work is not None:
        found |= {"work": work.public_id, "language": work.language, "genre": work.subject}
        found |= {
            "words": passages.words_of(work),
            "passage": passages.passage_of(work, request.GET.get("chapter", "")),
        }
    return found


def _repeated(before: ServiceRequest) -> dict[str, Any]:
    """Return what was asked for the last time; the passage and the date are new ones."""
    names = ("kind", "title", "text", "words", "language", "target", "genre", "currency", "takes_share")
    budget = before.budget
    return {
        **{name: getattr(before, name) for name in names},
        "work": before.work.public_id if before.work is not None else "",
        "budget": f"{budget.decimal}" if budget is not None else "",
    }


def _look(request: PersonRequest, form: RequestForm, offer: Offer | None) -> DraftView:
    """Return the request as those who are asked would see it, and how many that are."""
    drafted = request_services.drafted(request.user, form.told, clock.now())
    if offer is not None:
        return DraftView(drafted, 1, [])
    return selectors.draft_view(drafted, shortlists.preview(drafted, at=clock.now()))


def _send(request: PersonRequest, form: RequestForm, offer: Offer | None) -> ServiceRequest | None:
    told, at = form.told, clock.now()
    token = form.sent_token(told)
    try:
        if offer is not None:
            made = request_services.ask_provider(actor=request.user, offer=offer, told=told, at=at, form_token=token)
        else:
            made = request_services.open_request(actor=request.user, told=told, at=at, form_token=token)
    except DomainError as problem:
        form.add_error(None, problem.text)
        return None
    messages.success(request, _("Your request is on its way."))
    return made


@login_required
@never_cache
@require_safe
def request_page(request: PersonRequest, request_id: str) -> HttpResponse:
    """Show a request to its client: who was asked and why, who was left out and why, what they answered."""
    found = selectors.request_by_public_id(request_id)
    permissions.require_client(request.user, found)
    today = clock.now().date()
    by_hand = found.invitations.filter(shortlist=None)
    context = {
        "asked": found,
        "rounds": selectors.rounds_of(found, today=today),
        "direct": selectors.asked_rows(found, list(by_hand), today=today),
    }
    return render(request, "hiring/requests/request.html", context)


@login_required
@require_POST
@limited("service_request")
def ask_also(request: PersonRequest, request_id: str) -> HttpResponse:
    """Ask one more provider, whom the shortlist left out."""
    found = selectors.request_by_public_id(request_id)
    permissions.require_client(request.user, found)
    try:
        offer = _posted_offer(request)
        request_services.ask_also(actor=request.user, request=found, offer=offer, at=clock.now())
    except NotFound:
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("%(name)s is asked, too.") % {"name": offer.provider.display_name})
    return redirect("requests:request", request_id)


def _posted_offer(request: PersonRequest) -> Offer:
    try:
        return offer_selectors.offer_by_public_id(request.POST.get("offer", ""))
    except NotFound as missing:
        raise OfferGone from missing


@login_required
@require_POST
def withdraw(request: PersonRequest, request_id: str) -> HttpResponse:
    """Withdraw a request."""
    found = selectors.request_by_public_id(request_id)
    request_services.withdraw(actor=request.user, request=found, at=clock.now())
    messages.success(request, _("Withdrawn. Nobody can propose anything for it any more."))
    return redirect("requests:request", request_id)
