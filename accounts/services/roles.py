"""Who is given a staff role, and who loses it.

An operator makes moderators alone. Finance takes a second person. Operators are made by the command, which is also the
way for a shop that has one operator. Nobody has a hand in a role of their own.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import permissions, regions, selectors
from accounts.errors import AddressNotConfirmed, GrantIsOver, OwnRole, RoleHeld
from accounts.models import Role, RoleGrant, User
from accounts.services import audit
from common import mails
from common.errors import NotAllowed


@transaction.atomic
def grant(*, actor: User, person: User, role: Role, at: datetime) -> RoleGrant:
    """Give the role, or propose it where a second person has to confirm it. Raises NotAllowed, OwnRole,
    AddressNotConfirmed, RoleHeld."""
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
    """The second person. Raises NotAllowed, GrantIsOver, AddressNotConfirmed."""
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
    """Say no, or withdraw what one has proposed. Raises NotAllowed, GrantIsOver."""
    person = _locked(grant.person)
    grant = _waiting(grant)
    if not permissions.may_decline_role(actor, grant):
        raise NotAllowed
    RoleGrant.objects.filter(pk=grant.pk).update(ended_by=actor, ended_at=at)
    audit.record_audit(actor=actor, verb="role.declined", subject=person, facts={"role": grant.role})
    _mail(grant, "declined")


@transaction.atomic
def take(*, actor: User, person: User, role: Role, at: datetime) -> None:
    """Take the role away at once. Raises NotAllowed. Safe to repeat."""
    if not permissions.may_grant(actor, role):
        raise NotAllowed
    _take(_locked(person), role, by=actor, at=at)


@transaction.atomic
def grant_by_command(*, person: User, role: Role, at: datetime) -> None:
    """Whoever may run commands on the machine gives any role, at once. Raises RoleHeld."""
    person = _locked(person)
    RoleGrant.objects.waiting().filter(person=person, role=role).update(ended_at=at)
    made = _open(person, role, granted_by=None, at=at)
    _put_in_force(made, confirmed_by=None, at=at)
    audit.record_audit(actor=None, verb="role.granted", subject=person, facts={"role": role.value, "by": "command"})
    _mail(made, "granted")


@transaction.atomic
def take_by_command(*, person: User, role: Role, at: datetime) -> None:
    """The same for taking it away, a proposal of it included."""
    person = _locked(person)
    RoleGrant.objects.waiting().filter(person=person, role=role).update(ended_at=at)
    _take(person, role, by=None, at=at)


def _take(person: User, role: Role, *, by: User | None, at: datetime) -> None:
    """What is only proposed is not taken: it is declined, or withdrawn."""
    if not getattr(person, role.flag):
        return
    setattr(person, role.flag, False)
    person.save(update_fields=[role.flag])
    RoleGrant.objects.filter(person=person, role=role, ended_at=None).update(ended_by=by, ended_at=at)
    if role == Role.OPERATOR:  # nobody confirms what somebody proposed who is no operator any more
        RoleGrant.objects.waiting().filter(granted_by=person).update(ended_by=by, ended_at=at)
    facts: dict[str, str | int] = {"role": role.value}
    if by is None:
        facts["by"] = "command"
    audit.record_audit(actor=by, verb="role.taken", subject=person, facts=facts)
    _mail(RoleGrant(person=person, role=role), "taken")


def _locked(person: User) -> User:
    """The person as they are now: two operators may act at once."""
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
    # A flag that was taken otherwise, by an erasure or by hand, left its grant open.
    RoleGrant.objects.filter(person=person, role=role, ended_at=None).update(ended_at=at)
    return RoleGrant.objects.create(person=person, role=role, granted_by=granted_by, granted_at=at)


def _put_in_force(grant: RoleGrant, *, confirmed_by: User | None, at: datetime) -> None:
    grant.confirmed_by, grant.confirmed_at = confirmed_by, at
    grant.save(update_fields=["confirmed_by", "confirmed_at"])
    flag = Role(grant.role).flag
    setattr(grant.person, flag, True)
    grant.person.save(update_fields=[flag])


def _mail(grant: RoleGrant, change: str) -> None:
    """To the person, whatever became of it."""
    with regions.active(grant.person.region):
        context = {"grant": grant, "change": change, "lacks_factor": permissions.lacks_second_factor(grant.person)}
        mails.post("role", _("Your role: %(role)s") % {"role": Role(grant.role).label}, grant.person.email, context)


def _ask_others(grant: RoleGrant) -> None:
    """Those who may confirm it."""
    for other in selectors.staff().exclude(pk__in=[grant.person_id, grant.granted_by_id]):
        if permissions.may_confirm_role(other, grant):
            with regions.active(other.region):
                mails.post("role_waits", _("A role needs your confirmation"), other.email, {"grant": grant})
