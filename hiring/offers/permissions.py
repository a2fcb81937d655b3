"""Who may offer services, and who may see an offer."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts import restrictions
from accounts.models import User
from accounts.permissions import Visitor
from accounts.restrictions import Activity
from common.errors import NotFound
from hiring.offers.errors import AddressUnconfirmed, StaffOffersNothing
from hiring.offers.models import Offer


def may_take_part(user: Visitor) -> bool:
    """Return whether the person may offer services or hire at all: anybody with an account but staff."""
    return isinstance(user, User) and user.is_active and not user.is_guest and not user.is_staff_member


def require_take_part(user: Visitor) -> None:
    """Require that the person is no guest and no staff. Raises StaffOffersNothing, AddressUnconfirmed."""
    if not isinstance(user, User) or not may_take_part(user):
        raise StaffOffersNothing
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        raise AddressUnconfirmed


def may_see(user: Visitor, offer: Offer) -> bool:
    """Anybody sees a public offer of somebody who may offer services; its provider sees it in every state."""
    if owns(user, offer):
        return True
    provider = offer.provider
    return offer.is_public and provider.is_active and not restrictions.is_restricted(provider, Activity.CONTENT)


def owns(user: Visitor, offer: Offer) -> bool:
    return isinstance(user, User) and user.is_active and user.pk == offer.provider_id


def require_owner(user: Visitor, offer: Offer) -> None:
    """Require the provider: to all others the editor of an offer does not exist. Raises NotFound."""
    if not owns(user, offer):
        raise NotFound
