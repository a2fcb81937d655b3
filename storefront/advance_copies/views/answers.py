"""The pages behind the links in emails. Each is opened without a log-in; a GET changes nothing that matters."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import regions
from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from common.errors import DomainError
from storefront.advance_copies import selectors
from storefront.advance_copies.errors import InvitationClosed
from storefront.advance_copies.services import copies, invitations, links


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: VisitorRequest, token: str) -> HttpResponse:
    """Show what is offered and what it means, and accept or decline. Accepting requires an account; declining does
    not."""
    at = clock.now()
    try:
        copy = invitations.invited_by(token, at=at)
        user = request.user if isinstance(request.user, User) else None
        here = urlencode({"next": request.path})
        if request.method == "POST" and request.POST.get("answer") == "no":
            invitations.decline(token=token, at=at)
            messages.success(request, _("You declined. The author sees that, and nothing else."))
            return redirect("pages:front")
        if request.method == "POST" and user is None:
            return redirect(f"{reverse('account_login')}?{here}")
        if request.method == "POST" and user is not None and request.POST.get("answer") == "yes":
            invitations.accept(actor=user, token=token, at=at)
            messages.success(request, _("The advance copy is in your library. Enjoy it."))
            return redirect("library:books")
    except InvitationClosed as closed:
        return _book_of(request, token) or _refusal(request, closed)
    except DomainError as problem:
        return _refusal(request, problem)
    if request.method == "GET":
        invitations.note_opened(copy=copy, at=at)
    context = {
        "copy": copy,
        "offer": copy.offer,
        "work": copy.offer.work,
        "name": selectors.author_of(copy.offer.work),
        "login_href": f"{reverse('account_login')}?{here}",
        "signup_href": f"{reverse('account_signup')}?{here}",
        "never_href": reverse("advance_copies:never", args=[links.refusal_link(copy).rstrip("/").rpartition("/")[2]]),
    }
    return render(request, "advance_copies/invitation.html", context)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def reminders(request: VisitorRequest, token: str) -> HttpResponse:
    """Stop reminders about a copy: a page with one button, which email programs also post to (RFC 8058). On the page it
    can be taken back.

    The link's signature is the authorization; another site could do no more with the link than its holder.
    """
    copy = links.parse_reminder(token)
    state = ""
    if request.method == "POST":
        state = "again" if "again" in request.POST else "done"
        copies.choose_reminder(copy=copy, is_wanted=state == "again")
    return render(request, "advance_copies/reminders.html", {"work": copy.offer.work, "state": state})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def never(request: VisitorRequest, token: str) -> HttpResponse:
    """Stop all invitations of an author to an address, in the same way."""
    author, digest = links.parse_refusal(token)
    state = ""
    if request.method == "POST" and "again" in request.POST:
        invitations.allow_author(author=author, digest=digest)
        state = "again"
    elif request.method == "POST":
        invitations.refuse_author(author=author, digest=digest, at=clock.now())
        state = "done"
    return render(request, "advance_copies/never.html", {"state": state})


def _book_of(request: VisitorRequest, token: str) -> HttpResponse | None:
    """Lead who accepted before to the book, by way of the log-in: the email is where they look for it."""
    copy = invitations.accepted_with(token)
    if copy is None or (request.user.is_authenticated and request.user != copy.reader):
        return None
    book = regions.reader_path(reverse("reading:read", args=[copy.offer.work.slug]))
    return redirect(book) if request.user.is_authenticated else redirect_to_login(book)


def _refusal(request: VisitorRequest, problem: DomainError) -> HttpResponse:
    return render(request, "errors/domain_error.html", {"error": problem}, status=problem.status)
