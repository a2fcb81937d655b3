"""The email about a new edition: its author sees it before it can be sent, and a reader stops it by a link."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from publishing import permissions as publishing_permissions
from publishing import selectors as publishing_selectors
from publishing.views.loading import load_edition
from publishing.views.steps import page_context
from storefront.library.services import edition_mails


@login_required
@never_cache
@require_safe
def preview(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show the email about the edition in preparation as readers get it, to how many, and when."""
    edition = load_edition(request, public_id, publishing_permissions.require_publish)
    if publishing_selectors.draft_of(edition.work) is None:
        return redirect("work-publish", public_id)
    chosen = _day(request.GET.get("day", ""))
    context = page_context(request.user, edition, "work-publish") | {
        "mail": edition_mails.preview(edition.work, edition),
        "count": edition_mails.readers_to_mail(edition.work).count(),
        "chosen": chosen,
        "mail_day": edition_mails.first_free_day(edition.work, chosen or clock.now().date()),
        "today": clock.now().date(),
    }
    return render(request, "library/edition_mail.html", context)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: VisitorRequest, token: str) -> HttpResponse:
    """Unsubscribe from the emails about an author's new editions: a page with one button, which email programs also
    post to (RFC 8058). On the page it can be taken back.

    The link's signature is the authorization; another site could do no more with the link than its holder.
    """
    subscription = edition_mails.parse_token(token)
    state = ""
    if request.method == "POST" and "again" in request.POST:
        edition_mails.subscribe_again(subscription)
        state = "again"
    elif request.method == "POST":
        edition_mails.unsubscribe(subscription, at=clock.now())
        state = "done"
    return render(request, "library/edition_mail_stop.html", {"name": subscription.name, "state": state})


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
