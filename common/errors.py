"""Errors shown to people: a stable code and facts; the sentence is looked up by the code."""

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

    `message` says what happened, what it means for them and what to do next; `{name}` is filled from `facts`, a day and
    an amount as the reader's language writes them.
    `status` is the HTTP status of a page that reports it. One that is a refusal of a right is noted in the audit log.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[StrOrPromise] = _("This cannot be done now.")
    status: ClassVar[int] = 409
    is_refusal: ClassVar[bool] = False

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.text)

    @property
    def text(self) -> str:
        """The sentence for people."""
        return str(self.message).format_map({name: _shown(fact) for name, fact in self.facts.items()})


def _shown(fact: object) -> object:
    if isinstance(fact, date):
        return day(fact)
    return money(fact) if isinstance(fact, Money) else fact


class NotAllowed(DomainError):
    """The actor may see the thing but not do this with it."""

    code = "not_allowed"
    message = _("Your account may not do this.")
    status = 403
    is_refusal = True


class NotFound(DomainError):
    """There is no such thing, or the actor may not know of it."""

    code = "not_found"
    message = _("There is nothing at this address.")
    status = 404


class HiddenPage(NotFound):
    """There is a page of the staff, and the actor may not know of it: what they see is that there is none."""

    is_refusal = True
