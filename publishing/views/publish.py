"""Putting editions on sale, taking them off sale, and listing them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.models import EditionState
from publishing.views import publish_next
from publishing.views.loading import load_edition, load_work
from publishing.views.steps import page_context


@login_required
@never_cache
def publish(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show what is still missing before publishing, and publish the edition."""
    edition = load_edition(request, public_id, permissions.require_publish)
    before = selectors.edition_before(edition) if edition.state == EditionState.DRAFT else None
    if before is not None:
        return publish_next.publish_next(request, edition, before)
    refusal = ""
    if request.method == "POST":
        try:
            publishing_services.publish_edition(actor=request.user, edition=edition, at=clock.now())
        except DomainError as error:
            refusal = error.text
        else:
            messages.success(request, _("Your book is in the shop."))
            return redirect("work", public_id)
    context = publish_next.publish_context(request.user, edition) | {"refusal": refusal}
    return render(request, "publishing/publish.html", context, status=409 if refusal else 200)


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
