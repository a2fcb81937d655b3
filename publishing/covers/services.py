"""Choosing a cover, its pictures, and the size and paper of the printed book."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.db import transaction

from accounts.models import User
from conversion.engine.api import TRIMS, CoverChoice
from conversion.engine.covers.printed.geometry import PAPERS
from publishing import permissions
from publishing.covers.errors import NoFormerCover, PaperUnknown, PictureMissing, PictureTooSmall
from publishing.models import Work
from publishing.services import covers, editions, former_covers, manuscripts, redrawing
from publishing.services.former_covers import FIELDS

MIN_WIDTH_PX = 400  # below it a picture is refused: at a cover's 1600 pixels each of its own would be a block of four


@transaction.atomic
def choose_cover(*, actor: User, work: Work, choice: CoverChoice | None, at: datetime) -> Work:
    """Have the cover drawn as chosen; with None use the uploaded one, the manuscript's own, or one drawn from
    the title.

    Raises PictureMissing.
    """
    work = _locked(actor, work)
    if choice is not None and choice.has_picture and not work.picture_file:
        raise PictureMissing
    if choice == work.cover_choice:
        return work
    former_covers.remember(work, at)
    work.cover_choice = choice
    return _saved(actor, work, at)


@transaction.atomic
def upload_cover(*, actor: User, work: Work, content: IO[bytes], name: str, at: datetime) -> Work:
    """Use a finished cover as it is. Raises PictureTooSmall, TooManyOpenJobs, and the errors of
    `covers.inspect_cover`."""
    work = _locked(actor, work)
    _require_pixels(content)
    file, shown = manuscripts.store_cover(content, name)
    former_covers.remember(work, at)
    work.cover_file, work.cover_name, work.cover_choice = file, shown, None
    _redraw(actor, work, file, shown, at)
    return _saved(actor, work, at)


@transaction.atomic
def upload_picture(*, actor: User, work: Work, content: IO[bytes], name: str, at: datetime) -> Work:
    """Keep a picture for the designs around one. Raises the errors of `upload_cover`."""
    work = _locked(actor, work)
    _require_pixels(content)
    file, shown = manuscripts.store_cover(content, name)
    former_covers.remember(work, at)
    work.picture_file, work.picture_name = file, shown
    _redraw(actor, work, file, shown, at)
    return _saved(actor, work, at)


@transaction.atomic
def take_back(*, actor: User, work: Work, at: datetime) -> Work:
    """Return to the cover before this one; done twice, this is the cover again. Raises NoFormerCover."""
    work = _locked(actor, work)
    former = work.former_covers.select_related("redrawing_job").first()
    if former is None:
        raise NoFormerCover
    for name in FIELDS:
        before, now = getattr(former, name), getattr(work, name)
        setattr(former, name, now)
        setattr(work, name, before)
    former.replaced_at = at
    former.save()
    return _saved(actor, work, at)


@transaction.atomic
def set_print(*, actor: User, work: Work, trim: str, paper: str, at: datetime) -> Work:
    """Set the size of the printed book's pages and its paper. Raises PaperUnknown."""
    work = _locked(actor, work)
    if trim not in TRIMS or paper not in PAPERS:
        raise PaperUnknown
    work.trim, work.paper = trim, paper
    work.save(update_fields=["trim", "paper"])
    editions.refresh_draft(actor=actor, work=work, at=at)
    return work


def _locked(actor: User, work: Work) -> Work:
    work = editions.lock_work(work)
    permissions.require_edit(actor, work)
    return work


def _require_pixels(content: IO[bytes]) -> None:
    width, height, colours = covers.inspect_picture(content)
    if colours and width < MIN_WIDTH_PX:  # a drawing has no pixels
        raise PictureTooSmall(width=width, height=height, least=MIN_WIDTH_PX)


def _redraw(actor: User, work: Work, file: str, name: str, at: datetime) -> None:
    title = work.title or work.slug
    work.redrawing_job = redrawing.request_redrawing(actor=actor, file=file, name=name, title=title, at=at)


def _saved(actor: User, work: Work, at: datetime) -> Work:
    work.save(update_fields=FIELDS)
    editions.refresh_draft(actor=actor, work=work, at=at)
    editions.announce_change(work)
    return work
