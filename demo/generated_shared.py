"""What all generated books share: specimens in every language, drawn covers, authors and reviewers.

One short text per language is really converted. Its job is copied for several specimens that differ in length, formats,
covers or a picture without a description, so that lists can be filtered by these. Everything generated belongs to
accounts of one address domain, by which it is found again and removed.
"""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.db import transaction

from accounts.models import User
from common import ids, jobs, storage
from conversion import services as conversion_services
from conversion.engine.api import AuthorDetails, ChapterSummary
from conversion.engine.covers import cover
from conversion.engine.images import reencode
from conversion.models import Artifact, ConversionJob, FindingRecord, JobState
from conversion.options import ConversionOptions
from demo.generated_books import Person, Specimen, Stock
from demo.generated_rows import whole_table, write
from demo.generated_words import Tongue, Words, load
from publishing.models import Manuscript
from storefront.catalogue.services import listings, price_parts

DOMAIN = "@generated.invalid"
FOLDER = "generated"  # for covers, in public storage
_VARIED = "-variant-"  # in the names of specimens that books use
_FORMATS = ("epub", "pdf", "kindle", "kepub", "web", "sample")
_SECTIONS = 12
_MIN_SPECIMENS = 12  # of a language
_BOOKS_PER_AUTHOR, _BOOKS_PER_READER = 25, 50
_MIN_READERS = 100  # more than the reviewers of any one book
_PEOPLE_AT_ONCE = 5000
# Files that only some specimens have: the percentage of specimens by kind and target.
_SOME = {("kindle", ""): 60, ("kepub", ""): 60, ("pdf", "print"): 70, ("pdf", "desktop"): 80, ("pdf", "phone"): 90}
_UNDESCRIBED_IN_A_HUNDRED = 25
_WORDS, _MAX_WORDS, _CHAPTER_WORDS = (10.8, 0.8), 400_000, 3000  # mean and deviation of the logarithm: 49,000 is usual


class SpecimenNotConverted(Exception):
    """The engine could not make a specimen."""


def prepare(*, books: int, cover_count: int, seed: int, at: datetime) -> None:
    """Convert and vary the specimens, draw the covers and create the people for that many books in total.

    What exists already is kept. Raises SpecimenNotConverted.
    """
    words = load()
    clerk, _ = User.objects.get_or_create(
        email=f"generator{DOMAIN}", defaults={"display_name": "Catalogue generator", "password": "!"}
    )
    _vary(specimens(words.tongues.values(), clerk, at), cover_count, seed)
    _people("author", books // _BOOKS_PER_AUTHOR + 8, words, seed, at)
    _people("reader", books // _BOOKS_PER_READER + _MIN_READERS, words, seed, at)


def gathered(*, seed: int, at: datetime) -> Stock:
    """Read what `prepare` left in the database."""
    found: dict[str, list[Specimen]] = {}
    jobs_ = ConversionJob.objects.filter(requested_by__email=f"generator{DOMAIN}", source_name__contains=_VARIED)
    for job in jobs_.prefetch_related("artifacts").order_by("pk"):
        specimen = Specimen(job, job.source_file, job.source_name, job.source_sha256, made=listings.summarize_job(job))
        found.setdefault(job.result.language, []).append(specimen)
    people = User.objects.filter(email__endswith=DOMAIN).order_by("pk")
    authors = people.filter(email__startswith="author-").values_list("pk", "public_id", "display_name")
    return Stock(
        words=load(),
        authors=[Person(*row) for row in authors],
        readers=list(people.filter(email__startswith="reader-").values_list("pk", flat=True)),
        specimens=found,
        author_gets=cache(price_parts.author_gets),
        seed=seed,
        at=at,
    )


def specimens(tongues: Iterable[Tongue], clerk: User, at: datetime) -> dict[str, ConversionJob]:
    """Return a finished job by language, converting those that were not converted before.

    Raises SpecimenNotConverted.
    """
    return {tongue.code: _specimen(tongue, clerk, at) for tongue in tongues}


@cache
def drawn_cover(number: int) -> dict[str, str]:
    """Draw a cover and return public file names by thumbnail target. Equal covers are stored once."""
    picture = cover.typographic_cover(f"Specimen {number}", "A Generated Book", seed=number)
    return {f"{one.width}-{one.format}": _kept(one) for one in reencode.thumbnails(picture)}


def remove_stock() -> None:
    """Delete covers, specimens and accounts that no generated book needs any more."""
    if not User.objects.filter(email__endswith=DOMAIN, works__isnull=False).exists():
        _remove_covers()
        _remove_specimens()
    mine = User.objects.filter(email__endswith=DOMAIN, works=None, contributions=None, reviews=None, series=None)
    owners = ConversionJob.objects.values("requested_by")
    mine.exclude(pk__in=owners).delete()


def _specimen(tongue: Tongue, clerk: User, at: datetime) -> ConversionJob:
    name = f"generated-specimen-{tongue.code}.md"
    found = ConversionJob.objects.filter(requested_by=clerk, source_name=name, state=JobState.DONE).first()
    if found is not None:
        return found
    content = _manuscript(tongue).encode()
    sha256 = hashlib.sha256(content).hexdigest()
    file = storage.store(storage.private(), f"manuscripts/{sha256[:2]}/{sha256}.md", io.BytesIO(content), sha256)
    options = ConversionOptions(overrides=AuthorDetails(title=tongue.label, language=tongue.code), formats=_FORMATS)
    with jobs.collect_messages():  # done in this process, not by a worker
        job = conversion_services.request_conversion(
            actor=clerk, source_file=file, source_name=name, source_sha256=sha256, options=options, at=at
        )
        conversion_services.run_conversion(job_id=job.pk)
    job.refresh_from_db()
    if job.state != JobState.DONE:
        raise SpecimenNotConverted(f"{name}: {job.failure_code or job.state}")
    return job


@dataclass(frozen=True, slots=True)
class _Variant:
    """A variant of a specimen's job: the same files, some of which it may lack."""

    job: ConversionJob
    artifacts: Sequence[Artifact]
    is_described: bool


def _vary(jobs_: dict[str, ConversionJob], cover_count: int, seed: int) -> None:
    """Create missing variants: one for each cover, at least a dozen."""
    there = set(ConversionJob.objects.filter(source_name__contains=_VARIED).values_list("source_name", flat=True))
    new = []
    for language, job in jobs_.items():
        files = [one for one in job.artifacts.all() if one.kind != "thumbnail"]
        for number in range(max(cover_count, _MIN_SPECIMENS)):
            name = f"generated-{language}{_VARIED}{number}{'' if cover_count else '-plain'}.md"
            if name not in there:
                pictures = drawn_cover(number % cover_count + 1) if cover_count else {}
                new.append(_variant(job, files, language=language, name=name, pictures=pictures, seed=seed))
    with transaction.atomic():
        ConversionJob.objects.bulk_create(one.job for one in new)
        Artifact.objects.bulk_create(artifact for one in new for artifact in one.artifacts)
        FindingRecord.objects.bulk_create(
            FindingRecord(job=one.job, position=1, code="image.alt-missing", severity="warning")
            for one in new
            if not one.is_described
        )


def _variant(
    specimen: ConversionJob, files: Sequence[Artifact], *, language: str, name: str, pictures: dict[str, str], seed: int
) -> _Variant:
    chance = random.Random(f"{seed} {name}")  # noqa: S311 # plausible, not secret
    words = min(int(chance.lognormvariate(*_WORDS)), _MAX_WORDS)
    chapters = tuple(
        ChapterSummary(id=f"c{number}", title=str(number), division="bodymatter", words=_CHAPTER_WORDS)
        for number in range(1, min(words // _CHAPTER_WORDS, 60) + 2)
    )
    told = replace(specimen.result, language=language, words=words, chapters=chapters)
    job = _copy(specimen, source_name=name, result=told)
    kept = [one for one in files if chance.randrange(100) < _SOME.get((one.kind, one.target), 100)]
    artifacts = [_copy(one, job=job) for one in kept]
    artifacts += [
        Artifact(job=job, kind="thumbnail", target=target, file=file, media_type="image/webp", sha256="", size_bytes=0)
        for target, file in pictures.items()
    ]
    return _Variant(job, artifacts, is_described=chance.randrange(100) >= _UNDESCRIBED_IN_A_HUNDRED)


def _copy[M: (ConversionJob, Artifact)](row: M, **changes: object) -> M:
    """Return a new row like this one, with its own identifier."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    for name in values.keys() & {f"{name}_id" for name in changes}:
        del values[name]
    return type(row)(**{**values, "public_id": "", **changes})


def _people(kind: str, wanted: int, words: Words, seed: int, at: datetime) -> None:
    """Create accounts of a kind up to the wanted number. Nobody can log in with them."""
    there = User.objects.filter(email__startswith=f"{kind}-", email__endswith=DOMAIN).count()
    chance = random.Random(f"{seed} {kind} {there}")  # noqa: S311 # plausible, not secret
    rows = whole_table(User, with_key=False)
    for first in range(there + 1, wanted + 1, _PEOPLE_AT_ONCE):
        people = [
            User(
                public_id=ids.public_id("usr"),
                email=f"{kind}-{number}{DOMAIN}",
                display_name=words.person(chance),
                country=chance.choice(("US", "GB", "DE", "FR", "ES")),
                bio="Made by generate_catalogue." if kind == "author" else "",
                password="!",  # noqa: S106 # no hash, so nobody can log in
                is_author=kind == "author",
                joined_at=at,
            )
            for number in range(first, min(first + _PEOPLE_AT_ONCE, wanted + 1))
        ]
        with transaction.atomic():
            write({rows: [rows.row_of(person) for person in people]})


def _manuscript(tongue: Tongue) -> str:
    text = "\n\n".join(tongue.specimen)
    return f"# {tongue.label}\n\n" + "\n\n".join(f"## {number}\n\n{text}" for number in range(1, _SECTIONS + 1)) + "\n"


def _kept(picture: reencode.Thumbnail) -> str:
    sha256 = hashlib.sha256(picture.data).hexdigest()
    name = f"{FOLDER}/{sha256}.{picture.extension}"
    return storage.store(storage.public(), name, io.BytesIO(picture.data), sha256)


def _remove_covers() -> None:
    public = storage.public()
    if public.exists(FOLDER):
        for name in public.listdir(FOLDER)[1]:
            public.delete(f"{FOLDER}/{name}")
    drawn_cover.cache_clear()


def _remove_specimens() -> None:
    """Delete the jobs and their files, except files that another account's book has as well."""
    with transaction.atomic():
        mine = ConversionJob.objects.filter(requested_by__email=f"generator{DOMAIN}")
        files = set(mine.exclude(artifacts=None).values_list("artifacts__file", flat=True))
        files |= set(mine.values_list("source_file", flat=True))
        mine.delete()
        files -= set(Artifact.objects.filter(file__in=files).values_list("file", flat=True))
        files -= set(Manuscript.objects.filter(file__in=files).values_list("file", flat=True))
    for name in files:
        storage.private().delete(name)
