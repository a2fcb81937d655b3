"""The owner's page of everybody who works on the text."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest
from common import clock, limits
from common.errors import DomainError, NotFound
from publishing.collaboration import permissions, selectors
from publishing.collaboration.forms import InvitationForm, RoleForm
from publishing.collaboration.models import Collaborator
from publishing.collaboration.services import collaborators, invitations
from publishing.collaboration.services.invitations import InvitationInput
from publishing.models import Edition
from publishing.views.loading import load_edition, load_work
from publishing.views.steps import page_context


@login_required
@never_cache
def people(request: PersonRequest, public_id: str) -> HttpResponse:
    """List collaborators and open invitations, and invite somebody."""
    edition = load_edition(request, public_id, permissions.require_invite)
    form = InvitationForm(request.POST or None, initial={"language": _spoken()})
    if request.method == "POST" and form.is_valid():
        limits.consume(request, "collaborator")  # each sends a mail to a stranger
        try:
            told = InvitationInput(**form.cleaned_data)
            invitations.invite(actor=request.user, work=edition.work, told=told, at=clock.now())
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, _("We are sending an invitation to %(email)s.") % form.cleaned_data)
            return redirect("collaboration:people", public_id)
    return _page(request, edition, form)


@login_required
@require_POST
def change(request: PersonRequest, public_id: str, collaborator_id: str) -> HttpResponse:
    """Give somebody another role."""
    found = _collaborator(request, public_id, collaborator_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose one of the roles."))
        return redirect("collaboration:people", public_id)
    try:
        collaborators.change_role(actor=request.user, collaborator=found, **form.cleaned_data)
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("Role saved. It applies from now on."))
    return redirect("collaboration:people", public_id)


@login_required
@require_POST
def invite_again(request: PersonRequest, public_id: str, collaborator_id: str) -> HttpResponse:
    """Send an open invitation again."""
    found = _collaborator(request, public_id, collaborator_id)
    limits.consume(request, "collaborator")
    try:
        invitations.invite_again(actor=request.user, collaborator=found, at=clock.now())
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(
            request, _("We are sending the invitation again. The link in the earlier email no longer works.")
        )
    return redirect("collaboration:people", public_id)


@login_required
@require_POST
def end(request: PersonRequest, public_id: str, collaborator_id: str) -> HttpResponse:
    """End a collaboration, or withdraw an invitation."""
    found = _collaborator(request, public_id, collaborator_id)
    try:
        collaborators.end(actor=request.user, collaborator=found, at=clock.now())
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("Ended. The person can no longer see the text; what they suggested stays."))
    return redirect("collaboration:people", public_id)


def _collaborator(request: PersonRequest, public_id: str, collaborator_id: str) -> Collaborator:
    work = load_work(request, public_id, permissions.require_invite)
    found = selectors.collaborator_of(work, collaborator_id)
    if found is None:
        raise NotFound
    return found


def _page(request: PersonRequest, edition: Edition, form: InvitationForm) -> HttpResponse:
    found = selectors.collaborators_of(edition.work)
    context: dict[str, Any] = page_context(request.user, edition) | {
        "form": form,
        "rows": [(one, _role_form(one)) for one in found if one.ended_at is None],
        "ended": [one for one in found if one.ended_at is not None],
    }
    return render(request, "collaboration/people.html", context, status=422 if form.errors else 200)


def _role_form(one: Collaborator) -> RoleForm:
    known = {"role": one.role, "may_publish": one.may_publish}
    return RoleForm(initial=known, auto_id=f"{one.public_id}-%s")


def _spoken() -> str:
    """Return the language of the page without its country."""
    return (get_language() or "").split("-")[0]
