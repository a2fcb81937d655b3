"""An edition as offered in the shop: one denormalised row with everything that a card, a book page and search need."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.urls import reverse

from common.money import divide_half_up
from common.typed_json import TypedJSONField
from publishing.models import Edition, Series, Work
from publishing.price_now import PricePeriod
from storefront.catalogue import facets
from storefront.catalogue.models.details import ListingDetails

# Each rating starts with five three-star reviews, so that a single enthusiast cannot take a book to the top.
RATING_PRIOR_COUNT = 5
RATING_PRIOR_SUM = 15
NO_RATING_SCORE = 3000


def rating_score(rating_sum: int, rating_count: int) -> int:
    """Return the damped mean of the stars in thousandths: 3000 without reviews."""
    return 1000 * (rating_sum + RATING_PRIOR_SUM) // (rating_count + RATING_PRIOR_COUNT)


class ListingQuerySet(models.QuerySet["Listing"]):
    def on_sale(self) -> ListingQuerySet:
        return self.filter(is_on_sale=True)

    def in_language(self, asked: str) -> ListingQuerySet:
        """Filter like `facets.is_in`: by the exact tag, or by all tags of a whole language."""
        if asked != facets.base_language(asked):
            return self.filter(language=asked)
        return self.alias(tongue=_TONGUE).filter(tongue=asked)


_TONGUE = Func(F("language"), template=facets.TONGUE.format("%(expressions)s"))
_ORDERS = {"newest": "published_at", "bestselling": "sales_count", "rated": "rating_score"}


def _indexes_by(column: str) -> list[models.Index]:
    """Return one index for each order in which the books of one subject, section or tag are listed."""
    return [
        models.Index(fields=[column, f"-{order}", "-id"], condition=Q(is_on_sale=True), name=f"listing_{column}_{name}")
        for name, order in _ORDERS.items()
    ]


def _indexes_by_tongue() -> list[models.Index]:
    """Return the same indexes for the books of one language, whatever the region."""
    return [
        models.Index(
            _TONGUE, F(order).desc(), F("id").desc(), condition=Q(is_on_sale=True), name=f"listing_tongue_{name}"
        )
        for name, order in _ORDERS.items()
    ]


class Listing(models.Model):
    """What the shop shows of a work, rewritten when an edition, a price or a rating changes.

    Lists of cards read nothing else. Prices are minor units by currency. `rating_score` is calculated from proved votes
    (`storefront.catalogue.services.ranking`), `sales_count` counts accounts
    (`storefront.checkout.entitlements.services.sales_counts`).
    """

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="listing")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=300)
    subtitle = models.CharField(max_length=300, blank=True)
    byline = models.CharField(max_length=400)
    language = models.CharField(max_length=35)
    subject = models.CharField(max_length=2, help_text="Thema, two letters")
    section = models.CharField(max_length=1, default="", help_text="Thema, the subject’s first letter")
    description = models.TextField(blank=True)
    prices = TypedJSONField(dict[str, int], default=dict, help_text='minor units by currency: {"USD": 499}')
    price_minor = models.PositiveIntegerField(null=True, help_text="in the shop's default currency")
    cover = TypedJSONField(dict[str, str], default=dict, help_text="public file names by thumbnail target; alt text")
    details = TypedJSONField(ListingDetails, default=ListingDetails, help_text="what the book page shows beside")
    sample_html = models.TextField(blank=True, help_text="the opening, rebuilt from a closed set of elements")
    words = models.PositiveIntegerField(default=0)
    # The facets (storefront.catalogue.facets): bands and bit sets.
    price_band = models.PositiveSmallIntegerField(default=0)
    length_band = models.PositiveSmallIntegerField(default=0)
    formats = models.PositiveIntegerField(default=0)
    features = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    is_adult = models.BooleanField(default=False)
    facet_words = models.CharField(max_length=300, default="", help_text="for the index over all facets")
    series = models.ForeignKey(Series, null=True, on_delete=models.SET_NULL, related_name="listings")
    series_number = models.PositiveSmallIntegerField(null=True)
    rating_sum = models.PositiveIntegerField(default=0)
    rating_count = models.PositiveIntegerField(default=0)
    rating_score = models.PositiveIntegerField(default=NO_RATING_SCORE, help_text="see rating_score()")
    reviews_version = models.PositiveIntegerField(default=0, help_text="rises with every change around its reviews")
    sales_count = models.PositiveIntegerField(default=0)
    is_on_sale = models.BooleanField(default=True, help_text="or to be ordered ahead")
    # Currency codes separated by spaces, because a card must not read `details`.
    open_in = models.CharField(
        max_length=100, blank=True, default="", help_text="where readers choose, from the price up: “EUR USD”"
    )
    promotions = TypedJSONField(
        dict[str, tuple[PricePeriod, ...]],
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="by currency: those that were not over when it was written, oldest first; none for open prices",
    )
    fixed_in = models.CharField(
        max_length=100, blank=True, default="", db_default="", help_text="countries that fix its price: “AT FR”"
    )
    release_date = models.DateField(null=True, help_text="not out yet: readers order ahead")
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_default=Now(), help_text="when what it says of the book last changed")
    social_image = models.CharField(
        max_length=300, blank=True, default="", help_text="public file: the picture of a link to it"
    )
    social_key = models.CharField(
        max_length=64, blank=True, default="", help_text="what the picture was drawn from, as a digest"
    )

    objects: ClassVar[ListingQuerySet] = ListingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["-published_at", "-id"], condition=Q(is_on_sale=True), name="listing_newest"),
            models.Index(fields=["-sales_count", "-id"], condition=Q(is_on_sale=True), name="listing_bestselling"),
            models.Index(fields=["-rating_score", "-id"], condition=Q(is_on_sale=True), name="listing_best_rated"),
            # For feeds of changes, which include withdrawn books.
            models.Index(fields=["changed_at", "id"], name="listing_changed"),
            models.Index(
                fields=["id"], condition=Q(social_image="") & ~Q(social_key=""), name="listing_without_picture"
            ),
            # A sitemap is a range of keys, counted and dated from the index alone.
            models.Index(fields=["id", "changed_at"], condition=Q(is_on_sale=True), name="listing_sitemap"),
            *_indexes_by("subject"),
            *_indexes_by("section"),
            *_indexes_by("language"),
            *_indexes_by_tongue(),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pages:book", args=[self.slug])

    @property
    def jpeg_cover(self) -> str:
        """The public file of the largest JPEG cover, which every program can read; "" without a cover."""
        return next((self.cover[size] for size in ("640-jpeg", "320-jpeg") if self.cover.get(size)), "")

    @property
    def mean_stars(self) -> str:
        """The plain mean of the stars with one decimal, "4.3"; "" without reviews."""
        if not self.rating_count:
            return ""
        tenths = divide_half_up(10 * self.rating_sum, self.rating_count)
        return f"{tenths // 10}.{tenths % 10}"


class Catalogue(models.Model):
    """The single row about the shop as a whole.

    `version` rises with every change of a listing and is part of the ETags of public pages.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.PositiveBigIntegerField(default=0)
    languages = TypedJSONField(list[str], default=list, help_text="BCP 47 tags of what was ever on sale, sorted")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="catalogue_single_row")]
