"""Reporting books, shelves and what apps above know, the rules, and the public log of decisions."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.models import User
from accounts.page_cache import public_page
from accounts.requests import PersonRequest, VisitorRequest
from common import clock, limits
from common.errors import NotFound
from common.paging import page_of
from storefront.catalogue.models import Listing
from storefront.community import permissions, reportables, standing_rules
from storefront.community.errors import AlreadyReported
from storefront.community.models import FlagRule, Report, Reported, ReportRule
from storefront.community.report_forms import ComplaintForm, ReportForm
from storefront.community.selectors import cases as case_selectors
from storefront.community.selectors import shelves as shelf_selectors
from storefront.community.services import complaints, report_emails, reports
from storefront.community.services.reports import ReportInput, ReportNotAllowed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: VisitorRequest, slug: str) -> HttpResponse:
    """Report a book."""
    listing = get_object_or_404(Listing.objects.on_sale().select_related("work"), slug=slug)
    if not permissions.may_report_book(request.user, listing.work):
        raise ReportNotAllowed

    def send(told: ReportInput) -> Report:
        return reports.report_book(actor=_actor(request), work=listing.work, told=told, at=clock.now())

    claim_address = reverse("claims:file-copied", args=[slug])  # of an app above
    back = reverse("pages:book", args=[slug])
    return _page(request, Reported.BOOK, listing.title, back, send, claim_address=claim_address)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shelf(request: VisitorRequest, slug: str) -> HttpResponse:
    """Report a shelf."""
    found = shelf_selectors.shelf_at(slug)
    if found is None:
        raise NotFound
    if not permissions.may_report_shelf(request.user, found):
        raise ReportNotAllowed

    def send(told: ReportInput) -> Report:
        return reports.report_shelf(actor=_actor(request), shelf=found, told=told, at=clock.now())

    return _page(request, Reported.SHELF, found.title, reverse("community:shelf", args=[found.address]), send)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thing(request: VisitorRequest, kind: str, thing_id: str) -> HttpResponse:
    """Report something that an app above knows. Raises NotFound where the visitor may not see it."""
    known = reportables.kind_of(kind) if kind in Reported else None
    if _actor(request) is None and (known is None or not known.is_public):
        return redirect_to_login(request.get_full_path())
    found = known.find(thing_id) if known is not None else None
    if known is None or found is None or found.is_hidden:
        raise NotFound
    if not reports.may_report_thing(request.user, known, thing_id):
        raise NotFound
    if found.owner == request.user:
        raise ReportNotAllowed

    def send(told: ReportInput) -> Report:
        actor, at = _actor(request), clock.now()
        return reports.report_thing(actor=actor, reported=Reported(kind), thing_id=thing_id, told=told, at=at)

    heading = str(known.words.form_title) % {"title": found.title}
    return _page(request, Reported(kind), found.title, found.address, send, heading=heading)


def _actor(request: VisitorRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _page(
    request: VisitorRequest,
    kind: Reported,
    title: str,
    address: str,
    send: Callable[[ReportInput], Report],
    *,
    heading: str = "",
    claim_address: str = "",
) -> HttpResponse:
    form = ReportForm(request.POST or None, kind=kind, asks_sender=_actor(request) is None)
    if request.method == "POST" and form.is_valid():
        limits.consume(request, "report")
        if form.told.email:
            limits.consume(request, "report_address", key=form.told.email.lower())
        try:
            report = send(form.told)
        except AlreadyReported as known:
            messages.warning(request, known.text)
            return redirect("community:my-reports" if _actor(request) else "community:report-sent")
        return _sent(request, report)
    context = {"form": form, "title": title, "address": address, "heading": heading or _heading(kind, title)}
    context["claim_address"] = claim_address
    return render(request, "community/report.html", context, status=422 if form.errors else 200)


def _sent(request: VisitorRequest, report: Report) -> HttpResponse:
    if report.user is not None:
        messages.success(request, _("Thank you. A moderator will look at it, and we will email you the decision."))
        return redirect("community:my-reports")
    if report.email:
        return redirect("community:report-sent")
    messages.success(request, _("Thank you. Moderators see it now. Keep the address of this page to learn more."))
    return redirect(report_emails.report_link(report))


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Tell people without an account that a link to confirm the report is in their email."""
    return render(request, "community/report_sent.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, token: str) -> HttpResponse:
    """Show a report to whoever has its link: confirm it, read what was decided, and complain."""
    found = report_emails.report_at(token)
    form = ComplaintForm(request.POST if "text" in request.POST else None)
    if request.method == "POST" and "confirm" in request.POST:
        reports.confirm(report=found, at=clock.now())
        messages.success(request, _("Thank you. Your report counts now, and a moderator will look at it."))
        return redirect("community:report", token)
    if request.method == "POST" and form.is_valid():
        complaints.complain(report=found, text=form.cleaned_data["text"], at=clock.now())
        messages.success(request, _("We have received your complaint. Someone else decides, and we will email you."))
        return redirect("community:report", token)
    may_complain = permissions.may_complain(found, clock.now())
    context = {
        "report": found,
        "form": form,
        "may_complain": may_complain,
        "until": found.told_at + standing_rules.APPEAL_PERIOD if may_complain and found.told_at else None,
        "days": case_selectors.UNCONFIRMED_PERIOD.days,
    }
    return render(request, "community/report_page.html", context, status=422 if form.errors else 200)


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
    rows = [(one, report_emails.report_link(one)) for one in page.rows]
    return render(request, "community/my_reports.html", {"page": page, "rows": rows})


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
