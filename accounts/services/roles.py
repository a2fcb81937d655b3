"""Assigning and removing staff roles.

An operator can assign the moderator role alone. The finance role needs a second person. Operators are made only by the
command, which is also the way for a shop that has just one operator. Nobody can change their own role.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import permissions, regions, selectors
from accounts.errors import AddressNotConfirmed, GrantIsOver, OwnRole, RoleHeld
from accounts.models import Role, RoleGrant, User
from accounts.services import audit
from common import emails
from common.errors import NotAllowed


@transaction.atomic
def grant(*, actor: User, person: User, role: Role, at: datetime) -> RoleGrant:
    """Assign the role, or propose it if a second person has to confirm it.

    Raises NotAllowed, OwnRole, AddressNotConfirmed, RoleHeld.
    """
    if not permissions.may_grant(actor, role):
        raise NotAllowed
    if person.pk == actor.pk:
        raise OwnRole
    person = _locked(person)
    if not selectors.confirmed_emails(person):
        raise AddressNotConfirmed
    made = _open(person, role, granted_by=actor, at=at)
    if role == Role.FINANCE:
        audit.record_audit(actor=actor, verb="role.proposed", subject=person, facts={"role": role.value})
        _mail(made, "proposed")
        _ask_others(made)
        return made
    _put_in_force(made, confirmed_by=None, at=at)
    audit.record_audit(actor=actor, verb="role.granted", subject=person, facts={"role": role.value})
    _mail(made, "granted")
    return made


@transaction.atomic
def confirm(*, actor: User, grant: RoleGrant, at: datetime) -> RoleGrant:
    """Confirm a role as the second person. Raises NotAllowed, GrantIsOver, AddressNotConfirmed."""
    person = _locked(grant.person)
    grant = _waiting(grant)
    if not permissions.may_confirm_role(actor, grant):
        raise NotAllowed
    if not selectors.confirmed_emails(person):
        raise AddressNotConfirmed
    grant.person = person
    _put_in_force(grant, confirmed_by=actor, at=at)
    audit.record_audit(actor=actor, verb="role.confirmed", subject=person, facts={"role": grant.role})
    _mail(grant, "granted")
    return grant


@transaction.atomic
def decline(*, actor: User, grant: RoleGrant, at: datetime) -> None:
    """Decline a proposed role, or withdraw one's own proposal. Raises NotAllowed, GrantIsOver."""
    person = _locked(grant.person)
    grant = _waiting(grant)
    if not permissions.may_decline_role(actor, grant):
        raise NotAllowed
    RoleGrant.objects.filter(pk=grant.pk).update(ended_by=actor, ended_at=at)
    audit.record_audit(actor=actor, verb="role.declined", subject=person, facts={"role": grant.role})
    _mail(grant, "declined")


@transaction.atomic
def remove_role(*, actor: User, person: User, role: Role, at: datetime) -> None:
    """Remove the role at once. Safe to repeat. Raises NotAllowed."""
    if not permissions.may_grant(actor, role):
        raise NotAllowed
    _take(_locked(person), role, by=actor, at=at)


@transaction.atomic
def grant_by_command(*, person: User, role: Role, at: datetime) -> None:
    """Assign any role at once, for someone who can run commands on the server. Raises RoleHeld."""
    person = _locked(person)
    RoleGrant.objects.waiting().filter(person=person, role=role).update(ended_at=at)
    made = _open(person, role, granted_by=None, at=at)
    _put_in_force(made, confirmed_by=None, at=at)
    audit.record_audit(actor=None, verb="role.granted", subject=person, facts={"role": role.value, "by": "command"})
    _mail(made, "granted")


@transaction.atomic
def take_by_command(*, person: User, role: Role, at: datetime) -> None:
    """Remove a role, or a proposal of it, for someone who can run commands on the server."""
    person = _locked(person)
    RoleGrant.objects.waiting().filter(person=person, role=role).update(ended_at=at)
    _take(person, role, by=None, at=at)


def _take(person: User, role: Role, *, by: User | None, at: datetime) -> None:
    """Remove an active role. A role that is only proposed is declined or withdrawn instead."""
    if not getattr(person, role.flag):
        return
    setattr(person, role.flag, False)
    person.save(update_fields=[role.flag])
    RoleGrant.objects.filter(person=person, role=role, ended_at=None).update(ended_by=by, ended_at=at)
    if role == Role.OPERATOR:  # what a former operator proposed can no longer be confirmed
        RoleGrant.objects.waiting().filter(granted_by=person).update(ended_by=by, ended_at=at)
    facts: dict[str, str | int] = {"role": role.value}
    if by is None:
        facts["by"] = "command"
    audit.record_audit(actor=by, verb="role.taken", subject=person, facts=facts)
    _mail(RoleGrant(person=person, role=role), "taken")


def _locked(person: User) -> User:
    """Return the person as they are now, locked: two operators may act at once."""
    return User.objects.select_for_update().get(pk=person.pk)


def _waiting(grant: RoleGrant) -> RoleGrant:
    found = RoleGrant.objects.waiting().select_related("granted_by").filter(pk=grant.pk).first()
    if found is None:
        raise GrantIsOver
    return found


def _open(person: User, role: Role, *, granted_by: User | None, at: datetime) -> RoleGrant:
    is_proposed = RoleGrant.objects.waiting().filter(person=person, role=role).exists()
    if getattr(person, role.flag) or is_proposed or not person.is_active or person.is_guest:
        raise RoleHeld(name=str(person))
    # If the flag was removed in another way, by an erasure or by hand, its grant is still open.
    RoleGrant.objects.filter(person=person, role=role, ended_at=None).update(ended_at=at)
    return RoleGrant.objects.create(person=person, role=role, granted_by=granted_by, granted_at=at)


def _put_in_force(grant: RoleGrant, *, confirmed_by: User | None, at: datetime) -> None:
    grant.confirmed_by, grant.confirmed_at = confirmed_by, at
    grant.save(update_fields=["confirmed_by", "confirmed_at"])
    flag = Role(grant.role).flag
    setattr(grant.person, flag, True)
    grant.person.save(update_fields=[flag])


def _mail(grant: RoleGrant, change: str) -> None:
    """Email the person about the change."""
    with regions.active(grant.person.region):
        context = {"grant": grant, "change": change, "lacks_factor": permissions.lacks_second_factor(grant.person)}
        emails.enqueue("role", _("Your role: %(role)s") % {"role": Role(grant.role).label}, grant.person.email, context)


def _ask_others(grant: RoleGrant) -> None:
    """Email those who may confirm the role."""
    for other in selectors.staff().exclude(pk__in=[grant.person_id, grant.granted_by_id]):
        if permissions.may_confirm_role(other, grant):
            with regions.active(other.region):
                emails.enqueue("role_waits", _("A role needs your confirmation"), other.email, {"grant": grant})
