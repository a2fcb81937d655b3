"""Sending books to devices: a row for each email, which a worker sends."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import make_msgid
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import User
from common import clock, jobs, storage
from common.emails import Attachment, send
from common.errors import NotFound
from conversion.models import Artifact
from publishing.models import Work
from storefront.checkout.entitlements.services import access_log
from storefront.checkout.models import Entitlement
from storefront.checkout.permissions import may_download
from storefront.library.models import WatermarkedCopy
from storefront.library.services import watermarks
from storefront.library.services.downloads import file_name
from storefront.sending import permissions, rules, selectors
from storefront.sending.errors import NoFile, NotConfirmed
from storefront.sending.models import Delivery, DeliveryState, Device
from storefront.sending.services.code_page import code_page
from storefront.sending.services.codes import code_of

_OF_PURCHASES = UUID("6b0a3c6e-58a5-4b0e-9d5c-0f1c2a7f3f11")
_HEAD_START = timedelta(minutes=2)
_MAX_WAIT = timedelta(days=2)
_EPUB = "application/epub+zip"


def send_book(*, actor: User, device_id: str, work_id: str, token: UUID | None, at: datetime) -> Delivery:
    """Send a book to a confirmed device of the person. The same token sends nothing again.

    Raises NotFound for books that they may not download and for foreign devices, NotConfirmed, NoFile.
    """
    device = Device.objects.filter(owner=actor, public_id=device_id).first()
    work = Work.with_personal.filter(public_id=work_id).first()
    if device is None or work is None:
        raise NotFound
    permissions.require_download(actor, work)
    if device.confirmed_at is None:
        raise NotConfirmed
    if selectors.file_for(work, rules.kinds_for(device.address)) is None:
        raise NoFile
    return enqueue(device=device, work=work, token=token, at=at)


@transaction.atomic
def enqueue(*, device: Device, work: Work | None, token: UUID | None, at: datetime) -> Delivery:
    """Make the row of an email, and have it sent after commit. The same token gives the same row."""
    values = {"device": device, "work": work, "made_at": at}
    if token is None:
        delivery = Delivery.objects.create(**values)
    else:
        delivery = Delivery.objects.get_or_create(token=token, defaults=values)[0]
    jobs.enqueue("sending.mail_document", delivery_id=delivery.pk)
    return delivery


def send_purchases(entitlement_ids: list[int]) -> None:
    """Send books that were just bought to the devices that get whatever is bought. Safe to repeat."""
    bought = Entitlement.objects.filter(pk__in=entitlement_ids, user__sending_devices__gets_purchases=True)
    for entitlement in bought.select_related("work").distinct():
        for device in Device.objects.filter(owner=entitlement.user_id, gets_purchases=True):
            token = uuid5(_OF_PURCHASES, f"{device.public_id} {entitlement.pk}")
            enqueue(device=device, work=entitlement.work, token=token, at=entitlement.granted_at)


@transaction.atomic
def mail_document(*, delivery_id: int, at: datetime) -> bool:
    """Send one waiting email; return whether it was sent now. Safe to run twice.

    The state is committed only after the mail server took the email; one that refuses is asked again.
    """
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("device__owner", "work")
    delivery = rows.filter(pk=delivery_id, state=DeliveryState.WAITING).first()
    if delivery is None:
        return False
    owner, work = delivery.device.owner, delivery.work
    if not owner.is_active or (work is not None and not may_download(owner, work)):
        _end(delivery, DeliveryState.ENDED, at)
        return False
    with regions.active(owner.region):
        if work is None:
            _send_code(delivery)
        else:
            return _send_book(delivery, work, at)
    _end(delivery, DeliveryState.SENT, at)
    return True


def retry_stuck(*, at: datetime) -> None:
    """Enqueue waiting emails whose message was lost, and end those that cannot be sent."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    waiting.filter(made_at__lt=at - _MAX_WAIT).update(state=DeliveryState.ENDED, done_at=at)
    due = waiting.filter(made_at__lt=clock.now() - _HEAD_START).order_by("pk").values_list("pk", flat=True)
    for delivery_id in due[:200]:
        jobs.enqueue("sending.mail_document", delivery_id=delivery_id)


def _send_code(delivery: Delivery) -> None:
    code = code_of(delivery.device)
    delivery.file_name = f"{settings.SITE_NAME} {code}.epub"
    attachment = Attachment(delivery.file_name, code_page(code, identifier=delivery.public_id), _EPUB)
    subject = _("A code for your e-reader")
    _send(delivery, "sending_code", subject, {"code": code}, attachment)


def _send_book(delivery: Delivery, work: Work, at: datetime) -> bool:
    """Send the book's file, or the owner a link to it if it is too large. It waits while no file is ready."""
    artifact = selectors.file_for(work, rules.kinds_for(delivery.device.address))
    if artifact is None:
        return False
    owner = delivery.device.owner
    if artifact.size_bytes > rules.MAX_ATTACHED_BYTES:
        link = settings.SITE_URL + reverse("library:file", args=[work.public_id, artifact.public_id])
        context = {"work": work, "device": delivery.device, "link": link}
        send("sending_link", _("“%(title)s” is too large to send") % {"title": work.title}, owner.mail_to, context)
        _end(delivery, DeliveryState.LINKED, at)
        return True
    delivery.file_name = file_name(work.title, artifact)
    copy = watermarks.copy_for(reader=owner, work=work, artifact=artifact, at=at)
    attachment = Attachment(delivery.file_name, _content(artifact, copy), _EPUB)
    _send(delivery, "sending_book", work.title, {"work": work}, attachment)
    access_log.record_download(actor=owner, work=work, detail=delivery.file_name, address=None, at=at)
    _end(delivery, DeliveryState.SENT, at)
    return True


def _send(delivery: Delivery, template: str, subject: str, context: dict[str, object], attachment: Attachment) -> None:
    delivery.message_id = make_msgid(domain=selectors.mail_domain())
    headers = {"Message-ID": delivery.message_id}
    send(template, subject, delivery.device.address, context, headers=headers, attachment=attachment)


def _content(artifact: Artifact, copy: WatermarkedCopy | None) -> bytes:
    storage.require_whole(storage.private(), artifact.file, artifact.sha256)
    marked = watermarks.open_marked(artifact, copy) if copy is not None else None
    with marked or storage.private().open(artifact.file) as file:
        content: bytes = file.read()
        return content


def _end(delivery: Delivery, state: DeliveryState, at: datetime) -> None:
    delivery.state, delivery.done_at = state, at
    delivery.save(update_fields=["state", "done_at", "file_name", "message_id"])
