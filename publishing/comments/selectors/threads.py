"""Threads for people: at their words as these stand now, or without a place and with the words as they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from accounts.models import User
from accounts.permissions import Visitor
from common.errors import NotFound
from conversion.engine.api import editing, patches
from publishing.comments import permissions, words
from publishing.comments.models import Comment, Thread, ThreadQuerySet
from publishing.comments.selectors.successors import Successors
from publishing.editing.models import Fit, WorkText
from publishing.editing.selectors import Placed, engine_base, patches_of, placed_now
from publishing.editing.selectors.texts import current_base
from publishing.models import Work


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment, and what the person may do with it."""

    comment: Comment
    may_edit: bool
    may_delete: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A thread with its comments. `place` is None where its words are gone."""

    thread: Thread
    place: editing.WordsPlace | None
    comments: list[ShownComment]
    may_answer: bool
    may_resolve: bool


def visible_threads(user: Visitor, work: Work) -> ThreadQuerySet:
    """Select the threads of a work that the user may see, with their comments."""
    found = Thread.objects.filter(work=work)
    if not permissions.may_see_all(user, work):
        found = found.filter(opened_by=user) if isinstance(user, User) else found.none()
    comments = Comment.objects.select_related("author")
    related = found.select_related("work__owner", "placement", "opened_by", "resolved_by")
    return related.prefetch_related(Prefetch("comments", comments))


def thread_by_public_id(user: Visitor, work: Work, public_id: str) -> Thread:
    """Return a thread that the user may see. Raises NotFound."""
    found = visible_threads(user, work).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def comment_of(thread: Thread, public_id: str) -> Comment:
    """Return a comment of the thread that was not deleted. Raises NotFound."""
    found = thread.comments.filter(public_id=public_id, deleted_at=None).first()
    if found is None:
        raise NotFound
    found.thread = thread
    return found


def shown(
    user: Visitor, text: WorkText, threads: Iterable[Thread], *, placed: Sequence[Placed] | None = None
) -> list[Shown]:
    """Return threads at their words, those without a place included. `placed` are the corrections that the person sees
    in the text, if not those that are part of it."""
    rows = list(threads)
    finder = _Finder(text, rows, placed if placed is not None else placed_now(text)) if rows else None
    return [_shown(user, thread, finder.place(thread) if finder is not None else None) for thread in rows]


class _Finder:
    """Finds threads of one text: by their placement in its base; by their words where they have none there."""

    def __init__(self, text: WorkText, threads: Sequence[Thread], placed: Sequence[Placed]) -> None:
        self._text, self._base = text, current_base(text)
        self._places = editing.places_of(engine_base(self._base), patches_of(placed))
        wanted = [thread.placement_id for thread in threads if thread.placement_id is not None]
        self._fits = {fit.correction_id: fit for fit in Fit.objects.filter(base=self._base, correction__in=wanted)}

    @cached_property
    def _successors(self) -> Successors:
        return Successors(self._text)

    @cached_property
    def _texts(self) -> dict[str, str]:
        return self._places.texts()

    def place(self, thread: Thread) -> editing.WordsPlace | None:
        placement = thread.placement
        if placement is not None:
            fit = self._fits.get(placement.pk)
            if fit is not None:
                is_there = fit.state == patches.FitState.APPLIED and fit.fit.anchor is not None
                return self._places.shown(fit.fit.anchor) if is_there and fit.fit.anchor is not None else None
            if placement.base_id == self._base.pk:
                return self._places.shown(placement.patch.anchor)
        # In no manuscript, or not looked for in this one yet.
        quote = words.Quote(thread.before, thread.quote, thread.after)
        found = words.find_again(self._texts, quote, self._successors.blocks(thread.block, self._texts))
        return editing.WordsPlace(found[0], *found[1]) if found is not None else None


def _shown(user: Visitor, thread: Thread, place: editing.WordsPlace | None) -> Shown:
    comments = list(thread.comments.all())
    may_answer = permissions.may_answer(user, thread) and not thread.is_resolved
    rows = []
    for number, comment in enumerate(comments):
        comment.thread = thread
        is_own = isinstance(user, User) and comment.is_by(user)
        is_last_word = all(later.author_id == comment.author_id for later in comments[number + 1 :])
        is_there = comment.deleted_at is None
        rows.append(
            ShownComment(
                comment,
                may_edit=is_there and is_own and may_answer and is_last_word,
                may_delete=is_there and permissions.may_delete(user, comment),
            )
        )
    return Shown(thread, place, rows, may_answer, permissions.may_resolve(user, thread))
