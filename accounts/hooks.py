"""Hooks for apps above this one: what they do when a person is renamed, what prevents a deletion, what they erase, and
which documents they add to a data copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.models import Deletion, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that prevents an account from being deleted now: what it is, what to do about it, and on which page."""

    text: StrOrPromise
    advice: StrOrPromise
    page: str = ""
    action: StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file in a person's data copy that is not a table: its name in the copy and its content."""

    name: str
    content: bytes


type PersonHandler = Callable[[User], None]
type Look = Callable[[User, datetime], Iterable[Obstacle]]
type Note = Callable[[User, datetime], Iterable[StrOrPromise]]
type Eraser = Callable[[Deletion, datetime], None]
type Documents = Callable[[User], Iterable[Document]]
type Forgetter = Callable[[datetime], None]

_renamed: list[PersonHandler] = []
_obstacles: list[Look] = []
_given_up: list[Note] = []
_preparers: list[Eraser] = []
_erasers: list[Eraser] = []
_documents: list[Documents] = []
_forgetters: list[Forgetter] = []


def when_renamed(handler: PersonHandler) -> PersonHandler:
    """Call `handler(user)` in the transaction that renames a person."""
    _renamed.append(handler)
    return handler


def announce_renamed(user: User) -> None:
    for handler in _renamed:
        handler(user)


def deletion_obstacle(look: Look) -> Look:
    """Ask `look(user, at)` what prevents the deletion, when the person asks for it and again before it is done."""
    _obstacles.append(look)
    return look


def obstacles(user: User, at: datetime) -> list[Obstacle]:
    return [one for look in _obstacles for one in look(user, at)]


def deletion_notice(note: Note) -> Note:
    """Ask `note(user, at)` what this person in particular gives up, to show it before they ask for the deletion."""
    _given_up.append(note)
    return note


def given_up(user: User, at: datetime) -> list[StrOrPromise]:
    return [one for note in _given_up for one in note(user, at)]


def before_erasing(preparer: Eraser) -> Eraser:
    """Call `preparer(deletion, at)` first, in its own transaction, to end whatever would prevent the erasure. Safe to
    repeat.
    """
    _preparers.append(preparer)
    return preparer


def prepare_erasing(deletion: Deletion, at: datetime) -> None:
    for preparer in reversed(_preparers):
        preparer(deletion, at)


def when_erased(eraser: Eraser) -> Eraser:
    """Call `eraser(deletion, at)` in the transaction that erases the person, whose row is locked. Safe to repeat."""
    _erasers.append(eraser)
    return eraser


def erase(deletion: Deletion, at: datetime) -> None:
    """Run the erasers of apps above first: their rows may refer to rows of apps below."""
    for eraser in reversed(_erasers):
        eraser(deletion, at)


def when_copied(documents: Documents) -> Documents:
    """Add the documents that `documents(user)` returns to the person's data copy."""
    _documents.append(documents)
    return documents


def documents_of(user: User) -> Iterator[Document]:
    for documents in _documents:
        yield from documents(user)


def on_nightly_cleanup(forgetter: Forgetter) -> Forgetter:
    """Call `forgetter(at)` each night, to delete what the retention schedule no longer keeps."""
    _forgetters.append(forgetter)
    return forgetter


def forgetters() -> list[Forgetter]:
    return list(_forgetters)
