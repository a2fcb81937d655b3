"""The text as somebody sees it who may only suggest: with their own suggestions in it, until these are decided on.

Where a suggestion and a later correction are about the same words, the correction is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from accounts.models import User
from accounts.permissions import Visitor
from conversion.engine.api import editing, patches
from publishing import permissions
from publishing.editing.models import Correction, Origin, WorkText
from publishing.editing.models.correction import CorrectionQuerySet
from publishing.editing.selectors.bases import engine_base
from publishing.editing.selectors.chapters import chapter_at, chapter_document
from publishing.editing.selectors.texts import Placed, current_base, patch_in, patches_of, placed_now, with_fits

OWN = "own"  # of a chapter's document: which suggestions it shows


def only_suggests(user: Visitor, text: WorkText) -> bool:
    """Whether what the person types is suggested, because somebody else decides about the text."""
    return permissions.may_suggest(user, text.work) and not permissions.may_edit_text(user, text.work)


def chapter_for(user: Visitor, text: WorkText, chapter_id: str) -> dict[str, Any]:
    """Return a chapter as the person edits it. Raises ChapterGone."""
    if not isinstance(user, User) or not only_suggests(user, text):
        return chapter_document(text, chapter_id)
    return document_with(text, text_with(text, placed_now(text), suggestions_of(text, user)), chapter_id)


def text_for(user: Visitor, text: WorkText) -> list[Placed]:
    """Return the corrections in the text as the person edits it."""
    placed = placed_now(text)
    if not isinstance(user, User) or not only_suggests(user, text):
        return placed
    return text_with(text, placed, suggestions_of(text, user))


def document_with(text: WorkText, together: Sequence[Placed], chapter_id: str) -> dict[str, Any]:
    """Return a chapter with the corrections and suggestions that are shown in it. Raises ChapterGone."""
    own = [str(one.correction.public_id) for one in together if is_suggestion(one.correction)]
    return chapter_at(text, together, chapter_id).to_json() | {"revision": text.revision, OWN: own}


def suggestions_of(text: WorkText, user: User) -> list[Placed]:
    """Return what the person suggests and nobody has decided on, as it counts in the text's base."""
    return _placed(text, _by(text, user).suggested())


def suggestions_named(text: WorkText, user: User, names: Collection[str]) -> list[Placed]:
    """Return suggestions of the person by their public ids, whatever has become of them since."""
    return _placed(text, _by(text, user).filter(public_id__in=names).exclude(op=patches.Op.COMMENT))


def text_with(text: WorkText, placed: Sequence[Placed], suggested: Sequence[Placed]) -> list[Placed]:
    """Return the corrections of a text with suggestions: in place of what they revise, and only where they fit."""
    revised = {one.correction.revises_id for one in suggested}
    in_the_text = {one.patch.identity for one in placed}
    apart = [one for one in suggested if one.patch.identity not in in_the_text]
    together = [*(one for one in placed if one.correction.pk not in revised), *apart]
    applying = {patch.identity for patch in editing.applying(engine_base(current_base(text)), patches_of(together))}
    fitting = [one for one in apart if one.patch.identity in applying]
    replaced = {one.correction.revises_id for one in fitting}
    return [*(one for one in placed if one.correction.pk not in replaced), *fitting]


def is_suggestion(correction: Correction) -> bool:
    """Whether a correction of `text_with` is a suggestion."""
    return correction.origin == Origin.SUGGESTION and correction.counts_from is None


def _by(text: WorkText, user: User) -> CorrectionQuerySet:
    return Correction.objects.filter(work=text.work_id, author=user, origin=Origin.SUGGESTION).order_by("pk")


def _placed(text: WorkText, corrections: CorrectionQuerySet) -> list[Placed]:
    base = current_base(text)
    found = [(correction, patch_in(correction, base, fit)) for correction, fit in with_fits(corrections, base)]
    return [Placed(correction, patch) for correction, patch in found if patch is not None]
