"""Showing chapters in progress: choosing them, bringing them up to date, and ending it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from accounts import restrictions
from accounts import services as account_services
from accounts.models import User
from publishing import selectors as publishing_selectors
from publishing.models import Work
from storefront.catalogue.selectors import web_book_archive
from storefront.catalogue.selectors.web_book_archive import WebChapter
from storefront.in_progress import permissions, selectors
from storefront.in_progress.errors import (
    AlreadyPublished,
    NeedsTitle,
    NoChapters,
    NothingToShow,
    TooManyChapters,
    UnderReview,
    UnknownChapter,
)
from storefront.in_progress.models import MAX_CHAPTERS, Showing, ShownChapter
from storefront.in_progress.selectors import OwnText


@dataclass(frozen=True, slots=True)
class ShowingInput:
    """What an author shows: the last so many chapters, or those of these ids."""

    latest: int | None
    chapters: Sequence[str] = ()
    note: str = ""
    is_indexed: bool = False


@transaction.atomic
def show(*, actor: User, work: Work, told: ShowingInput, at: datetime) -> Showing:
    """Show chapters of the newest text to everybody, in place of what was shown before.

    Raises UnderReview, AlreadyPublished, NeedsTitle, NoChapters, NothingToShow, UnknownChapter, TooManyChapters,
    and the errors of `restrictions.require_owner`.
    """
    showing = _locked(actor, work)
    restrictions.require_owner(work.owner, actor, at)
    text = _text_to_show(showing)
    chosen = _chosen(text, told)
    showing.latest, showing.note, showing.is_indexed = told.latest, told.note.strip(), told.is_indexed
    return _put(actor, showing, text, chosen, at)


@transaction.atomic
def show_newest(*, actor: User, work: Work, at: datetime) -> tuple[Showing, list[str]]:
    """Show the newest text of what is shown; also return the titles of picked chapters that are no longer in it.

    A picked chapter is found again by its place and title, or else by its title alone. Raises as `show` does.
    """
    showing = _locked(actor, work)
    if not showing.is_on:
        raise NothingToShow
    restrictions.require_owner(work.owner, actor, at)
    text = _text_to_show(showing)
    if showing.latest is not None:
        return _put(actor, showing, text, text.chapters[-showing.latest :], at), []
    found, missing = [], []
    for shown in showing.chapters.all():
        match = _again(shown, text)
        if match is None:
            missing.append(str(shown))
        else:
            found.append(match)
    if not found:
        raise UnknownChapter
    return _put(actor, showing, text, sorted(found, key=lambda one: one[0]), at), missing


@transaction.atomic
def stop(*, actor: User, work: Work) -> None:
    """Show nothing of the work any more, at once. Safe to repeat. Raises NotFound, NotAllowed."""
    permissions.require_show(actor, work)
    showing = Showing.objects.select_for_update().filter(work=work).exclude(file="").first()
    if showing is None:
        return
    showing.chapters.all().delete()
    showing.file, showing.shown_at = "", None
    showing.save(update_fields=["file", "shown_at"])
    account_services.record_audit(actor=actor, verb="in_progress.stopped", subject=showing)


def _locked(actor: User, work: Work) -> Showing:
    permissions.require_show(actor, work)
    Showing.objects.get_or_create(work=work)
    showing = Showing.objects.select_for_update().select_related("work").get(work=work)
    if showing.is_hidden or showing.work.held_by:
        raise UnderReview
    return showing


def _text_to_show(showing: Showing) -> OwnText:
    work = showing.work
    if publishing_selectors.was_on_sale(work):
        raise AlreadyPublished
    if not work.title.strip():
        raise NeedsTitle
    edition = publishing_selectors.newest_of(work)
    text = selectors.newest_text(edition) if edition is not None else None
    if text is None or not text.chapters:
        raise NoChapters
    return text


def _chosen(text: OwnText, told: ShowingInput) -> list[tuple[int, int, WebChapter]]:
    if told.latest is not None:
        if told.latest < 1:
            raise NothingToShow
        chosen = text.chapters[-told.latest :]
    else:
        wanted = set(told.chapters)
        chosen = [one for one in text.chapters if one[2].id in wanted]
        if len(chosen) < len(wanted):
            raise UnknownChapter
    if not chosen:
        raise NothingToShow
    if len(chosen) > MAX_CHAPTERS:
        raise TooManyChapters(limit=MAX_CHAPTERS)
    return chosen


def _again(shown: ShownChapter, text: OwnText) -> tuple[int, int, WebChapter] | None:
    titled = [one for one in text.chapters if one[2].title[:300] == shown.title]
    same = [one for one in titled if one[2].id == shown.chapter_id]
    if same:
        return same[0]
    return titled[0] if len(titled) == 1 else None


def _put(
    actor: User, showing: Showing, text: OwnText, chosen: Sequence[tuple[int, int, WebChapter]], at: datetime
) -> Showing:
    """Pin the text and write its chapters; one whose words have not changed keeps its day."""
    known = {one.sha256: one.shown_at for one in showing.chapters.all()}
    rows = []
    for position, number, chapter in chosen:
        digest = sha256(web_book_archive.chapter_file(text.book, chapter.id)).hexdigest()
        rows.append(
            ShownChapter(
                showing=showing,
                chapter_id=chapter.id,
                title=chapter.title[:300],
                position=position,
                number=number,
                words=chapter.words,
                sha256=digest,
                shown_at=known.get(digest, at),
            )
        )
    showing.chapters.all().delete()
    ShownChapter.objects.bulk_create(rows)
    showing.file, showing.shown_at = text.file, max(one.shown_at for one in rows)
    showing.save()
    account_services.record_audit(actor=actor, verb="in_progress.shown", subject=showing, facts={"chapters": len(rows)})
    return showing
