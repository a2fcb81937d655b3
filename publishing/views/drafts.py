"""The pages for deleting a draft and for archiving a work."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.models import EditionState
from publishing.views.loading import load_edition
from publishing.views.steps import page_context


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: PersonRequest, public_id: str) -> HttpResponse:
    """List what will be lost, ask for confirmation, and delete the draft."""
    edition = load_edition(request, public_id, permissions.require_publish)
    work, refusal = edition.work, ""
    was_on_sale = selectors.was_on_sale(work)
    if request.method == "POST":
        name = selectors.display_name(work, edition)
        try:
            publishing_services.delete_draft(actor=request.user, work=work)
        except DomainError as error:
            refusal = error.text
        else:
            messages.success(request, _("The draft of “%(name)s” has been deleted.") % {"name": name})
            return redirect("work", public_id) if was_on_sale else redirect("desk")
    context = page_context(request.user, edition) | {
        "refusal": refusal,
        "was_on_sale": was_on_sale,
        "has_draft": edition.state == EditionState.DRAFT,
        "is_announced": selectors.announced_of(work) is not None,
        "manuscripts": work.manuscripts.all(),
        "makers": work.contributors.filter(user__isnull=False).exclude(user=work.owner),
    }
    return render(request, "publishing/delete.html", context, status=409 if refusal else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: PersonRequest, public_id: str) -> HttpResponse:
    """Say what the archive is, ask for confirmation, and put the work there or take it from there."""
    edition = load_edition(request, public_id, permissions.require_publish)
    work, refusal = edition.work, ""
    if request.method == "POST":
        facts = {"name": selectors.display_name(work, edition)}
        try:
            if request.POST.get("act") == "back":
                publishing_services.take_from_archive(actor=request.user, work=work)
                messages.success(request, _("“%(name)s” is in your list again.") % facts)
                return redirect("work", public_id)
            publishing_services.archive_work(actor=request.user, work=work, at=clock.now())
            messages.success(request, _("“%(name)s” is in the archive.") % facts)
            return redirect("desk")
        except DomainError as error:
            refusal = error.text
    context = page_context(request.user, edition) | {
        "refusal": refusal,
        "was_on_sale": selectors.was_on_sale(work),
        "is_on_sale": selectors.published_of(work) is not None,
        "is_announced": selectors.announced_of(work) is not None,
    }
    return render(request, "publishing/archive.html", context, status=409 if refusal else 200)
