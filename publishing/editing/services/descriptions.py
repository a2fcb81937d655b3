"""Descriptions of pictures, many at once: corrections as the editor makes them, or of drawn pages a row for each.

What one of them cannot be is said at its place; the others are saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from common.errors import DomainError
from conversion.engine.api import patches
from publishing import permissions
from publishing.editing import document_edits
from publishing.editing.errors import BlockGone, DescriptionChanged, DescriptionInvalid, PictureGone
from publishing.editing.models import PageDescription, WorkText
from publishing.editing.selectors import suggestions
from publishing.editing.selectors.descriptions import ShownPicture, mark_of, pictures_for
from publishing.editing.services.suggesting import save_or_suggest
from publishing.editing.services.texts import lock_text, touch
from publishing.models import Edition, Work

_WITHIN_TEXT = "picture:"  # begins the name of a picture within a text; others are figures


@dataclass(frozen=True, slots=True)
class Wanted:
    """A description as somebody wrote it. `seen` is the mark of the one that they saw."""

    place: str
    alt: str
    is_decorative: bool
    seen: str

    @property
    def mark(self) -> str:
        return mark_of(self.alt, is_decorative=self.is_decorative)

    @property
    def is_untouched(self) -> bool:
        return self.mark == self.seen


@dataclass(slots=True)
class Described:
    """How many descriptions were changed, or suggested, and why others were not, by their places."""

    saved: int = 0
    suggested: int = 0
    refused: dict[str, DomainError] = field(default_factory=dict)


@transaction.atomic
def describe_pictures(*, actor: User, edition: Edition, wanted: Sequence[Wanted], at: datetime) -> Described:
    """Write descriptions of pictures; who may not change the text suggests them. Raises NotAllowed, NotFound."""
    work = edition.work
    permissions.require_suggest(actor, work)
    outcome = Described()
    asked = [one for one in wanted if not one.is_untouched]
    # Between the look at what stands there and the save, nobody else may describe the same picture.
    WorkText.objects.select_for_update(of=("self",)).filter(work=work).first()
    shown = {one.place: one for one in pictures_for(actor, edition) or ()} if asked else {}
    by_chapter: dict[str, list[Wanted]] = {}
    for one in asked:
        try:
            _require_writable(one, shown.get(one.place))
        except DomainError as error:
            outcome.refused[one.place] = error
        else:
            by_chapter.setdefault(shown[one.place].chapter_id, []).append(one)
    for chapter_id, rows in by_chapter.items():
        try:
            if chapter_id:
                _describe_chapter(actor, work, chapter_id, rows, at)
            else:
                _describe_pages(actor, work, rows, at)
        except DomainError as error:
            outcome.refused |= dict.fromkeys((one.place for one in rows), error)
    count = len(asked) - len(outcome.refused)
    if permissions.may_edit_text(actor, work):
        outcome.saved = count
    else:
        outcome.suggested = count
    return outcome


def _require_writable(one: Wanted, now: ShownPicture | None) -> None:
    """Require that the picture is there as it was seen. Raises PictureGone, DescriptionChanged, DescriptionInvalid."""
    if now is None:
        raise PictureGone
    if now.seen not in (one.seen, one.mark):
        raise DescriptionChanged(now=now.summary, seen=now.seen)
    if not patches.may_set("figure", "alt", one.alt):
        raise DescriptionInvalid


@transaction.atomic
def _describe_chapter(actor: User, work: Work, chapter_id: str, rows: Sequence[Wanted], at: datetime) -> None:
    """Save a chapter with these descriptions. Raises the errors of `save_or_suggest`, and BlockGone."""
    document = suggestions.chapter_for(actor, lock_text(work), chapter_id)
    for one in rows:
        _describe(document, one)
    revision = document.pop("revision")
    save_or_suggest(actor=actor, work=work, chapter_id=chapter_id, document=document, revision=revision, at=at)


def _describe(document: dict[str, Any], one: Wanted) -> None:
    name = one.place.rpartition("/")[2]
    if name.startswith(_WITHIN_TEXT):
        if name not in document["objects"]:
            raise BlockGone
        about = document["objects"][name]
    else:
        about = document_edits.find(document, name).block["attributes"]
    about["alt"], about["decorative"] = one.alt, one.is_decorative


@transaction.atomic
def _describe_pages(actor: User, work: Work, rows: Sequence[Wanted], at: datetime) -> None:
    """Write the descriptions of drawn pages; the files are made again. Raises NotAllowed."""
    permissions.require_edit_text(actor, work)
    WorkText.objects.get_or_create(work=work)
    text = WorkText.objects.select_for_update(of=("self",)).get(work=work)
    text.work = work
    for one in rows:
        PageDescription.objects.update_or_create(
            work=work,
            asset=one.place.rpartition("/")[2],
            defaults={"alt": one.alt, "is_decorative": one.is_decorative, "written_by": actor, "written_at": at},
        )
    text.revision += 1
    touch(text, at=at)
