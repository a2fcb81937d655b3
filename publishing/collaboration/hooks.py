"""Hooks that let features above say what is going on in the works that somebody shares with a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from accounts.models import User
from publishing.collaboration.models import Collaborator


@dataclass(frozen=True, slots=True)
class SharedNote:
    """A sentence about a shared work, and the page that it is about."""

    text: str
    href: str


type NoteFinder = Callable[[User, Sequence[Collaborator]], Mapping[int, Iterable[SharedNote]]]

_note_finders: list[NoteFinder] = []


def add_notes(finder: NoteFinder) -> NoteFinder:
    """Ask `finder(user, collaborators)` what is going on in the works of these rows; it answers by the works' keys."""
    _note_finders.append(finder)
    return finder


def notes_about(user: User, collaborators: Sequence[Collaborator]) -> Mapping[int, list[SharedNote]]:
    """Return what is going on in the works that the rows are about, by the works' keys."""
    found: dict[int, list[SharedNote]] = defaultdict(list)
    for find in _note_finders if collaborators else ():
        for work, notes in find(user, collaborators).items():
            found[work] += notes
    return found
