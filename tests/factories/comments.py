"""Threads on words of a text."""

from __future__ import annotations

from accounts.models import User
from common import clock
from publishing.comments.models import Thread
from publishing.comments.services import threads
from publishing.editing import selectors
from publishing.editing.models import WorkText
from publishing.editing.selectors import chapters


def block_with(text: WorkText, words: str) -> tuple[str, str]:
    """The ids of a chapter and of its first block with these words, as the text is now."""
    current = selectors.require_text(text.work)
    for line in chapters.chapter_lines(current):
        for block in chapters.chapter_document(current, line.id)["blocks"]:
            content = "".join(one if isinstance(one, str) else one[0] for one in block.get("text", []))
            if words in content:
                return line.id, block["id"]
    raise AssertionError(words)


def make_thread(
    text: WorkText, author: User | None = None, words: str = "the keeper slept", body: str = "Really?", before: str = ""
) -> Thread:
    """A comment on words of the text; by its owner if by nobody else."""
    chapter_id, block_id = block_with(text, words)
    return threads.open_thread(
        actor=author or text.work.owner,
        work=text.work,
        chapter_id=chapter_id,
        block_id=block_id,
        words_meant=words,
        before=before,
        body=body,
        at=clock.now(),
    )
