"""The page on which a buyer reviews a book."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.limits import limited
from storefront.catalogue.models import Listing
from storefront.checkout import given_copies
from storefront.community import permissions
from storefront.community.models import Review
from storefront.community.review_forms import ReviewForm
from storefront.community.services import reviews as review_services
from storefront.community.services.reviews import ReviewNotAllowed


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("review")
def review(request: PersonRequest, slug: str) -> HttpResponse:
    """Write, change or withdraw the person's review of a book. Withdrawing it does not require that they have the
    book."""
    listing = get_object_or_404(Listing.objects.select_related("work"), slug=slug)
    work = listing.work
    mine = Review.objects.filter(work=work, user=request.user).first()
    may_write = permissions.may_review(request.user, work)
    if mine is None and not listing.is_on_sale:
        raise Http404
    if mine is None and not may_write:
        raise ReviewNotAllowed
    after = redirect("pages:book", slug) if listing.is_on_sale else redirect("library:books")
    if request.POST.get("act") == "withdraw":
        review_services.withdraw_review(actor=request.user, work=work)
        messages.success(request, _("Your review has been withdrawn."))
        return after
    initial = {"stars": mine.stars, "title": mine.title, "body": mine.body} if mine else {}
    form = ReviewForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        review_services.write_review(actor=request.user, work=work, at=clock.now(), **form.cleaned_data)
        return after
    facts = {"form": form, "listing": listing, "mine": mine, "may_write": may_write}
    facts["is_advance"] = given_copies.was_given(request.user, work)
    return render(request, "community/review.html", facts)
