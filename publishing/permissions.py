"""Who may do what with a work. A work that the user may not see is treated as if it did not exist.

The owner may do everything. A contributor who accepted the credit may see everything; authors and editors among them
may also upload manuscripts and change details. Whoever is credited by a contract may not: their access ended with it.
Price, credits and splits are up to the owner alone. People whom the owner invited to work on the text read it, and
nothing else; a co-author among them may publish where the owner says so (`publishing.collaboration`).
"""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor, is_author, is_moderator, is_operator
from common.errors import NotAllowed, NotFound
from publishing import hooks
from publishing.hooks import TextRight
from publishing.models import Contributor, ContributorRole, Series, SplitAgreement, SplitShare, Work

_EDITING_ROLES = (ContributorRole.AUTHOR, ContributorRole.EDITOR)


def is_owner(user: Visitor, work: Work) -> bool:
    """Whether the user publishes the work. Nobody publishes a personal one: whoever brought it reads it."""
    return isinstance(user, User) and user.is_active and work.owner_id == user.pk and not work.is_personal


def is_contributor(user: Visitor, work: Work, roles: tuple[ContributorRole, ...] = tuple(ContributorRole)) -> bool:
    if not isinstance(user, User) or not user.is_active:
        return False
    return Contributor.objects.filter(work=work, user=user, role__in=roles, is_hired=False).exists()


def may_see(user: Visitor, work: Work) -> bool:
    """Whether the user may see drafts, proofs, findings and manuscripts, as a maker of the work or as staff."""
    return is_maker(user, work) or may_inspect(user, work)


def may_inspect(user: Visitor, work: Work) -> bool:
    """Whether the user may view the work as staff. Every such view is recorded in the audit log.

    Operators may, and give a reason; moderators may while they have an open case about the work. A personal work is
    nobody's business but its owner's.
    """
    if work.is_personal:
        return False
    if is_operator(user):
        return True
    return isinstance(user, User) and is_moderator(user) and bool(hooks.open_case(user, work))


def is_maker(user: Visitor, work: Work) -> bool:
    """Whether the user is the owner, or a contributor who accepted the credit."""
    return is_owner(user, work) or is_contributor(user, work)


def may_edit(user: Visitor, work: Work) -> bool:
    """Whether the user may upload manuscripts, change details and make the files again."""
    return is_owner(user, work) or is_contributor(user, work, _EDITING_ROLES)


def may_publish(user: Visitor, work: Work) -> bool:
    """Whether the user may set prices, publish, withdraw, credit people and propose splits."""
    return is_owner(user, work)


def may_read_text(user: Visitor, work: Work) -> bool:
    """Whether the user may read chapters in progress: makers, people whom the owner invited, and staff."""
    return may_see(user, work) or is_invited(user, work)


def is_invited(user: Visitor, work: Work) -> bool:
    """Whether the owner invited the user to read the text, without making them a maker of the work."""
    return _has_right(user, work, TextRight.READ)


def may_comment(user: Visitor, work: Work) -> bool:
    """Whether the user may talk about words of the text."""
    return may_edit_text(user, work) or _has_right(user, work, TextRight.COMMENT)


def may_suggest(user: Visitor, work: Work) -> bool:
    """Whether the user may propose corrections of the text, which somebody else decides on."""
    return may_edit_text(user, work) or _has_right(user, work, TextRight.SUGGEST)


def may_edit_text(user: Visitor, work: Work) -> bool:
    """Whether the user may correct the text, and make it again."""
    return may_edit(user, work) or _has_right(user, work, TextRight.EDIT)


def may_decide(user: Visitor, work: Work) -> bool:
    """Whether the user may accept and decline what others suggest for the text."""
    return may_edit_text(user, work)


def may_release(user: Visitor, work: Work) -> bool:
    """Whether the user may put a new edition on sale, at the prices that the owner set."""
    return is_owner(user, work) or _has_right(user, work, TextRight.RELEASE)


def may_price_series(user: Visitor, series: Series) -> bool:
    """Whether the user may set the discount for completing the series."""
    return isinstance(user, User) and user.is_active and series.owner_id == user.pk


def may_hold(user: Visitor) -> bool:
    """Whether the user may take a book off sale or mark it for adults: moderators, and operators on appeal."""
    return is_moderator(user) or is_operator(user)


def may_create(user: Visitor) -> bool:
    return is_author(user)


def may_consent(user: Visitor, agreement: SplitAgreement) -> bool:
    """Whether the user has a share in the agreement."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return SplitShare.objects.of(user).filter(agreement=agreement).exists()


def may_answer_credit(user: Visitor, contributor: Contributor) -> bool:
    """Whether the credit is offered to the user or linked with their account. Owners cannot give up their own."""
    if not isinstance(user, User) or is_owner(user, contributor.work):
        return False
    return user.is_active and user.pk in {contributor.asked_id, contributor.user_id}


def require_edit(user: Visitor, work: Work) -> None:
    """Require permission to edit. Raises NotFound for strangers, NotAllowed for those who may only look."""
    if not may_edit(user, work):
        raise _refusal(user, work)


def require_publish(user: Visitor, work: Work) -> None:
    """Require permission to publish. Raises NotFound for strangers, NotAllowed for those who may only look or edit."""
    if not may_publish(user, work):
        raise _refusal(user, work)


def require_see(user: Visitor, work: Work) -> None:
    """Require permission to see the work. Raises NotFound."""
    if not may_see(user, work):
        raise NotFound


def require_read_text(user: Visitor, work: Work) -> None:
    """Require permission to read chapters in progress. Raises NotFound."""
    if not may_read_text(user, work):
        raise NotFound


def may_work_on_text(user: Visitor, work: Work) -> bool:
    """Whether the user may see the text with its corrections: makers, staff, and whoever may propose some."""
    return may_see(user, work) or may_suggest(user, work)


def require_work_on_text(user: Visitor, work: Work) -> None:
    """Require permission to see the text with its corrections. Raises NotFound."""
    if not may_work_on_text(user, work):
        raise NotFound


def require_comment(user: Visitor, work: Work) -> None:
    """Require permission to comment. Raises NotFound for strangers, NotAllowed for those who may look."""
    if not may_comment(user, work):
        raise _text_refusal(user, work)


def require_suggest(user: Visitor, work: Work) -> None:
    """Require permission to propose corrections. Raises NotFound for strangers, NotAllowed for those who may look."""
    if not may_suggest(user, work):
        raise _text_refusal(user, work)


def require_edit_text(user: Visitor, work: Work) -> None:
    """Require permission to correct the text. Raises NotFound for strangers, NotAllowed for those who may look."""
    if not may_edit_text(user, work):
        raise _text_refusal(user, work)


def require_decide(user: Visitor, work: Work) -> None:
    """Require permission to decide on suggestions. Raises NotFound for strangers, NotAllowed for those who may look."""
    if not may_decide(user, work):
        raise _text_refusal(user, work)


def require_release(user: Visitor, work: Work) -> None:
    """Require permission to put a new edition on sale. Raises NotFound, NotAllowed."""
    if not may_release(user, work):
        raise _refusal(user, work)


def _has_right(user: Visitor, work: Work, right: TextRight) -> bool:
    return isinstance(user, User) and user.is_active and right in hooks.text_rights(user, work)


def _text_refusal(user: Visitor, work: Work) -> NotAllowed | NotFound:
    """Refuse something about the text: people who were invited to read it know that it is there."""
    return NotAllowed() if is_invited(user, work) else _refusal(user, work)


def _refusal(user: Visitor, work: Work) -> NotAllowed | NotFound:
    # Staff know that the work exists, so they are told that they may not change it.
    known = may_see(user, work) or is_moderator(user)
    return NotAllowed() if known else NotFound()
