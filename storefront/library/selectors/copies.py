"""Readers' marked copies of books, and the marks that their files carry."""

from __future__ import annotations

from django.db.models import F, Q

from accounts.models import User
from conversion.engine.api import watermark
from conversion.models import Artifact
from publishing.models import Work
from storefront.library.models import WatermarkedCopy


def copy_fetched(user: User, work: Work) -> WatermarkedCopy | None:
    """Return the marked copy of the work whose files the person has fetched, None if there is none yet."""
    theirs = Q(entitlement__user=user, entitlement__work=work) | Q(given_to=user, given_work=work)
    copies = WatermarkedCopy.objects.filter(theirs).select_related("entitlement__line__order")
    return copies.order_by(F("entitlement_id").desc(nulls_last=True), "-pk").first()


def stamp_of(artifact: Artifact, copy: WatermarkedCopy) -> watermark.Stamp:
    """Return the marks of a copy in one of its files."""
    return watermark.Stamp(
        token=copy.token,
        artifact_sha256=artifact.sha256,
        number=copy.number,
        is_order=copy.is_of_order,
        name=copy.shown_name,
        version=copy.version,
    )
