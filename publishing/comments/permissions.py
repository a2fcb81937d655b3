"""Who sees and writes which comments.

Whoever may read a text in progress may comment on it. Those who work on it see every thread. Early readers see the
threads that they opened, with the answers: what one of them says is between them and the people who make the book.
"""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor
from common.errors import NotAllowed, NotFound
from publishing import permissions as publishing_permissions
from publishing.comments.models import Comment, Thread
from publishing.models import Work


def may_see_all(user: Visitor, work: Work) -> bool:
    """Whether the user sees threads that others opened: whoever works on the text, and staff."""
    return publishing_permissions.may_work_on_text(user, work)


def may_see(user: Visitor, thread: Thread) -> bool:
    if may_see_all(user, thread.work):
        return True
    is_own = isinstance(user, User) and thread.opened_by_id == user.pk
    return is_own and publishing_permissions.may_comment(user, thread.work)


def may_resolve(user: Visitor, thread: Thread) -> bool:
    """Whether the user may resolve and reopen a thread: who opened it, and those who decide about the text."""
    if publishing_permissions.may_decide(user, thread.work):
        return True
    return isinstance(user, User) and thread.opened_by_id == user.pk and may_answer(user, thread)


def may_answer(user: Visitor, thread: Thread) -> bool:
    return publishing_permissions.may_comment(user, thread.work) and may_see(user, thread)


def may_delete(user: Visitor, comment: Comment) -> bool:
    """Whether the user may delete a comment: their own, and the owner of the work any."""
    work = comment.thread.work
    if publishing_permissions.is_owner(user, work):
        return True
    return isinstance(user, User) and comment.is_by(user) and may_answer(user, comment.thread)


def require_answer(user: Visitor, thread: Thread) -> None:
    """Require permission to write in a thread. Raises NotFound where its text or the thread is not to be seen."""
    if not may_answer(user, thread):
        raise NotAllowed if may_see(user, thread) else NotFound


def require_resolve(user: Visitor, thread: Thread) -> None:
    require_answer(user, thread)
    if not may_resolve(user, thread):
        raise NotAllowed


def require_edit(user: Visitor, comment: Comment) -> None:
    """Require that the comment is the user's own. Raises NotFound, NotAllowed."""
    require_answer(user, comment.thread)
    if not isinstance(user, User) or not comment.is_by(user):
        raise NotAllowed


def require_delete(user: Visitor, comment: Comment) -> None:
    require_answer(user, comment.thread)
    if not may_delete(user, comment):
        raise NotAllowed
