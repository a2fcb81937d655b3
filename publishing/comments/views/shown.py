"""Blocks of a chapter with the threads at their words, as markup and for the editor's script."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext

from common.templatetags.money import moment
from publishing.comments.models import Comment
from publishing.comments.selectors import Shown
from publishing.editing.views.shown import ShownBlock, shown_blocks
from publishing.models import Work

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CommentedBlock:
    """A block for the template, with its threads."""

    block: ShownBlock
    threads: list[Shown]
    blocks: list[CommentedBlock] = field(default_factory=list)


def commented_blocks(blocks: Sequence[Json], objects: Json, threads: Iterable[Shown]) -> list[CommentedBlock]:
    """Return blocks with the threads that are at them; the words that they are about are marked."""
    by_block: dict[str, list[Shown]] = defaultdict(list)
    for one in threads:
        if one.place is not None:
            by_block[one.place.block].append(one)
    marked = [_with_marks(block, by_block) for block in blocks]
    return [_commented(block, by_block) for block in shown_blocks(marked, objects)]


def threads_to_json(work: Work, threads: Iterable[Shown]) -> list[Json]:
    """Return threads with the addresses to answer at, for the margin of the editor."""
    return [_thread_to_json(work, one) for one in threads]


def author_of(comment: Comment) -> str:
    """Return whose comment it is, for people."""
    return comment.author.display_name if comment.author is not None else pgettext("author of a comment", "Deleted")


def _commented(block: ShownBlock, threads: dict[str, list[Shown]]) -> CommentedBlock:
    inner = [_commented(one, threads) for one in block.blocks]
    return CommentedBlock(block, threads.get(block.id, []), inner)


def _with_marks(block: Json, threads: dict[str, list[Shown]]) -> Json:
    changed = dict(block)
    if "blocks" in block:
        changed["blocks"] = [_with_marks(inner, threads) for inner in block["blocks"]]
    for one in threads.get(block["id"], ()):
        if one.place is not None and "text" in changed:
            changed["text"] = _marked(changed["text"], one.place.start, one.place.end)
    return changed


def _marked(pieces: Sequence[Any], start: int, end: int) -> list[Any]:
    """Return pieces with a mark over some characters; pieces are cut at its ends."""
    found: list[Any] = []
    at = 0
    for piece in pieces:
        text, marks, *key = (piece, []) if isinstance(piece, str) else piece
        cuts = sorted({0, len(text), min(max(start - at, 0), len(text)), min(max(end - at, 0), len(text))})
        for first, last in pairwise(cuts):
            is_in = start <= at + first and at + last <= end
            is_marked = is_in and not any(mark[0] == "comment" for mark in marks)
            found.append([text[first:last], [["comment"], *marks] if is_marked else marks, *key])
        at += len(text)
    return found


def _thread_to_json(work: Work, one: Shown) -> Json:
    thread = one.thread
    place = one.place._asdict() if one.place is not None else {"block": "", "start": 0, "end": 0}
    addresses = {}
    if one.may_answer:
        addresses["reply_url"] = reverse("comments:thread", args=[work.public_id, thread.public_id, "reply"])
    if one.may_resolve:
        addresses["resolve_url"] = reverse("comments:thread", args=[work.public_id, thread.public_id, "resolve"])
    return {
        "id": str(thread.public_id),
        "quote": thread.quote,
        **place,
        **addresses,
        "comments": [
            {
                "author": author_of(row.comment),
                "body": row.comment.body,
                "deleted": row.comment.deleted_at is not None,
                "written": moment(row.comment.written_at),
            }
            for row in one.comments
        ],
    }
