"""Fingerprints of texts, and the passages that two texts share.

The current texts of a work are that of its edition in preparation and that of the edition on sale, or last on sale. A
reference text belongs to no work: it is in the public domain, and an operator added it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import PublicIdField
from common.typed_json import TypedJSONField
from conversion.engine.api import passages as engine
from conversion.models import ConversionJob
from publishing.models import Edition

Segment = engine.Segment
# An answer counts until so much more is shared, in basis points of what was answered.
ANSWER_REACHES_BPS = 12_500


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where a passage stands: from and before which word of the body. `segments` are its first words as written; none
    for the smaller passages of a long list."""

    chapter: str
    start: int
    end: int
    segments: tuple[Segment, ...] = ()
    is_cut: bool = False  # whether it goes on after the segments


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage in both texts. `words` are those of the later text that are the same; no word is in two passages."""

    words: int
    here: TextPlace
    there: TextPlace


class PrintedText(models.Model):
    """A text whose prints are in `PassagePrint`: that of an edition, or a reference text."""

    edition = models.OneToOneField(Edition, null=True, on_delete=models.CASCADE, related_name="printed_text")
    job = models.ForeignKey(
        ConversionJob, null=True, on_delete=models.SET_NULL, related_name="+", help_text="the run that made the text"
    )
    title = models.CharField(max_length=300, blank=True, default="", help_text="of a reference text")
    source = models.CharField(max_length=300, blank=True, default="", help_text="where a reference text comes from")
    file = models.CharField(
        max_length=300, blank=True, default="", help_text="a reference text, name in private storage"
    )
    version = models.PositiveSmallIntegerField(
        default=0, help_text="of the prints; 0 until the text has been compared with the others"
    )
    words = models.PositiveIntegerField(default=0, help_text="of the body")
    attempts = models.PositiveSmallIntegerField(default=0)
    printed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(edition__isnull=False, file="") | Q(edition=None, file__gt=""),
                name="printed_text_of_one_thing",
            ),
            models.UniqueConstraint(fields=["file"], condition=Q(file__gt=""), name="reference_text_once"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.edition)


class PassagePrint(models.Model):
    """One print of one text. `since` is when the work first had it, over all its editions."""

    pk = models.CompositePrimaryKey("hash", "text")
    hash = models.BigIntegerField()
    text = models.ForeignKey(PrintedText, on_delete=models.CASCADE, related_name="prints")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.hash:x} {self.text_id}"


class Answer(models.TextChoices):
    """What an author says about words that also stand in somebody else's book."""

    LICENCE = "licence", _("I have the right holder’s permission")
    FREE = "free", _("These words are in the public domain, or under a free licence")
    QUOTATION = "quotation", _("It is a quotation that the law allows")
    MINE = "mine", _("I wrote it: the other text is mine, or was taken from me")
    REMOVE = "remove", _("I will remove these passages")


class MatchQuerySet(models.QuerySet["Match"]):
    def unanswered(self) -> MatchQuerySet:
        return self.filter(Q(answer="") | Q(words__gt=F("answered_words") * ANSWER_REACHES_BPS / 10_000))


class Match(models.Model):
    """Passages of `text` that also stand in `other`, which had them first."""

    public_id = PublicIdField("pas")
    text = models.ForeignKey(PrintedText, on_delete=models.CASCADE, related_name="matches")
    other = models.ForeignKey(PrintedText, on_delete=models.CASCADE, related_name="matches_elsewhere")
    words = models.PositiveIntegerField(help_text="of the body of `text` that also stand in `other`")
    other_words = models.PositiveIntegerField(help_text="of the body of `other` that also stand in `text`")
    passages = TypedJSONField(tuple[Passage, ...], default=tuple, help_text="the longest, in the order of `text`")
    unlisted = models.PositiveIntegerField(default=0, help_text="passages that are not in the list")
    found_at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer, blank=True, default="")
    explanation = models.TextField(max_length=2000, blank=True, default="")
    answered_words = models.PositiveIntegerField(default=0, help_text="`words` when it was answered")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[MatchQuerySet] = MatchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "matches"
        constraints = [models.UniqueConstraint(fields=["text", "other"], name="match_once")]
        indexes = [models.Index(fields=["-words", "id"], name="match_most_words")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_answered(self) -> bool:
        return bool(self.answer) and self.words * 10_000 <= self.answered_words * ANSWER_REACHES_BPS

    @property
    def passages_without_words(self) -> int:
        """Return how many passages are only counted, because they are shorter than those that are shown."""
        return self.unlisted + sum(not passage.here.segments for passage in self.passages)

    @property
    def share_bps(self) -> int:
        """Return the share of the later text that also stands in the other, rounded up."""
        return -(-self.words * 10_000 // max(1, self.text.words))
