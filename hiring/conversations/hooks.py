"""Hooks for what conversations are about: its page, who may be written to, and who else may read; and for conversations
that are kept elsewhere and found in the inbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """What a conversation is about: its name and its page."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A conversation that is kept elsewhere, as the inbox lists it. `news` counts what is new to the person."""

    thing: str  # public id of what it is about
    people: str
    title: str
    words: str  # the newest ones
    at: datetime
    href: str
    news: int = 0
    is_own: bool = False  # the newest words are the person's own


# Finds the conversations of a person, or only those with news, given when they last saw which.
type ElsewhereFinder = Callable[[User, Mapping[str, datetime], bool], Iterable[Elsewhere]]
type SubjectFinder = Callable[[str], SubjectPage | None]
type Reachability = Callable[[User], bool]
type Readability = Callable[[User, str], bool]

_subjects: dict[str, SubjectFinder] = {}
_reachable: list[Reachability] = []
_readers: list[Readability] = []
_elsewhere: list[ElsewhereFinder] = []


def name_subjects(prefix: str, finder: SubjectFinder) -> None:
    """Call `finder(public_id)` for the page of subjects whose public id has this prefix."""
    _subjects[prefix] = finder


def subject_page(subject: str) -> SubjectPage | None:
    """Return what a subject is called and where it is; None for none, or for one that nobody knows."""
    finder = _subjects.get(subject.partition("_")[0])
    return finder(subject) if finder is not None else None


def when_reachable(look: Reachability) -> Reachability:
    """Ask `look(user)` whether members who do not know the person may write to them."""
    _reachable.append(look)
    return look


def is_reachable(user: User) -> bool:
    return any(look(user) for look in _reachable)


def when_readable(look: Readability) -> Readability:
    """Ask `look(user, subject)` whether somebody who is not a member may read a conversation: who decides a case."""
    _readers.append(look)
    return look


def may_read(user: User, subject: str) -> bool:
    return bool(subject) and any(look(user, subject) for look in _readers)


def list_elsewhere(find: ElsewhereFinder) -> ElsewhereFinder:
    """List what `find(user, seen, only_news)` returns in the person's inbox, as links to where it is kept."""
    _elsewhere.append(find)
    return find


def elsewhere(user: User, seen: Mapping[str, datetime], *, only_news: bool) -> list[Elsewhere]:
    """Return the conversations of a person that are kept elsewhere, those with the newest words first."""
    found = [one for find in _elsewhere for one in find(user, seen, only_news)]
    return sorted(found, key=lambda one: one.at, reverse=True)
