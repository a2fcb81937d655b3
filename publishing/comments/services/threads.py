"""Threads: opened at words, answered, resolved and reopened; comments changed and deleted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from common.errors import NotFound
from common.text_cleaning import cleaned
from conversion.engine.api import editing, patches
from publishing import hooks
from publishing import permissions as publishing_permissions
from publishing.comments import permissions, words
from publishing.comments.errors import (
    CommentAnswered,
    CommentTooLong,
    NothingWritten,
    ThreadResolved,
    TooManyThreads,
)
from publishing.comments.models import MAX_BODY, MAX_QUOTE, Comment, Thread
from publishing.comments.selectors import chapters
from publishing.editing import selectors as editing_selectors
from publishing.editing.errors import BlockGone
from publishing.editing.models import Correction, Decision, Origin, WorkText
from publishing.editing.selectors.chapters import block_ids
from publishing.editing.selectors.texts import current_base
from publishing.editing.services.texts import lock_text
from publishing.models import Work

MAX_OPEN = 2_000  # threads of a text


@transaction.atomic
def open_thread(
    *,
    actor: User,
    work: Work,
    chapter_id: str,
    block_id: str,
    words_meant: str,
    before: str = "",
    body: str,
    at: datetime,
) -> Thread:
    """Comment on words of a block, or on all of it for no words. `before` is what stands before them.

    Raises NotFound, NotAllowed, NoText, ChapterGone, BlockGone, WordsNotFound, WordsSeveralTimes, NothingWritten,
    CommentTooLong, TooManyThreads.
    """
    publishing_permissions.require_comment(actor, work)
    body = _checked(body)
    text = lock_text(work)  # the base must not change between finding the words and anchoring them
    if Thread.objects.filter(work=work).unresolved().count() >= MAX_OPEN:
        raise TooManyThreads(limit=MAX_OPEN)
    chapter = chapters.chapter_for(actor, text, chapter_id)
    if block_id not in block_ids(chapter):
        raise BlockGone
    places = editing_selectors.places_now(text)
    content = places.texts().get(block_id, "")
    found = words.find(content, words_meant, before)
    quote = words.quote_of(content, found)
    thread = Thread(
        work=work,
        block=block_id,
        chapter=str(chapter["attributes"].get("title", ""))[:300],
        quote=quote.words[:MAX_QUOTE],
        before=quote.before,
        after=quote.after,
        opened_by=actor,
        opened_at=at,
    )
    thread.save()
    thread.placement = _placement(text, thread, places.anchor(editing.WordsPlace(block_id, *found)), at)
    thread.save(update_fields=["placement"])
    Comment.objects.create(thread=thread, author=actor, body=body, written_at=at)
    hooks.notify_text_news(work, at)
    return thread


@transaction.atomic
def reply(*, actor: User, thread: Thread, body: str, at: datetime) -> Comment:
    """Answer in a thread. Raises NotFound, NotAllowed, ThreadResolved, NothingWritten, CommentTooLong."""
    thread = _locked(thread)
    permissions.require_answer(actor, thread)
    if thread.is_resolved:
        raise ThreadResolved
    comment = Comment.objects.create(thread=thread, author=actor, body=_checked(body), written_at=at)
    hooks.notify_text_news(thread.work, at)
    return comment


@transaction.atomic
def resolve(*, actor: User, thread: Thread, at: datetime) -> Thread:
    """Close a thread: it is listed apart. Safe to repeat. Raises NotFound, NotAllowed."""
    thread = _locked(thread)
    permissions.require_resolve(actor, thread)
    if not thread.is_resolved:
        thread.resolved_at, thread.resolved_by = at, actor
        thread.save(update_fields=["resolved_at", "resolved_by"])
    return thread


@transaction.atomic
def reopen(*, actor: User, thread: Thread) -> Thread:
    """Take back that a thread was resolved. Safe to repeat. Raises NotFound, NotAllowed."""
    thread = _locked(thread)
    permissions.require_resolve(actor, thread)
    thread.resolved_at = thread.resolved_by = None
    thread.save(update_fields=["resolved_at", "resolved_by"])
    return thread


@transaction.atomic
def edit(*, actor: User, comment: Comment, body: str, at: datetime) -> Comment:
    """Change one's own comment, as long as nobody has answered it.

    Raises NotFound, NotAllowed, CommentAnswered, ThreadResolved, NothingWritten, CommentTooLong.
    """
    thread = _locked(comment.thread)
    comment = _current(comment, thread)
    permissions.require_edit(actor, comment)
    if thread.is_resolved:
        raise ThreadResolved
    if later(comment).exclude(author=actor).exists():
        raise CommentAnswered
    comment.body, comment.edited_at = _checked(body), at
    comment.save(update_fields=["body", "edited_at"])
    return comment


@transaction.atomic
def delete(*, actor: User, comment: Comment, at: datetime) -> None:
    """Delete a comment: one's own, or as the owner of the work any. Raises NotFound, NotAllowed."""
    thread = _locked(comment.thread)
    comment = _current(comment, thread)
    permissions.require_delete(actor, comment)
    erase_comment(comment, at=at)


def erase_comment(comment: Comment, *, at: datetime) -> None:
    """Delete a comment of a locked thread: its place stays where others answered, and the thread goes with its last
    comment."""
    if later(comment).filter(deleted_at=None).exists():
        comment.body, comment.author, comment.deleted_at = "", None, at
        comment.save(update_fields=["body", "author", "deleted_at"])
    else:
        comment.delete()
    thread = comment.thread
    if not thread.comments.filter(deleted_at=None).exists():
        placement = thread.placement
        thread.delete()
        if placement is not None:
            placement.delete()


def later(comment: Comment) -> QuerySet[Comment]:
    """Select what was written in the thread after a comment."""
    return comment.thread.comments.filter(pk__gt=comment.pk)


def _placement(
    text: WorkText,
    thread: Thread,
    found: tuple[patches.BlockAnchor, tuple[patches.Piece, ...]] | None,
    at: datetime,
) -> Correction | None:
    """Return the correction that keeps a thread at its words; None for words that are in no manuscript.

    The patch names the thread, so that two comments on the same words are two, and nobody's account.
    """
    if found is None:
        return None
    anchor, old = found
    base = current_base(text)
    patch = patches.Patch(base.identity, anchor, patches.CommentEdit(old), str(thread.public_id), at.isoformat())
    return Correction.objects.create(
        work=text.work,
        base=base,
        patch=patch,
        identity=patch.identity,
        op=str(patch.op),
        decision=Decision.SUGGESTED,
        origin=Origin.COMMENT,
        made_at=at,
    )


def _locked(thread: Thread) -> Thread:
    """Return the row, locked: an answer and a deletion at once would leave a thread without comments."""
    found = Thread.objects.select_for_update(of=("self",)).select_related("work", "placement").filter(pk=thread.pk)
    if not found:
        raise NotFound
    return found[0]


def _current(comment: Comment, thread: Thread) -> Comment:
    """Return the comment as it is now. Raises NotFound where it was deleted meanwhile."""
    found = thread.comments.filter(pk=comment.pk, deleted_at=None).first()
    if found is None:
        raise NotFound
    found.thread = thread
    return found


def _checked(body: str) -> str:
    """Return what was written, without blanks around it. Raises NothingWritten, CommentTooLong."""
    body = cleaned(body.replace("\r\n", "\n")).strip()
    if not body:
        raise NothingWritten
    if len(body) > MAX_BODY:
        raise CommentTooLong(limit=MAX_BODY)
    return body
