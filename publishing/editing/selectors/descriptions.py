"""The pictures of a text in order, each with what it says and what stands around it; of a book of drawn pages, these.

A picture is named by its place: its chapter and the engine's name of it there. The place of a drawn page is that of its
picture.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.permissions import Visitor
from conversion import selectors as conversion_selectors
from conversion.engine.api import PageDescription as Given
from conversion.engine.api import editing
from conversion.errors import ChapterNotFound
from conversion.models import ConversionJob
from publishing.editing.models import PageDescription, WorkText
from publishing.editing.selectors.bases import engine_base
from publishing.editing.selectors.suggestions import text_for
from publishing.editing.selectors.texts import current_base, patches_of, text_of
from publishing.models import Edition, Work

_PAGES = "pages.json"
_OF_PAGES = "page"  # in the place of a drawn page, where others have their chapter
_SEEN_DIGITS = 16


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture with its description. `is_told` says that a drawn page shows nothing but its words."""

    place: str
    asset: str
    alt: str
    is_decorative: bool
    title: str  # of its chapter, or the name of the page
    before: str = ""
    after: str = ""
    caption: str = ""
    is_told: bool = False

    @property
    def is_page(self) -> bool:
        return self.place.startswith(f"{_OF_PAGES}/")

    @property
    def chapter_id(self) -> str:
        return "" if self.is_page else self.place.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The engine's name of it in its chapter."""
        return self.place.rpartition("/")[2]

    @property
    def is_described(self) -> bool:
        return bool(self.alt.strip()) or self.is_decorative or self.is_told

    @property
    def summary(self) -> str:
        """The description in a sentence."""
        if self.is_decorative:
            return _("decorative, nothing to describe")
        return f"“{self.alt}”" if self.alt else _("no description")

    @property
    def seen(self) -> str:
        """What a form carries to tell whether the description was changed meanwhile."""
        return mark_of(self.alt, is_decorative=self.is_decorative)


def mark_of(alt: str, *, is_decorative: bool) -> str:
    """Return a mark that is the same for the same description."""
    return hashlib.sha256(f"{int(is_decorative)}{alt}".encode()).hexdigest()[:_SEEN_DIGITS]


def pictures_for(user: Visitor, edition: Edition) -> Sequence[ShownPicture] | None:
    """Return the pictures as the person edits them, in order; None while nobody can tell yet. Raises TextOutdated."""
    text = text_of(edition.work)
    if text is not None:
        return pictures_in_text(user, text)
    return next((pages for job in _jobs_of(edition) if (pages := _pages_of(job, edition.work)) is not None), None)


def pictures_in_text(user: Visitor, text: WorkText) -> list[ShownPicture]:
    """Return the pictures of a text. Raises TextOutdated."""
    lines = editing.all_pictures(engine_base(current_base(text)), patches_of(text_for(user, text)))
    return [
        ShownPicture(
            place=f"{line.chapter}/{line.name}",
            asset=line.asset,
            alt=line.alt,
            is_decorative=line.is_decorative,
            title=line.title or _("Untitled chapter"),
            before=line.before,
            after=line.after,
            caption=line.caption,
        )
        for line in lines
    ]


def descriptions_for_files(work: Work) -> tuple[Given, ...]:
    """Return the descriptions of drawn pages that files are made with."""
    rows = PageDescription.objects.filter(work=work).order_by("asset")
    return tuple(Given(row.asset, row.alt, row.is_decorative) for row in rows)


def _jobs_of(edition: Edition) -> Iterator[ConversionJob]:
    """Yield the runs that may tell the pages: the last, and while it has not drawn them the one before."""
    yield edition.job
    if edition.checked_job is not None:
        yield edition.checked_job


def _pages_of(job: ConversionJob, work: Work) -> list[ShownPicture] | None:
    """Return the pages that a run has drawn, each picture once, with the descriptions of now."""
    try:
        pages: list[dict[str, Any]] = json.loads(conversion_selectors.web_member(job, _PAGES))["pages"]
    except ChapterNotFound:
        return None
    written = {row.asset: row for row in PageDescription.objects.filter(work=work)}
    shown = [_page(page, written) for page in pages]
    return list({page.asset: page for page in reversed(shown)}.values())[::-1]


def _page(page: dict[str, Any], written: Mapping[str, PageDescription]) -> ShownPicture:
    asset = str(page["pictures"][-1][1]).partition(".")[0]  # the full picture is called by its key
    row = written.get(asset)
    return ShownPicture(
        place=f"{_OF_PAGES}/{asset}",
        asset=asset,
        alt=row.alt if row is not None else str(page["alt"]),
        is_decorative=row.is_decorative if row is not None else bool(page.get("decorative")),
        title=str(page["title"]),
        is_told=row is None and bool(page.get("told")),
    )
