"""Coupons: an author's on their desk, the platform's in the finance office."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import permissions as account_permissions
from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from publishing.models import Work
from royalties.views.decorators import for_finance, known_to_moderators
from storefront.catalogue.selectors import bundles as bundle_selectors
from storefront.checkout import permissions
from storefront.checkout.coupons import selectors as coupon_selectors
from storefront.checkout.coupons import services as coupon_services
from storefront.checkout.coupons.forms import CouponForm
from storefront.checkout.coupons.services import CouponTerms


@never_cache
@require_http_methods(["GET", "POST"])
def author_coupons(request: PersonRequest) -> HttpResponse:
    """Show the author's codes with their uses, and a form for a new one."""
    if not account_permissions.is_author(request.user):
        raise NotAllowed if account_permissions.is_moderator(request.user) else NotFound
    works = list(Work.objects.filter(owner=request.user).exclude(title="").order_by("title", "pk"))
    names = coupon_selectors.names_of(request.user)
    form = CouponForm(request.POST or None, works=_choices(works), names=names)
    if request.method == "POST" and form.is_valid():
        chosen = [work for work in works if work.public_id in form.cleaned_data["works"]]
        try:
            coupon_services.create_author_coupon(
                actor=request.user, terms=_terms(form), works=chosen, pen_name=form.chosen_name, at=clock.now()
            )
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("The coupon code has been created. It is valid from its first day."))
            return redirect("checkout:author-coupons")
    rows = coupon_selectors.coupon_rows(
        coupon_selectors.coupons_of(request.user), at=clock.now(), has_pen_names=any(names)
    )
    context = {"form": form, "rows": rows, "stop_view": "checkout:author-coupon-stop", "has_pen_names": any(names)}
    return render(request, "checkout/coupons_desk.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@known_to_moderators
@for_finance
def platform_coupons(request: PersonRequest) -> HttpResponse:
    """Show the codes that the platform pays for, with their cost, and a form for finance staff."""
    may_make = permissions.may_fund_coupons(request.user)
    works = list(bundle_selectors.works_to_bundle()[:500])
    # The shop pays for these, so by default nobody uses them twice.
    once = {"uses_per_person": 1}
    form = CouponForm(request.POST or None, works=_choices(works), initial=once) if may_make else None
    if form is not None and request.method == "POST" and form.is_valid():
        chosen = [work for work in works if work.public_id in form.cleaned_data["works"]]
        try:
            coupon_services.create_platform_coupon(actor=request.user, terms=_terms(form), works=chosen, at=clock.now())
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("The coupon code has been created. It is valid from its first day."))
            return redirect("checkout:platform-coupons")
    coupons = list(coupon_selectors.platform_coupons())
    context = {
        "form": form,
        "rows": coupon_selectors.coupon_rows(coupons, at=clock.now(), costs=coupon_selectors.costs_of(coupons)),
        "stop_view": "checkout:platform-coupon-stop",
    }
    is_wrong = form is not None and bool(form.errors)
    return render(request, "checkout/coupons_finance.html", context, status=422 if is_wrong else 200)


@login_required
@require_POST
def stop_author_coupon(request: PersonRequest, coupon_id: str) -> HttpResponse:
    coupon = coupon_selectors.coupon_of(coupon_selectors.coupons_of(request.user), coupon_id)
    coupon_services.deactivate_coupon(actor=request.user, coupon=coupon, at=clock.now())
    messages.success(request, _("The coupon code has been deactivated. Nobody can use it any more."))
    return redirect("checkout:author-coupons")


@require_POST
@known_to_moderators
@for_finance
def stop_platform_coupon(request: PersonRequest, coupon_id: str) -> HttpResponse:
    coupon = coupon_selectors.coupon_of(coupon_selectors.platform_coupons(), coupon_id)
    coupon_services.deactivate_coupon(actor=request.user, coupon=coupon, at=clock.now())
    messages.success(request, _("The coupon code has been deactivated. Nobody can use it any more."))
    return redirect("checkout:platform-coupons")


def _choices(works: Iterable[Work]) -> list[tuple[str, str]]:
    return [(work.public_id, work.title) for work in works]


def _terms(form: CouponForm) -> CouponTerms:
    data = form.cleaned_data
    return CouponTerms(
        code=data["code"],
        percent_bps=form.percent_bps,
        amounts={currency: amount for currency, amount in form.amounts.items() if currency in settings.CURRENCIES},
        begins_at=form.begins_at(clock.now()),
        ends_at=form.ends_at,
        uses_limit=data["uses_limit"],
        uses_per_person=data["uses_per_person"],
    )
