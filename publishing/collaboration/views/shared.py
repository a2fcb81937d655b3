"""What others share with a person: the list, and a work's text."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from publishing import permissions as publishing_permissions
from publishing import selectors as publishing_selectors
from publishing import services as publishing_services
from publishing.collaboration import hooks, permissions, selectors
from publishing.collaboration.models import Collaborator
from publishing.collaboration.services import collaborators, invitations
from publishing.errors import EditionNotReady

# What a co-author can do something about. The rest, such as the price, is between the owner and us.
_OF_THE_TEXT = {"files", "findings"}


@login_required
@never_cache
@require_safe
def shared(request: PersonRequest) -> HttpResponse:
    """List the works that others share with the person, with open invitations to their confirmed addresses."""
    waiting = [(one, invitations.link_to(one)) for one in invitations.waiting_for(request.user)]
    context = {"works": selectors.shared_with(request.user), "waiting": waiting}
    return render(request, "collaboration/shared.html", context)


@login_required
@never_cache
@require_safe
def work(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show a collaborator the chapters of the work, and what they may do."""
    found = _own(request, public_id)
    text = selectors.shared_text(found)
    context = {
        "text": text,
        "shared": text.shared,
        "notes": hooks.notes_about(request.user, [found]).get(found.work_id, []),
        "work": found.work,
        "may_suggest": publishing_permissions.may_suggest(request.user, found.work),
        "may_release": publishing_permissions.may_release(request.user, found.work),
    }
    return render(request, "collaboration/work.html", context)


@login_required
@never_cache
def publish(request: PersonRequest, public_id: str) -> HttpResponse:
    """Let a co-author whom the owner allowed it publish the edition in preparation."""
    found = _own(request, public_id)
    publishing_permissions.require_release(request.user, found.work)
    edition = publishing_selectors.draft_of(found.work)
    refusal = ""
    if request.method == "POST" and edition is not None:
        try:
            publishing_services.publish_edition(actor=request.user, edition=edition, at=clock.now())
        except EditionNotReady:  # its reasons may be about prices and shares
            refusal = _("This edition is not ready to be published.")
        except DomainError as error:
            refusal = error.text
        else:
            messages.success(request, _("The new edition is in the shop."))
            return redirect("collaboration:work", public_id)
    needs = publishing_selectors.edition_readiness(edition) if edition is not None else []
    mine = [need for need in needs if need.code in _OF_THE_TEXT]
    context = {
        "shared": selectors.shared_work(found),
        "work": found.work,
        "edition": edition,
        "needs": mine,
        "waits_for_owner": any(not need.is_met for need in needs if need not in mine),
        "published": publishing_selectors.published_of(found.work),
        "is_ready": edition is not None and all(need.is_met for need in needs),
        "refusal": refusal,
    }
    return render(request, "collaboration/publish.html", context, status=409 if refusal else 200)


@login_required
@require_POST
def leave(request: PersonRequest, public_id: str) -> HttpResponse:
    """Leave the work."""
    collaborators.leave(actor=request.user, collaborator=_own(request, public_id), at=clock.now())
    messages.success(request, _("You have left. What you suggested and wrote stays with the book."))
    return redirect("collaboration:shared")


def _own(request: PersonRequest, public_id: str) -> Collaborator:
    found = permissions.collaboration_of(request.user, publishing_selectors.work_by_public_id(public_id))
    if found is None:
        raise NotFound
    return found
