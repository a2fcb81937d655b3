"""A registry of what apps above let members report: found by public id, hidden by a decision, shown again on appeal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.models import User
from accounts.permissions import Visitor
from storefront.community.models import CaseOutcome, Reported, ReviewCase

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that was reported, as it is now."""

    owner: User
    title: str
    words: str
    is_hidden: bool
    address: str = ""  # of a page where moderators may see it, if there is one


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences of pages and emails about one kind of thing; `%(title)s` and `%(day)s` are filled in."""

    form_title: StrOrPromise  # of the page where it is reported
    page_title: StrOrPromise  # of the moderators' and the owner's pages
    heading: StrOrPromise
    opening: StrOrPromise
    appeal_opening: StrOrPromise
    told_reporter: StrOrPromise
    effects: StrOrPromise


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of thing is found, locked and hidden."""

    words: Words
    find: Callable[[str], Thing | None]
    lock: Callable[[str], object]
    may_report: Callable[[Visitor, str], bool]
    set_hidden: Callable[[str, bool, datetime], object]
    is_public: bool = False  # people without an account see it, and report it
    # Of what has a process of its own: whose cases have pages, emails and a time for appeals elsewhere.
    page: Callable[[str], str] | None = None  # where moderators decide
    may_decide: Callable[[User, str], bool] | None = None


_kinds: dict[Reported, Kind] = {}


def register(name: Reported, kind: Kind) -> None:
    """Let members report things of this kind."""
    _kinds[name] = kind


def kind_of(name: str) -> Kind | None:
    """Return how things of this kind are handled; None for books, shelves and reviews, which community knows itself."""
    return _kinds.get(Reported(name)) if name else None


def with_own_process() -> list[Reported]:
    """Return the kinds whose cases have pages, emails and a time for appeals of their own."""
    return [name for name, kind in _kinds.items() if kind.page is not None]


def has_own_process(case: ReviewCase) -> bool:
    kind = kind_of(case.reported)
    return kind is not None and kind.page is not None


def heading_of(case: ReviewCase) -> str:
    """Return what the owner is told, in one line."""
    kind = kind_of(case.reported)
    return str(kind.words.heading if kind is not None else case.heading)


def effects_of(case: ReviewCase) -> str:
    """Return what the decision leaves to the owner; "" if it changes nothing."""
    kind = kind_of(case.reported)
    if kind is not None:
        return str(kind.words.effects) if case.outcome == CaseOutcome.HIDE else ""
    return str(case.effects)


def find(name: str, public_id: str) -> Thing | None:
    """Return the thing as it is now; None once it was deleted."""
    kind = kind_of(name)
    return kind.find(public_id) if kind is not None else None
