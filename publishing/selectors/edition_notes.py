"""Release notes drafted from what changed, for the author to edit."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from conversion.engine.api import edition_diff

type ChapterDiff = edition_diff.ChapterDiff
_NAMED = 6  # chapters of a kind that are named; more of them are counted
_NOTES_LENGTH = 2000


def drafted_notes(found: edition_diff.EditionDiff, *, language: str, is_revision: bool) -> str:
    """Return notes in the language of the book if the site speaks it, else in that of the page."""
    spoken = language.partition("-")[0].lower()
    if spoken in dict(settings.LANGUAGES):
        with override(spoken):
            return "\n".join(_lines(found, is_revision=is_revision))[:_NOTES_LENGTH]
    return "\n".join(_lines(found, is_revision=is_revision))[:_NOTES_LENGTH]


def _lines(found: edition_diff.EditionDiff, *, is_revision: bool) -> Iterator[str]:
    rows = found.changed
    fate = edition_diff.Fate
    yield from _each([_("New: “%(title)s”.") % {"title": one.title} for one in rows if fate.ADDED in one.fates])
    yield from _each([_("Removed: “%(title)s”.") % {"title": one.title} for one in rows if fate.GONE in one.fates])
    yield from _each(list(_split(rows)))
    yield from _each([_merged(one) for one in rows if fate.MERGED in one.fates])
    yield from _each(
        [
            _("“%(title)s” stands in another place.") % {"title": one.title}
            for one in rows
            if fate.MOVED in one.fates and fate.SPLIT not in one.fates
        ]
    )
    yield from _renamed([one for one in rows if fate.RENAMED in one.fates])
    changed = [one for one in rows if not {fate.ADDED, fate.GONE} & set(one.fates) and one.places]
    yield from _each([_corrected(one) if is_revision else _changed(one) for one in changed])


def _each(lines: list[str]) -> Iterator[str]:
    """Yield the first lines, and how many more chapters there are."""
    yield from lines[:_NAMED]
    if (rest := len(lines) - _NAMED) > 0:
        yield ngettext("%(count)d more chapter.", "%(count)d more chapters.", rest) % {"count": rest}


def _split(rows: tuple[ChapterDiff, ...]) -> Iterator[str]:
    parts: dict[tuple[str, ...], list[str]] = {}
    for one in rows:
        if edition_diff.Fate.SPLIT in one.fates and len(one.before) == 1:
            parts.setdefault(one.before, []).append(one.title)
    for (before,), titles in parts.items():
        if len(titles) > 1:
            yield _("“%(before)s” is now %(titles)s.") % {"before": before, "titles": _quoted(titles)}


def _merged(one: ChapterDiff) -> str:
    return _("%(before)s are now one: “%(title)s”.") % {"before": _quoted(one.before), "title": one.title}


def _renamed(rows: list[ChapterDiff]) -> Iterator[str]:
    if len(rows) > _NAMED:
        words = ngettext("%(count)d chapter has a new title.", "%(count)d chapters have new titles.", len(rows))
        yield words % {"count": len(rows)}
        return
    for one in rows:
        yield _("“%(before)s” is now called “%(title)s”.") % {"before": one.before[0], "title": one.title}


def _changed(one: ChapterDiff) -> str:
    words = _("Changed: “%(title)s” (+%(added)d, −%(removed)d words).")
    return words % {"title": one.title, "added": one.added, "removed": one.removed}


def _corrected(one: ChapterDiff) -> str:
    words = ngettext(
        "Corrected in “%(title)s”: %(count)d place.", "Corrected in “%(title)s”: %(count)d places.", one.places
    )
    return words % {"title": one.title, "count": one.places}


def _quoted(titles: tuple[str, ...] | list[str]) -> str:
    return str(get_text_list([f"“{title}”" for title in titles], _("and")))
