"""Every new book has its turns: counted over a simulated clock, and told to its author as they were."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from publishing.services import editions
from storefront.models import FreshDay, Listing
from storefront.recompute_ranking import RULES, fresh_order, showing, turn_minutes, turns_of
from storefront.services import ranking
from tests.factories.accounts import make_author, make_operator, make_reader
from tests.factories.publishing import make_published_edition

GUARANTEED = RULES.fresh_days * RULES.fresh_turns_a_day


class TestADay:
    @given(st.integers(1, 4000))
    def test_gives_every_book_its_turns_and_nobody_many_more(self, books: int) -> None:
        minutes = turn_minutes(books)
        turns = [showing(turn, books, RULES.fresh_seats) for turn in range(1440 // minutes)]
        had = [0] * books
        for seats in turns:
            assert len(set(seats)) == len(seats) == min(RULES.fresh_seats, books)
            for place in seats:
                had[place] += 1
        assert min(had) >= RULES.fresh_turns_a_day
        assert max(had) - min(had) <= 1

    @given(st.integers(1, 400), st.data())
    def test_says_of_each_book_when(self, books: int, data: st.DataObject) -> None:
        minutes, place = turn_minutes(books), data.draw(st.integers(0, books - 1))
        seen = [t for t in range(1440 // minutes) if place in showing(t, books, RULES.fresh_seats)]
        assert turns_of(place, books, RULES.fresh_seats, minutes) == seen

    def test_shortens_turns_when_more_books_come(self) -> None:
        assert [turn_minutes(books) for books in (1, 72, 73, 1000, 4320)] == [60, 60, 30, 4, 1]

    def test_has_an_order_of_its_own(self) -> None:
        slugs = [f"book-{n}" for n in range(50)]
        first, second = (fresh_order(date(2026, 11, day), slugs) for day in (24, 25))
        assert first == fresh_order(date(2026, 11, 24), reversed(slugs))
        assert first != second
        assert sorted(first) == sorted(second) == sorted(slugs)


def on_the_shelf(client: Client) -> list[str]:
    return [card.slug for card in client.get("/").context["page"].fresh]


@pytest.mark.django_db
class TestAFortnight:
    def test_brings_each_new_book_what_is_its_due(self, noon: datetime) -> None:
        """Ninety books come out over three weeks; every turn of five weeks is counted."""
        author = make_author()
        model = make_published_edition(owner=author, slug="model")
        born = {}
        for number in range(90):
            published_at = noon + timedelta(hours=5.6 * number)
            edition = make_published_edition(owner=author, slug=f"new-{number}", announce=False)
            row = Listing.objects.get(work=model.work)
            row.pk, row.work, row.slug, row.is_on_sale = None, edition.work, f"new-{number}", False
            row.published_at = published_at
            row.save()
            born[row.slug] = published_at
        Listing.objects.filter(slug="model").delete()
        had: dict[str, int] = dict.fromkeys(born, 0)
        lengths = set()
        for number in range(37):
            evening = datetime.combine(noon.date() + timedelta(days=number), ranking.PLANNED_FROM, UTC)
            Listing.objects.filter(slug__startswith="new-", published_at__lt=evening).update(is_on_sale=True)
            ranking.plan_fresh(at=evening)
            day = FreshDay.objects.get(day=evening.date() + timedelta(days=1))
            slugs = dict(day.places.filter(is_new=True).values_list("place", "listing__slug"))
            lengths.add(day.minutes)
            for turn in range(24 * 60 // day.minutes if day.books else 0):
                for place in showing(turn, day.books, day.seats):
                    if place in slugs:
                        had[slugs[place]] += 1
                        begins = datetime.combine(day.day, time(), UTC) + turn * timedelta(minutes=day.minutes)
                        assert begins >= born[slugs[place]]
        assert lengths == {60}
        assert min(had.values()) >= GUARANTEED

    def test_shows_what_it_says(self, client: Client, noon: datetime) -> None:
        author = make_author()
        for number in range(9):
            make_published_edition(owner=author, slug=f"new-{number}", published_at=noon - timedelta(days=2))
        ranking.plan_fresh(at=noon)
        seen: dict[str, list[datetime]] = {}
        for hour in range(12, 24):
            moment = noon.replace(hour=hour, minute=20)
            with clock.frozen(moment):
                for slug in on_the_shelf(client):
                    seen.setdefault(slug, []).append(moment)
        assert len(seen) == 9
        with clock.frozen(noon):
            for slug, moments in seen.items():
                page = client.get(f"/ranking/fresh/{slug}/").context["page"]
                assert [m.replace(minute=0) for m in moments] == [begins for begins, _, _ in page.turns]

    def test_begins_the_day_after_and_ends_after_a_fortnight(self, noon: datetime) -> None:
        edition = make_published_edition(slug="new", published_at=noon)
        new = []
        for days in range(20):
            ranking.plan_fresh(at=noon + timedelta(days=days))
            day = FreshDay.objects.get(day=(noon + timedelta(days=days)).date())
            new += [days] if day.places.filter(listing__work=edition.work, is_new=True).exists() else []
        assert new == list(range(1, 15))

    def test_is_planned_once_and_the_evening_before(self, noon: datetime) -> None:
        make_published_edition(published_at=noon - timedelta(days=1))
        ranking.plan_fresh(at=noon)
        ranking.plan_fresh(at=noon + timedelta(hours=10))
        assert FreshDay.objects.count() == 1
        ranking.plan_fresh(at=noon + timedelta(hours=11))
        ranking.plan_fresh(at=noon + timedelta(hours=12))
        assert FreshDay.objects.count() == 2

    @pytest.mark.parametrize("change", [{"is_adult": True}, {"release_date": "2027-01-01"}, {"is_on_sale": False}])
    def test_is_not_for_every_book(self, noon: datetime, change: dict[str, object]) -> None:
        edition = make_published_edition(published_at=noon - timedelta(days=1))
        Listing.objects.filter(work=edition.work).update(**change)
        ranking.plan_fresh(at=noon)
        assert FreshDay.objects.get().books == 0


@pytest.mark.django_db
class TestTheShelf:
    def test_lets_a_withdrawn_book_go_at_once(self, client: Client, noon: datetime) -> None:
        edition = make_published_edition(slug="gone", published_at=noon - timedelta(days=1))
        ranking.plan_fresh(at=noon)
        assert on_the_shelf(client) == ["gone"]
        editions.withdraw_edition(actor=edition.work.owner, edition=edition, at=noon)
        assert on_the_shelf(client) == []
        assert client.get("/ranking/fresh/gone/").status_code == 404

    def test_page_is_kept_no_longer_than_the_turn(self, client: Client, noon: datetime) -> None:
        make_published_edition(published_at=noon - timedelta(days=1))
        ranking.plan_fresh(at=noon)
        with clock.frozen(noon.replace(minute=59, second=30)):
            first = client.get("/")
        assert "max-age=30" in first["Cache-Control"]
        with clock.frozen(noon + timedelta(hours=1)):
            assert client.get("/", headers={"if-none-match": first["ETag"]}).status_code == 200
            assert "max-age=60" in client.get("/")["Cache-Control"]


@pytest.mark.django_db
class TestTheDesk:
    def test_tells_the_author_what_was_and_what_comes(self, client: Client, noon: datetime) -> None:
        author = make_author()
        edition = make_published_edition(owner=author, slug="new", published_at=noon - timedelta(days=1))
        client.force_login(author)
        address = f"/desk/turns/{edition.work.public_id}/"
        ranking.plan_fresh(at=noon)  # late: the turns of the morning did not happen
        with clock.frozen(noon + timedelta(hours=2, minutes=10)):
            text = client.get(address).content.decode()
        assert '<b class="figures">3</b> turns' in text
        assert f"{GUARANTEED} are its due" in text
        assert "until 15:00 UTC" in text
        assert "at 15:00 UTC" in text

    def test_is_for_its_makers_alone(self, client: Client, noon: datetime) -> None:
        edition = make_published_edition(slug="new")
        address = f"/desk/turns/{edition.work.public_id}/"
        assert client.get(address).status_code == 302
        for stranger, status in ((make_reader(), 404), (make_author(), 404), (make_operator(), 200)):
            client.force_login(stranger)
            assert client.get(address).status_code == status
        assert client.get("/desk/turns/wrk_unknown/").status_code == 404
