"""A work's figures, the same as a file, and its share links."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import regions
from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.csv_cells import csv_lines
from common.errors import DomainError
from common.limits import limited
from insight.completion.selectors import completions
from insight.events import permissions as event_permissions
from insight.events.models import ShareLink
from insight.events.services import links
from insight.figures.charts import bar_chart
from insight.figures.forms import LinkForm
from insight.figures.selectors import funnel
from insight.figures.selectors.periods import CHOICES, Period
from insight.figures.steps import steps_of
from publishing import permissions as publishing_permissions
from publishing.models import Edition
from publishing.views.loading import load_edition, load_work
from publishing.views.steps import page_context
from publishing.views.tabs import Tab

_COLUMNS = ("day", "views", "visitors", "samples", "carts", "sales", "free_copies", "returns")


@never_cache
@require_safe
def work(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Show how a work does, to its makers."""
    edition = load_edition(request, public_id, publishing_permissions.require_see)
    return _page(request, edition, LinkForm())


@never_cache
@require_safe
def work_csv(request: VisitorRequest, public_id: str) -> StreamingHttpResponse:
    """Return the figures by day as CSV."""
    found = load_work(request, public_id, publishing_permissions.require_see)
    figures = funnel.of_work(found, Period.of(request.GET.get("days", ""), clock.now()))
    rows = csv_lines([_COLUMNS, *([getattr(day, name) for name in _COLUMNS] for day in figures.days)])
    headers = {"Content-Disposition": f'attachment; filename="{found.slug}-figures.csv"'}
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


@login_required
@never_cache
@require_POST
@limited("offer")
def make_link(request: PersonRequest, public_id: str) -> HttpResponse:
    """Make a share link."""
    edition = load_edition(request, public_id, publishing_permissions.require_publish)
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            links.make_link(actor=request.user, work=edition.work, label=form.cleaned_data["label"], at=clock.now())
        except DomainError as error:
            form.add_error("label", error.text)
        else:
            return redirect(reverse("figures:work", args=[public_id]) + "#links")
    return _page(request, edition, form)


def _page(request: VisitorRequest | PersonRequest, edition: Edition, form: LinkForm) -> HttpResponse:
    found, period = edition.work, Period.of(request.GET.get("days", ""), clock.now())
    figures = funnel.of_work(found, period)
    sources = funnel.sources_of(found, period)
    by_label = {part.label: part for part in sources}
    context: dict[str, Any] = page_context(request.user, edition) | {
        **chart_context(figures, period),
        "sources": sources,
        "countries": funnel.countries_of(found, period),
        "completion": completions.of_work(found),
        "reasons": funnel.reasons_of(found, period),
        "earned": funnel.earned_since(request.user, period.start, work=found) if isinstance(request.user, User) else [],
        "links": [
            (link, _address_of(link), by_label.get(link.label), _snippets(link)) for link in found.share_links.all()
        ],
        "may_share": event_permissions.may_share(request.user, found),
        "form": form,
    }
    return render(request, "figures/work.html", context, status=422 if form.errors else 200)


def _address_of(link: ShareLink) -> str:
    """Return the address to share: without a region, so that each reader gets their own."""
    path = reverse("events:link", args=[link.code]).removeprefix(regions.current().prefix)
    return f"{settings.SITE_URL}/{path}"


def _snippets(link: ShareLink) -> list[tuple[str, str]]:
    """Return what an author pastes into a page of their own, each with its name."""
    address, title = _address_of(link), _("A book at %(site)s") % {"site": settings.SITE_NAME}
    heights = (("card", _("Card"), 160), ("button", _("Button"), 60))
    return [
        (
            label,
            format_html(
                '<iframe src="{}{}/" title="{}" width="340" height="{}" style="border:0"></iframe>',
                *(address, kind, title, height),
            ),
        )
        for kind, label, height in heights
    ]


def chart_context(figures: funnel.Figures, period: Period) -> dict[str, Any]:
    """Return what every page of figures shows: the periods, the steps, and the charts."""
    labels = {30: _("30 days"), 90: _("90 days"), 365: _("A year")}
    return {
        "figures": figures,
        "period": period,
        "periods": [Tab(labels[days], f"?days={days}", days == period.days) for days in CHOICES],
        "funnel": steps_of(figures, period),
        "views_chart": bar_chart([(day.day, day.views) for day in figures.days]),
        "sales_chart": bar_chart([(day.day, day.sales) for day in figures.days]),
    }
