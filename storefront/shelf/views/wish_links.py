"""Sharing a wish list: the owner's page, and the one that others see."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.limits import limited
from storefront.shelf.forms import WishLinkForm
from storefront.shelf.models import WishLink
from storefront.shelf.selectors.shared_wishes import address_of
from storefront.shelf.selectors.shared_wishes import shared_wishes as wishes_behind
from storefront.shelf.services import wish_links


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("mark")
def share(request: PersonRequest) -> HttpResponse:
    """Open, change, renew or end the link to one's wish list."""
    if request.method == "POST" and (answer := _done(request)) is not None:
        return answer
    link = WishLink.objects.filter(user=request.user).first()
    is_saved = request.method == "POST" and link is not None
    initial = {"name": link.name, "shows_owned": link.shows_owned} if link else {}
    form = WishLinkForm(request.POST if is_saved else None, initial=initial)
    if is_saved and form.is_valid():
        wish_links.change_link(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("library:share-wishes")
    context = {"link": link, "address": address_of(link) if link else "", "form": form}
    return render(request, "shelf/share_wishes.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def shared_wishes(request: VisitorRequest, secret: str) -> HttpResponse:
    """Show a wish list to whoever has its link."""
    answer = render(request, "shelf/shared_wishes.html", {"page": wishes_behind(secret)})
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _done(request: PersonRequest) -> HttpResponse | None:
    """Do what a button asks for; None for the form."""
    act = request.POST.get("act", "")
    if act == "open":
        wish_links.open_link(actor=request.user, at=clock.now())
    elif act == "renew":
        wish_links.renew_link(actor=request.user, at=clock.now())
        messages.success(request, _("The link is new. The old one leads nowhere."))
    elif act == "close":
        wish_links.close_link(actor=request.user)
        messages.success(request, _("The link leads nowhere now."))
    else:
        return None
    return redirect("library:share-wishes")
