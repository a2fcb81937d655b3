"""Devices, what was sent to them, and which file of a book they get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from common.errors import NotFound
from conversion.engine.api import ArtifactKind
from conversion.models import Artifact
from publishing.models import Work
from storefront.catalogue.selectors.editions import edition_to_read
from storefront.checkout.permissions import may_download
from storefront.sending import rules
from storefront.sending.models import Delivery, Device


@dataclass(frozen=True, slots=True)
class DevicesPage:
    """A person's devices, and what was sent to them lately."""

    devices: list[Device]
    deliveries: list[Delivery]

    @property
    def has_unconfirmed(self) -> bool:
        return any(device.confirmed_at is None for device in self.devices)


def devices_of(user: User) -> QuerySet[Device]:
    return Device.objects.filter(owner=user)


def page_of(user: User) -> DevicesPage:
    """Return the person's devices and newest deliveries; two queries."""
    sent = Delivery.objects.filter(device__owner=user).select_related("device", "work")[: rules.DELIVERIES_SHOWN]
    return DevicesPage(list(devices_of(user)), list(sent))


def work_to_send(user: User, work_id: str) -> Work:
    """Return a book that the person may download. Raises NotFound."""
    work = Work.with_personal.filter(public_id=work_id).first()
    if work is None or not may_download(user, work):
        raise NotFound
    return work


def file_for(work: Work, kinds: Sequence[ArtifactKind]) -> Artifact | None:
    """Return the first of these kinds that the edition has which buyers read; None while there is none."""
    edition = edition_to_read(work)
    if edition is None:
        return None
    files = {file.kind: file for file in Artifact.objects.filter(job=edition.job_id, kind__in=kinds).order_by("-pk")}
    return next((files[kind] for kind in kinds if kind in files), None)


def screen_address() -> str:
    """Return what people type in an e-reader's browser."""
    return settings.SITE_URL.partition("://")[2] + reverse("sending:start")


def sender_address() -> str:
    """Return the address that emails come from, which a Kindle's owner has to allow."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def mail_domain() -> str:
    return sender_address().rpartition("@")[2]
