"""What all generated books share: one converted specimen per language, some drawn covers, and who owns it all.

Everything generated belongs to accounts of one address domain, by which it is found again and removed.
"""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common import jobs, storage
from conversion import services as conversion_services
from conversion.engine import cover, images
from conversion.engine.contract import Overrides
from conversion.models import Artifact, ConversionJob, JobState
from conversion.options import ConversionOptions
from demo.generated_words import Tongue, Words
from publishing.models import Manuscript

DOMAIN = "@generated.invalid"
FOLDER = "generated"  # of public storage: covers
_FORMATS = ("epub", "pdf", "web", "sample")
_SECTIONS = 12


class SpecimenNotConverted(Exception):
    """The engine could not make a specimen."""


def specimens(tongues: Iterable[Tongue], at: datetime) -> dict[str, ConversionJob]:
    """A finished job by language, each converted here by the engine unless it was before. Raises
    SpecimenNotConverted."""
    clerk, _ = User.objects.get_or_create(
        email=f"generator{DOMAIN}", defaults={"display_name": "Catalogue generator", "password": "!"}
    )
    return {tongue.code: _specimen(tongue, clerk, at) for tongue in tongues}


def covers(count: int) -> list[dict[str, str]]:
    """Drawn covers as listings name them: public file names by thumbnail target. The same are kept once."""
    drawn = []
    for number in range(1, count + 1):
        picture = cover.typographic_cover(f"Specimen {number}", "A Generated Book", seed=number)
        drawn.append({f"{one.width}-{one.format}": _kept(one) for one in images.thumbnails(picture)})
    return drawn


def authors(words: Words, count: int, seed: int) -> list[User]:
    """The pool of authors: those that are there, and new ones up to `count`. Nobody can log in as one of them."""
    pool = list(User.objects.filter(email__startswith="author-", email__endswith=DOMAIN).order_by("pk"))
    chance = random.Random(f"{seed} people {len(pool)}")  # noqa: S311 # plausible, not secret
    new = [
        User(
            email=f"author-{number}{DOMAIN}",
            display_name=words.person(chance),
            country=chance.choice(("US", "GB", "DE", "FR", "ES")),
            bio="Made by generate_catalogue.",
            password="!",  # noqa: S106 # no hash, so nobody can log in
            is_author=True,
        )
        for number in range(len(pool) + 1, count + 1)
    ]
    return pool + User.objects.bulk_create(new, batch_size=2000)


def remove_stock() -> None:
    """Forget covers, specimens and accounts that no generated book needs any more."""
    if not User.objects.filter(email__endswith=DOMAIN, works__isnull=False).exists():
        _remove_covers()
        _remove_specimens()
    mine = User.objects.filter(email__endswith=DOMAIN, works=None, contributions=None)
    owners = ConversionJob.objects.values("requested_by")
    mine.exclude(pk__in=owners).delete()


def _specimen(tongue: Tongue, clerk: User, at: datetime) -> ConversionJob:
    name = f"generated-specimen-{tongue.code}.md"
    found = ConversionJob.objects.filter(requested_by=clerk, source_name=name, state=JobState.DONE).first()
    if found is not None:
        return found
    content = _manuscript(tongue).encode()
    sha256 = hashlib.sha256(content).hexdigest()
    file = storage.keep(storage.private(), f"manuscripts/{sha256[:2]}/{sha256}.md", io.BytesIO(content), sha256)
    options = ConversionOptions(overrides=Overrides(title=tongue.label, language=tongue.code), formats=_FORMATS)
    with jobs.gathered():  # no worker is asked: it is done here
        job = conversion_services.request_conversion(
            actor=clerk, source_file=file, source_name=name, source_sha256=sha256, options=options, at=at
        )
        jobs.run_here("conversion.run", job_id=job.pk)
    job.refresh_from_db()
    if job.state != JobState.DONE:
        raise SpecimenNotConverted(f"{name}: {job.failure_code or job.state}")
    return job


def _manuscript(tongue: Tongue) -> str:
    text = "\n\n".join(tongue.specimen)
    return f"# {tongue.label}\n\n" + "\n\n".join(f"## {number}\n\n{text}" for number in range(1, _SECTIONS + 1)) + "\n"


def _kept(picture: images.Thumbnail) -> str:
    sha256 = hashlib.sha256(picture.data).hexdigest()
    name = f"{FOLDER}/{sha256}.{picture.extension}"
    return storage.keep(storage.public(), name, io.BytesIO(picture.data), sha256)


def _remove_covers() -> None:
    public = storage.public()
    if public.exists(FOLDER):
        for name in public.listdir(FOLDER)[1]:
            public.delete(f"{FOLDER}/{name}")


def _remove_specimens() -> None:
    """The jobs and their files; a file that somebody else's book has as well stays."""
    with transaction.atomic():
        mine = ConversionJob.objects.filter(requested_by__email=f"generator{DOMAIN}")
        files = set(mine.exclude(artifacts=None).values_list("artifacts__file", flat=True))
        files |= set(mine.values_list("source_file", flat=True))
        mine.delete()
        files -= set(Artifact.objects.filter(file__in=files).values_list("file", flat=True))
        files -= set(Manuscript.objects.filter(file__in=files).values_list("file", flat=True))
    for name in files:
        storage.private().delete(name)
