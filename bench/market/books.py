"""The books of the simulated market, as bulk rows."""

from __future__ import annotations

import random
from datetime import timedelta

from accounts.models import User
from bench.market.people import NOW, Size
from conversion.models import ConversionJob, JobState
from conversion.options import ConversionOptions
from publishing.models import (
    Contributor,
    Edition,
    EditionState,
    Manuscript,
    Price,
    SplitAgreement,
    SplitShare,
    Work,
)
from storefront.catalogue.models import Listing

GAP = ("FL", "sv")  # science fiction in Swedish: nothing is there
CELLS = [
    *((subject, "en") for subject in ("FB", "FF", "FM", "FR", "FL", "VS", "WB", "KJ")),
    *((subject, "de") for subject in ("FF", "FR", "FM", "VS")),
    ("FB", "fr"),
    ("FF", "sv"),
    ("FR", "es"),
]
WEIGHTS = [18, 16, 14, 16, 8, 6, 4, 4, 10, 8, 6, 4, 3, 2, 2]
_PRICES = [("USD", 499), ("USD", 299), ("USD", 99), ("EUR", 499), ("EUR", 799)]
_BATCH = 1000


def publish(size: Size, authors: list[User], luck: random.Random) -> list[Edition]:
    """Give every author a work, the ring's three each, and spread the rest unevenly."""
    owners = [*authors, *(author for author in authors[: size.ring_authors] for _ in range(2))]
    owners += luck.choices(authors[size.ring_authors :], k=max(size.works - len(owners), 0))
    works = []
    for number, owner in enumerate(owners[: size.works]):
        subject, language = luck.choices(CELLS, WEIGHTS)[0]
        out = NOW - timedelta(days=luck.randrange(1, 500), seconds=luck.randrange(86_400))
        values = {"slug": f"work-{number}", "title": f"Work {number}", "language": language, "subject": subject}
        works.append(Work(owner=owner, created_at=out, details_read_at=out, **values))
    Work.objects.bulk_create(works, _BATCH)
    _credit(works)
    editions = _editions(works, luck)
    _list(editions, luck)
    return editions


def price_of(edition: Edition) -> tuple[str, int]:
    """Return the only currency and price."""
    [(currency, minor)] = edition.work.listing.prices.items()
    return currency, minor


def _credit(works: list[Work]) -> None:
    """Credit the owners, alone in the split."""
    credits = Contributor.objects.bulk_create(
        [Contributor(work=work, user=work.owner, name=work.owner.display_name, position=0) for work in works], _BATCH
    )
    agreements = SplitAgreement.objects.bulk_create(
        [
            SplitAgreement(work=work, effective_at=work.created_at, proposed_by=work.owner, created_at=work.created_at)
            for work in works
        ],
        _BATCH,
    )
    SplitShare.objects.bulk_create(
        [
            SplitShare(agreement=agreement, contributor=credit, share_bps=10_000, consented_at=agreement.created_at)
            for agreement, credit in zip(agreements, credits, strict=True)
        ],
        _BATCH,
    )


def _editions(works: list[Work], luck: random.Random) -> list[Edition]:
    jobs = ConversionJob.objects.bulk_create(
        [
            ConversionJob(
                requested_by=work.owner,
                source_file="m",
                source_name="m.md",
                source_sha256="0" * 64,
                options=ConversionOptions(),
                state=JobState.DONE,
                created_at=work.created_at,
                due_at=work.created_at,
                started_at=work.created_at,
                finished_at=work.created_at + timedelta(milliseconds=luck.randrange(900, 45_000)),
            )
            for work in works
        ],
        _BATCH,
    )
    sources = Manuscript.objects.bulk_create(
        [
            Manuscript(
                work=work,
                file="m",
                name="m.md",
                sha256="0" * 64,
                size_bytes=1,
                uploaded_by=work.owner,
                uploaded_at=work.created_at,
            )
            for work in works
        ],
        _BATCH,
    )
    return Edition.objects.bulk_create(
        [
            Edition(
                work=work,
                number=1,
                manuscript=source,
                job=job,
                state=EditionState.PUBLISHED,
                identifier=f"urn:uuid:{work.pk}",
                created_at=work.created_at,
                published_at=work.created_at,
            )
            for work, source, job in zip(works, sources, jobs, strict=True)
        ],
        _BATCH,
    )


def _list(editions: list[Edition], luck: random.Random) -> None:
    prices = {edition.work_id: luck.choice(_PRICES) for edition in editions}
    Price.objects.bulk_create(
        [
            Price(work_id=work, currency=currency, list_price_minor=minor, changed_at=NOW)
            for work, (currency, minor) in prices.items()
        ],
        _BATCH,
    )
    Listing.objects.bulk_create(
        [
            Listing(
                work=edition.work,
                edition=edition,
                slug=edition.work.slug,
                title=edition.work.title,
                byline=edition.work.owner.display_name,
                language=edition.work.language,
                subject=edition.work.subject,
                section=edition.work.subject[:1],
                prices=dict([prices[edition.work_id]]),
                is_on_sale=luck.random() > 0.02,
                published_at=edition.published_at,
            )
            for edition in editions
        ],
        _BATCH,
    )
