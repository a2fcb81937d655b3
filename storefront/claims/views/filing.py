"""Filing a claim on words of a book on sale, with or without an account; and how claims work."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.page_cache import public_page
from accounts.requests import PersonRequest, VisitorRequest
from common import clock, limits
from common.errors import DomainError, NotFound
from storefront.catalogue.models import Listing
from storefront.claims import permissions, process, selectors
from storefront.claims.errors import OwnBook
from storefront.claims.forms import CopiedForm, FoundForm
from storefront.claims.models import Claim
from storefront.claims.services import filing, links
from storefront.claims.views.context import rows_of


def _listing(request: PersonRequest | VisitorRequest, slug: str) -> Listing:
    listing = get_object_or_404(Listing.objects.on_sale().select_related("work"), slug=slug)
    if not permissions.may_claim(request.user, listing.work):
        raise OwnBook
    return listing


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copied(request: VisitorRequest, slug: str) -> HttpResponse:
    """Claim words that are copied into the form. Where we know of the person's own words in the book, lead there."""
    listing = _listing(request, slug)
    user = request.user if isinstance(request.user, User) else None
    given = {"name": user.display_name} if user is not None else {}
    form = CopiedForm(request.POST or None, asks_sender=user is None, initial=given)
    if request.method == "POST" and form.is_valid():
        limits.consume(request, "claim")
        if form.told.email:
            limits.consume(request, "claim_address", key=form.told.email.lower())
        at = clock.now()
        done = _try(
            form,
            lambda: filing.file_copied(actor=user, work=listing.work, copied=form.copied, told=form.told, at=at),
        )
        if done is not None:
            return _filed(request, done)
    found = selectors.own_matches(user, listing.work) if user is not None else []
    context = {"form": form, "listing": listing, "found": found}
    return render(request, "claims/file.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: PersonRequest, slug: str, match_id: str) -> HttpResponse:
    """Claim passages that the comparison of books found, as the owner of the book that had them first."""
    listing = _listing(request, slug)
    mine = [one for one in selectors.own_matches(request.user, listing.work) if one.public_id == match_id]
    if not mine or mine[0].other.edition is None:
        raise NotFound
    match, original = mine[0], mine[0].other.edition.work
    form = FoundForm(request.POST or None, passages=match.passages, initial={"name": request.user.display_name})
    if request.method == "POST" and form.is_valid():
        limits.consume(request, "claim")
        numbers, at = form.cleaned_data["passages"], clock.now()
        done = _try(
            form,
            lambda: filing.file_found(actor=request.user, match=match, numbers=numbers, told=form.told, at=at),
        )
        if done is not None:
            return _filed(request, done)
    context = {
        "form": form,
        "listing": listing,
        "match": match,
        "original": original,
        "rows": rows_of(match.passages, form.chosen),
    }
    return render(request, "claims/file_found.html", context, status=422 if form.errors else 200)


def _try(form: CopiedForm | FoundForm, file: Callable[[], Claim]) -> Claim | None:
    """File a claim, or show in the form what stands in the way."""
    try:
        return file()
    except OwnBook:
        raise
    except DomainError as problem:
        form.add_error(None, problem.text)
        return None


def _filed(request: PersonRequest | VisitorRequest, claim: Claim) -> HttpResponse:
    if claim.user is None:
        return redirect("claims:sent")
    messages.success(request, _("Your claim is filed. We tell you by email when the book’s owner answers."))
    return redirect(links.claim_path(claim))


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Tell people without an account that a link to confirm the claim is in their email."""
    return render(request, "claims/sent.html", {"days": process.CONFIRM.days})


@require_safe
@public_page()
def how(request: HttpRequest) -> HttpResponse:
    """Say how claims work: who does what until when, and what is held."""
    return render(request, "claims/how.html")
