"""A delivered picture becomes the cover of the work, once the rights to it have passed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from common import storage
from common.errors import NotFound
from hiring.contracts import permissions
from hiring.contracts.errors import NoCover, RightsNotPassed
from hiring.contracts.models import DeliveryFile
from hiring.contracts.process import Actor
from hiring.contracts.selectors import usable_files
from hiring.contracts.services import credits, steps
from hiring.service_kinds import ServiceKind
from publishing import services as publishing_services
from publishing.models import Work


@transaction.atomic
def use_as_cover(*, actor: User, file: DeliveryFile, at: datetime) -> Work:
    """Use a delivered picture as the cover, and credit who made it. It passes the same checks as an uploaded one.

    Raises NotFound, NoCover, RightsNotPassed, and the errors of `publishing_services.set_cover`.
    """
    contract = steps.lock_contract(file.delivery.milestone.contract_id)
    if permissions.require_side(actor, contract) != Actor.CLIENT:
        raise NotFound
    if contract.work is None or contract.kind not in usable_files.COVER_KINDS:
        raise NoCover
    milestone = contract.milestones.get(pk=file.delivery.milestone_id)
    if not usable_files.are_rights_passed(milestone):
        raise RightsNotPassed
    with storage.private().open(file.file) as content:
        work = publishing_services.set_cover(
            actor=actor, work=contract.work, content=content, name=file.file_name, at=at
        )
    if contract.terms.credit_name:
        publishing_services.credit_hired(
            work=work,
            person=contract.provider,
            name=contract.terms.credit_name,
            role=credits.ROLES[ServiceKind(contract.kind)],
            at=at,
        )
    return work
