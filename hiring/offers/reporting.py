"""Services that somebody reports: a moderator decides by the shop's rules, and an appeal brings a service back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Visitor
from hiring.offers import permissions
from hiring.offers.models import Offer, OfferState
from hiring.offers.services import offers
from storefront.community import reportables
from storefront.community.models import CaseOutcome, Reported, ReviewCase, Stop

_WORDS = reportables.Words(
    form_title=_("Report this service"),
    page_title=_("The service “%(title)s”"),
    heading=_("A decision about your service"),
    opening=_("Your service “%(title)s” was reported, and a moderator has made a decision about it."),
    appeal_opening=_(
        "You appealed against a decision about your service “%(title)s”. A second person has looked at it."
    ),
    told_reporter=_("On %(day)s you reported the service “%(title)s”. A moderator has looked at it."),
    effects=_(
        "Nobody is sent to you because of it while the decision is in force, and it cannot be changed. What you have "
        "agreed to goes on, and what you have earned stays yours."
    ),
)


def register() -> None:
    """Let members report services. Called once, when the app is ready."""
    kind = reportables.Kind(
        words=_WORDS, find=_find, lock=_lock, may_report=_may_report, set_hidden=_set_hidden, is_public=True
    )
    reportables.register(Reported.OFFER, kind)


def _find(public_id: str) -> reportables.Thing | None:
    offer = Offer.objects.select_related("provider").prefetch_related("samples").filter(public_id=public_id).first()
    if offer is None:
        return None
    samples = [part for one in offer.samples.all() for part in (one.title, one.before, one.text, one.alt)]
    words = "\n\n".join(filter(None, [offer.title, offer.text, *samples]))
    address = reverse("offers:offer", args=[public_id]) if offer.is_public else ""
    return reportables.Thing(offer.provider, offer.title, words, offer.state == OfferState.TAKEN_DOWN, address)


def _lock(public_id: str) -> Offer | None:
    return Offer.objects.select_for_update().filter(public_id=public_id).first()


def _may_report(user: Visitor, public_id: str) -> bool:
    offer = Offer.objects.select_related("provider").filter(public_id=public_id).first()
    return offer is not None and offer.is_public and permissions.may_see(user, offer)


def _set_hidden(public_id: str, is_hidden: bool, at: datetime) -> None:
    offer = Offer.objects.get(public_id=public_id)
    cases = ReviewCase.objects.filter(reported=Reported.OFFER, thing_id=public_id)
    if not is_hidden:
        case = cases.filter(public_id=offer.held_by).select_related("appeal_decided_by").first()
        if case is not None:
            offers.restore(actor=case.appeal_decided_by, offer=offer, case=case.public_id)
        return
    hiding = cases.in_force().filter(Q(outcome=CaseOutcome.HIDE) | Q(stop__in=Stop.objects.active(at)))
    case = hiding.select_related("decided_by").order_by("-pk").first()
    if case is not None:
        offers.take_down(actor=case.decided_by, offer=offer, case=case.public_id)
