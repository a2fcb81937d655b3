"""The works and editions that a device mentions, and what its person may do with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from publishing.models import Edition, EditionState, Work
from storefront.catalogue.selectors.editions import advance_editions
from storefront.checkout import given_copies, permissions
from storefront.checkout.models import Entitlement
from storefront.reading.changes import NoteChange, PlaceChange, SyncMessage


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Works by public id, and their editions that are or were on sale, by public id.

    `readable` are those that the person may read now, `owned` also those that they could once: primary keys.
    """

    works: dict[str, Work]
    editions: dict[str, Edition]
    readable: set[int]
    owned: set[int]

    def readable_work(self, work_id: str) -> Work | None:
        work = self.works.get(work_id)
        return work if work is not None and work.pk in self.readable else None

    def owned_work(self, work_id: str) -> Work | None:
        work = self.works.get(work_id)
        return work if work is not None and work.pk in self.owned else None

    def edition_of(self, work: Work, edition_id: str) -> Edition | None:
        edition = self.editions.get(edition_id)
        return edition if edition is not None and edition.work_id == work.pk else None


def mentioned_in(message: SyncMessage, actor: User) -> Mentioned:
    """Look up all that a message mentions; four queries, whatever its length, and two for what was not bought here."""
    work_ids, edition_ids = set(message.books), set(message.books.values())
    for work_id, edition_id in _pairs(message):
        work_ids.add(work_id)
        edition_ids.add(edition_id)
    works = Work.with_personal.in_bulk(work_ids, field_name="public_id")
    pks = [work.pk for work in works.values()]
    rows = Edition.with_personal.exclude(state=EditionState.DRAFT).filter(work__in=pks)
    editions = rows.in_bulk(edition_ids, field_name="public_id")
    if edition_ids - editions.keys():
        drafts = {one.public_id: one for one in advance_editions(pks).values()}
        editions |= {key: one for key, one in drafts.items() if key in edition_ids}
    readable = permissions.readable_works(actor, pks)
    bought = set(Entitlement.objects.filter(user=actor, work__in=pks).values_list("work_id", flat=True))
    return Mentioned(
        works=works,
        editions=editions,
        readable=readable,
        owned=readable | bought | given_copies.ever_given(actor, set(pks) - readable - bought),
    )


def _pairs(message: SyncMessage) -> Iterator[tuple[str, str]]:
    """Yield works with editions that changes mention."""
    for change in message.changes.values():
        if isinstance(change, PlaceChange):
            yield change.work, change.edition
        elif isinstance(change, NoteChange):
            yield change.work, change.target.edition if change.target is not None else ""
            if change.placed is not None and change.placed.value is not None:
                yield change.work, change.placed.value.edition
