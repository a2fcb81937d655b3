"""Publishes the sample books the way every book is published: uploaded, described, priced, converted by the worker and
put on sale, through the services behind the author dashboard.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count

from django.db import transaction

from accounts.models import User
from common import clock
from conversion.models import JobState
from demo.content.loader import Book, Catalogue, Persona
from demo.people import person
from publishing import selectors as publishing_selectors
from publishing.models import AiUse, Contributor, Edition, RightsBasis, Series, Work
from publishing.services import contributors as contributor_services
from publishing.services import credits as credit_services
from publishing.services import editions as edition_services
from publishing.services import prices as pricing_services
from publishing.services import rights as rights_services
from publishing.services import series as series_services
from publishing.services import works as work_services
from publishing.services.prices import OpenPrice
from publishing.services.rights import Statement

SHOP_OPENED = timedelta(days=92)
_WAIT_SECONDS = 600
_POLL_SECONDS = 0.3

type Tell = Callable[[int, int], None]  # books published, and their total


class BookNotConverted(Exception):
    """A sample book failed, or no worker converted it in time."""


def seed_books(catalogue: Catalogue, tell: Tell) -> None:
    """Publish every book of the catalogue that is not published yet.

    Needs a running worker. Raises BookNotConverted.
    """
    people = {persona.key: author(persona) for persona in catalogue.authors}
    wanted = [book for book in catalogue.books if not Work.objects.filter(title=book.title).exists()]
    uploads = [(book, upload(book, people, at), at) for book, at in zip(wanted, _days(), strict=False)]
    for done, (book, work, at) in enumerate(uploads, 1):
        edition = _converted(book, work)
        with clock.frozen(at):
            state_rights(edition, at)
            edition_services.publish_edition(actor=work.owner, edition=edition, at=at)
        tell(done, len(uploads))
    price_series(catalogue, wanted)


def state_rights(edition: Edition, at: datetime) -> None:
    """Declare the same rights for every sample book: it is the author's own, and no AI wrote it."""
    none = Statement(RightsBasis.OWN, AiUse.NONE, AiUse.NONE, AiUse.NONE)
    rights_services.state_rights(actor=edition.work.owner, edition=edition, statement=none, at=at)


def author(persona: Persona) -> User:
    """Return the author's account."""
    return person(persona.email, persona.display_name, persona.country, ("is_author",), persona.bio)


def reader(persona: Persona) -> User:
    """Return the reader's account."""
    return person(persona.email, persona.display_name, persona.country)


def _days() -> Iterator[datetime]:
    """Yield the dates on which the books come out: one every week, starting three months ago."""
    first = clock.now() - SHOP_OPENED
    return (first + timedelta(days=7 * number) for number in count())


@transaction.atomic
def upload(book: Book, people: Mapping[str, User], at: datetime) -> Work:
    """Create the work with details, credits, split and prices, and request its files. `people` are by persona key."""
    owner = people[book.owner]
    with book.source.open("rb") as content:
        work = work_services.create_work(actor=owner, content=content, name=book.source.name, at=at)
    details = work_services.Details(
        title=book.title,
        subtitle=book.subtitle,
        language=book.language,
        description=book.description,
        subject=book.subjects[0],
        imprint="",
        sample_bps=book.sample_share_bps,
        series=book.series,
        series_number=book.series_number,
    )
    work = work_services.update_details(actor=owner, work=work, details=details, at=at)
    _agree_on_split(book, work, people, at)
    prices = {
        currency: OpenPrice(price, book.suggested_minor[currency]) if currency in book.suggested_minor else price
        for currency, price in book.prices_minor.items()
    }
    return pricing_services.set_prices(actor=owner, work=work, prices=prices, at=at)


def price_series(catalogue: Catalogue, books: Sequence[Book]) -> None:
    """Set the discounts for completing the series of these books. A series has prices only when all its books have."""
    discounts = {series.title: series.completing_bps for series in catalogue.series}
    titles = {book.series for book in books if book.series}
    for series in Series.objects.filter(title__in=titles).select_related("owner"):
        series_services.set_completion_discount(
            actor=series.owner, series=series, discount_bps=discounts[series.title], at=clock.now()
        )


def _agree_on_split(book: Book, work: Work, people: Mapping[str, User], at: datetime) -> None:
    if len(book.contributors) == 1:
        return
    owner = work.owner
    shares: dict[Contributor, int] = {work.contributors.get(user=owner): book.contributors[0].split_bps}
    for credit in book.contributors[1:]:
        user = people[credit.author]
        contributor = contributor_services.add_contributor(
            actor=owner, work=work, name=user.display_name, role=credit.role, email=user.email, at=at
        )
        contributor = credit_services.accept_credit(actor=user, contributor=contributor)
        shares[contributor] = credit.split_bps
    agreement = contributor_services.propose_split(actor=owner, work=work, shares=shares, at=at)
    for credit in book.contributors[1:]:
        contributor_services.consent_to_split(actor=people[credit.author], agreement=agreement, at=at)


def _converted(book: Book, work: Work) -> Edition:
    """Return the work's newest edition once its job is done."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < deadline:
        edition = publishing_selectors.newest_of(work)
        if edition is not None and edition.job.state == JobState.DONE:
            return edition
        if edition is not None and edition.job.state == JobState.FAILED:
            raise BookNotConverted(f"“{book.title}” could not be converted: {edition.job.failure_code}")
        time.sleep(_POLL_SECONDS)
    raise BookNotConverted(f"no worker converted “{book.title}” within {_WAIT_SECONDS} seconds")
