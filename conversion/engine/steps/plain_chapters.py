"""A chapter that no file can be written of is written plainly: its words and notes, with a finding.

It is replaced in the Book before anything is written, so that web chapters and EPUB still have the same text.
"""

from __future__ import annotations

import traceback

from ..book.plain_blocks import plain_chapters
from ..findings.model import Finding
from ..findings.registry import severity
from ..markup.survey import survey
from ..markup.xhtml import XhtmlMarkup
from .run import Run

_CODE = "epub.chapter-plain"


def replace_unwritable(run: Run) -> bool:
    """Reduce the chapters that cannot be written to their words; return whether there were any."""
    surveyed = survey(run.book)
    markup = XhtmlMarkup(surveyed, assets="", asset_names=dict.fromkeys(surveyed.assets, ""), style="")
    failed = [piece for index, piece in enumerate(surveyed.pieces) if not _is_written(markup, index)]
    chapters = {id(piece.chapter): piece.chapter for piece in failed}.values()
    run.book = plain_chapters(run.book, chapters, [note for piece in failed for note in piece.notes])
    run.findings += [Finding(_CODE, severity(_CODE), chapter=chapter.title) for chapter in chapters]
    return bool(failed)


def _is_written(markup: XhtmlMarkup, index: int) -> bool:
    try:
        markup.page(index)
    except (MemoryError, RecursionError):
        raise
    except Exception:
        traceback.print_exc()
        return False
    return True
