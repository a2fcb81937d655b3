"""The books that imported notes may belong to."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from common.search_text import normalize
from publishing.models import Contributor, Edition, EditionState, Work
from storefront.checkout import given_copies
from storefront.checkout.models import Entitlement
from storefront.reading.formats import BookEntry
from storefront.reading.models import Note

_SLUG = re.compile(r"/(?:books|read)/([a-z0-9-]+)/")


@dataclass(frozen=True, slots=True)
class KnownBooks:
    """The works of a person: by public id, by identifiers of their editions, by slug, and by title."""

    by_id: dict[str, Work] = field(default_factory=dict)
    by_identifier: dict[str, Work] = field(default_factory=dict)
    by_slug: dict[str, Work] = field(default_factory=dict)
    by_title: dict[str, list[Work]] = field(default_factory=dict)

    def work_of(self, book: BookEntry) -> Work | None:
        """Return the work that a file means; None if it is none of the person's, or if several have its title."""
        if book.work in self.by_id:
            return self.by_id[book.work]
        for identifier in book.identifiers:
            if identifier in self.by_identifier:
                return self.by_identifier[identifier]
        slug = _SLUG.search(book.url)
        if slug and slug[1] in self.by_slug:
            return self.by_slug[slug[1]]
        same = self.by_title.get(normalize(book.title), [])
        return same[0] if len(same) == 1 else None


def known_books(person: User) -> KnownBooks:
    """Return the books that the person has, has made, or had and left notes in; three queries."""
    theirs = [
        Exists(Entitlement.objects.filter(user=person, work=OuterRef("pk"))),
        Exists(Contributor.objects.filter(user=person, work=OuterRef("pk"))),
        Exists(Note.objects.filter(user=person, work=OuterRef("pk"))),
    ]
    given = Q(pk__in=given_copies.lasting(person))
    works = Work.with_personal.filter(Q(owner=person) | theirs[0] | theirs[1] | theirs[2] | given)
    found = {work.pk: work for work in works.order_by("title", "pk")}
    editions = Edition.with_personal.filter(work__in=found).exclude(state=EditionState.DRAFT)
    identifiers = editions.oldest_first().values_list("identifier", "work")
    titles: defaultdict[str, list[Work]] = defaultdict(list)
    published = set()
    by_identifier = {}
    for identifier, pk in identifiers:
        published.add(pk)
        by_identifier[identifier] = found[pk]
    shown = [work for work in found.values() if work.pk in published]
    for work in shown:
        titles[normalize(work.title)].append(work)
    return KnownBooks(
        {work.public_id: work for work in shown}, by_identifier, {work.slug: work for work in shown}, dict(titles)
    )
