"""What the migrations find out of what was before: their functions, over today's models."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations import RunPython

from common import clock
from publishing.services import OpenPrice, pricing
from storefront.models import (
    Dispute,
    Entitlement,
    FacetCount,
    Gift,
    Listing,
    Order,
    OrderState,
    PriceChange,
    RankingSnapshot,
    ReadingPosition,
    Refund,
    Review,
    SearchEntry,
    Shelf,
)
from storefront.services import facet_counts, listings
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import buy, make_book, place_order
from tests.factories.conversion import make_artifact, make_done_job
from tests.factories.offers import add_gift, pay
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_review

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
fill = import_module("storefront.migrations.0038_fill_trust_and_prices")
unlisted = import_module("storefront.migrations.0052_keep_flags_and_hide_unlisted_shelves")
unrated = import_module("storefront.migrations.0053_rate_by_proved_votes")
histories = import_module("storefront.migrations.0061_keep_past_prices_in_listings")
open_prices = import_module("storefront.migrations.0063_fill_open_prices")
tongues = import_module("storefront.migrations.0065_know_languages_without_regions")
told = import_module("storefront.migrations.0074_fill_how_far_and_who_was_told")
flashes = import_module("storefront.migrations.0039_do_not_know_what_flashes_in_originals")


class TestPrices:
    def test_come_from_the_audit_log_since_the_first_sale(self):
        edition = make_published_edition(prices={"USD": 499})
        for days, price in ((-1, 999), (3, 799), (5, None), (6, 699)):
            with clock.frozen(NOON + days * DAY):
                pricing.set_prices(actor=edition.work.owner, work=edition.work, prices={"USD": price}, at=clock.now())
        PriceChange.objects.all().delete()
        fill.fill_prices(apps, None)
        found = PriceChange.objects.filter(currency="USD").values_list("at", "amount_minor")
        assert list(found) == [
            (NOON, 999),
            (NOON + 3 * DAY, 799),
            (NOON + 5 * DAY, None),
            (NOON + 6 * DAY, 699),
        ]

    def test_without_a_log_todays_price_holds_since_then(self):
        make_published_edition(prices={"USD": 499})
        PriceChange.objects.all().delete()
        fill.fill_prices(apps, None)
        assert list(PriceChange.objects.values_list("at", "amount_minor")) == [(NOON, 499)]


class TestListings:
    def test_without_past_prices_get_them(self, monkeypatch):
        monkeypatch.setattr(histories, "_CHUNK", 2)
        books = [make_published_edition(prices={"USD": 499}) for _ in range(5)]
        with clock.frozen(NOON + DAY):
            for book in books:
                pricing.set_prices(actor=book.work.owner, work=book.work, prices={"USD": 399}, at=clock.now())
        kept = Listing.objects.get(work=books[4].work)
        kept.details["price_history"] = {"USD": [[NOON.isoformat(), 1]]}  # was written since
        kept.save()
        wanted = list(Listing.objects.order_by("pk").values_list("details", flat=True))
        assert [step[1] for step in wanted[0]["price_history"]["USD"]] == [499, 399]
        for listing in Listing.objects.exclude(pk=kept.pk):
            del listing.details["price_history"]
            listing.save()
        for _ in range(2):
            histories.fill(apps, _Editor())
            assert list(Listing.objects.order_by("pk").values_list("details", flat=True)) == wanted

    def test_of_works_whose_prices_were_never_noted_stay(self):
        make_published_edition()
        PriceChange.objects.all().delete()
        Listing.objects.update(details={})
        histories.fill(apps, _Editor())
        assert Listing.objects.get().details == {}

    def test_learn_where_readers_choose_the_price(self):
        book = make_published_edition(prices={"USD": 499})
        prices = {"USD": OpenPrice(300, 500), "EUR": OpenPrice(300, 500), "GBP": 400}
        pricing.set_prices(actor=book.work.owner, work=book.work, prices=prices, at=clock.now())
        fixed = make_published_edition(prices={"USD": 499})
        Listing.objects.update(open_in=None)
        open_prices.fill(apps, _Editor())
        found = dict(Listing.objects.values_list("work", "open_in"))
        assert found == {book.work_id: "EUR USD", fixed.work_id: None}

    def test_and_entries_of_search_know_their_language_without_its_region(self, monkeypatch):
        monkeypatch.setattr(tongues, "_CHUNK", 2)
        for tag in ("de-AT", "de-DE", "en", "gsw-CH", "zh-Hant"):
            make_published_edition(language=tag)
        rows = Listing.objects.order_by("pk").values_list("facet_words", "search_entry__marks")
        wanted = list(rows.all())
        assert [words.split()[-1] for words, _ in wanted][3] == "lgsw"
        for model, column, sign in ((Listing, "facet_words", ""), (SearchEntry, "marks", ".")):
            for row in model.objects.filter(language__contains="-"):
                before, _, last = getattr(row, column).rpartition(" ")
                assert last.startswith(f"{sign}l")
                model.objects.filter(pk=row.pk).update(**{column: before})
        assert list(rows.all()) != wanted
        for _ in range(2):
            tongues.fill(apps, _Editor())
            assert list(rows.all()) == wanted


class TestReviews:
    def test_of_books_given_back_do_not_count(self):
        gave_back = make_review(stars=1)
        kept = make_review(edition=gave_back.work.editions.get(), stars=5)
        gave_back.user.entitlements.update(ended_at=NOON)
        listings.refresh_rating(kept.work)
        assert Listing.objects.get(work=kept.work).rating_count == 2
        fill.fill_reviews(apps, None)
        assert set(Review.objects.values_list("is_verified", "helpful_score")) == {(True, 1), (False, 0)}
        listing = Listing.objects.get(work=kept.work)
        before = (listing.rating_sum, listing.rating_count)
        listings.refresh_rating(kept.work)
        listing.refresh_from_db()
        assert before == (listing.rating_sum, listing.rating_count) == (5, 1)

    def test_rate_nothing_until_the_next_ranking(self):
        made, other = make_review(), make_published_edition()
        Listing.objects.update(rating_score=4900)
        RankingSnapshot.objects.create(made_at=NOON, day=NOON.date(), others_needed=0, digest="same")
        unrated.unrate(apps, None)
        scores = dict(Listing.objects.values_list("work", "rating_score"))
        assert scores == {made.work_id: 3000, other.work_id: 4900}
        assert RankingSnapshot.objects.get().digest == ""


class TestHazards:
    def test_of_originals_are_not_known(self):
        job = make_done_job()
        make_artifact(job, kind="own-pdf")
        original = make_published_edition(job=job)
        plain = make_published_edition()
        wanted = Listing.objects.values("pk", "details", "features", "facet_words").order_by("pk")
        after = list(wanted)
        assert "hazards-unknown" in Listing.objects.get(work=original.work).details["accessibility"]
        assert "no-hazards" in Listing.objects.get(work=plain.work).details["accessibility"]
        listing = Listing.objects.get(work=original.work)
        codes = listing.details["accessibility"]
        listing.details["accessibility"] = ["no-hazards" if code == "hazards-unknown" else code for code in codes]
        listing.features = Listing.objects.get(work=plain.work).features
        listing.save()
        flashes.unclaim(apps, _Editor())
        assert list(wanted) == after
        kept = set(FacetCount.objects.exclude(books=0).values_list("features", "books"))
        facet_counts.recount()
        assert kept == set(FacetCount.objects.exclude(books=0).values_list("features", "books"))


class _Editor:
    """What the migration asks of a schema editor; SQLite's own would have to be outside of a transaction."""

    connection = connection

    def execute(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)


class TestShelves:
    def test_made_unlisted_keep_their_address_whatever_they_are_now(self):
        shelf, other = (
            Shelf.objects.create(owner=make_reader(), slug=slug, title="Lights", created_at=NOON, changed_at=NOON)
            for slug in ("lights-0123456789abcdef", "lights")
        )
        unlisted.fill(apps, None)
        shelf.refresh_from_db()
        other.refresh_from_db()
        assert (shelf.unlisted_slug, other.unlisted_slug) == (shelf.slug, None)


class TestReading:
    def test_its_last_position_tells_how_far_a_book_was_read(self, monkeypatch):
        monkeypatch.setattr(told, "_CHUNK", 2)
        book, read = make_published_edition(), {}
        for far, known in ((4200, 0), (4200, 9000), (None, 0), (100, 50), (3000, 0)):
            reader = make_reader()
            made = Entitlement.objects.create(
                user=reader, work=book.work, edition=book, granted_at=NOON, furthest_bps=known
            )
            if far is not None:
                ReadingPosition.objects.create(user=reader, work=book.work, fraction_bps=far, changed_at=NOON)
            read[made.pk] = max(far or 0, known)
        for _ in range(2):
            told.fill(apps, _Editor())
            assert dict(Entitlement.objects.values_list("pk", "furthest_bps")) == read


class TestTold:
    def test_of_an_order_in_quarantine_when_it_was_placed(self, monkeypatch):
        monkeypatch.setattr(told, "_CHUNK", 2)
        orders = [place_order(make_reader(), make_book()) for _ in range(5)]
        waiting = [order.pk for order in orders[:4]]
        Order.objects.filter(pk__in=waiting).update(state=OrderState.QUARANTINED)
        Order.objects.filter(pk=waiting[0]).update(quarantine_told_at=NOON + DAY)
        known = dict.fromkeys(waiting, NOON) | {waiting[0]: NOON + DAY, orders[4].pk: None}
        for _ in range(2):
            told.fill(apps, _Editor())
            assert dict(Order.objects.values_list("pk", "quarantine_told_at")) == known

    def test_of_what_is_long_over(self):
        order = buy(make_reader(), make_book())
        payment, line = order.payments.get(), order.lines.get()
        for number, decided_at in enumerate((NOON, None)):
            Dispute.objects.create(
                provider_dispute_id=f"dp_{number}",
                payment=payment,
                status="lost",
                reason="fraudulent",
                amount_minor=499,
                currency="USD",
                opened_at=NOON,
                decided_at=decided_at,
            )
        Refund.objects.create(
            line=line,
            payment=payment,
            amount_minor=499,
            currency="USD",
            state="failed",
            origin="reader",
            reason="",
            requested_at=NOON,
            finished_at=NOON + DAY,
        )
        for _ in range(2):
            told.fill(apps, _Editor())
            assert set(Dispute.objects.values_list("decided_at", "told_at")) == {(NOON, NOON), (None, None)}
            assert Refund.objects.get().mailed_at == NOON + DAY

    def test_of_a_gift_that_ended(self):
        order = pay_for_gift()
        gift = Gift.objects.get()
        Gift.objects.update(redeemed_at=NOON)
        Entitlement.objects.create(
            user=make_reader(),
            work=gift.line.edition.work,
            edition=gift.line.edition,
            line=order.lines.get(),
            granted_at=NOON,
            ended_at=NOON + DAY,
        )
        for _ in range(2):
            told.fill(apps, _Editor())
            assert Gift.objects.get().end_told_at == NOON + DAY

    def test_columns_come_before_and_apart(self):
        """Nothing waits for the locks of the columns while rows are written."""
        columns = import_module("storefront.migrations.0069_keep_how_far_and_who_was_told").Migration
        assert not any(isinstance(one, RunPython) for one in columns.operations)
        assert told.Migration.atomic is False


def pay_for_gift():
    giver = make_reader()
    add_gift(giver, make_book())
    return pay(place_order(giver))
