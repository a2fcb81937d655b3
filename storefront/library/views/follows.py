"""Following authors: the button, the feed and the email settings; and unsubscribing by a link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock, limits
from common.errors import NotFound
from common.same_origin import ForeignRequest, is_same_origin
from storefront.catalogue.selectors import authors as author_selectors
from storefront.library.models import NewBookMail
from storefront.library.selectors import follows as follow_selectors
from storefront.library.services import follows as follow_services
from storefront.library.services import reader_emails
from storefront.library.services.reader_emails import MailKind

_SESSION_KEY = "follow"


@csrf_exempt
@never_cache
@require_POST
def follow(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Follow an author, from their cached page. Visitors log in first, and follow afterwards."""
    if not is_same_origin(request):
        raise ForeignRequest
    limits.consume(request, "mark")
    if isinstance(request.user, User):
        _follow(request, request.user, public_id)
        return redirect("library:following")
    request.session[_SESSION_KEY] = public_id[:40]
    return redirect_to_login(reverse("library:following"))


@login_required
@never_cache
@require_POST
def unfollow(request: PersonRequest, public_id: str) -> HttpResponse:
    follow_services.unfollow(actor=request.user, author_id=public_id)
    return redirect("library:following")


@login_required
@never_cache
@require_GET
def following(request: PersonRequest) -> HttpResponse:
    """Show what the followed authors published, by date, and nothing else."""
    waiting = request.session.pop(_SESSION_KEY, "")
    if waiting:
        try:
            _follow(request, request.user, waiting)
        except NotFound:
            messages.info(request, _("This author no longer has a page here."))
    context = {
        "authors": follow_selectors.followed_by(request.user),
        "feed": follow_selectors.feed_of(request.user, after=request.GET.get("after", "")[:60]),
        "is_later_page": "after" in request.GET,
        "choices": NewBookMail.choices,
        "choice": follow_selectors.mail_choice(request.user),
    }
    return render(request, "library/following.html", context)


@login_required
@never_cache
@require_POST
def mail(request: PersonRequest) -> HttpResponse:
    """Save how the person wants to be notified of new books."""
    wanted = request.POST.get("new_books", "")
    if wanted in NewBookMail.values:
        follow_services.choose_mail(actor=request.user, new_books=NewBookMail(wanted), at=clock.now())
        messages.success(request, _("Your choice has been saved."))
    return redirect("library:following")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def stop_mail(request: VisitorRequest, token: str) -> HttpResponse:
    """Unsubscribe from a kind of email: a page with one button, which email programs also post to (RFC 8058).

    The link's signature is the authorization; another site could do no more with the link than its holder.
    """
    user, kind = reader_emails.parse_unsubscribe_token(token)
    is_done = request.method == "POST"
    if is_done:
        reader_emails.unsubscribe(user=user, kind=kind, at=clock.now())
    context = {"is_done": is_done, "is_prices": kind == MailKind.PRICES}
    return render(request, "library/unsubscribe.html", context)


def _follow(request: VisitorRequest | PersonRequest, user: User, author_id: str) -> None:
    author = author_selectors.author_with_books(author_id)
    if author is not None and author.pk == user.pk:
        messages.info(request, _("This is your own page. Readers can follow you here."))
        return
    followed = follow_services.follow(actor=user, author_id=author_id, at=clock.now())
    messages.success(request, _("You are now following %(name)s.") % {"name": followed.author.display_name})
