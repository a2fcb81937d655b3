"""A person's private collections of books."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from common.ids import PublicIdField
from publishing.models import Work


class Collection(models.Model):
    """A named set of books in a person's library, in an order of their own. Nobody else sees it."""

    MAX_NAME = 100

    public_id = PublicIdField("col")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="book_collections")
    name = models.CharField(max_length=MAX_NAME)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="shelf_collection_name_once")]

    def __str__(self) -> str:
        return self.name


class CollectedBook(models.Model):
    """A book in a collection. It stays there when the person may not read it any more, unseen, until they buy it
    again."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="books")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["collection", "work"], name="shelf_collected_once")]

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.work_id}"
