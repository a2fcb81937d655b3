"""Queries for editions: the newest one, the options its files should be made with, and what it needs before going on
sale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from conversion import selectors as conversion_selectors
from conversion.engine.api import AuthorDetails, CoverChoice, Matter
from conversion.engine.api import Contributor as Credit
from conversion.models import ConversionJob, JobState
from conversion.options import ConversionOptions
from conversion.selectors import LaterState
from publishing import hooks
from publishing.models import Edition, EditionState, IsbnFormat, PlannedRelease, Work
from publishing.record import blurb, licences
from publishing.record import selectors as record
from publishing.selectors.blocking_findings import open_blockers
from publishing.selectors.contributors import newest_agreement
from publishing.selectors.matter import chosen_matter, matter_of
from publishing.selectors.rights import has_accepted_terms, has_confirmed_address, statement_of

# Options of the files that authors choose.
_CHOSEN = (
    "sample_bps",
    "design",
    "keep_design",
    "embed_fonts",
    "fixes",
    "corrections",
    "matter",
    "cover_choice",
    "trim",
    "paper",
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing an edition needs before it can be published. `page` is the short name of the page where it is done."""

    code: str
    text: str
    is_met: bool
    page: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A finished job to compare an edition with. `name` is upload or edition; `label` is that edition's number."""

    name: str
    job: ConversionJob
    label: str = ""


def editions_on_sale() -> QuerySet[Edition]:
    """Select every published edition, with its work and job."""
    return Edition.objects.on_sale().select_related("work__owner", "job")


def draft_of(work: Work) -> Edition | None:
    """Return the edition in preparation; a work has at most one."""
    drafts = work.editions.filter(state=EditionState.DRAFT)
    return drafts.select_related("job", "manuscript").newest_first().first()


def published_of(work: Work) -> Edition | None:
    return work.editions.on_sale().select_related("job", "manuscript").first()


def announced_of(work: Work) -> Edition | None:
    """Return the draft of a work that was announced and has never been on sale."""
    draft = draft_of(work) if work.release_date is not None else None
    return draft if draft is not None and draft.is_first_draft else None


def was_on_sale(work: Work) -> bool:
    return work.editions.exclude(published_at=None).exists()


def is_address_known(work: Work) -> bool:
    """Whether readers may know the work's address, because it has been on sale or announced."""
    return work.release_date is not None or was_on_sale(work)


def newest_of(work: Work) -> Edition | None:
    """Return the edition the author works with: the draft, or else the newest edition."""
    editions = work.editions.select_related("job", "manuscript").newest_first()
    return draft_of(work) or editions.first()


def comparisons_of(edition: Edition) -> list[Comparison]:
    """Return what the edition can be compared with: the draft's previous upload and the previous edition."""
    found = [] if edition.job_before is None else [Comparison("upload", edition.job_before)]
    before = edition_before(edition)
    return found if before is None else [*found, Comparison("edition", before.job, before.label)]


def edition_before(edition: Edition) -> Edition | None:
    """Return the edition before this one, if its files were made."""
    earlier = Edition.objects.before(edition).filter(job__state=JobState.DONE)
    return earlier.select_related("job").newest_first().first()


def editions_of(work: Work) -> QuerySet[Edition]:
    """Select all editions, newest first."""
    return work.editions.select_related("job", "manuscript").newest_first()


def wanted_options(edition: Edition) -> ConversionOptions:
    """Return the options for the edition's files, based on the record of today.

    The description is printed on the back of print covers and the subject stands in the EPUB's details, so both are
    passed along; changing them alone does not make the files again.
    """
    return _options(edition, matter_of(edition))


def _options(edition: Edition, matter: Matter | None) -> ConversionOptions:
    work = edition.work
    isbns = record.isbns_of(work)
    headings = record.headings_of(work)
    people = tuple(Credit(person.name, person.role) for person in work.contributors.all())
    overrides = AuthorDetails(
        title=work.title,
        subtitle=work.subtitle,
        contributors=people,
        language=work.language,
        description=blurb.plain(work.description),
        identifier=record.identifier_of(edition, isbns),
        publisher=work.imprint,
        rights=record.rights_of(work),
        source=record.original_of(work),
        subjects=(*(heading for _code, heading in headings), *work.keywords),
        subject_codes=tuple(code for code, _heading in headings),
        print_isbn=isbns.get(IsbnFormat.PRINT, ""),
        licence=licences.address(work.licence),
        is_mining_reserved=work.is_mining_reserved,
    )
    return ConversionOptions(
        overrides=overrides,
        sample_bps=work.sample_bps,
        design=work.design,
        keep_design=work.keep_design,
        embed_fonts=work.embed_fonts,
        fixes=tuple(sorted(work.fixes)),
        corrections=hooks.corrections_digest(work),
        matter=matter,
        cover_choice=_cover_choice(work),
        trim=work.trim,
        paper=work.paper,
    )


def cover_source(work: Work) -> tuple[str, str]:
    """Return the stored picture that the cover is made from, and its name: a finished cover, or the picture in a drawn
    one. Both are empty for a cover without."""
    if work.cover_choice is None:
        return work.cover_file, work.cover_name
    return (work.picture_file, work.picture_name) if work.cover_choice.has_picture else ("", "")


def series_line(work: Work) -> str:
    """Return the line about the series on a drawn cover."""
    if work.series is None:
        return ""
    return f"{work.series.title} · {work.series_number}" if work.series_number else work.series.title


def _cover_choice(work: Work) -> CoverChoice | None:
    """Return the choice with the series as it is named today."""
    choice = work.cover_choice
    return replace(choice, series=series_line(work)) if choice is not None and choice.series else choice


def corrections_in_files(edition: Edition) -> str:
    """Return the digest of the corrections over the edition's manuscript that its files contain.

    None are over a manuscript which the files' job wrote: it has the text of the files, with what the job was given.
    """
    return "" if edition.manuscript.written_by_id == edition.job_id else edition.job.options.corrections


def are_files_stale(edition: Edition) -> bool:
    """Whether the files that the edition's job made, or is making, differ from the work's current details."""
    work, job = edition.work, edition.job
    is_same_source = edition.manuscript.file == job.source_file or edition.manuscript.written_by_id == job.pk
    if cover_source(work)[0] != job.cover_file or not is_same_source:
        return True
    asked = replace(job.options, corrections=corrections_in_files(edition))
    wanted = _options(edition, chosen_matter(edition, asked.matter))
    # File formats and targets may change with a release of this software; that alone makes no file stale.
    made = replace(
        wanted,
        overrides=_as_made(wanted.overrides, asked.overrides, conversion_selectors.read_details(job)),
        **{name: getattr(asked, name) for name in _CHOSEN},
    )
    return wanted != made


def edition_readiness(edition: Edition) -> list[Requirement]:
    """Return all requirements in the order of the steps, whether met or not."""
    work, job = edition.work, edition.job
    is_done = job.state == JobState.DONE and (was_on_sale(work) or not _are_pdfs_coming(job))
    agreement = newest_agreement(work)
    is_agreed = agreement is None or agreement.is_consented
    return [
        _need("files", "proof", _made_words(job), is_met=is_done and not are_files_stale(edition)),
        _need("findings", "remarks", _gate_words(job), is_met=is_done and not open_blockers(edition)),
        _need("title", "details", (_("Title added"), _("No title yet")), is_met=bool(work.title)),
        _need("language", "details", (_("Language set"), _("No language set")), is_met=bool(work.language)),
        _need("subject", "details", (_("Subject chosen"), _("No subject yet")), is_met=bool(work.subject)),
        _need("price", "price", (_("Price set"), _("No price yet")), is_met=work.prices.exists()),
        *_stated(edition),
        _need(
            "split",
            "people",
            (_("Everyone has agreed to the split"), _("Not everyone has agreed to the split")),
            is_met=is_agreed,
        ),
    ]


def _are_pdfs_coming(job: ConversionJob) -> bool:
    """Whether the job's PDFs are still being made. A correction goes on sale without them, a first edition does not:
    nobody waits for it yet, its author judges the pages, and what they show may stop it."""
    return conversion_selectors.later_files(job).state == LaterState.MAKING


def _stated(edition: Edition) -> list[Requirement]:
    """Return the requirements for the owner's statements, which are all made on one page."""
    owner, stated = edition.work.owner, statement_of(edition) is not None
    rights = _("Rights and AI use are stated"), _("Rights and AI use are not stated yet")
    terms = _("You have accepted the author terms"), _("You have not accepted the author terms yet")
    address = _("Your email address is confirmed"), _("Your email address is not confirmed yet")
    return [
        _need("rights", "rights", rights, is_met=stated),
        _need("terms", "rights", terms, is_met=has_accepted_terms(owner)),
        _need("address", "rights", address, is_met=has_confirmed_address(owner)),
    ]


def missing_for_release(work: Work) -> list[str]:
    """Return, in words, what readers would need to pre-order the work; empty when it can be announced."""
    edition = newest_of(work)
    if edition is None or not edition.is_first_draft:
        return [_("The book has already been on sale")]
    needed = {"title", "language", "subject", "price", "rights", "terms", "address", "split"}
    return [need.text for need in edition_readiness(edition) if need.code in needed and not need.is_met]


def editions_due(*, day: date) -> QuerySet[Edition]:
    """Select first editions that are not on sale yet and whose release date has come."""
    return Edition.objects.filter(state=EditionState.DRAFT, number=1, work__release_date__lte=day).order_by("pk")


def plan_of(work: Work) -> PlannedRelease | None:
    """Return when the work's draft goes on sale by itself, if its owner planned it."""
    return PlannedRelease.objects.filter(edition__work=work, edition__state=EditionState.DRAFT).first()


def plans_due(*, at: datetime) -> QuerySet[PlannedRelease]:
    """Select the plans for editions in preparation whose time has come."""
    return PlannedRelease.objects.filter(edition__state=EditionState.DRAFT, due_at__lte=at).order_by("pk")


def works_late(*, day: date) -> QuerySet[Work]:
    """Select works that missed their release date and whose owners have not been told."""
    late = editions_due(day=day - timedelta(days=1)).values("work")
    return Work.objects.filter(pk__in=late).exclude(late_date=F("release_date"), late_date__isnull=False)


def is_ready(edition: Edition) -> bool:
    return all(requirement.is_met for requirement in edition_readiness(edition))


def _need(code: str, page: str, words: tuple[str, str], *, is_met: bool) -> Requirement:
    """Build a requirement; `words` are its texts when met and when not met."""
    return Requirement(code, words[0] if is_met else words[1], is_met, page)


def _made_words(job: ConversionJob) -> tuple[str, str]:
    if job.state in {JobState.FAILED, JobState.CANCELED}:
        return _("The files are ready"), _("The files could not be made")
    return _("The files are ready"), _("The files are not ready yet")


def _gate_words(job: ConversionJob) -> tuple[str, str]:
    done = _("Nothing in the files prevents publishing")
    return done, _("Something must be fixed first") if job.state == JobState.DONE else _(
        "The checks are not finished yet"
    )


def _as_made(wanted: AuthorDetails, asked: AuthorDetails, read: dict[str, str]) -> AuthorDetails:
    """Return the details that the files contain: the requested ones, or the manuscript's own where none were requested.

    `read` is what the run has read from the manuscript so far. An empty wanted detail means "the manuscript's own", so
    any made value satisfies it. Any description and any subjects do.
    """

    def made(name: str) -> str:
        return (getattr(asked, name) or read.get(name, "")) if getattr(wanted, name) else ""

    return replace(
        asked,
        title=made("title"),
        subtitle=made("subtitle"),
        language=made("language"),
        description=wanted.description,
        source=wanted.source,
        subjects=wanted.subjects,
        subject_codes=wanted.subject_codes,
    )
