"""The only writers of listings: what an edition, a price or a rating says, put where the shop reads it.

`details` of a listing holds what its page shows beside: `edition` (public id), `number`, `identifier`, `imprint`,
`authors` [{name, role, author}], `formats` [{kind, target, bytes, pages}], `editions` [{number, date, notes}],
`chapters`, `accessibility` (codes of templates/storefront/book.html) and `author_gets` {price, processor_fee,
platform_fee, royalty}: minor units of the default currency by the terms in force when the listing was written, before
tax; empty for a free book.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Sum
from django.template.loader import render_to_string

from common.money import Money
from conversion.models import Artifact, ConversionJob
from publishing.models import ContributorRole, Edition, EditionState, Subject, Work
from royalties.errors import NoTermsInForce, PriceTooLow
from royalties.services import terms
from storefront.models import Catalogue, Listing, Review, SearchVariant
from storefront.models.listing import rating_score
from storefront.selectors import webbook
from storefront.selectors.cards import PRICE_MARK
from storefront.selectors.chapters import opening_markup
from storefront.selectors.folding import fold_words, folded, variants

_OPENING_WORDS = 320
_FORMAT_KINDS = ("epub", "pdf")
_BYLINE_ROLES = (ContributorRole.AUTHOR, ContributorRole.EDITOR, ContributorRole.TRANSLATOR)


@transaction.atomic
def refresh_listing(edition: Edition) -> None:
    """Write the listing of the edition's work anew and put it on sale. Safe to repeat."""
    work = edition.work
    artifacts = list(edition.job.artifacts.all())
    listing = Listing.objects.select_for_update().filter(work=work).first() or Listing(work=work)
    prices = {price.currency: price.list_price_minor for price in work.prices.all()}
    listing.edition = edition
    listing.slug = work.slug
    listing.title, listing.subtitle = work.title, work.subtitle
    listing.byline = _byline(work)
    listing.language = work.language
    listing.subject = work.subject
    listing.description = work.description
    listing.prices = prices
    listing.price_minor = prices.get(settings.DEFAULT_CURRENCY)
    listing.cover = {artifact.target: artifact.file for artifact in artifacts if artifact.kind == "thumbnail"}
    listing.words = int(edition.job.result.get("words", 0))
    listing.details = _details(edition, artifacts)
    listing.sample_html = _opening(artifacts)
    listing.published_at = _first_published(work) or edition.published_at or edition.created_at
    listing.is_on_sale = edition.state == EditionState.PUBLISHED
    _rate(listing)
    listing.card_html = _card(listing)
    listing.search_names = folded(listing.title, listing.subtitle, listing.byline)
    listing.search_text = _search_text(listing, edition.job)
    listing.save()
    _learn_words(listing.search_names)
    _raise_version(listing.language)


@transaction.atomic
def withdraw_listing(edition: Edition) -> None:
    """Take the edition's listing off sale; its page is gone, its reviews stay."""
    if Listing.objects.filter(edition=edition).update(is_on_sale=False):
        _raise_version("")


@transaction.atomic
def refresh_rating(work: Work) -> None:
    """Count the work's reviews into its listing, if it has one."""
    listing = Listing.objects.select_for_update().filter(work=work).first()
    if listing is None:
        return
    _rate(listing)
    listing.card_html = _card(listing)
    listing.save(update_fields=["rating_sum", "rating_count", "rating_score", "card_html"])
    _raise_version("")


@transaction.atomic
def count_sale(edition: Edition, by: int = 1) -> None:
    """Count a sale (or take one back, -1) for the order of bestsellers. Pages show it when they are next refreshed."""
    Listing.objects.filter(work_id=edition.work_id).update(sales_count=F("sales_count") + by)


def _byline(work: Work) -> str:
    people = list(work.contributors.all())
    authors = [person.name for person in people if person.role == ContributorRole.AUTHOR]
    return ", ".join(authors or [person.name for person in people if person.role in _BYLINE_ROLES])[:400]


def _first_published(work: Work) -> Any:
    """When the work first went on sale: a new edition does not make an old book new."""
    dates = work.editions.exclude(published_at=None).values_list("published_at", flat=True)
    return dates.order_by("published_at").first()


def _details(edition: Edition, artifacts: list[Artifact]) -> dict[str, Any]:
    work, result = edition.work, edition.job.result
    editions = work.editions.exclude(published_at=None).order_by("-number")
    return {
        "edition": edition.public_id,
        "number": edition.number,
        "identifier": edition.identifier,
        "imprint": work.imprint,
        "authors": [
            {"name": one.name, "role": one.role, "author": one.user.public_id if one.user else ""}
            for one in work.contributors.select_related("user")
        ],
        "formats": [
            {"kind": one.kind, "target": one.target, "bytes": one.size_bytes, "pages": one.pages}
            for one in sorted(artifacts, key=lambda one: (one.kind, one.pages))
            if one.kind in _FORMAT_KINDS
        ],
        "editions": [
            {"number": one.number, "date": one.published_at.date().isoformat(), "notes": one.notes}
            for one in editions
            if one.published_at
        ],
        "chapters": sum(1 for one in result.get("chapters", []) if one.get("division") == "bodymatter"),
        "accessibility": _accessibility(edition.job),
        "author_gets": _author_gets(work),
    }


def _author_gets(work: Work) -> dict[str, int]:
    price = next((one for one in work.prices.all() if one.currency == settings.DEFAULT_CURRENCY), None)
    if price is None or not price.list_price_minor:
        return {}
    try:
        parts = terms.preview(list_price=Money(price.list_price_minor, price.currency), tax_rate_bps=0)
    except (NoTermsInForce, PriceTooLow):
        return {}
    return {
        "price": parts.list_price.amount_minor,
        "processor_fee": parts.processor_fee.amount_minor,
        "platform_fee": parts.platform_fee.amount_minor,
        "royalty": parts.royalty.amount_minor,
    }


def _accessibility(job: ConversionJob) -> list[str]:
    """What our files always offer, and whether every picture is described."""
    codes = set(job.findings.filter(code="image.alt-missing").values_list("code", flat=True))
    return ["reflow", "contents", "structure", "some-undescribed" if codes else "described", "no-hazards", "no-locks"]


def _opening(artifacts: list[Artifact]) -> str:
    """The first words of the sample, or "" when there is none."""
    file = next((one.file for one in artifacts if one.kind == "sample-web"), "")
    if not file:
        return ""
    book = webbook.web_book(file)
    if not book.chapters:
        return ""
    return opening_markup(webbook.chapter_file(book, book.chapters[0].id), words=_OPENING_WORDS)


def _rate(listing: Listing) -> None:
    totals = Review.objects.filter(work=listing.work).aggregate(count=Count("pk"), sum=Sum("stars"))
    listing.rating_count, listing.rating_sum = totals["count"], totals["sum"] or 0
    listing.rating_score = rating_score(listing.rating_sum, listing.rating_count)


def _card(listing: Listing) -> str:
    return render_to_string("storefront/_card.html", {"listing": listing, "mark": PRICE_MARK}).strip()


def _search_text(listing: Listing, job: ConversionJob) -> str:
    chapters = " ".join(str(one.get("title", "")) for one in job.result.get("chapters", []))
    subject = str(Subject(listing.subject).label) if listing.subject in Subject.values else ""
    return folded(subject, listing.details["imprint"], listing.details["identifier"], listing.description, chapters)


def _learn_words(names: str) -> None:
    rows = [SearchVariant(word=word, variant=variant) for word in set(fold_words(names)) for variant in variants(word)]
    SearchVariant.objects.bulk_create(rows, ignore_conflicts=True)


def _raise_version(language: str) -> None:
    """Locks the shop's one row until commit, so that two changes never share a version."""
    row, _ = Catalogue.objects.select_for_update().get_or_create(pk=1)
    row.version += 1
    if language and language not in row.languages:
        row.languages = sorted([*row.languages, language])
    row.save()
