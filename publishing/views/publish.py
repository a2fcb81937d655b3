"""Putting editions on sale, taking them off sale, and listing them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.models import Edition
from publishing.views.job_page import job_context
from publishing.views.loading import load_edition, load_work
from publishing.views.steps import page_context


@login_required
@never_cache
def publish(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show what is still missing before publishing, and publish the edition."""
    edition = load_edition(request, public_id, permissions.require_publish)
    refusal = ""
    if request.method == "POST":
        try:
            publishing_services.publish_edition(actor=request.user, edition=edition, at=clock.now())
        except DomainError as error:
            refusal = error.text
        else:
            messages.success(request, _("Your book is in the shop."))
            return redirect("work", public_id)
    context = page_context(request.user, edition, "work-publish") | job_context(edition)
    remarks = selectors.open_remarks(edition)
    context |= {
        "refusal": refusal,
        "headline": _headline(edition, remarks.noticed, context["sentence"], is_ready=context["is_ready"]),
        "prices": edition.work.prices.order_by("currency"),
        "published": selectors.published_of(edition.work),
        "blockers": selectors.blockers_of(edition),
        "statement": selectors.statement_of(edition),
        "remarks": remarks,
    }
    return render(request, "publishing/publish.html", context, status=409 if refusal else 200)


def _headline(edition: Edition, noticed: int, sentence: str, *, is_ready: bool) -> str:
    """Say how close the edition is to the shop. `sentence` describes its conversion."""
    if is_ready and noticed:
        words = ngettext(
            "You can publish, but readers will notice %(count)s thing.",
            "You can publish, but readers will notice %(count)s things.",
            noticed,
        )
        return words % {"count": noticed}
    if is_ready:
        return _("Everything is ready.")
    if not edition.job.is_finished:
        return f"{sentence} {_('You can publish as soon as the files are ready.')}"
    return _("A few things are still missing.")


@login_required
@never_cache
def editions(request: PersonRequest, public_id: str) -> HttpResponse:
    """List all editions of the work with their states."""
    edition = load_edition(request, public_id, permissions.require_see)
    context = page_context(request.user, edition) | {"editions": selectors.editions_of(edition.work)}
    return render(request, "publishing/editions.html", context)


@login_required
@never_cache
def withdraw(request: PersonRequest, public_id: str, edition_id: str) -> HttpResponse:
    """Ask for confirmation, then take the edition off sale."""
    work = load_work(request, public_id, permissions.require_publish)
    edition = selectors.edition_of(work, edition_id)
    edition.work = work
    if request.method == "POST":
        publishing_services.withdraw_edition(actor=request.user, edition=edition, at=clock.now())
        messages.success(request, _("The edition is off sale. You can put it back on sale at any time."))
        return redirect("work", public_id)
    context = page_context(request.user, edition)
    return render(request, "publishing/withdraw.html", context)


@login_required
@require_POST
def put_back(request: PersonRequest, public_id: str, edition_id: str) -> HttpResponse:
    """Put a withdrawn edition on sale again."""
    work = load_work(request, public_id, permissions.require_publish)
    edition = selectors.edition_of(work, edition_id)
    publishing_services.publish_edition(actor=request.user, edition=edition, at=clock.now())
    messages.success(request, _("The edition is on sale again."))
    return redirect("work", public_id)
