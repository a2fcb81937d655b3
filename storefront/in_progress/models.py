"""What an author shows of a work in progress: the state of the text, and the chapters chosen from it."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from common.ids import PublicIdField
from common.numerals import localized
from publishing.models import Edition, Work

MAX_CHAPTERS = 50


class ShowingQuerySet(models.QuerySet["Showing"]):
    def public(self) -> Self:
        """Filter by what everybody may read now: nothing of a book that was published or is held by a moderator."""
        published = Edition.objects.filter(work=OuterRef("work"), published_at__isnull=False)
        shown = self.exclude(file="").filter(is_hidden=False, work__owner__is_active=True, work__held_by="")
        return shown.filter(~Exists(published))


class Showing(models.Model):
    """The chapters in progress of one work. Without a file nothing is shown.

    `file` is the web book that the chapters are read from. It never changes, so readers see the text as it was when
    the author last chose to show it, whatever is typed since.
    """

    public_id = PublicIdField("wip")
    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="showing")
    file = models.CharField(max_length=300, blank=True, default="", help_text="name in private storage")
    latest = models.PositiveSmallIntegerField(null=True, help_text="the last so many chapters; null if they are picked")
    note = models.CharField(max_length=500, blank=True, default="")
    is_indexed = models.BooleanField(default=False, help_text="search engines may list the pages")
    is_hidden = models.BooleanField(default=False, help_text="by a moderator's decision")
    shown_at = models.DateTimeField(null=True, help_text="when the author last showed something")

    objects: ClassVar[ShowingQuerySet] = ShowingQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.work)

    @property
    def is_on(self) -> bool:
        """Return whether the author shows something, apart from what moderators decide."""
        return bool(self.file)


class ShownChapter(models.Model):
    """A chapter that the author chose. `shown_at` is when its text last changed for readers."""

    showing = models.ForeignKey(Showing, on_delete=models.CASCADE, related_name="chapters")
    chapter_id = models.CharField(max_length=100, help_text="its name in the web book")
    title = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField(help_text="in the web book, from 0")
    number = models.PositiveIntegerField(help_text="among the chapters of the author's own text, from 1")
    words = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["showing", "chapter_id"], name="shown_chapter_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return how readers tell it from others: its place in the book and its title, which may have a number."""
        if self.title[:1].isdigit():
            return self.title
        chapter = _("Chapter %(number)s") % {"number": localized(self.number)}
        return f"{chapter}: {self.title}" if self.title else chapter
