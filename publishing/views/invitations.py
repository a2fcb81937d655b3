"""Invitations to accept a credit, and answers through the link in the mail."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock, limits
from common.errors import DomainError, NotFound
from publishing import permissions
from publishing.forms import InviteForm
from publishing.services import invitations
from publishing.views.loading import load_edition


@login_required
@require_POST
def invite(request: PersonRequest, public_id: str, contributor_id: str) -> HttpResponse:
    """Send the invitation, or send it again."""
    edition = load_edition(request, public_id, permissions.require_publish)
    person = edition.work.contributors.select_related("work").filter(public_id=contributor_id).first()
    if person is None:
        raise NotFound
    form = InviteForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(map(str, form.errors["email"])))
        return redirect("work-contributor", public_id, contributor_id)
    limits.consume(request, "credit")  # each sends a mail to a stranger
    try:
        invitations.invite(actor=request.user, contributor=person, email=form.cleaned_data["email"], at=clock.now())
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("We are sending %(name)s an invitation by email.") % {"name": person.name})
    return redirect("work-people", public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: VisitorRequest, token: str) -> HttpResponse:
    """Show who asks, and accept or decline. Accepting requires an account; declining does not."""
    try:
        person = invitations.invited_by(token)
    except DomainError as problem:
        return render(request, "errors/domain_error.html", {"error": problem}, status=problem.status)
    user = request.user if isinstance(request.user, User) else None
    if request.method == "POST" and request.POST.get("answer") == "no":
        invitations.decline(token=token)
        messages.success(request, _("You declined. Your account is not linked to the book."))
        return redirect("pages:front")
    here = urlencode({"next": request.path})
    if request.method == "POST":
        if user is None:
            return redirect(f"{reverse('account_login')}?{here}")
        is_on_page = "is_on_page" in request.POST
        invitations.accept(actor=user, token=token, is_on_page=is_on_page)
        messages.success(request, _("Credit accepted."))
        return redirect("desk")
    context = {
        "person": person,
        "work": person.work,
        "login_href": f"{reverse('account_login')}?{here}",
        "signup_href": f"{reverse('account_signup')}?{here}",
        "is_own_name": user is not None and person.name.casefold() == user.display_name.casefold(),
    }
    return render(request, "publishing/invitation.html", context)
