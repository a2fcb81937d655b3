"""Pure yes/no questions about a person's roles.

Staff roles count only once the account has two-factor authentication (STAFF_SECOND_FACTOR_REQUIRED). The check is made
here and not by URL, so that no page can forget it.
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
    """Allow finance staff and operators; reads by both are in the audit log (`royalties.views.decorators`)."""
    return is_finance(user) or is_operator(user)


def may_read_audit_log(user: Visitor) -> bool:
    """Operators may read all of it, finance the part about money, moderators their own acts."""
    return is_operator(user) or is_finance(user) or is_moderator(user)


def may_see_roles(user: Visitor) -> bool:
    """Operators may see who holds which role, and so may finance, who confirm what operators propose."""
    return is_operator(user) or is_finance(user)


def may_grant(user: Visitor, role: Role) -> bool:
    """Operators may assign and remove roles; only the command makes operators."""
    return is_operator(user) and role != Role.OPERATOR


def may_confirm_role(user: Visitor, grant: RoleGrant) -> bool:
    """A second person may confirm: neither the one who proposed the role nor the one who would get it."""
    return may_see_roles(user) and user.pk not in {grant.granted_by_id, grant.person_id}


def may_decline_role(user: Visitor, grant: RoleGrant) -> bool:
    """The same people may decline, and so may the one who proposed the role."""
    return may_see_roles(user) and user.pk != grant.person_id


def may_find_people(user: Visitor) -> bool:
    """All kinds of staff may find people; each sees what their work needs (`accounts.selectors.people`)."""
    return is_operator(user) or is_finance(user) or is_moderator(user)


def may_open_people(user: Visitor) -> bool:
    """Operators may open everything an account says about a person, and act on their data at their request."""
    return is_operator(user)


def lacks_second_factor(user: Visitor) -> bool:
    """Return whether the person has a staff role that is inactive for lack of two-factor authentication."""
    return isinstance(user, User) and user.is_staff_member and not _has_factor_if_required(user)


def _may_act_as_staff(user: User) -> bool:
    return user.is_active and _has_factor_if_required(user)


def _has_factor_if_required(user: User) -> bool:
    return not settings.STAFF_SECOND_FACTOR_REQUIRED or user.has_second_factor
