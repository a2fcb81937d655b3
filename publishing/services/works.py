"""Works: created by an upload and described by their makers."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import User
from common import text_cleaning
from common.errors import NotAllowed
from conversion import selectors as conversion_selectors
from conversion.engine.api import OWN_SUFFIX, empty_book
from conversion.models import JobState
from publishing import permissions, selectors
from publishing.house_defaults.selectors import defaults_of
from publishing.house_defaults.values import Defaults
from publishing.models import Contributor, ContributorRole, Edition, Series, SplitAgreement, SplitShare, Work
from publishing.services import editions, former_covers, manuscripts, quotas, slugs, territories

_SLUG_LENGTH = 80
_NAME_LENGTH = 120
_WHOLE_BPS = 10_000
# Details taken from the manuscript, with their maximum lengths. Only a description may have several lines.
_ADOPTED = {"title": 300, "subtitle": 300, "language": 35, "description": 4000}


@dataclass(frozen=True, slots=True)
class Details:
    """The fields of the details form. `sample_bps` is the share of the body shown for free, `subject` a Thema code.

    `series` is the title of one of the owner's series, or ""; `warnings` are `ContentWarning` values; `reading_age` is
    the lowest age of readers in years, or None.
    """

    title: str
    subtitle: str
    language: str
    description: str
    subject: str
    imprint: str
    sample_bps: int
    series: str = ""
    series_number: int | None = None
    warnings: Sequence[str] = ()
    is_adult: bool = False
    reading_age: int | None = None


def create_work(*, actor: User, content: IO[bytes], name: str, at: datetime, form_token: UUID | None = None) -> Work:
    """Create a work from a manuscript, with the actor as its only author, and start making its first edition.

    The same form sent again returns the work that it made. Title and language stay empty until the manuscript has been
    read (`fill_details_from_conversion`). Raises NotAllowed, TooManyDrafts, and the errors of
    `manuscripts.store_manuscript` and `conversion.services.request_conversion`.
    """
    return _once(actor, form_token, lambda: _create(actor, content, name, at, form_token=form_token))


def begin_work(*, actor: User, title: str, language: str, at: datetime, form_token: UUID | None = None) -> Work:
    """Create a work that is written here: its manuscript is a file of ours with an empty first chapter.

    The same form sent again returns the work that it made. Raises the same errors as `create_work`.
    """
    content, name = io.BytesIO(empty_book(title, language)), f"{title[:_NAME_LENGTH]}{OWN_SUFFIX}"
    details = {"title": title, "language": language}
    return _once(actor, form_token, lambda: _create(actor, content, name, at, form_token=form_token, **details))


def create_translation(
    *, actor: User, original: Work, content: IO[bytes], name: str, language: str, at: datetime, form_token: UUID
) -> Work:
    """Create a work from a manuscript that translates one of the actor's own, with the authors of that one.

    Twice is once, by the token. Raises NotFound, NotAllowed, and the errors of `create_work`.
    """
    permissions.require_publish(actor, original)

    def create() -> Work:
        made = _create(
            actor, content, name, at, form_token=form_token, language=language, subject=original.subject,
            translation_of=original,
        )  # fmt: skip
        _name_authors(made, original)
        return made

    return _once(actor, form_token, create)


def _name_authors(work: Work, original: Work) -> None:
    """Name the authors as the original does. Others than the owner are only named: accounts and shares need consent."""
    authors = original.contributors.filter(role=ContributorRole.AUTHOR).order_by("position", "pk")
    for position, author in enumerate(authors, start=1):
        if author.user_id == work.owner_id:
            work.contributors.filter(user=work.owner).update(name=author.name, is_on_page=author.is_on_page)
        else:
            Contributor.objects.create(work=work, name=author.name, role=author.role, position=position)


def _once(actor: User, form_token: UUID | None, create: Callable[[], Work]) -> Work:
    """Return the work that the form made before, perhaps at this moment in another process; else create it."""
    made = Work.objects.filter(owner=actor, form_token=form_token).exclude(form_token=None)
    if work := made.first():
        return work
    try:
        with transaction.atomic():
            return create()
    except IntegrityError:
        if work := made.first():
            return work
        raise


def _create(
    actor: User, content: IO[bytes], name: str, at: datetime, *, form_token: UUID | None, **details: Any
) -> Work:
    if not permissions.may_create(actor):
        raise NotAllowed
    quotas.require_draft(actor=actor)
    defaults = defaults_of(actor)
    slug = slugs.free_slug(details.get("title") or selectors.title_from_file_name(name))
    columns = defaults.columns | {"given_defaults": defaults.given} | details
    work = Work.objects.create(owner=actor, slug=slug, created_at=at, form_token=form_token, **columns)
    if not work.territory.is_world:
        territories.note_change(work, actor=actor, at=at)
    _credit_owner(work, defaults, at)
    manuscript = manuscripts.store_manuscript(actor=actor, work=work, content=content, name=name, at=at)
    editions.prepare_edition(actor=actor, manuscript=manuscript, at=at)
    return work


@transaction.atomic
def upload_manuscript(
    *, actor: User, work: Work, content: IO[bytes], name: str, notes: str = "", at: datetime
) -> Edition:
    """Store a new manuscript and make it the work's draft. Raises the same errors as `create_work`."""
    work = editions.lock_work(work)
    permissions.require_edit(actor, work)
    manuscript = manuscripts.store_manuscript(actor=actor, work=work, content=content, name=name, at=at)
    return editions.prepare_edition(actor=actor, manuscript=manuscript, notes=notes, at=at)


@transaction.atomic
def update_details(*, actor: User, work: Work, details: Details, at: datetime) -> Work:
    """Change the work's details. A draft's files that contain old details are made again."""
    work = editions.lock_work(work)
    permissions.require_edit(actor, work)
    for field in fields(details):
        if field.name not in {"series", "warnings"}:
            setattr(work, field.name, getattr(details, field.name))
    work.is_adult = details.is_adult or bool(work.adult_by)  # a moderation decision, which only an appeal reverses
    work.warnings = list(details.warnings)
    work.series = _series(work.owner, details.series)
    slugs.follow_title(work)
    work.save()
    _spread(actor, work, at)
    return work


@transaction.atomic
def set_cover(*, actor: User, work: Work, content: IO[bytes], name: str, at: datetime) -> Work:
    """Use the picture as the cover. Raises the errors of `covers.inspect_cover`."""
    work = editions.lock_work(work)
    permissions.require_edit(actor, work)
    file, shown = manuscripts.store_cover(content, name)
    former_covers.remember(work, at)
    work.cover_file, work.cover_name, work.cover_choice = file, shown, None
    work.save(update_fields=["cover_file", "cover_name", "cover_choice"])
    _spread(actor, work, at)
    return work


@transaction.atomic
def remove_cover(*, actor: User, work: Work, at: datetime) -> Work:
    """Return to the manuscript's own cover, or to a drawn one."""
    work = editions.lock_work(work)
    permissions.require_edit(actor, work)
    former_covers.remember(work, at)
    work.cover_file, work.cover_name, work.cover_choice = "", "", None
    work.save(update_fields=["cover_file", "cover_name", "cover_choice"])
    _spread(actor, work, at)
    return work


def fill_details_from_conversion(*, work: Work, at: datetime) -> bool:
    """Fill the work's empty details from its first conversion; return whether anything changed.

    Title and language are filled in as soon as the manuscript has been read, so that an author who is about to type
    them finds them; the other details follow when the conversion has ended. Pages and services call this, because a
    conversion does not know about works.
    """
    if work.details_read_at is not None:
        return False
    edition = selectors.newest_of(work)
    if edition is None:
        return False
    read, is_done = conversion_selectors.read_details(edition.job), edition.job.state == JobState.DONE
    if not is_done and not any(read.get(name) and not getattr(work, name) for name in _ADOPTED):
        return False
    with transaction.atomic():
        fresh = editions.lock_work(work)
        if fresh.details_read_at is None:
            _fill(fresh, read, at if is_done else None)
    work.refresh_from_db()
    return True


def _series(owner: User, title: str) -> Series | None:
    """Return the owner's series with this title, creating it if necessary."""
    title = title.strip()
    if not title:
        return None
    found = Series.objects.filter(owner=owner, title=title).first()
    if found is not None:
        return found
    base = slugify(title)[:_SLUG_LENGTH].strip("-") or "series"
    slug = f"{base}-{secrets.token_hex(3)}" if Series.objects.filter(slug=base).exists() else base
    return Series.objects.create(owner=owner, title=title, slug=slug)


def _names_of(work: Work) -> set[str]:
    return {name.casefold() for name in (work.owner.display_name, selectors.author_name(work))}


def _fill(work: Work, read: dict[str, str], at: datetime | None) -> None:
    for name, longest in _ADOPTED.items():
        if not getattr(work, name):
            tidied = text_cleaning.cleaned if name == "description" else text_cleaning.one_line
            found = tidied(read.get(name, ""))[:longest]
            is_author = name == "subtitle" and found.casefold() in _names_of(work)  # it stands below the title
            setattr(work, name, "" if is_author else found)
    if at is not None and not work.language and (language := defaults_of(work.owner).language):
        work.language = language
        work.given_defaults = work.given_defaults | {"language": language}
    work.details_read_at = at
    slugs.follow_title(work)
    work.save()


def _spread(actor: User, work: Work, at: datetime) -> None:
    editions.refresh_draft(actor=actor, work=work, at=at)
    editions.announce_change(work)


def _credit_owner(work: Work, defaults: Defaults, at: datetime) -> None:
    """Credit the uploader as author, with the whole royalty until another split is agreed."""
    author = Contributor.objects.create(
        work=work,
        user=work.owner,
        name=defaults.credited_name or work.owner.display_name or str(work.owner),
        role=ContributorRole.AUTHOR,
        is_on_page=defaults.is_on_page,
        biography=defaults.biography,
    )
    agreement = SplitAgreement.objects.create(work=work, effective_at=at, proposed_by=work.owner, created_at=at)
    SplitShare.objects.create(agreement=agreement, contributor=author, share_bps=_WHOLE_BPS, consented_at=at)
