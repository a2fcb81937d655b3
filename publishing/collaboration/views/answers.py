"""The page behind the link in an invitation."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from common.errors import DomainError
from publishing.collaboration import selectors
from publishing.collaboration.errors import InvitationClosed
from publishing.collaboration.services import invitations


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: VisitorRequest, token: str) -> HttpResponse:
    """Show who asks for what, and accept or decline. Accepting requires an account; declining does not.

    A GET changes nothing: programs that check mails follow their links.
    """
    at = clock.now()
    try:
        found = invitations.invited_by(token, at=at)
        user = request.user if isinstance(request.user, User) else None
        here = urlencode({"next": request.path})
        if request.method == "POST" and request.POST.get("answer") == "no":
            invitations.decline(token=token, at=at)
            messages.success(request, _("You declined. We have deleted your address from the invitation."))
            return redirect("pages:front")
        if request.method == "POST" and user is None:
            return redirect(f"{reverse('account_login')}?{here}")
        if request.method == "POST" and user is not None and request.POST.get("answer") == "yes":
            invitations.accept(actor=user, token=token, at=at)
            messages.success(request, _("Welcome. The text is here whenever you come back."))
            return redirect("collaboration:work", found.work.public_id)
    except InvitationClosed as closed:
        return _text_of(request, token) or _refusal(request, closed)
    except DomainError as problem:
        return _refusal(request, problem)
    context = {
        "collaborator": found,
        "shared": selectors.shared_work(found),
        "login_href": f"{reverse('account_login')}?{here}",
        "signup_href": f"{reverse('account_signup')}?{here}",
        "until": found.invited_at + invitations.LIFETIME,
    }
    return render(request, "collaboration/answer.html", context)


def _text_of(request: VisitorRequest, token: str) -> HttpResponse | None:
    """Lead who accepted before to the text, by way of the log-in: the email is where they look for it."""
    collaborator = invitations.accepted_with(token)
    if collaborator is None or (request.user.is_authenticated and request.user != collaborator.user):
        return None
    text = reverse("collaboration:work", args=[collaborator.work.public_id])
    return redirect(
        text if request.user.is_authenticated else f"{reverse('account_login')}?{urlencode({'next': text})}"
    )


def _refusal(request: VisitorRequest, problem: DomainError) -> HttpResponse:
    return render(request, "errors/domain_error.html", {"error": problem}, status=problem.status)
