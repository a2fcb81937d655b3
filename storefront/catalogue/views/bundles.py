"""The author's desk for bundles: create them, put them on sale, and answer requests for one's own works."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import permissions as account_permissions
from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.money import Money
from publishing import selectors as publishing_selectors
from storefront.catalogue.forms import BundleForm
from storefront.catalogue.models import Bundle
from storefront.catalogue.selectors import bundles as bundle_selectors
from storefront.catalogue.services import bundles as bundle_services


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def bundles(request: PersonRequest) -> HttpResponse:
    """List the author's bundles and requests that wait for an answer, with a form for a new bundle."""
    if not account_permissions.is_author(request.user):
        raise NotFound
    form = BundleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = bundle_services.create_bundle(
            actor=request.user,
            title=form.cleaned_data["title"],
            description=form.cleaned_data["description"],
            at=clock.now(),
        )
        return _change(request, made, form)
    context = {
        "form": form,
        "bundles": bundle_selectors.bundle_rows(request.user),
        "waiting": [(row, bundle_selectors.part_of(row)) for row in bundle_selectors.awaiting_consent_of(request.user)],
    }
    return render(request, "catalogue/bundles.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def edit_bundle(request: PersonRequest, bundle_id: str) -> HttpResponse:
    """Edit a bundle's title, prices and works, and show whether it can go on sale."""
    found = bundle_selectors.bundle_of(user=request.user, bundle_id=bundle_id)
    initial: dict[str, object] = {"title": found.title, "description": found.description}
    initial |= {f"amount_{p.currency}": Money(p.price_minor, p.currency).decimal for p in found.prices.all()}
    form = BundleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _change(request, found, form)
    query = request.GET.get("q", "").strip()[:100]
    currency = found.prices.values_list("currency", flat=True).first() or settings.DEFAULT_CURRENCY
    context = {
        "form": form,
        "bundle": found,
        "offer": bundle_selectors.offer_of(found, currency=currency),
        "missing": bundle_services.missing_for_sale(found, at=clock.now()),
        "is_on_sale": found.is_on_sale,
        "query": query,
        "candidates": bundle_selectors.candidates(found, user=request.user, query=query),
    }
    return render(request, "catalogue/bundle_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def change_works(request: PersonRequest, bundle_id: str) -> HttpResponse:
    """Add a work to the bundle, or remove one."""
    found = bundle_selectors.bundle_of(user=request.user, bundle_id=bundle_id)
    work = publishing_selectors.work_by_public_id(request.POST.get("work", ""))
    works = [row.work for row in found.works.select_related("work") if row.work_id != work.pk]
    if request.POST.get("act") == "add":
        works.append(work)
    try:
        bundle_services.set_works(actor=request.user, bundle=found, works=works, at=clock.now())
    except DomainError as problem:
        messages.warning(request, problem.text)
    return redirect("catalogue:bundle-edit", bundle_id)


@login_required
@require_POST
def list_bundle(request: PersonRequest, bundle_id: str) -> HttpResponse:
    """Put the bundle on sale, or take it off."""
    found = bundle_selectors.bundle_of(user=request.user, bundle_id=bundle_id)
    try:
        if request.POST.get("act") == "withdraw":
            bundle_services.take_off_sale(actor=request.user, bundle=found)
            messages.success(request, _("The bundle is no longer on sale."))
        else:
            bundle_services.put_on_sale(actor=request.user, bundle=found, at=clock.now())
            messages.success(request, _("The bundle is on sale."))
    except DomainError as problem:
        messages.warning(request, problem.text)
    return redirect("catalogue:bundle-edit", bundle_id)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: PersonRequest, bundle_id: str) -> HttpResponse:
    """Say what goes and what stays, ask for confirmation, and delete the bundle."""
    found, refusal = bundle_selectors.bundle_of(user=request.user, bundle_id=bundle_id), ""
    if request.method == "POST":
        try:
            bundle_services.delete_bundle(actor=request.user, bundle=found)
        except DomainError as problem:
            refusal = problem.text
        else:
            messages.success(request, _("The bundle “%(title)s” has been deleted.") % {"title": found.title})
            return redirect("catalogue:bundles")
    context = {"bundle": found, "refusal": refusal}
    return render(request, "catalogue/bundle_delete.html", context, status=409 if refusal else 200)


@login_required
@require_POST
def answer(request: PersonRequest, bundle_id: str) -> HttpResponse:
    """Agree that one's work is part of another author's bundle, or remove it."""
    found = get_object_or_404(Bundle, public_id=bundle_id)
    work = publishing_selectors.work_by_public_id(request.POST.get("work", ""))
    if request.POST.get("act") == "agree":
        bundle_services.agree(actor=request.user, bundle=found, work=work, at=clock.now())
        messages.success(request, _("Your book is now part of the bundle. You can remove it at any time."))
    else:
        bundle_services.leave(actor=request.user, bundle=found, work=work)
        messages.success(request, _("Your book is not part of the bundle."))
    return redirect("catalogue:bundles")


def _change(request: PersonRequest, found: Bundle, form: BundleForm) -> HttpResponse:
    prices = {currency: form.amounts.get(currency) for currency in settings.CURRENCIES}
    try:
        bundle_services.change_bundle(
            actor=request.user,
            bundle=found,
            title=form.cleaned_data["title"],
            description=form.cleaned_data["description"],
            prices=prices,
        )
    except DomainError as problem:
        messages.warning(request, problem.text)
    return redirect("catalogue:bundle-edit", found.public_id)
