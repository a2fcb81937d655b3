"""A translated text becomes a work of its own, linked to the original, once the rights to it have passed."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from accounts.models import User
from common import storage
from common.errors import NotFound
from hiring.contracts import permissions
from hiring.contracts.errors import NoTranslation, RightsNotPassed
from hiring.contracts.models import DeliveryFile
from hiring.contracts.process import Actor
from hiring.contracts.selectors import usable_files
from hiring.contracts.services import credits, steps
from hiring.service_kinds import ServiceKind
from publishing import services as publishing_services
from publishing.models import Work


@transaction.atomic
def make_book(*, actor: User, file: DeliveryFile, at: datetime) -> Work:
    """Make the translated book of a delivered text: the client's own, through the gate of every upload.

    Twice is once. The translator is credited when the contract ends, or now if it has. Raises NotFound, NoTranslation,
    RightsNotPassed, and the errors of `publishing_services.create_translation`.
    """
    contract = steps.lock_contract(file.delivery.milestone.contract_id)
    if permissions.require_side(actor, contract) != Actor.CLIENT:
        raise NotFound
    if contract.work is None or contract.kind != ServiceKind.TRANSLATION:
        raise NoTranslation
    if contract.translation is not None:
        return contract.translation
    if not usable_files.are_rights_passed(contract.milestones.get(pk=file.delivery.milestone_id)):
        raise RightsNotPassed
    with storage.private().open(file.file) as content:
        made = publishing_services.create_translation(
            actor=actor,
            original=contract.work,
            content=content,
            name=file.file_name,
            language=contract.terms.target_language,
            at=at,
            form_token=uuid5(NAMESPACE_URL, file.public_id),
        )
    contract.translation = made
    contract.save(update_fields=["translation"])
    if contract.ended_at is not None:
        credits.give(contract, at=at)
    return made
