"""Providers, their offers, and samples of their work."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import restrictions
from accounts.restrictions import Activity
from common.ids import PublicIdField
from common.money import Money, divide_half_up
from conversion.models import ConversionJob
from hiring.contract_terms import AiUse
from hiring.service_kinds import TEXT_KINDS, ServiceKind
from publishing.models import Work

WORDS_PER_UNIT = 1000
MAX_PLACES = 20


class Capacity(models.TextChoices):
    """Whether a provider offers services as a business. EU law (DSA, Article 30) shows readers who a business is."""

    TRADER = "trader", _("As a business, self-employed included")
    PRIVATE = "private", _("As a private person")


class Provider(models.Model):
    """A person who offers services: who they are by law, and whether they take work now.

    The details of a trader are shown with each offer; a private person's contact details come only with a contract.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="provider"
    )
    capacity = models.CharField(max_length=7, choices=Capacity)
    trader_name = models.CharField(max_length=120, blank=True)
    trader_address = models.TextField(max_length=400, blank=True)
    trader_phone = models.CharField(max_length=40, blank=True)
    trader_email = models.EmailField(blank=True)
    register_number = models.CharField(max_length=120, blank=True, help_text="trade register and number, if any")
    is_available = models.BooleanField(default=True, help_text="takes new work")
    away_until = models.DateField(null=True, blank=True, help_text="takes work again from the day after")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(capacity="trader")
                | ~(Q(trader_name="") | Q(trader_address="") | Q(trader_phone="") | Q(trader_email="")),
                name="provider_trader_says_who",
            ),
            models.CheckConstraint(
                condition=~Q(capacity="private")
                | Q(trader_name="", trader_address="", trader_phone="", trader_email="", register_number=""),
                name="provider_private_shows_nothing",
            ),
        ]

    @property
    def is_trader(self) -> bool:
        return self.capacity == Capacity.TRADER

    def takes_work_on(self, day: date) -> bool:
        """Return whether they take new work on that day."""
        return self.is_available and (self.away_until is None or self.away_until < day)


class PriceKind(models.TextChoices):
    FIXED = "fixed", _("A fixed price")
    WORDS = "words", _("A price per 1,000 words")
    SHARE = "share", _("A share of the royalties, if the author agrees")


class OfferState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("offer of a service", "Draft")
    PUBLIC = "public", pgettext_lazy("offer of a service", "Public")
    PAUSED = "paused", pgettext_lazy("offer of a service", "Paused")
    TAKEN_DOWN = "taken_down", pgettext_lazy("offer of a service", "Taken down by a moderator")


class OfferQuerySet(models.QuerySet["Offer"]):
    def public(self) -> Self:
        """Filter by what anybody may see: nothing of people who may not offer services at present."""
        kept_back = restrictions.people(Activity.CONTENT)
        return self.filter(state=OfferState.PUBLIC, provider__is_active=True).exclude(provider__in=kept_back)

    def with_estimate(self, words: int) -> Self:
        """Annotate `estimate_minor`: the price for a text of so many words; null for a share of the royalties."""
        by_words = ExpressionWrapper(
            (F("price_minor") * Value(words) + Value(WORDS_PER_UNIT // 2)) / Value(WORDS_PER_UNIT),
            output_field=models.BigIntegerField(),
        )
        return self.annotate(
            estimate_minor=Case(
                When(price_kind=PriceKind.WORDS, then=by_words),
                When(price_kind=PriceKind.FIXED, then=F("price_minor")),
                output_field=models.BigIntegerField(),
            )
        )


class Offer(models.Model):
    """One service of one provider. `places` is how many more contracts it takes: each takes one until it ends."""

    public_id = PublicIdField("ofr")
    provider = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=24, choices=ServiceKind)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=4000, blank=True)
    price_kind = models.CharField(max_length=5, choices=PriceKind, default=PriceKind.FIXED)
    price_minor = models.PositiveIntegerField(default=0, help_text="of the whole, or of 1,000 words")
    currency = models.CharField(max_length=3, blank=True)
    share_bps = models.PositiveIntegerField(default=0, help_text="of the work's royalties")
    turnaround_days = models.PositiveSmallIntegerField(default=14)
    places = models.PositiveSmallIntegerField(default=1, help_text="further contracts that the provider takes")
    ai_use = models.CharField(max_length=9, choices=AiUse, default=AiUse.NONE)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.DRAFT)
    held_by = models.CharField(max_length=40, blank=True, help_text="public id of the case that took it down")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, help_text="when it first became public")

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "-published_at"], condition=Q(state="public"), name="offer_public_by_kind"),
            models.Index(fields=["-published_at"], condition=Q(state="public"), name="offer_public_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(price_kind="share", price_minor=0, currency="") | (~Q(price_kind="share") & Q(share_bps=0)),
                name="offer_one_kind_of_price",
            ),
            models.CheckConstraint(
                condition=~Q(state="public")
                | Q(price_kind="share", share_bps__gte=1)
                | (Q(price_minor__gte=1) & ~Q(currency="")),
                name="offer_public_has_price",
            ),
            models.CheckConstraint(
                condition=Q(share_bps__lte=10_000, places__lte=MAX_PLACES), name="offer_share_and_places_range"
            ),
            models.CheckConstraint(
                condition=~Q(state="public") | Q(published_at__isnull=False), name="offer_public_since"
            ),
            models.CheckConstraint(
                condition=Q(state="taken_down", held_by__gt="") | (~Q(state="taken_down") & Q(held_by="")),
                name="offer_taken_down_by_case",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.state == OfferState.PUBLIC

    @property
    def is_of_text(self) -> bool:
        """Return whether the service works on the text."""
        return self.kind in TEXT_KINDS

    @property
    def price(self) -> Money | None:
        """Return the price of the whole or of 1,000 words; None for a share of the royalties."""
        return None if self.price_kind == PriceKind.SHARE else Money(self.price_minor, self.currency)

    def price_for(self, words: int) -> Money | None:
        """Return the price for a text of so many words; None for a share of the royalties."""
        if self.price_kind == PriceKind.WORDS:
            return Money(divide_half_up(self.price_minor * words, WORDS_PER_UNIT), self.currency)
        return self.price


class OfferLanguage(models.Model):
    """A language that the provider works in; for a translation, a pair of languages."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(max_length=35, help_text="BCP 47; of a translation, the one translated from")
    target = models.CharField(max_length=35, blank=True, help_text="of a translation, the one translated to")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "language", "target"], name="offer_language_once"),
            models.CheckConstraint(condition=~Q(language=F("target")), name="offer_language_to_another"),
        ]
        indexes = [models.Index(fields=["language", "target"], name="offer_language_pair")]


class OfferGenre(models.Model):
    """A subject that the provider knows."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="genres")
    code = models.CharField(max_length=20, help_text="Thema, as publishing.thema offers it")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["offer", "code"], name="offer_genre_once")]
        indexes = [models.Index(fields=["code"], name="offer_genre_code")]


class OfferSample(models.Model):
    """A sample of the provider's work: a passage of text, a picture, or a book here that credits them.

    A picture is shown as the engine redrew it (`job`), never as it was uploaded; `alt` is for those who do not see it.
    """

    public_id = PublicIdField("smp")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="samples")
    title = models.CharField(max_length=120)
    genre = models.CharField(max_length=20, blank=True, help_text="Thema")
    before = models.TextField(max_length=3000, blank=True, help_text="the passage before the provider worked on it")
    text = models.TextField(max_length=3000, blank=True)
    work = models.ForeignKey(Work, null=True, on_delete=models.CASCADE, related_name="+")
    job = models.ForeignKey(
        ConversionJob, null=True, on_delete=models.PROTECT, related_name="+", help_text="redraws a picture"
    )
    alt = models.CharField(max_length=300, blank=True, help_text="what a picture shows")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(work__isnull=False, job=None, text="", before="", alt="")
                | (Q(work=None, job=None, alt="") & ~Q(text=""))
                | (Q(work=None, job__isnull=False, text="", before="") & ~Q(alt="")),
                name="offer_sample_of_one_thing",
            ),
            models.UniqueConstraint(fields=["offer", "work"], name="offer_sample_work_once"),
        ]

    def __str__(self) -> str:
        return self.title
