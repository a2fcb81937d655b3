"""Pure yes/no questions about a person's roles.

Staff roles count only once the account has a second factor (STAFF_SECOND_FACTOR_REQUIRED). The question is asked here
and not by address, so that no page can forget it.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, RoleGrant, User

type Visitor = User | AnonymousUser


def is_author(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.is_author


def is_finance(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_finance and _may_act_as_staff(user)


def is_moderator(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_moderator and _may_act_as_staff(user)


def is_operator(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_operator and _may_act_as_staff(user)


def may_read_finance(user: Visitor) -> bool:
    """Finance staff and operators see the books; both reads are in the audit log (`royalties.views.access`)."""
    return is_finance(user) or is_operator(user)


def may_read_audit_log(user: Visitor) -> bool:
    """Operators read all of it, finance the part on money, moderators what they did themselves."""
    return is_operator(user) or is_finance(user) or is_moderator(user)


def may_see_roles(user: Visitor) -> bool:
    """Who holds which role: operators, and finance, who confirm what operators propose."""
    return is_operator(user) or is_finance(user)


def may_grant(user: Visitor, role: Role) -> bool:
    """Give and take roles; operators are made by the command alone."""
    return is_operator(user) and role != Role.OPERATOR


def may_confirm_role(user: Visitor, grant: RoleGrant) -> bool:
    """A second person: neither whoever proposed it, nor whose role it is."""
    return may_see_roles(user) and user.pk not in {grant.granted_by_id, grant.person_id}


def may_decline_role(user: Visitor, grant: RoleGrant) -> bool:
    """The same, and whoever proposed it."""
    return may_see_roles(user) and user.pk != grant.person_id


def may_find_people(user: Visitor) -> bool:
    """Each kind of staff finds people, and sees of them what their work takes (`accounts.selectors.people`)."""
    return is_operator(user) or is_finance(user) or is_moderator(user)


def may_open_people(user: Visitor) -> bool:
    """Everything that the account says of a person, and what they may ask us to do with their data."""
    return is_operator(user)


def lacks_second_factor(user: Visitor) -> bool:
    """Whether the person has a staff role that does not count yet, for want of a second factor."""
    return isinstance(user, User) and user.is_staff_member and not _has_factor_if_required(user)


def _may_act_as_staff(user: User) -> bool:
    return user.is_active and _has_factor_if_required(user)


def _has_factor_if_required(user: User) -> bool:
    return not settings.STAFF_SECOND_FACTOR_REQUIRED or user.has_second_factor
