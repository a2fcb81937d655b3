"""Work on the text: who is hired for it may read and suggest at the chapter desk, for this contract and time only."""

from __future__ import annotations

from datetime import datetime

from hiring.contracts.models import Contract, DeskAccess, DeskState, Milestone
from hiring.service_kinds import ServiceKind
from publishing.collaboration.models import CollaboratorRole
from publishing.collaboration.services import collaborators
from publishing.comments.models import Comment
from publishing.editing.models import Correction

ROLES = {
    ServiceKind.DEVELOPMENTAL_EDITING: CollaboratorRole.PROOFREADER,
    ServiceKind.COPY_EDITING: CollaboratorRole.PROOFREADER,
    ServiceKind.PROOFREADING: CollaboratorRole.PROOFREADER,
    ServiceKind.TRANSLATION: CollaboratorRole.EARLY_READER,
}
"""Hired people suggest, and the author decides: tracked suggestions, never silent changes."""


def is_given(contract: Contract) -> bool:
    """Return whether the contract lets the provider into the text of a work."""
    return contract.work is not None and ServiceKind(contract.kind) in ROLES


def begin(contract: Contract, *, at: datetime) -> None:
    """Let the provider work at the desk from the first payment on. Who has access already keeps it as it is."""
    role = ROLES.get(ServiceKind(contract.kind))
    if role is None or contract.work is None or DeskAccess.objects.filter(contract=contract, ended_at=None).exists():
        return
    given = collaborators.let_in(work=contract.work, person=contract.provider, role=role, at=at)
    if given is not None:
        DeskAccess.objects.update_or_create(
            contract=contract, defaults={"collaborator": given, "given_at": at, "ended_at": None}
        )


def end(contract: Contract, *, at: datetime) -> None:
    """End the access that this contract gave, unless another open contract for the work still needs it."""
    access = DeskAccess.objects.filter(contract=contract, ended_at=None).select_related("collaborator").first()
    if access is None:
        return
    access.ended_at = at
    access.save(update_fields=["ended_at"])
    needed = Contract.objects.open().filter(work=contract.work, provider=contract.provider, kind__in=list(ROLES))
    needed = needed.exclude(pk=contract.pk).filter(milestones__funded_at__isnull=False)
    heir = needed.exclude(desk_access__ended_at=None, desk_access__isnull=False).first()
    if access.collaborator is None:
        return
    if heir is not None:
        DeskAccess.objects.update_or_create(
            contract=heir, defaults={"collaborator": access.collaborator, "given_at": at, "ended_at": None}
        )
    else:
        collaborators.let_out(collaborator=access.collaborator, at=at)


def state_of(contract: Contract) -> DeskState | None:
    """Return what the provider has done at the desk of the work; None where the contract is not about its text."""
    if contract.work is None or ServiceKind(contract.kind) not in ROLES:
        return None
    theirs = Correction.objects.filter(work=contract.work, author=contract.provider)
    newest = theirs.order_by("-pk").values_list("public_id", flat=True).first()
    comments = Comment.objects.filter(thread__work=contract.work, author=contract.provider)
    return DeskState(suggestions=theirs.count(), comments=comments.count(), last_correction=newest or "")


def state_before(milestone: Milestone) -> DeskState:
    """Return what the provider had done by the last delivery of the contract; nothing if there is none."""
    rows = milestone.contract.milestones.filter(deliveries__desk__isnull=False).order_by("-deliveries__delivered_at")
    last = rows.values_list("deliveries__pk", flat=True).first()
    if last is None:
        return DeskState(suggestions=0, comments=0, last_correction="")
    found = milestone.deliveries.model.objects.get(pk=last).desk
    return found if found is not None else DeskState(suggestions=0, comments=0, last_correction="")
