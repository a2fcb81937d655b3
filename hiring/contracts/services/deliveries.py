"""Delivering: files behind the upload's gate, or what was done at the chapter desk since the last delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.storage import Stored
from hiring.contracts import process
from hiring.contracts.errors import NothingDelivered
from hiring.contracts.models import Delivery, DeliveryFile, EventFacts, Milestone
from hiring.contracts.process import Act, Actor
from hiring.contracts.services import desk_access, files, notices, steps


@dataclass(frozen=True, slots=True)
class DeliveryInput:
    """What the provider hands over. `with_desk` adds what they did at the desk since the delivery before."""

    note: str = ""
    ai_use: str = ""  # an AiUse; "" for what the contract says
    files: Sequence[Stored] = ()
    with_desk: bool = False


@transaction.atomic
def deliver(*, actor: User, milestone: Milestone, told: DeliveryInput, at: datetime) -> Delivery:
    """Deliver, for the first time or again. The client's days to look at it begin now.

    Raises NotFound, NotInThisState, TimeIsOver, NothingDelivered, TooManyFiles.
    """
    step = steps.begin(actor=actor, milestone=milestone, act=Act.DELIVER, at=at)
    found = step.milestone
    files.require_number(told.files)
    desk = desk_access.state_of(step.contract) if told.with_desk else None
    last = found.deliveries.last()
    if not told.files and (desk is None or desk == desk_access.state_before(found)):
        raise NothingDelivered
    delivery = Delivery.objects.create(
        milestone=found,
        number=last.number + 1 if last else 1,
        note=told.note,
        ai_use=told.ai_use or step.contract.terms.ai_use,
        desk=desk,
        delivered_by=actor,
        delivered_at=at,
    )
    unique = {one.sha256: one for one in told.files}
    DeliveryFile.objects.bulk_create(
        DeliveryFile(delivery=delivery, file_name=one.name, file=one.file, sha256=one.sha256, size_bytes=one.size_bytes)
        for one in unique.values()
    )
    steps.finish(step, EventFacts(delivery=delivery.public_id, sha256=tuple(unique)), since=at)
    until = found.moments.of(process.REVIEW_ENDS)
    notices.send_about(step, notices.Kind.DELIVERED, to=Actor.CLIENT, until=until, about=delivery.public_id)
    return delivery
