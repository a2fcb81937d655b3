"""Shelves that readers keep: chosen books in an order, each with a reason."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from publishing.models import Work


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Public: listed, and found by anybody")
    UNLISTED = "unlisted", _("Unlisted: for those who have the address")


class ShelfQuerySet(models.QuerySet["Shelf"]):
    def public(self) -> ShelfQuerySet:
        return self.filter(visibility=Visibility.PUBLIC, owner__is_active=True, is_hidden=False)

    def chosen(self) -> ShelfQuerySet:
        """Those that stand on pages of the shop: editors' and, while they are curators, readers'."""
        return self.public().filter(models.Q(is_editors=True) | models.Q(owner__standing__is_curator=True))


class Shelf(models.Model):
    """`is_editors` is an operator's mark. `books_count` counts what stands on it, on sale or not.
    `changed_at` is when a book last came onto it.

    Both addresses stay while the shelf is there: `slug` while it is public, and `unlisted_slug` from when it was first
    unlisted on. One that began unlisted has the same twice.
    """

    public_id = PublicIdField("shf")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shelves")
    slug = models.SlugField(max_length=100, unique=True)
    unlisted_slug = models.SlugField(  # noqa: DJ001 - unique where there is one
        max_length=100, null=True, unique=True, help_text="an address that cannot be guessed"
    )
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=2000, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    is_editors = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False, help_text="by a moderator, from others")
    books_count = models.PositiveSmallIntegerField(default=0)
    search_words = models.TextField(blank=True, help_text="title and keeper, folded")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar[ShelfQuerySet] = ShelfQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-changed_at", "-id"]
        indexes = [
            models.Index(fields=["visibility", "-changed_at", "-id"], name="shelf_newest"),
            models.Index(fields=["visibility", "-books_count", "-id"], name="shelf_longest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visibility=Visibility.PUBLIC) | models.Q(unlisted_slug__isnull=False),
                name="shelf_unlisted_has_slug",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("community:shelf", args=[self.address])

    @property
    def address(self) -> str:
        """The slug under which it is to be found now."""
        is_unlisted = self.visibility == Visibility.UNLISTED
        return self.unlisted_slug if is_unlisted and self.unlisted_slug else self.slug


class ShelfBook(models.Model):
    """A book on a shelf. Taken off, it waits a day for being put back."""

    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="books")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="shelved")
    position = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["shelf", "work"], name="shelf_book_once")]
