"""Reporting books, shelves and what apps above know, the rules, and the public log of decisions."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.page_cache import public_page
from accounts.requests import PersonRequest
from common import clock, limits
from common.errors import NotFound
from common.paging import page_of
from storefront.catalogue.models import Listing
from storefront.community import permissions, reportables, standing_rules
from storefront.community.errors import AlreadyReported
from storefront.community.models import FlagRule, Reported, ReportRule
from storefront.community.report_forms import ReportForm
from storefront.community.selectors import cases as case_selectors
from storefront.community.selectors import shelves as shelf_selectors
from storefront.community.services import reports
from storefront.community.services.reports import ReportInput, ReportNotAllowed


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: PersonRequest, slug: str) -> HttpResponse:
    """Report a book."""
    listing = get_object_or_404(Listing.objects.on_sale().select_related("work"), slug=slug)
    if not permissions.may_report_book(request.user, listing.work):
        raise ReportNotAllowed

    def send(told: ReportInput) -> None:
        reports.report_book(actor=request.user, work=listing.work, told=told, at=clock.now())

    return _page(request, Reported.BOOK, listing.title, reverse("pages:book", args=[slug]), send)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shelf(request: PersonRequest, slug: str) -> HttpResponse:
    """Report a shelf."""
    found = shelf_selectors.shelf_at(slug)
    if found is None:
        raise NotFound
    if not permissions.may_report_shelf(request.user, found):
        raise ReportNotAllowed

    def send(told: ReportInput) -> None:
        reports.report_shelf(actor=request.user, shelf=found, told=told, at=clock.now())

    return _page(request, Reported.SHELF, found.title, reverse("community:shelf", args=[found.address]), send)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thing(request: PersonRequest, kind: str, thing_id: str) -> HttpResponse:
    """Report something that an app above knows. Raises NotFound where the person may not see it."""
    known = reportables.kind_of(kind) if kind in Reported else None
    found = known.find(thing_id) if known is not None else None
    if known is None or found is None or found.is_hidden or not known.may_report(request.user, thing_id):
        raise NotFound
    if found.owner == request.user:
        raise ReportNotAllowed

    def send(told: ReportInput) -> None:
        reports.report_thing(actor=request.user, reported=Reported(kind), thing_id=thing_id, told=told, at=clock.now())

    heading = str(known.words.form_title) % {"title": found.title}
    return _page(request, Reported(kind), found.title, found.address, send, heading=heading)


def _page(
    request: PersonRequest,
    kind: Reported,
    title: str,
    address: str,
    send: Callable[[ReportInput], None],
    *,
    heading: str = "",
) -> HttpResponse:
    form = ReportForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        limits.consume(request, "report")
        try:
            send(form.told)
        except AlreadyReported as known:
            messages.warning(request, known.text)
        else:
            messages.success(request, _("Thank you. A moderator will look at it, and we will email you the decision."))
        return redirect("community:my-reports")
    context = {"form": form, "title": title, "address": address, "heading": heading or _heading(kind, title)}
    return render(request, "community/report.html", context, status=422 if form.errors else 200)


def _heading(kind: Reported, title: str) -> str:
    if kind == Reported.BOOK:
        return _("Report “%(title)s”") % {"title": title}
    return _("Report the shelf “%(title)s”") % {"title": title}


@login_required
@never_cache
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """List the person's reports with their outcomes."""
    page = page_of(request, case_selectors.reports_of(request.user))
    return render(request, "community/my_reports.html", {"page": page})


@require_safe
@public_page()
def rules(request: HttpRequest) -> HttpResponse:
    """Show all rules, and what happens when one is broken."""
    context = {
        "rules": ReportRule,
        "review_rules": FlagRule,
        "months": standing_rules.APPEAL_PERIOD.days // 30,
    }
    return render(request, "community/rules.html", context)


@require_safe
@public_page()
def log(request: HttpRequest) -> HttpResponse:
    """Show the moderators' decisions, without names or texts."""
    return render(request, "community/decisions.html", {"page": page_of(request, case_selectors.decided_cases())})
