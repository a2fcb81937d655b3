"""Queries for chapters in progress: the author's page on the desk, people's pages, and reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from conversion import selectors as conversion_selectors
from conversion.engine.api import ArtifactKind
from publishing import selectors as publishing_selectors
from publishing import thema
from publishing.models import Contributor, ContributorRole, Edition, Work
from storefront.catalogue.selectors import web_book_archive
from storefront.catalogue.selectors.chapters import block_texts
from storefront.catalogue.selectors.web_book_archive import WebBook, WebChapter
from storefront.in_progress.models import Showing, ShownChapter

_MAX_WORDS_CHARACTERS = 20_000  # of the text that moderators see beside a report
_MAX_ON_PAGE = 20


@dataclass(frozen=True, slots=True)
class OwnText:
    """The newest text of a work: its web book, and the chapters of the author's own text with their numbers."""

    file: str
    book: WebBook
    chapters: list[tuple[int, int, WebChapter]]  # position in the web book, number, chapter
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class InProgress:
    """A work in progress on the page of its author."""

    showing: Showing
    title: str
    subject: str
    chapters: list[ShownChapter]
    words: int


@dataclass(frozen=True, slots=True)
class OnPage:
    """What a person's page shows of works in progress. `hidden` are works for adults that were not asked for."""

    works: list[InProgress]
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class PublicShowing:
    """The chapters of one work as everybody reads them. `author_id` is "" for a name without a page."""

    showing: Showing
    book: WebBook
    chapters: list[ShownChapter]
    byline: str
    author_id: str
    subject: str

    @property
    def is_indexed(self) -> bool:
        """Return whether search engines may list it: never a book for adults."""
        return self.showing.is_indexed and not self.showing.work.is_adult

    def index_of(self, chapter_id: str) -> int | None:
        """Return the place of the chapter among those shown; None if it is not shown."""
        return next((index for index, one in enumerate(self.chapters) if one.chapter_id == chapter_id), None)


def showing_of(work: Work) -> Showing | None:
    return Showing.objects.filter(work=work).first()


def newest_text(edition: Edition) -> OwnText | None:
    """Return the newest text of the work that can be shown chapter by chapter; None where there is none."""
    for job in (edition.job, edition.checked_job):
        artifact = conversion_selectors.artifact_of(job, ArtifactKind.WEB) if job is not None else None
        if artifact is None or job is None:
            continue
        book = web_book_archive.web_book(artifact.file)
        if book.is_pages:
            return None
        own = [(position, one) for position, one in enumerate(book.chapters) if not one.is_made]
        numbered = [(position, number, one) for number, (position, one) in enumerate(own, start=1)]
        return OwnText(artifact.file, book, numbered, job.finished_at)
    return None


def on_page_of(person_id: str, *, with_adult: bool = False) -> OnPage:
    """Return what the person (public id) shows of works in progress, the latest first.

    As with books, a work is on the pages of those credited as its authors under a name that links to their page. So it
    never tells who is behind a pen name, and whoever was only hired has none.
    """
    made = Contributor.objects.filter(
        work=OuterRef("work"), user__public_id=person_id, is_on_page=True, is_hired=False, role=ContributorRole.AUTHOR
    )
    rows = Showing.objects.public().filter(Exists(made)).select_related("work").prefetch_related("chapters")
    every = list(rows.order_by("-shown_at", "-pk")[:_MAX_ON_PAGE])
    shown = [one for one in every if with_adult or not one.work.is_adult]
    return OnPage([_in_progress(one) for one in shown], len(every) - len(shown))


def public_showing(public_id: str) -> PublicShowing | None:
    """Return the chapters that everybody may read now; None if there are none."""
    showing = Showing.objects.public().select_related("work").filter(public_id=public_id).first()
    if showing is None:
        return None
    try:
        book = web_book_archive.web_book(showing.file)
    except FileNotFoundError:
        return None
    author = _author_on_page(showing.work)
    return PublicShowing(
        showing=showing,
        book=book,
        chapters=list(showing.chapters.all()),
        byline=publishing_selectors.author_name(showing.work),
        author_id=author.user.public_id if author is not None and author.user is not None else "",
        subject=_subject(showing.work),
    )


def words_of(showing: Showing) -> str:
    """Return the note, titles and beginning of what is shown, for moderators."""
    parts, characters = [str(showing.work), showing.note], 0
    book = web_book_archive.web_book(showing.file) if showing.file else None
    for chapter in showing.chapters.all():
        parts.append(chapter.title)
        if book is not None and characters < _MAX_WORDS_CHARACTERS:
            text = "\n".join(block_texts(web_book_archive.chapter_file(book, chapter.chapter_id)))
            parts.append(text[: _MAX_WORDS_CHARACTERS - characters])
            characters += len(text)
    return "\n\n".join(filter(None, parts))


def is_file_in_use(name: str) -> bool:
    """Return whether chapters are shown from this stored file."""
    return Showing.objects.filter(file=name).exists()


def indexed() -> QuerySet[Showing]:
    """Return what search engines may list."""
    return Showing.objects.public().filter(is_indexed=True, work__is_adult=False)


def _author_on_page(work: Work) -> Contributor | None:
    """Return the credit of the first author if the name leads to a page, as the byline names them."""
    first = (
        work.contributors.select_related("user").filter(role=ContributorRole.AUTHOR).order_by("position", "pk").first()
    )
    linked = first is not None and first.is_on_page and not first.is_hired
    return first if linked and first is not None and first.user is not None and first.user.is_active else None


def _in_progress(showing: Showing) -> InProgress:
    chapters = list(showing.chapters.all())
    words = sum(one.words for one in chapters)
    return InProgress(showing, str(showing.work), _subject(showing.work), chapters, words)


def _subject(work: Work) -> str:
    return str(thema.label(work.subject)) if work.subject else ""
