"""What a person decided about a book in their library."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publishing.models import Work


class ReadingStatus(models.TextChoices):
    WANT = "want", _("Want to read")
    READING = "reading", pgettext_lazy("status of a book", "Reading")
    FINISHED = "finished", _("Finished")
    GIVEN_UP = "given_up", _("Given up")


class BookChoice(models.Model):
    """The status that a person set, and whether the book is off the shelf; private to them.

    Without a status the book has the one that follows from their reading (`selectors/progress.py`), which is not
    stored: it can be neither late nor overwrite anything.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="book_choices")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=8, choices=ReadingStatus, blank=True)
    status_at = models.DateTimeField(null=True, help_text="when it was set")
    finished_on = models.DateField(null=True, help_text="as the person says")
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "work"], name="shelf_choice_once"),
            models.CheckConstraint(
                condition=Q(finished_on=None) | Q(status=ReadingStatus.FINISHED), name="shelf_choice_finished_has_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work_id}: {self.status or 'as read'}"
