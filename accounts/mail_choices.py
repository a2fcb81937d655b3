"""Emails that people may choose: each app registers its own, and one page of the account shows all of them.

An email that nobody is owed (receipts, decisions and warnings are) is registered here. Most have settings of their own
where they belong, and say here how they are read and changed; those that are only on or off are a `MailKind`, and what
people turned off is a `MailStop`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext_lazy as _

from accounts.models import MailStop, User
from common.errors import NotFound

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ON, OFF = "on", "off"
ON_OR_OFF: tuple[tuple[str, StrOrPromise], ...] = ((ON, _("Email me")), (OFF, _("Never")))


@dataclass(frozen=True, slots=True)
class MailChoice:
    """One choice of one person. `code` is the choice's within its app; `off` is the option that stops the emails."""

    code: str
    name: StrOrPromise
    detail: StrOrPromise
    chosen: str
    options: tuple[tuple[str, StrOrPromise], ...] = ON_OR_OFF
    off: str = OFF


class Chooser(Protocol):
    def __call__(self, *, actor: User, code: str, option: str, at: datetime) -> None:
        """Save one of the options. Raises NotFound for a code that is not among the person's choices."""


@dataclass(frozen=True, slots=True)
class Source:
    """An app's choices: which a person has, and how one is changed."""

    area: str
    find: Callable[[User], Iterable[MailChoice]]
    choose: Chooser


@dataclass(frozen=True, slots=True)
class MailKind:
    """A kind of email that is only on or off. `concerns` says whether the person may get such emails at all."""

    code: str
    name: StrOrPromise
    detail: StrOrPromise
    concerns: Callable[[User], bool]


_sources: dict[str, Source] = {}
_kinds: dict[str, MailKind] = {}
_KINDS_AREA = "kinds"


def add_source(source: Source) -> None:
    """Show the app's choices on the page. Called once, when the app is ready."""
    _sources[source.area] = source


def add_kind(kind: MailKind) -> None:
    """Show a kind of email that is only on or off. Called once, when its app is ready."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> MailKind:
    """Return a registered kind. Raises NotFound."""
    if code not in _kinds:
        raise NotFound
    return _kinds[code]


def choices_of(user: User) -> list[tuple[str, MailChoice]]:
    """Return all choices of the person, each with the name of its form field."""
    stopped = set(MailStop.objects.filter(user=user).values_list("kind", flat=True))
    kinds = [kind for kind in _kinds.values() if kind.concerns(user)]
    found = [
        (f"{_KINDS_AREA}.{one.code}", MailChoice(one.code, one.name, one.detail, OFF if one.code in stopped else ON))
        for one in kinds
    ]
    for source in _sources.values():
        found += [(f"{source.area}.{choice.code}", choice) for choice in source.find(user)]
    return found


def source_of(field: str) -> Source:
    """Return the source of a form field. Raises NotFound."""
    area = field.partition(".")[0]
    if area not in _sources:
        raise NotFound
    return _sources[area]


def is_of_kinds(field: str) -> bool:
    return field.partition(".")[0] == _KINDS_AREA
