"""Queries for collaborators, as the owner and as they themselves see them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Visitor
from conversion import selectors as conversion_selectors
from conversion.selectors import WebBook
from publishing import selectors as publishing_selectors
from publishing.collaboration import hooks, permissions
from publishing.collaboration.hooks import SharedNote
from publishing.collaboration.models import Collaborator, CollaboratorRole
from publishing.models import Edition, Work


@dataclass(frozen=True, slots=True)
class SharedWork:
    """A work that somebody shares with the person. `may` says in a sentence what they may do; `notes` what is going on
    in its text."""

    collaborator: Collaborator
    work: Work
    name: str
    may: str
    works_on_text: bool = False
    notes: tuple[SharedNote, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedText:
    """What a collaborator sees of a work: its text. `edition` is None before the first upload."""

    shared: SharedWork
    edition: Edition | None
    book: WebBook | None


def collaborators_of(work: Work) -> list[Collaborator]:
    """Return everybody who works on the text, was invited, or has ended, for the owner."""
    return list(work.collaborators.select_related("user").order_by("ended_at", "invited_at", "pk"))


def collaborator_of(work: Work, public_id: str) -> Collaborator | None:
    return work.collaborators.select_related("user", "work").filter(public_id=public_id).first()


def shared_with(user: User) -> list[SharedWork]:
    """Return the works that others share with the person, with what is going on in them, by title."""
    rows = list(Collaborator.objects.active().filter(user=user).select_related("work__owner"))
    notes = hooks.notes_about(user, rows)
    works = [replace(shared_work(row), notes=tuple(notes.get(row.work_id, ()))) for row in rows]
    return sorted(works, key=lambda one: one.name.casefold())


def has_shared(user: Visitor) -> bool:
    """Whether anybody shares a work with the person."""
    return isinstance(user, User) and Collaborator.objects.active().filter(user=user).exists()


def shared_work(collaborator: Collaborator) -> SharedWork:
    work = collaborator.work
    edition = publishing_selectors.newest_of(work) if not work.title else None
    return SharedWork(
        collaborator=collaborator,
        work=work,
        name=publishing_selectors.display_name(work, edition),
        may=what_they_may(collaborator),
        works_on_text=permissions.may_suggest_as(collaborator),
    )


def shared_text(collaborator: Collaborator) -> SharedText:
    """Return the text of the newest edition, in preparation or on sale."""
    edition = publishing_selectors.newest_of(collaborator.work)
    book = conversion_selectors.web_book(edition.job) if edition is not None else None
    return SharedText(shared_work(collaborator), edition, book)


def what_they_may(collaborator: Collaborator) -> str:
    """Say what a role may do."""
    if collaborator.may_publish:
        return _("Reads and corrects the text, decides about suggestions, and publishes editions.")
    return {
        CollaboratorRole.EARLY_READER: _("Reads chapters in progress and comments on them."),
        CollaboratorRole.PROOFREADER: _("Reads and comments, and suggests changes for the author to accept."),
        CollaboratorRole.EDITOR: _("Reads and corrects the text, and decides about suggestions."),
        CollaboratorRole.CO_AUTHOR: _("Reads and corrects the text, and decides about suggestions."),
    }[CollaboratorRole(collaborator.role)]
