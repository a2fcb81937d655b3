"""The reader's pages: subscribing on an author's page, one's newsletters, and unsubscribing by a link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.page_cache import public_page
from accounts.requests import PersonRequest, VisitorRequest
from common import clock, limits
from common.errors import DomainError, NotFound
from common.same_origin import ForeignRequest, is_same_origin
from storefront.newsletters import selectors
from storefront.newsletters.services import subscriptions

_SESSION_KEY = "newsletter"


@require_safe
@public_page()
def fragment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the form that subscribes to an author's newsletter, for their page; nothing if there is none."""
    newsletter = selectors.open_newsletter(public_id)
    return render(request, "newsletters/_subscribe.html", {"newsletter": newsletter})


@csrf_exempt
@never_cache
@require_POST
def subscribe(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Subscribe, from an author's cached page. Visitors log in first, and subscribe afterwards."""
    if not is_same_origin(request):
        raise ForeignRequest
    limits.consume(request, "mark")
    if isinstance(request.user, User):
        _subscribe(request, request.user, public_id)
        return redirect("newsletters:mine")
    request.session[_SESSION_KEY] = public_id[:40]
    return redirect_to_login(reverse("newsletters:mine"))


@login_required
@never_cache
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """Show the newsletters that the person gets, and those of authors they know."""
    waiting = request.session.pop(_SESSION_KEY, "")
    if waiting:
        try:
            _subscribe(request, request.user, waiting)
        except NotFound:
            messages.info(request, _("This author has no newsletter any more."))
    return render(request, "newsletters/mine.html", {"page": selectors.reader_page(request.user)})


@login_required
@never_cache
@require_POST
def unsubscribe(request: PersonRequest, public_id: str) -> HttpResponse:
    """Stop one newsletter."""
    subscriptions.unsubscribe(reader=request.user, author_id=public_id)
    messages.success(request, _("You have unsubscribed."))
    return redirect("newsletters:mine")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: VisitorRequest, token: str) -> HttpResponse:
    """Unsubscribe by a link: a page with one button, which email programs also post to (RFC 8058). On the page it
    can be taken back.

    The link's signature is the authorization; another site could do no more with the link than its holder.
    """
    reader, author = subscriptions.parse_token(token)
    state = ""
    if request.method == "POST" and "again" in request.POST:
        subscriptions.subscribe(actor=reader, author_id=author.public_id, at=clock.now())
        state = "again"
    elif request.method == "POST":
        subscriptions.unsubscribe(reader=reader, author_id=author.public_id)
        state = "done"
    return render(request, "newsletters/stop.html", {"author": author, "state": state})


def _subscribe(request: VisitorRequest | PersonRequest, user: User, author_id: str) -> None:
    try:
        made = subscriptions.subscribe(actor=user, author_id=author_id, at=clock.now())
    except NotFound:
        raise
    except DomainError as problem:
        messages.info(request, problem.text)
        return
    name = made.newsletter.author.display_name
    messages.success(request, _("You now get %(name)s’s newsletter.") % {"name": name})
