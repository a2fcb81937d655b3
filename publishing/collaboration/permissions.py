"""What collaborators may do with the text of a work, by role.

| | reads and comments | suggests | corrects and decides | publishes |
|---|---|---|---|---|
| early reader | yes | | | |
| proofreader | yes | yes | | |
| editor | yes | yes | yes | |
| co-author | yes | yes | yes | where the owner says so |

`publishing.permissions` asks for these rights and adds what makers may do. Nobody here sees files, details, prices,
sales, payouts or another work. A work that the user may not read is treated as if it did not exist.
"""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor
from publishing import permissions as publishing_permissions
from publishing.collaboration.models import Collaborator, CollaboratorRole
from publishing.hooks import TextRight
from publishing.models import Work

_READER = frozenset({TextRight.READ, TextRight.COMMENT})
_PROOFREADER = _READER | {TextRight.SUGGEST}
_EDITOR = _PROOFREADER | {TextRight.EDIT}
_RIGHTS = {
    CollaboratorRole.EARLY_READER: _READER,
    CollaboratorRole.PROOFREADER: _PROOFREADER,
    CollaboratorRole.EDITOR: _EDITOR,
    CollaboratorRole.CO_AUTHOR: _EDITOR,
}


def collaboration_of(user: Visitor, work: Work) -> Collaborator | None:
    """Return the part that the person has in the work now."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return Collaborator.objects.active().filter(work=work, user=user).first()


def rights_of(user: User, work: Work) -> frozenset[TextRight]:
    """Return what the person may do with the text; nothing if they are no collaborator."""
    found = collaboration_of(user, work)
    if found is None:
        return frozenset()
    rights = _RIGHTS[CollaboratorRole(found.role)]
    is_publishing = found.role == CollaboratorRole.CO_AUTHOR and found.may_publish
    return rights | {TextRight.RELEASE} if is_publishing else rights


def may_suggest_as(collaborator: Collaborator) -> bool:
    """Whether the role of a collaborator works on the text, and does not only read it."""
    return TextRight.SUGGEST in _RIGHTS[CollaboratorRole(collaborator.role)]


def may_edit_as(collaborator: Collaborator) -> bool:
    """Whether the role of a collaborator corrects the text and decides about suggestions."""
    return TextRight.EDIT in _RIGHTS[CollaboratorRole(collaborator.role)]


def may_invite(user: Visitor, work: Work) -> bool:
    return publishing_permissions.is_owner(user, work)


def require_invite(user: Visitor, work: Work) -> None:
    """Require permission to invite people and to end what they may do. Raises NotFound, NotAllowed.

    To collaborators the list of the others does not exist.
    """
    publishing_permissions.require_publish(user, work)
