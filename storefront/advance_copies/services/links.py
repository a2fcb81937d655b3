"""The links in emails: to an invitation, away from reminders, and away from an author's invitations.

A link's signature is its authorization. The invitation's works once, and only as it was sent last.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import User
from common.errors import NotFound
from storefront.advance_copies.models import Copy

_INVITATION = "advance_copies.invitation"
_REMINDERS = signing.Signer(salt="advance_copies.reminders")
_REFUSAL = signing.Signer(salt="advance_copies.refusal")


def token_of(copy: Copy) -> str:
    """Return the token of the invitation as it was sent last."""
    return signing.dumps([copy.public_id, copy.invitation], salt=_INVITATION)


def invitation_link(copy: Copy) -> str:
    """Return the URL of the page where the invited person answers."""
    return settings.SITE_URL + reverse("advance_copies:invitation", args=[token_of(copy)])


def parse_invitation(token: str) -> tuple[str, int] | None:
    """Return the public id of the copy and which sending the link is from; None for a forged link."""
    try:
        public_id, number = signing.loads(token, salt=_INVITATION)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return str(public_id), int(number)


def reminder_link(copy: Copy) -> str:
    """Return the URL that stops reminders about this copy. It does not expire."""
    return settings.SITE_URL + reverse("advance_copies:reminders", args=[_REMINDERS.sign(copy.public_id)])


def parse_reminder(token: str) -> Copy:
    """Return the copy of a link that stops reminders. Raises NotFound for a forged link."""
    try:
        public_id = _REMINDERS.unsign(token)
    except signing.BadSignature:
        raise NotFound from None
    copy = Copy.objects.select_related("offer__work").filter(public_id=public_id).first()
    if copy is None:
        raise NotFound
    return copy


def digest_of(email: str) -> str:
    """Return what stands for an address whose owner wants no invitations, so that the address need not be kept."""
    return salted_hmac(_INVITATION, email.strip().lower(), algorithm="sha256").hexdigest()


def refusal_link(copy: Copy) -> str:
    """Return the URL that stops all invitations of this author to the address. It does not expire."""
    token = _REFUSAL.sign(f"{copy.offer.work.owner.public_id}.{digest_of(copy.email)}")
    return settings.SITE_URL + reverse("advance_copies:never", args=[token])


def parse_refusal(token: str) -> tuple[User, str]:
    """Return the author and the digest of a link that stops invitations. Raises NotFound for a forged link."""
    try:
        author_id, _dot, digest = _REFUSAL.unsign(token).rpartition(".")
    except signing.BadSignature:
        raise NotFound from None
    author = User.objects.filter(public_id=author_id).first()
    if author is None:
        raise NotFound
    return author, digest
