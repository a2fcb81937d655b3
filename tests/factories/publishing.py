"""Works, editions and what belongs to them, without running the engine."""

from __future__ import annotations

import hashlib
import io
import itertools
from typing import Any

from accounts.models import User
from common import clock, storage
from conversion.models import ConversionJob
from publishing import hooks, selectors
from publishing.models import (
    AiUse,
    Contributor,
    Edition,
    EditionState,
    Manuscript,
    Price,
    RightsBasis,
    RightsStatement,
    SplitAgreement,
    SplitShare,
    Work,
)
from tests.factories.accounts import make_author
from tests.factories.conversion import make_done_job

_numbers = itertools.count(1)


def make_work(*, owner: User | None = None, prices: dict[str, int] | None = None, **overrides: Any) -> Work:
    """A work with every detail filled, its owner credited and alone in the split, at 4.99 USD."""
    owner = owner or make_author()
    number = next(_numbers)
    now = clock.now()
    values = {
        "slug": f"the-lighthouse-{number}",
        "title": "The Lighthouse",
        "language": "en",
        "subject": "FB",
        "description": "A keeper, a letter, and a light that should have gone out.",
        "details_read_at": now,
        "created_at": now,
        **overrides,
    }
    work = Work.objects.create(owner=owner, **values)
    author = make_contributor(work, user=owner)
    make_split(work, {author: 10_000})
    for currency, price_minor in ({"USD": 499} if prices is None else prices).items():
        Price.objects.create(work=work, currency=currency, list_price_minor=price_minor, changed_at=now)
    return work


def make_contributor(work: Work, *, user: User | None = None, **overrides: Any) -> Contributor:
    values = {
        "name": user.display_name if user else "Una Known",
        "position": work.contributors.count(),
        **overrides,
    }
    return Contributor.objects.create(work=work, user=user, **values)


def make_split(work: Work, shares: dict[Contributor, int], *, consented: bool = True) -> SplitAgreement:
    """An agreement from now on; unconsented when asked, so that it is only a proposal."""
    now = clock.now()
    agreement = SplitAgreement.objects.create(work=work, effective_at=now, proposed_by=work.owner, created_at=now)
    for contributor, bps in shares.items():
        SplitShare.objects.create(
            agreement=agreement, contributor=contributor, share_bps=bps, consented_at=now if consented else None
        )
    return agreement


def make_manuscript(work: Work, *, content: bytes = b"# The Harbour\n\nRain.\n", **overrides: Any) -> Manuscript:
    sha256 = hashlib.sha256(content).hexdigest()
    file = storage.store(storage.private(), f"manuscripts/{sha256[:2]}/{sha256}.md", io.BytesIO(content), sha256)
    values = {
        "name": "the_lighthouse.md",
        "file": file,
        "sha256": sha256,
        "size_bytes": len(content),
        "uploaded_by": work.owner,
        "uploaded_at": clock.now(),
        **overrides,
    }
    return Manuscript.objects.create(work=work, **values)


def make_edition(*, work: Work | None = None, job: ConversionJob | None = None, **overrides: Any) -> Edition:
    """A draft whose files are made and carry the work's details: ready to publish."""
    work = work or make_work()
    manuscript = overrides.pop("manuscript", None) or make_manuscript(work)
    values = {
        "number": work.editions.count() + 1,
        "identifier": f"urn:uuid:00000000-0000-4000-8000-{next(_numbers):012}",
        "created_at": clock.now(),
        **overrides,
    }
    edition = Edition(work=work, manuscript=manuscript, **values)
    edition.job = job or make_done_job(
        requested_by=work.owner,
        source_file=manuscript.file,
        source_name=manuscript.name,
        source_sha256=manuscript.sha256,
        cover_file=work.cover_file,
        options=selectors.wanted_options(edition),
        result={"title": work.title, "language": work.language},
    )
    edition.save()
    RightsStatement.objects.create(
        edition=edition,
        basis=RightsBasis.OWN,
        ai_text=AiUse.NONE,
        ai_images=AiUse.NONE,
        ai_cover=AiUse.NONE,
        ai_translation=AiUse.NONE,
        stated_by=work.owner,
        stated_at=clock.now(),
    )
    return edition


def make_published_edition(*, announce: bool = True, **overrides: Any) -> Edition:
    """An edition on sale with its artifacts; the shop hears of it unless told otherwise.

    `owner`, `prices` and details of the work may be given beside the edition's own fields.
    """
    work_fields = {"owner", "prices", "title", "subtitle", "language", "subject", "description", "slug", "imprint"}
    given = {name: overrides.pop(name) for name in work_fields & overrides.keys()}
    work = overrides.pop("work", None) or make_work(**given)
    values = {"state": EditionState.PUBLISHED, "published_at": clock.now(), **overrides}
    edition = make_edition(work=work, **values)
    if announce:
        hooks.notify_listed(edition)
    return edition
