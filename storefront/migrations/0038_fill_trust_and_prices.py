"""What is known of before: whether reviewers kept their books, and which prices the shop has asked."""

from django.db import migrations
from django.db.models import Exists, OuterRef

_CHUNK = 500


def fill_reviews(apps, schema_editor):
    """The stars of readers who gave the book back do not count any more."""
    entitlement = apps.get_model("storefront", "Entitlement")
    reviews = apps.get_model("storefront", "Review")
    kept = entitlement.objects.filter(user=OuterRef("user"), work=OuterRef("work"), ended_at=None)
    unverified = reviews.objects.filter(~Exists(kept))
    works = set(unverified.values_list("work_id", flat=True))
    unverified.update(is_verified=False, helpful_score=0)
    for work_id in works:
        stars = list(reviews.objects.filter(work_id=work_id, is_verified=True).values_list("stars", flat=True))
        apps.get_model("storefront", "Listing").objects.filter(work_id=work_id).update(
            rating_sum=sum(stars), rating_count=len(stars), rating_score=1000 * (sum(stars) + 15) // (len(stars) + 5)
        )


def fill_prices(apps, schema_editor):
    """Prices since a work first went on sale, from the audit log; where it says nothing, today's price since then."""
    listings = apps.get_model("storefront", "Listing").objects
    rows = []
    for listing in (
        listings.select_related("work").only("prices", "published_at", "is_on_sale", "work__public_id").iterator(_CHUNK)
    ):
        rows += _history(apps, listing)
        if len(rows) >= _CHUNK:
            apps.get_model("storefront", "PriceChange").objects.bulk_create(rows)
            rows = []
    apps.get_model("storefront", "PriceChange").objects.bulk_create(rows)


def _history(apps, listing):
    change = apps.get_model("storefront", "PriceChange")
    audits = apps.get_model("accounts", "AuditEntry").objects.filter(
        verb="price.changed", subject_kind="publishing.work", subject_id=listing.work.public_id
    )
    asked = {}
    for at, facts in audits.order_by("at", "id").values_list("at", "facts"):
        for currency, fact in facts.items():
            asked.setdefault(currency, []).append((at, _minor(fact)))
    rows = []
    for currency in {*asked, *listing.prices}:
        before = [minor for at, minor in asked.get(currency, []) if at <= listing.published_at]
        steps = [(at, minor) for at, minor in asked.get(currency, []) if at > listing.published_at]
        if before:
            first = before[-1]
        else:
            first = None if steps else listing.prices.get(currency)
        last = object()
        for at, minor in [(listing.published_at, first), *steps]:
            if minor != last and not (minor is None and not rows):
                rows.append(change(work_id=listing.work_id, currency=currency, amount_minor=minor, at=at))
            last = minor
    return rows


def _minor(fact):
    """A price as the audit log keeps it: -1 for none, "300+" for an open one."""
    amount = int(str(fact).removesuffix("+"))
    return None if amount < 0 else amount


class Migration(migrations.Migration):
    dependencies = [("storefront", "0037_trust_shelves_and_prices")]

    operations = [
        migrations.RunPython(fill_reviews, migrations.RunPython.noop),
        migrations.RunPython(fill_prices, migrations.RunPython.noop),
    ]
