"""What becomes of collaborators: another role, and the end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import NotFound
from publishing.collaboration import permissions
from publishing.collaboration.errors import CollaborationOver
from publishing.collaboration.models import Collaborator, CollaboratorRole, Ending
from publishing.collaboration.services import invitations
from publishing.models import Work
from publishing.services import editions


@transaction.atomic
def change_role(*, actor: User, collaborator: Collaborator, role: CollaboratorRole, may_publish: bool) -> Collaborator:
    """Give the collaborator, or the invited person, another role. Raises CollaborationOver, OnlyCoAuthorsPublish."""
    found = invitations.locked(collaborator)
    permissions.require_invite(actor, found.work)
    if found.ended_at is not None:
        raise CollaborationOver
    invitations.check_publisher(role, may_publish=may_publish)
    if (found.role, found.may_publish) == (role, may_publish):
        return found
    facts: dict[str, str | int] = {"role": role, "publishes": int(may_publish)}
    found.role, found.may_publish = role, may_publish
    found.save(update_fields=["role", "may_publish"])
    account_services.record_audit(actor=actor, verb="collaborator.changed", subject=found, facts=facts)
    return found


@transaction.atomic
def end(*, actor: User, collaborator: Collaborator, at: datetime) -> None:
    """End the collaboration or withdraw the invitation, whose address is deleted. Raises CollaborationOver.

    What the person suggested and wrote stays with the text. They lose access with their next request.
    """
    found = invitations.locked(collaborator)
    permissions.require_invite(actor, found.work)
    if found.ended_at is not None:
        raise CollaborationOver
    account_services.record_audit(actor=actor, verb="collaborator.ended", subject=found)
    if found.is_waiting:
        found.delete()
    else:
        _end(found, Ending.ENDED, at)


@transaction.atomic
def leave(*, actor: User, collaborator: Collaborator, at: datetime) -> None:
    """Leave the work. Only the person themselves may. Raises NotFound, CollaborationOver."""
    found = invitations.locked(collaborator)
    if found.user_id != actor.pk:
        raise NotFound
    if found.ended_at is not None:
        raise CollaborationOver
    account_services.record_audit(actor=actor, verb="collaborator.left", subject=found)
    _end(found, Ending.LEFT, at)


def let_in(*, work: Work, person: User, role: CollaboratorRole, at: datetime) -> Collaborator | None:
    """Let in whom the owner has hired, without an invitation: both agreed in their contract.

    Return None if they work on the text already; then their part stays as it is.
    """
    work = editions.lock_work(work)
    if work.owner_id == person.pk or Collaborator.objects.filter(work=work, user=person, ended_at=None).exists():
        return None
    found = Collaborator.objects.create(
        work=work, user=person, role=role, language=person.language, invited_at=at, accepted_at=at
    )
    account_services.record_audit(actor=work.owner, verb="collaborator.let_in", subject=found)
    return found


def let_out(*, collaborator: Collaborator, at: datetime) -> None:
    """End the part of somebody who was hired, with their contract. What they suggested stays. Safe to repeat."""
    found = invitations.locked(collaborator)
    if found.ended_at is None:
        account_services.record_audit(actor=None, verb="collaborator.let_out", subject=found)
        _end(found, Ending.ENDED, at)


def _end(found: Collaborator, ending: Ending, at: datetime) -> None:
    found.ended_at, found.ending = at, ending
    found.save(update_fields=["ended_at", "ending"])
