"""Errors shown to people: a stable code, facts, and a message filled with them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

from common.money import Money
from common.templatetags.money import day, money

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DomainError(Exception):
    """Something a person asked for that cannot be done.

    `message` says what happened, what it means for them and what to do next; `{name}` is filled from `facts`, with days
    and amounts as the reader's language writes them. `status` is the HTTP status of a page that reports it. An error
    that refuses a permission is recorded in the audit log.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[StrOrPromise] = _("This is not possible right now.")
    status: ClassVar[int] = 409
    is_refusal: ClassVar[bool] = False

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.text)

    @property
    def text(self) -> str:
        """Return the message for people."""
        return str(self.message).format_map({name: _shown(fact) for name, fact in self.facts.items()})


def _shown(fact: object) -> object:
    if isinstance(fact, date):
        return day(fact)
    return money(fact) if isinstance(fact, Money) else fact


class NotAllowed(DomainError):
    """The actor may see the thing but not do this with it."""

    code = "not_allowed"
    message = _("Your account does not have permission to do this.")
    status = 403
    is_refusal = True


class NotFound(DomainError):
    """The thing does not exist, or the actor may not know that it does."""

    code = "not_found"
    message = _("There is nothing at this address.")
    status = 404


class HiddenPage(NotFound):
    """A staff page that the actor may not know about: they see a 404."""

    is_refusal = True
