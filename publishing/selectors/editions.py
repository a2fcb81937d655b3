"""Editions: which is the newest, what its files should hold, and what it still needs before it can go on sale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from conversion import selectors as conversion_selectors
from conversion.engine.api import Contributor as Credit
from conversion.engine.api import Overrides
from conversion.models import ConversionJob, JobState
from conversion.options import ConversionOptions
from publishing.models import Edition, EditionState, Work
from publishing.selectors.contributors import newest_agreement
from publishing.selectors.gate import open_blockers
from publishing.selectors.rights import has_accepted_terms, has_confirmed_address, statement_of

# What authors choose of the files, beside the words in them.
_CHOSEN = ("sample_bps", "design", "keep_design", "embed_fonts", "fixes")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing an edition needs before it can be published. `page` names the address where it is done."""

    code: str
    text: str
    is_met: bool
    page: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A finished job to compare an edition with. `name` is upload or edition; `number` is that edition's."""

    name: str
    job: ConversionJob
    number: int = 0


def editions_on_sale() -> QuerySet[Edition]:
    """Every published edition, with its work and job."""
    return Edition.objects.on_sale().select_related("work__owner", "job")


def draft_of(work: Work) -> Edition | None:
    """The edition being prepared; a work has one at most."""
    drafts = work.editions.filter(state=EditionState.DRAFT)
    return drafts.select_related("job", "manuscript").order_by("-number").first()


def published_of(work: Work) -> Edition | None:
    return work.editions.on_sale().select_related("job", "manuscript").first()


def announced_of(work: Work) -> Edition | None:
    """The draft of a work that was announced and never on sale."""
    draft = draft_of(work) if work.release_date is not None else None
    return draft if draft is not None and draft.number == 1 else None


def was_on_sale(work: Work) -> bool:
    return work.editions.exclude(published_at=None).exists()


def is_address_known(work: Work) -> bool:
    """Whether readers may have the work's address: it was on sale, or announced."""
    return work.release_date is not None or was_on_sale(work)


def newest_of(work: Work) -> Edition | None:
    """The edition the author works with: the draft, else the newest."""
    editions = work.editions.select_related("job", "manuscript").order_by("-number")
    return draft_of(work) or editions.first()


def comparisons_of(edition: Edition) -> list[Comparison]:
    """What the edition may be compared with: the draft's upload before, and the edition before."""
    found = [] if edition.job_before is None else [Comparison("upload", edition.job_before)]
    earlier = edition.work.editions.filter(number__lt=edition.number, job__state=JobState.DONE)
    before = earlier.select_related("job").order_by("-number").first()
    return found if before is None else [*found, Comparison("edition", before.job, before.number)]


def editions_of(work: Work) -> QuerySet[Edition]:
    """All editions, the newest first."""
    return work.editions.select_related("job", "manuscript").order_by("-number")


def wanted_options(edition: Edition) -> ConversionOptions:
    """What the edition's files should be made with, as the work's details stand now.

    Subjects live in the shop and in feeds, not in the files. The description stands on the back of printed covers and
    goes along, but changing it makes nothing again by itself.
    """
    work = edition.work
    people = tuple(Credit(person.name, person.role) for person in work.contributors.all())
    overrides = Overrides(
        title=work.title,
        subtitle=work.subtitle,
        contributors=people,
        language=work.language,
        description=work.description,
        identifier=edition.identifier,
        publisher=work.imprint,
    )
    return ConversionOptions(
        overrides=overrides,
        sample_bps=work.sample_bps,
        design=work.design,
        keep_design=work.keep_design,
        embed_fonts=work.embed_fonts,
        fixes=tuple(sorted(work.fixes)),
    )


def are_files_stale(edition: Edition) -> bool:
    """Whether the edition's job made, or is making, files that carry other details than the work's."""
    work, job = edition.work, edition.job
    if work.cover_file != job.cover_file or edition.manuscript.file != job.source_file:
        return True
    wanted, asked = wanted_options(edition), job.options
    # What the files are and for which screens may change with our own releases; that alone makes nothing stale.
    made = replace(
        wanted,
        overrides=_as_made(wanted.overrides, asked.overrides, conversion_selectors.read_details(job)),
        **{name: getattr(asked, name) for name in _CHOSEN},
    )
    return wanted != made


def edition_readiness(edition: Edition) -> list[Requirement]:
    """All requirements in the order of the steps, met or not."""
    work, job = edition.work, edition.job
    is_done = job.state == JobState.DONE
    agreement = newest_agreement(work)
    is_agreed = agreement is None or agreement.is_consented
    return [
        _need("files", "proof", _made_words(job), is_met=is_done and not are_files_stale(edition)),
        _need("findings", "remarks", _gate_words(job), is_met=is_done and not open_blockers(edition)),
        _need("title", "details", (_("It has a title"), _("It has no title yet")), is_met=bool(work.title)),
        _need(
            "language", "details", (_("It has a language"), _("Its language is not set")), is_met=bool(work.language)
        ),
        _need("subject", "details", (_("It has a subject"), _("It has no subject yet")), is_met=bool(work.subject)),
        _need("price", "price", (_("It has a price"), _("It has no price yet")), is_met=work.prices.exists()),
        *_stated(edition),
        _need("split", "people", (_("The split is agreed"), _("Not everybody agreed to the split")), is_met=is_agreed),
    ]


def _stated(edition: Edition) -> list[Requirement]:
    """What the owner must have said; all of it is asked on one page."""
    owner, stated = edition.work.owner, statement_of(edition) is not None
    rights = _("Rights and AI use are stated"), _("Rights and AI use are not stated yet")
    terms = _("You have accepted the author terms"), _("You have not accepted the author terms yet")
    address = _("Your e-mail address is confirmed"), _("Your e-mail address is not confirmed yet")
    return [
        _need("rights", "rights", rights, is_met=stated),
        _need("terms", "rights", terms, is_met=has_accepted_terms(owner)),
        _need("address", "rights", address, is_met=has_confirmed_address(owner)),
    ]


def missing_for_release(work: Work) -> list[str]:
    """What a reader would miss who ordered the work ahead, in words; empty when it can be announced."""
    edition = newest_of(work)
    if edition is None or edition.state != EditionState.DRAFT or edition.number > 1:
        return [_("It has been on sale already")]
    needed = {"title", "language", "subject", "price", "rights", "terms", "address", "split"}
    return [need.text for need in edition_readiness(edition) if need.code in needed and not need.is_met]


def editions_due(*, day: date) -> QuerySet[Edition]:
    """First editions whose announced day has come and that are not on sale yet."""
    return Edition.objects.filter(state=EditionState.DRAFT, number=1, work__release_date__lte=day).order_by("pk")


def works_late(*, day: date) -> QuerySet[Work]:
    """Works whose announced day is over without them, and whose owners were not told so."""
    late = editions_due(day=day - timedelta(days=1)).values("work")
    return Work.objects.filter(pk__in=late).exclude(late_date=F("release_date"), late_date__isnull=False)


def is_ready(edition: Edition) -> bool:
    return all(requirement.is_met for requirement in edition_readiness(edition))


def _need(code: str, page: str, words: tuple[str, str], *, is_met: bool) -> Requirement:
    """`words` say that it is met, and that it is not."""
    return Requirement(code, words[0] if is_met else words[1], is_met, page)


def _made_words(job: ConversionJob) -> tuple[str, str]:
    if job.state in {JobState.FAILED, JobState.CANCELED}:
        return _("The files are ready"), _("The files could not be made")
    return _("The files are ready"), _("The files are not ready yet")


def _gate_words(job: ConversionJob) -> tuple[str, str]:
    done = _("Nothing in the files keeps it from the shop")
    return done, _("Something must be mended first") if job.state == JobState.DONE else _("The checks are not done yet")


def _as_made(wanted: Overrides, asked: Overrides, read: dict[str, str]) -> Overrides:
    """What the files carry: what was asked, or the manuscript's own where nothing was asked. `read` is what the run
    has read so far.

    A detail that is wanted empty means "the manuscript's own", so any made value satisfies it. Any description does.
    """

    def made(name: str) -> str:
        return (getattr(asked, name) or read.get(name, "")) if getattr(wanted, name) else ""

    return replace(
        asked,
        title=made("title"),
        subtitle=made("subtitle"),
        language=made("language"),
        description=wanted.description,
    )
