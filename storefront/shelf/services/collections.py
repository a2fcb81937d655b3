"""Creates, changes and deletes collections, and puts books into them."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.db.models import Max

from accounts.models import User
from common.errors import NotFound
from storefront.shelf import permissions, rules
from storefront.shelf.errors import NameTaken, TooManyCollections
from storefront.shelf.models import CollectedBook, Collection


@transaction.atomic
def create(*, actor: User, name: str, at: datetime) -> Collection:
    """Create an empty collection. Raises NameTaken, TooManyCollections."""
    own = _own(actor)
    _require_free(own, name)
    if own.count() >= rules.MAX_COLLECTIONS:
        raise TooManyCollections(most=rules.MAX_COLLECTIONS)
    return Collection.objects.create(user=actor, name=name, made_at=at)


@transaction.atomic
def rename(*, actor: User, collection_id: str, name: str) -> Collection:
    """Give a collection another name. Raises NameTaken, NotFound."""
    others = _own(actor).exclude(public_id=collection_id)
    collection = _locked(actor, collection_id)
    if collection.name != name:
        _require_free(others, name)
        collection.name = name
        collection.save(update_fields=["name"])
    return collection


@transaction.atomic
def delete(*, actor: User, collection_id: str) -> None:
    """Delete a collection; its books stay in the library. Raises NotFound."""
    _locked(actor, collection_id).delete()


@transaction.atomic
def add_book(*, actor: User, collection_id: str, work_id: str, at: datetime) -> None:
    """Put a book of the library at the end of a collection, once. Raises NotFound."""
    work = permissions.require_readable(actor, work_id)
    collection = _locked(actor, collection_id)
    last = collection.books.aggregate(last=Max("position"))["last"]
    defaults = {"position": 0 if last is None else last + 1, "added_at": at}
    CollectedBook.objects.get_or_create(collection=collection, work=work, defaults=defaults)


@transaction.atomic
def remove_book(*, actor: User, collection_id: str, work_id: str) -> None:
    """Take a book out of a collection. Raises NotFound."""
    _locked(actor, collection_id).books.filter(work__public_id=work_id).delete()


@transaction.atomic
def move_book(*, actor: User, collection_id: str, work_id: str, before_id: str) -> None:
    """Move a book in front of another, or for "" to the end. Raises NotFound."""
    rows = list(_locked(actor, collection_id).books.select_related("work"))
    moved = next((row for row in rows if row.work.public_id == work_id), None)
    if moved is None:
        raise NotFound
    rows.remove(moved)
    place = next((n for n, row in enumerate(rows) if row.work.public_id == before_id), len(rows))
    rows.insert(place, moved)
    for number, row in enumerate(rows):
        row.position = number
    CollectedBook.objects.bulk_update(rows, ["position"])


def _own(actor: User) -> models.QuerySet[Collection]:
    # So that two tabs cannot exceed the limit, or take one name twice.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    return Collection.objects.filter(user=actor)


def _require_free(others: models.QuerySet[Collection], name: str) -> None:
    if others.filter(name__iexact=name).exists():
        raise NameTaken(name=name)


def _locked(actor: User, collection_id: str) -> Collection:
    collection = Collection.objects.select_for_update().filter(user=actor, public_id=collection_id).first()
    if collection is None:
        raise NotFound
    return collection
