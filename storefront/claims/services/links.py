"""The links in emails to claimants. Whoever knows one is the claimant; they do not expire."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from common.errors import NotFound
from storefront.claims.models import Claim, ConductNotice

_CLAIM = signing.Signer(salt="claims.claim")
_NOTICE = signing.Signer(salt="claims.notice")
_RELATED = ("work__owner", "original", "user", "case", "edition", "hold", "winner")


def claim_link(claim: Claim) -> str:
    """Return the URL of the claimant's page."""
    return settings.SITE_URL + claim_path(claim)


def claim_path(claim: Claim) -> str:
    return reverse("claims:claim", args=[_CLAIM.sign(claim.public_id)])


def claim_at(token: str) -> Claim:
    """Return the claim of a link. Raises NotFound for a forged one."""
    found = Claim.objects.select_related(*_RELATED).filter(public_id=_unsigned(_CLAIM, token)).first()
    if found is None:
        raise NotFound
    return found


def notice_link(notice: ConductNotice) -> str:
    """Return the URL where a warning or suspension is explained, and appealed."""
    return settings.SITE_URL + notice_path(notice)


def notice_path(notice: ConductNotice) -> str:
    return reverse("claims:conduct", args=[_NOTICE.sign(notice.public_id)])


def notice_at(token: str) -> ConductNotice:
    """Return the notice of a link. Raises NotFound for a forged one."""
    rows = ConductNotice.objects.select_related("user").prefetch_related("claims__work")
    found = rows.filter(public_id=_unsigned(_NOTICE, token)).first()
    if found is None:
        raise NotFound
    return found


def _unsigned(signer: signing.Signer, token: str) -> str:
    try:
        return signer.unsign(token)
    except signing.BadSignature:
        raise NotFound from None
