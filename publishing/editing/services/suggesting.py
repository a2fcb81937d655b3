"""Suggestions: what somebody types who may not change the text, for others to decide on change by change.

They type into the text with their own suggestions in it. A save makes these what the chapter says: those that are the
same stay, new ones are made, and those that were typed over or taken back are replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from common.errors import NotAllowed
from common.text_cleaning import one_line
from conversion.engine.api import editing
from conversion.options import Patch
from publishing import hooks, permissions
from publishing.editing import selectors
from publishing.editing.errors import AlreadyDecided, ChapterInvalid, CorrectionClashes
from publishing.editing.models import MAX_REASON, Correction, Decision, Origin, WorkText
from publishing.editing.selectors import Placed, chapters, suggestions
from publishing.editing.selectors.texts import current_base
from publishing.editing.services.saving import Saved, compare, merged, read_chapter, require_revision, save_chapter
from publishing.editing.services.texts import lock_text
from publishing.models import Work

_MAX_NAMED = 2_000  # suggestions that a chapter may say it shows


def save_or_suggest(
    *,
    actor: User,
    work: Work,
    chapter_id: str,
    document: Mapping[str, Any],
    revision: int,
    at: datetime,
    reason: str = "",
) -> Saved:
    """Change the text where the actor may, else suggest the changes. Raises the errors of `save_chapter`."""
    given: dict[str, Any] = {"chapter_id": chapter_id, "document": document, "revision": revision, "at": at}
    if permissions.may_edit_text(actor, work):
        return save_chapter(actor=actor, work=work, **given)
    return suggest_chapter(actor=actor, work=work, reason=reason, **given)


@transaction.atomic
def suggest_chapter(
    *,
    actor: User,
    work: Work,
    chapter_id: str,
    document: Mapping[str, Any],
    revision: int,
    at: datetime,
    reason: str = "",
) -> Saved:
    """Suggest what the document says, without changing the text; `reason` says why, for who decides.

    Each change is a suggestion of its own. The document shows the actor's suggestions that it names as its `own`.
    Raises the errors of `save_chapter`.
    """
    permissions.require_suggest(actor, work)
    text = lock_text(work)
    sent = read_chapter(chapter_id, document)
    require_revision(text, sent, revision)
    placed = selectors.placed_now(text)
    together = suggestions.text_with(text, placed, suggestions.suggestions_of(text, actor))
    wanted = _brought_up_to_date(text, sent, document, revision, actor=actor, placed=placed, together=together)
    made = _suggest(text, placed, together, wanted, actor=actor, at=at, reason=reason)
    now = suggestions.text_with(text, placed, suggestions.suggestions_of(text, actor))
    _require_said(wanted, chapters.chapter_at(text, now, chapter_id))
    if made:
        hooks.notify_text_news(work, at)
    return Saved(text.revision, suggestions.document_with(text, now, chapter_id), len(made))


@transaction.atomic
def explain(*, actor: User, work: Work, correction: Correction, reason: str, at: datetime) -> Correction:
    """Say why one suggests something, for who decides. Raises NotAllowed, AlreadyDecided, CorrectionClashes."""
    permissions.require_suggest(actor, work)
    if correction.author_id != actor.pk:
        raise NotAllowed
    text = lock_text(work)
    here = next((one for one in suggestions.suggestions_of(text, actor) if one.correction.pk == correction.pk), None)
    if here is None:
        if Correction.objects.get(pk=correction.pk).decision != Decision.SUGGESTED:
            raise AlreadyDecided
        raise CorrectionClashes
    patch = replace(here.patch, reason=one_line(reason)[:MAX_REASON])
    if patch.identity == here.patch.identity:
        return correction
    _replace([here.correction], actor=actor, at=at)
    return _create(text, patch, here.correction.revises, actor=actor, at=here.correction.made_at)


def _brought_up_to_date(
    text: WorkText,
    sent: editing.ChapterText,
    document: Mapping[str, Any],
    revision: int,
    *,
    actor: User,
    placed: Sequence[Placed],
    together: Sequence[Placed],
) -> editing.ChapterText:
    """Return the chapter with what has become of the text and of the suggestions since it was read."""
    names = _own_of(document)
    now = {str(one.correction.public_id) for one in together if suggestions.is_suggestion(one.correction)}
    if revision == text.revision and names == now:
        return sent
    shown = suggestions.suggestions_named(text, actor, names)
    before = placed if revision == text.revision else selectors.placed_at(text, revision)
    ancestor = chapters.chapter_at(text, suggestions.text_with(text, before, shown), sent.chapter)
    theirs = suggestions.document_with(text, together, sent.chapter)
    return merged(ancestor, sent, chapters.chapter_at(text, together, sent.chapter), shown=theirs)


def _own_of(document: Mapping[str, Any]) -> set[str]:
    """Return the suggestions that a document says it shows. Raises ChapterInvalid."""
    names = document.get(suggestions.OWN, [])
    if not isinstance(names, list) or len(names) > _MAX_NAMED or not all(isinstance(name, str) for name in names):
        raise ChapterInvalid(rule="own")
    return set(names)


def _suggest(
    text: WorkText,
    placed: list[Placed],
    together: list[Placed],
    wanted: editing.ChapterText,
    *,
    actor: User,
    at: datetime,
    reason: str,
) -> list[Correction]:
    """Make the actor's suggestions what a chapter is wanted to say. Return the new ones."""
    own = {one.patch.identity: one.correction for one in together if suggestions.is_suggestion(one.correction)}
    found = compare(text, together, wanted, author=actor.public_id, at=at)
    staying = [patch for patch in found.kept if patch.identity in own]
    replaced = [own[patch.identity] for patch in found.dropped if patch.identity in own]
    if not found.made and not replaced:
        return []
    of_the_text = compare(text, placed, wanted, author=actor.public_id, at=at)
    revised = {one.patch.identity: one.correction for one in placed}
    _replace(replaced, actor=actor, at=at)
    return [
        _create(text, _explained(patch, reason, replaced), revised.get(patch.revises), actor=actor, at=at)
        for patch in of_the_text.made
        if not any(_is_same_change(patch, one) for one in staying)
    ]


def _is_same_change(one: Patch, other: Patch) -> bool:
    places = [(patch.anchor.block, patch.anchor.start, patch.anchor.end) for patch in (one, other)]
    return places[0] == places[1] and one.edit == other.edit


def _explained(patch: Patch, reason: str, replaced: Iterable[Correction]) -> Patch:
    """Return a patch with its reason: the one given, else that of what it replaces in the same block."""
    before = (one.patch for one in replaced if one.op == patch.op and one.patch.anchor.block == patch.anchor.block)
    return replace(patch, reason=reason[:MAX_REASON] or next((one.reason for one in before if one.reason), ""))


def _create(text: WorkText, patch: Patch, revises: Correction | None, *, actor: User, at: datetime) -> Correction:
    return Correction.objects.create(
        work=text.work,
        base=current_base(text),
        patch=patch,
        identity=patch.identity,
        op=str(patch.op),
        decision=Decision.SUGGESTED,
        origin=Origin.SUGGESTION,
        author=actor,
        revises=revises,
        made_at=at,
    )


def _replace(corrections: Iterable[Correction], *, actor: User, at: datetime) -> None:
    """End suggestions that their author typed over or took back. They stay for a while, because another window of
    theirs may show them: see `cleanup`."""
    rows = Correction.objects.filter(pk__in=[one.pk for one in corrections])
    rows.update(decision=Decision.REVISED, decided_by=actor, decided_at=at)


def _require_said(wanted: editing.ChapterText, now: editing.ChapterText) -> None:
    """Require that suggestions say what was typed. Raises ChapterInvalid.

    They cannot say that a correction is to be undone: in the manuscript its words are as they are wanted.
    """
    shown = {block.id: _words_of(block) for block in _all_blocks(now)}
    for block in _all_blocks(wanted):
        if shown.get(block.id, _words_of(block)) != _words_of(block):
            raise ChapterInvalid(rule="puts-back", block=block.id)


def _words_of(block: editing.Block) -> list[str]:
    return "".join(piece.text for piece in block.text).split()


def _all_blocks(chapter: editing.ChapterText) -> Iterable[editing.Block]:
    waiting = [*chapter.blocks, *(block for note in chapter.notes for block in note.blocks)]
    while waiting:
        block = waiting.pop()
        yield block
        waiting += block.blocks
