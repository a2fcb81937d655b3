"""What a page shows of a comparison: each changed chapter with its fate in words, and few enough passages."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from conversion.engine.api import edition_diff

_FIRST = 40  # passages that a page shows of all chapters
_OF_CHAPTER = 8  # and of one, unless it is asked for


@dataclass(frozen=True, slots=True)
class ShownChapter:
    """A changed chapter. `number` is its place among the changed ones; `rest` counts passages that are on a page of
    their own, `untold` those that are nowhere."""

    number: int
    title: str
    fates: tuple[str, ...]
    is_new: bool
    is_gone: bool
    added: int
    removed: int
    moved: int
    passages: tuple[edition_diff.Passage, ...]
    rest: int
    untold: int


@dataclass(frozen=True, slots=True)
class ShownChanges:
    added: int
    removed: int
    total: int  # changed chapters
    chapters: tuple[ShownChapter, ...]
    is_one: bool  # a single chapter with all its passages


def shown_changes(found: edition_diff.EditionDiff, *, only: str = "", with_passages: bool = True) -> ShownChanges:
    """Return what a page shows: all changed chapters with the first passages, or one (`only`, its number) with all."""
    changed = list(enumerate(found.changed, 1))
    one = [row for row in changed if str(row[0]) == only] if with_passages else []
    left = _FIRST
    chapters = []
    for number, row in one or changed:
        many = len(row.passages) if one else min(_OF_CHAPTER, left)
        passages = row.passages[:many] if with_passages else ()
        left -= len(passages)
        chapters.append(_chapter(number, row, passages, is_told=with_passages))
    return ShownChanges(found.added, found.removed, len(changed), tuple(chapters), bool(one))


def _chapter(
    number: int, row: edition_diff.ChapterDiff, passages: tuple[edition_diff.Passage, ...], *, is_told: bool
) -> ShownChapter:
    return ShownChapter(
        number,
        row.title,
        tuple(_fate(row, fate) for fate in row.fates),
        is_new=edition_diff.Fate.ADDED in row.fates,
        is_gone=edition_diff.Fate.GONE in row.fates,
        added=row.added,
        removed=row.removed,
        moved=row.moved,
        passages=passages,
        rest=len(row.passages) - len(passages) if is_told else 0,
        untold=row.hidden if is_told and len(passages) == len(row.passages) else 0,
    )


def _fate(row: edition_diff.ChapterDiff, fate: edition_diff.Fate) -> str:
    before = str(get_text_list([f"“{title}”" for title in row.before], _("and")))
    words = {
        edition_diff.Fate.ADDED: _("new"),
        edition_diff.Fate.GONE: _("removed"),
        edition_diff.Fate.MOVED: _("moved"),
        edition_diff.Fate.RENAMED: _("was called %(before)s"),
        edition_diff.Fate.SPLIT: _("was part of %(before)s"),
        edition_diff.Fate.MERGED: _("was %(before)s"),
    }
    return words[fate] % {"before": before}
