"""Front and back pages: which a work has, what the record holds for them today, and how they will look."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Min, Q, QuerySet

from common import clock
from conversion import selectors as conversion_selectors
from conversion.engine.api import Biography, Matter, MatterKind, MatterPage, Metadata, ShownPage, shown_pages
from conversion.engine.api import Contributor as Credit
from publishing.models import Contributor, ContributorRole, Edition, EditionState, MatterSetting, RightsBasis, Work
from publishing.record import selectors as record
from publishing.record.licences import Licence
from publishing.selectors.rights import statement_of

_MAX_OTHER_WORKS = 60
_TITLE_ALONE = (MatterSetting(MatterKind.TITLE, is_on=True),)


@dataclass(frozen=True, slots=True)
class MatterPreview:
    """A front or back page as its setting makes it. `shown` is None where it has nothing to say; `is_in_manuscript`:
    the manuscript has such a page, so none is made."""

    setting: MatterSetting
    shown: ShownPage | None
    is_in_manuscript: bool


def matter_settings(work: Work) -> dict[MatterKind, MatterSetting]:
    """Return the setting of every kind of page, in the order of the book."""
    chosen = {setting.kind: setting for setting in (_TITLE_ALONE if work.matter is None else work.matter)}
    return {kind: chosen.get(kind, MatterSetting(kind)) for kind in MatterKind}


def matter_of(edition: Edition) -> Matter | None:
    """Return what an edition made now would have; None leaves it to the engine, which sets a title page alone."""
    if edition.work.matter is None:
        return None
    return _from_record(edition, _pages(edition.work))


def chosen_matter(edition: Edition, asked: Matter | None) -> Matter | None:
    """Return what the author has chosen, with the facts that the files were made with.

    Time and other works change those facts as well; that alone makes no file stale. What is in the public domain must
    not claim a copyright, so that counts.
    """
    if edition.work.matter is None:
        return None
    pages = _pages(edition.work)
    base = asked if asked is not None else Matter()
    return replace(base, pages=pages, is_public_domain=_is_public_domain(edition, pages))


def is_matter_outdated(edition: Edition) -> bool:
    """Whether the record holds other facts than the files were made with: a biography, another book on sale."""
    now, asked = matter_of(edition), edition.job.options.matter
    if now is None or asked is None:
        return False
    return (now.biographies, now.other_works) != (asked.biographies, asked.other_works)


def matter_preview(edition: Edition) -> list[MatterPreview]:
    """Return every kind of page with what it would show now if it were on."""
    work = edition.work
    settings = matter_settings(work)
    every = tuple(MatterPage(kind, setting.words) for kind, setting in settings.items())
    shown = {page.kind: page for page in shown_pages(_metadata(edition), _from_record(edition, every))}
    own = _roles_of_manuscript(edition)
    return [MatterPreview(setting, shown.get(kind), str(kind) in own) for kind, setting in settings.items()]


def _pages(work: Work) -> tuple[MatterPage, ...]:
    return tuple(MatterPage(kind, one.words) for kind, one in matter_settings(work).items() if one.is_on)


def _from_record(edition: Edition, pages: tuple[MatterPage, ...]) -> Matter:
    """Return the record's facts for these pages; what no page shows is not looked up."""
    kinds, this_year = {page.kind for page in pages}, clock.now().year
    published = edition.published_at
    first = edition.work.editions.aggregate(at=Min("published_at"))["at"] if MatterKind.COPYRIGHT in kinds else None
    return Matter(
        pages=pages,
        edition=edition.number,
        year=published.year if published else this_year,
        first_year=first.year if first else this_year,
        is_public_domain=_is_public_domain(edition, pages),
        biographies=_biographies(edition.work) if MatterKind.ABOUT in kinds else (),
        other_works=_other_works(edition.work) if MatterKind.ALSO_BY in kinds else (),
    )


def _is_public_domain(edition: Edition, pages: tuple[MatterPage, ...]) -> bool:
    if not any(page.kind is MatterKind.COPYRIGHT for page in pages):
        return False
    if edition.work.licence == Licence.PUBLIC_DOMAIN:
        return True
    stated = statement_of(edition)
    return stated is not None and stated.basis == RightsBasis.FREE


def _biographies(work: Work) -> tuple[Biography, ...]:
    """Return the biographies of authors: the record's, or the profile's where the name links to it. A pen name has none
    of the account's."""
    found = []
    for one in Contributor.objects.filter(work=work, role=ContributorRole.AUTHOR).select_related("user"):
        profile = one.user.bio if one.user is not None and one.is_on_page else ""
        if life := one.biography or profile:
            found.append(Biography(one.name, life))
    return tuple(found)


def _other_works(work: Work) -> tuple[str, ...]:
    """Return the titles of other works on sale by the same people under the same names."""
    names = Q(pk__in=[])
    for author in _authors(work):
        names |= Q(contributors__user=author.user_id, contributors__name=author.name, contributors__role=author.role)
    others = Work.objects.filter(names, editions__state=EditionState.PUBLISHED, held_by="").exclude(pk=work.pk)
    if not work.is_adult:
        others = others.filter(is_adult=False)
    titles = others.exclude(title="").order_by("title", "pk").values_list("title", "pk").distinct()
    return tuple(title for title, _key in titles[:_MAX_OTHER_WORKS])


def _authors(work: Work) -> QuerySet[Contributor]:
    return Contributor.objects.filter(work=work, role=ContributorRole.AUTHOR).exclude(user=None)


def _metadata(edition: Edition) -> Metadata:
    work, isbns = edition.work, record.isbns_of(edition.work)
    return Metadata(
        title=work.title,
        subtitle=work.subtitle,
        contributors=[Credit(person.name, person.role) for person in work.contributors.all()],
        language=work.language,
        identifier=record.identifier_of(edition, isbns),
        publisher=work.imprint,
        rights=record.rights_of(work),
    )


def _roles_of_manuscript(edition: Edition) -> set[str]:
    """Return the roles of the chapters that the manuscript itself has, as far as it has been read."""
    for job in (edition.job, edition.checked_job):
        book = conversion_selectors.web_book(job) if job is not None else None
        if book is not None:
            return {chapter.role for chapter in book.chapters if not chapter.is_made}
    return set()
