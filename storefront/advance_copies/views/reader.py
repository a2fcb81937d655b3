"""The reader's pages: asking for a copy, the own copies, and what to do when one has ended."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from common.limits import limited
from storefront.advance_copies import permissions, selectors
from storefront.advance_copies.forms import RequestForm
from storefront.advance_copies.models import Copy
from storefront.advance_copies.services import copies, requests


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("advance_request")
def request_copy(request: VisitorRequest, offer_id: str) -> HttpResponse:
    """Show what is offered, and ask its author for a copy. Visitors log in first."""
    offer = selectors.requestable(offer_id, at=clock.now())
    if offer is None:
        raise Http404
    user = request.user
    form = RequestForm(request.POST or None)
    if request.method == "POST" and not isinstance(user, User):
        return redirect_to_login(request.path)
    if request.method == "POST" and isinstance(user, User) and form.is_valid():
        try:
            requests.ask(actor=user, offer_id=offer_id, words=form.cleaned_data["words"], at=clock.now())
        except (NotAllowed, NotFound):
            raise
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("Your request is with the author. The answer comes by email."))
            return redirect("advance_copies:mine")
    context = {
        "offer": offer,
        "work": offer.work,
        "name": selectors.author_of(offer.work),
        "form": form,
        "may_ask": permissions.may_have(user),
    }
    return render(request, "advance_copies/request.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """Show the advance copies that the person has, had or asked for."""
    return render(request, "advance_copies/mine.html", {"copies": selectors.copies_of(request.user, at=clock.now())})


@login_required
@require_POST
def reminder(request: PersonRequest, copy_id: str) -> HttpResponse:
    """Stop the reminder about a copy, or get it again."""
    copy = Copy.objects.filter(public_id=copy_id).first()
    if copy is None:
        raise NotFound
    permissions.require_own(request.user, copy)
    is_wanted = request.POST.get("wanted") == "1"
    copies.choose_reminder(copy=copy, is_wanted=is_wanted)
    messages.success(request, _("We remind you once.") if is_wanted else _("We do not remind you about this copy."))
    return redirect("advance_copies:mine")


@login_required
@never_cache
@require_safe
def over(request: PersonRequest, slug: str) -> HttpResponse:
    """Say that an advance copy has ended, and what the reader can do now."""
    found = selectors.own_copy(request.user, slug, at=clock.now())
    if found is None:
        raise Http404
    return render(request, "advance_copies/over.html", {"found": found, "copy": found.copy, "work": found.work})
