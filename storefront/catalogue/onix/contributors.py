"""The people of a book in its record, and AI as an unnamed contributor."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from django.conf import settings
from django.urls import reverse
from lxml import etree

from publishing.models import AiUse
from publishing.record import isbn
from storefront.catalogue.models.details import ListedAiUse, ListedPerson
from storefront.catalogue.onix import codes
from storefront.catalogue.onix.elements import add, add_proprietary, add_website


def add_contributors(block: etree._Element, people: Sequence[ListedPerson], ai: ListedAiUse | None) -> None:
    """Add the people in order, and AI as an unnamed one: after who was assisted, or as who generated a part."""
    assisted = {codes.GENERATED[part] for part, use in ai.parts.items() if use == AiUse.ASSISTED} if ai else set()
    generated = [codes.GENERATED[part] for part, use in ai.parts.items() if use == AiUse.GENERATED] if ai else []
    last = {codes.ROLES.get(person.role, codes.OTHER_ROLE): place for place, person in enumerate(people)}
    # Whoever is not named was assisted as one of the authors.
    places = {last.get(role, last.get("A01", len(people) - 1)) for role in assisted}
    numbers = count(1)
    for place, person in enumerate(people):
        contributor = add(block, "Contributor")
        add(contributor, "SequenceNumber", str(next(numbers)))
        add(contributor, "ContributorRole", codes.ROLES.get(person.role, codes.OTHER_ROLE))
        if person.author:
            name = add(contributor, "NameIdentifier")
            add_proprietary(name, "NameIDType", f"{settings.SITE_NAME} author", person.author)
        for kind, digits in ((codes.ORCID, isbn.compact(person.orcid)), (codes.ISNI, person.isni)):
            if digits:
                name = add(contributor, "NameIdentifier")
                add(name, "NameIDType", kind)
                add(name, "IDValue", digits)
        add(contributor, "PersonName", person.name)
        if person.biography:
            add(contributor, "BiographicalNote", person.biography).set("textformat", "06")
        if person.author:
            add_website(contributor, "08", reverse("pages:author", args=[person.author]))
        if place in places:
            _unnamed(block, next(numbers), codes.ASSISTED_BY)
    for role in generated:
        _unnamed(block, next(numbers), role)
    if not people and not generated:
        add(block, "NoContributor")


def _unnamed(block: etree._Element, number: int, role: str) -> None:
    contributor = add(block, "Contributor")
    add(contributor, "SequenceNumber", str(number))
    add(contributor, "ContributorRole", role)
    add(contributor, "UnnamedPersons", codes.AI)
