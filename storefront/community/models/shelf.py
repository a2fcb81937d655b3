"""Readers' shelves: chosen books in an order, each with a reason."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.ids import PublicIdField
from publishing.models import Work


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Public: listed, and anyone can find it")
    UNLISTED = "unlisted", _("Unlisted: only for people who have the address")


class ShelfQuerySet(models.QuerySet["Shelf"]):
    def public(self) -> ShelfQuerySet:
        return self.filter(visibility=Visibility.PUBLIC, owner__is_active=True, is_hidden=False)

    def chosen(self) -> ShelfQuerySet:
        """Return the shelves featured on pages of the shop: editors' shelves, and those of readers who are curators."""
        return self.public().filter(models.Q(is_editors=True) | models.Q(owner__standing__is_curator=True))


class Shelf(models.Model):
    """A reader's shelf.

    `is_editors` is set by an operator. `books_count` counts all books on the shelf, on sale or not. `changed_at` is
    when a book was last added.

    Both slugs last as long as the shelf: `slug` is used while it is public, `unlisted_slug` from the first time it is
    unlisted. A shelf that was created unlisted has the same slug in both fields.
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
    is_hidden = models.BooleanField(default=False, help_text="hidden from others by a moderator")
    books_count = models.PositiveSmallIntegerField(default=0)
    search_words = models.TextField(blank=True, help_text="normalized words of the title and the owner's name")
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
        """Return the slug of the shelf's current URL."""
        is_unlisted = self.visibility == Visibility.UNLISTED
        return self.unlisted_slug if is_unlisted and self.unlisted_slug else self.slug

    @property
    def note(self) -> str:
        """Return how many books it has, and who cannot find it, in words."""
        words = [ngettext("%(n)s book", "%(n)s books", self.books_count) % {"n": self.books_count}]
        if self.visibility == Visibility.UNLISTED:
            words.append(str(_("unlisted")))
        if self.is_hidden:
            words.append(str(_("hidden by a moderator")))
        return ", ".join(words)


class ShelfBook(models.Model):
    """A book on a shelf. A removed book can be restored for a day."""

    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="books")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="shelved")
    position = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["shelf", "work"], name="shelf_book_once")]
