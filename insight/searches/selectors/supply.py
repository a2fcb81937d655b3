"""How many works and services there are for what people look for. Anybody could count them in the shop."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from hiring.offers.models import Offer
from hiring.service_kinds import TEXT_KINDS
from publishing import thema
from storefront.catalogue.facets import base_language
from storefront.catalogue.models import Listing

type CellKey = tuple[str, str, str]  # service, subject, language


@dataclass(slots=True)
class Supply:
    """`by_cell` has what fits a cell; a section counts what is in its subjects, and an empty subject all."""

    works: int = 0
    offers: int = 0
    by_cell: Counter[CellKey] = field(default_factory=Counter)


def supply() -> Supply:
    """Count works on sale and public offers."""
    found = Supply()
    rows = Listing.objects.on_sale().order_by().values_list("section", "subject", "language")
    for section, subject, tag, count in rows.annotate(count=Count("pk")):
        found.works += count
        for code in {section, subject, ""}:
            found.by_cell["", code, base_language(tag).lower()] += count
    for offer in Offer.objects.public().prefetch_related("languages", "genres"):
        found.offers += 1
        found.by_cell.update(_cells_of(offer))
    return found


def _cells_of(offer: Offer) -> set[CellKey]:
    """Return every cell that the offer fits, each once."""
    pairs = [one.target or one.language for one in offer.languages.all()]
    languages = {base_language(tag).lower() for tag in pairs} if offer.kind in TEXT_KINDS else {""}
    codes = {thema.nearest(genre.code) for genre in offer.genres.all()}
    subjects = codes | {code[:1] for code in codes} | {""}
    return {(offer.kind, subject, language) for subject in subjects for language in languages}
