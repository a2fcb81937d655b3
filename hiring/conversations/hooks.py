"""Hooks for what conversations are about: its page, who may be written to, and who else may read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """What a conversation is about: its name and its page."""

    label: str
    href: str


type SubjectFinder = Callable[[str], SubjectPage | None]
type Reachability = Callable[[User], bool]
type Readability = Callable[[User, str], bool]

_subjects: dict[str, SubjectFinder] = {}
_reachable: list[Reachability] = []
_readers: list[Readability] = []


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
