"""The author's pages: what is offered of a work, who has a copy, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock, limits
from common.errors import DomainError, NotAllowed, NotFound
from publishing.models import Edition
from publishing.selectors import was_on_sale
from publishing.views.loading import load_edition
from publishing.views.steps import page_context
from storefront.advance_copies import permissions, selectors
from storefront.advance_copies.forms import ExtensionForm, InvitationForm, OfferForm, WithdrawalForm, initial_of
from storefront.advance_copies.models import Copy
from storefront.advance_copies.services import copies as copy_services
from storefront.advance_copies.services import invitations, offers, requests
from storefront.advance_copies.services.invitations import Skipped

_SKIPPED = {
    Skipped.OWN: gettext_lazy("Not invited, because it is your own address: %(emails)s."),
    Skipped.KNOWN: gettext_lazy("Not invited again, because they stand in the list below: %(emails)s."),
    Skipped.REFUSED: gettext_lazy("Not invited, because they want no invitations from you: %(emails)s."),
    Skipped.BUSY: gettext_lazy("Not invited, because they got several invitations today: %(emails)s. Try tomorrow."),
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copies(request: PersonRequest, work_id: str) -> HttpResponse:
    """Show what is offered and who has a copy, and change the offer."""
    edition = load_edition(request, work_id, permissions.require_give)
    offer = selectors.offer_of(edition.work)
    form = OfferForm(request.POST or None, initial=initial_of(offer))
    if request.method == "POST" and form.is_valid():
        try:
            offers.save_offer(actor=request.user, work=edition.work, told=form.told, at=clock.now())
        except (NotAllowed, NotFound):
            raise
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("Saved. Nobody is mailed by this."))
            return redirect("advance_copies:desk", work_id)
    return _page(request, edition, form, _new_invitation())


@login_required
@never_cache
@require_POST
def invite(request: PersonRequest, work_id: str) -> HttpResponse:
    """Invite people by mail."""
    edition = load_edition(request, work_id, permissions.require_give)
    form = InvitationForm(request.POST)
    if form.is_valid():
        limits.consume(request, "advance_copy")  # sends mails to strangers
        try:
            found = invitations.invite(
                actor=request.user,
                work=edition.work,
                emails=form.cleaned_data["emails"],
                language=form.cleaned_data["language"],
                at=clock.now(),
            )
        except (NotAllowed, NotFound):
            raise
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            _tell(request, found)
            return redirect("advance_copies:desk", work_id)
    return _page(request, edition, OfferForm(initial=initial_of(selectors.offer_of(edition.work))), form)


@login_required
@require_POST
def newest(request: PersonRequest, work_id: str) -> HttpResponse:
    """Let readers get the newest text."""
    edition = load_edition(request, work_id, permissions.require_give)
    return _done(
        request,
        work_id,
        lambda: offers.use_newest_text(actor=request.user, work=edition.work),
        _("Readers now get the newest text."),
    )


@login_required
@require_POST
def close(request: PersonRequest, work_id: str) -> HttpResponse:
    """Give nobody else a copy."""
    edition = load_edition(request, work_id, permissions.require_give)
    words = _("Nobody else gets a copy. Those who have one can read until their last day.")
    return _done(request, work_id, lambda: offers.close(actor=request.user, work=edition.work), words)


@login_required
@require_POST
def reopen(request: PersonRequest, work_id: str) -> HttpResponse:
    """Give copies again."""
    edition = load_edition(request, work_id, permissions.require_give)
    words = _("You give copies again.")
    return _done(request, work_id, lambda: offers.reopen(actor=request.user, work=edition.work), words)


@login_required
@never_cache
@require_safe
def copy(request: PersonRequest, work_id: str, copy_id: str) -> HttpResponse:
    """Show one reader's copy with what can be done about it."""
    edition, found = _copy(request, work_id, copy_id)
    page = selectors.desk_page(edition.work, at=clock.now())
    row = next(one for one in [*page.rows, *page.requests] if one.copy.pk == found.pk)
    context = page_context(request.user, edition) | {
        "row": row,
        "extension": ExtensionForm(initial={"last_day": found.last_day}),
        "withdrawal": WithdrawalForm(),
    }
    return render(request, "advance_copies/copy.html", context)


@login_required
@require_POST
def invite_again(request: PersonRequest, work_id: str, copy_id: str) -> HttpResponse:
    """Send an open invitation again."""
    _edition, found = _copy(request, work_id, copy_id)
    limits.consume(request, "advance_copy")
    return _done(
        request,
        work_id,
        lambda: invitations.invite_again(actor=request.user, copy=found, at=clock.now()),
        _("We are sending the invitation again. The link in the earlier email no longer works."),
    )


@login_required
@require_POST
def extend(request: PersonRequest, work_id: str, copy_id: str) -> HttpResponse:
    """Let a reader read up to a later day."""
    _edition, found = _copy(request, work_id, copy_id)
    form = ExtensionForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Enter the new last day as a date."))
        return redirect("advance_copies:copy", work_id, copy_id)
    day = form.cleaned_data["last_day"]
    return _done(
        request,
        work_id,
        lambda: copy_services.extend(actor=request.user, copy=found, last_day=day, at=clock.now()),
        _("Saved. The reader sees the new day in their library."),
    )


@login_required
@require_POST
def withdraw(request: PersonRequest, work_id: str, copy_id: str) -> HttpResponse:
    """End a copy at once, or take an invitation back."""
    _edition, found = _copy(request, work_id, copy_id)
    form = WithdrawalForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    return _done(
        request,
        work_id,
        lambda: copy_services.withdraw(actor=request.user, copy=found, words=words, at=clock.now()),
        _("Withdrawn. What the reader downloaded stays with them."),
    )


@login_required
@require_POST
def grant(request: PersonRequest, work_id: str, copy_id: str) -> HttpResponse:
    """Give a reader the copy they asked for."""
    _edition, found = _copy(request, work_id, copy_id)
    words = _("The reader has the copy, and we tell them by email.")
    return _done(request, work_id, lambda: requests.grant(actor=request.user, copy=found, at=clock.now()), words)


@login_required
@require_POST
def refuse(request: PersonRequest, work_id: str, copy_id: str) -> HttpResponse:
    """Decline a request."""
    _edition, found = _copy(request, work_id, copy_id)
    words = _("Declined. We tell the reader by email, politely and without a reason.")
    return _done(request, work_id, lambda: requests.refuse(actor=request.user, copy=found, at=clock.now()), words)


def _done(request: PersonRequest, work_id: str, act: Callable[[], object], words: str) -> HttpResponse:
    """Act, say so or what stood in the way, and lead back to the page."""
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, words)
    return redirect("advance_copies:desk", work_id)


def _copy(request: PersonRequest, work_id: str, copy_id: str) -> tuple[Edition, Copy]:
    edition = load_edition(request, work_id, permissions.require_give)
    found = selectors.copy_by_public_id(edition.work, copy_id)
    if found is None:
        raise NotFound
    return edition, found


def _tell(request: PersonRequest, found: invitations.Invited) -> None:
    if found.copies:
        words = ngettext(
            "We are sending %(count)d invitation.", "We are sending %(count)d invitations.", len(found.copies)
        )
        messages.success(request, words % {"count": len(found.copies)})
    for why, emails in found.skipped.items():
        messages.info(request, _SKIPPED[why] % {"emails": ", ".join(emails)})


def _new_invitation() -> InvitationForm:
    """Return the empty form, in the language of the page without its country."""
    return InvitationForm(initial={"language": (get_language() or "").split("-")[0]})


def _page(request: PersonRequest, edition: Edition, form: OfferForm, invitation: InvitationForm) -> HttpResponse:
    page = selectors.desk_page(edition.work, at=clock.now())
    newest = offers.newest_text(edition.work)
    offer = page.offer
    context: dict[str, Any] = page_context(request.user, edition) | {
        "page": page,
        "offer": offer,
        "form": form,
        "invitation": invitation,
        "has_text": newest is not None or (offer is not None and offer.job is not None) or was_on_sale(edition.work),
        "has_newer": offer is not None
        and offer.job is not None
        and newest is not None
        and newest.job.pk != offer.job.pk,
        "is_draft": offer is not None and offer.job is not None and edition.is_first_draft,
        "most_mails": invitations.MAX_MAILS_A_DAY,
    }
    errors = form.errors or invitation.errors
    return render(request, "advance_copies/desk.html", context, status=422 if errors else 200)
