"""The author's desk for promotions of one work: plan them, end them, and say where the law fixes its price."""

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
from common.errors import DomainError
from publishing import permissions
from publishing import services as publishing_services
from publishing.models import Edition
from publishing.views.loading import load_edition
from publishing.views.steps import page_context
from storefront.catalogue.forms import FixedPricesForm, PromotionForm
from storefront.catalogue.selectors.promotion_page import promotion_page


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def promotions(request: PersonRequest, work_id: str) -> HttpResponse:
    """Show the promotions of a work, with a form for another one."""
    edition, at = load_edition(request, work_id, permissions.require_publish), clock.now()
    prices = edition.work.prices.filter(is_open=False, list_price_minor__gt=0).order_by("currency")
    form = PromotionForm(request.POST or None, currencies=list(prices.values_list("currency", flat=True)))
    if request.method == "POST" and form.is_valid():
        try:
            publishing_services.plan_promotion(
                actor=request.user,
                work=edition.work,
                prices=form.prices,
                begins_at=form.cleaned_data["begins_at"] or at,
                ends_at=form.cleaned_data["ends_at"],
                at=at,
            )
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("Promotion planned. It begins and ends by itself."))
            return redirect("catalogue:promotions", work_id)
    return _page(request, edition, form)


@login_required
@require_POST
def end(request: PersonRequest, work_id: str, promotion_id: str) -> HttpResponse:
    """End a promotion now, or drop one that has not begun."""
    edition = load_edition(request, work_id, permissions.require_publish)
    try:
        publishing_services.end_promotion(
            actor=request.user, work=edition.work, promotion_id=promotion_id, at=clock.now()
        )
    except DomainError as problem:
        if problem.status == 404:
            raise
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("Promotion ended. Readers see the list price again."))
    return redirect("catalogue:promotions", work_id)


@login_required
@require_POST
def fixed(request: PersonRequest, work_id: str) -> HttpResponse:
    """Save in which countries the law fixes the price."""
    edition, at = load_edition(request, work_id, permissions.require_publish), clock.now()
    form = FixedPricesForm(request.POST, work=edition.work, on=at.date())
    if form.is_valid():
        publishing_services.set_fixed_prices(actor=request.user, work=edition.work, choices=form.choices, at=at)
        messages.success(request, _("Saved. This applies from now on."))
    else:
        messages.warning(request, _("Choose one of the answers for each country."))
    return redirect("catalogue:promotions", work_id)


def _page(request: PersonRequest, edition: Edition, form: PromotionForm) -> HttpResponse:
    at = clock.now()
    context = page_context(request.user, edition) | {
        "form": form,
        "page": promotion_page(edition.work, at=at),
        "fixed_form": FixedPricesForm(work=edition.work, on=at.date()),
    }
    return render(request, "catalogue/promotions.html", context, status=422 if form.errors else 200)
