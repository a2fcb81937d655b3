"""Every new book has its turns: counted over a simulated clock, and told to its author as they were."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from common import clock
from publishing.services import editions
from storefront.catalogue.models import FreshDay, Listing
from storefront.catalogue.recompute_ranking import RULES, fresh_order, timetable
from storefront.catalogue.services import ranking
from storefront.community.services import vote_counting
from tests.factories.accounts import make_author, make_operator, make_reader
from tests.factories.publishing import make_published_edition

# As many books as the shortest turns can serve, were they all of one account that goes in uneven parts.
_MAX_BOOKS = 4000


def is_servable(sizes: list[int]) -> bool:
    return sum(sizes) <= _MAX_BOOKS


GUARANTEED = RULES.fresh_days * RULES.fresh_turns_a_day


DAY = date(2026, 11, 24)


def accounts_of(*sizes: int) -> list[list[str]]:
    return [[f"book-{number}-{book}" for book in range(size)] for number, size in enumerate(sizes)]


def had(accounts: list[list[str]]) -> list[Counter[str]]:
    """How many turns each book of each account has on a day."""
    found = Counter(slug for stands in timetable(DAY, accounts).turns for slug in stands)
    return [Counter({slug: found[slug] for slug in books}) for books in accounts]


def share_beside_eleven(books: int) -> float:
    """What an account with so many new books has of the shelf beside eleven with one each."""
    turns = [one.total() for one in had(accounts_of(books, *[1] * 11))]
    return turns[0] / sum(turns)


class TestADay:
    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.one_of(st.integers(1, 3), st.integers(1, 200)), min_size=1, max_size=60).filter(is_servable))
    def test_gives_every_book_its_turns_and_no_seat_twice(self, sizes: list[int]) -> None:
        accounts = accounts_of(*sizes)
        found = timetable(DAY, accounts)
        assert len(found.turns) == 1440 // found.minutes
        for stands in found.turns:
            assert len(set(stands)) == len(stands) == min(RULES.fresh_seats, sum(sizes))
        assert min(min(books.values()) for books in had(accounts)) >= RULES.fresh_turns_a_day

    @settings(deadline=None, max_examples=40)
    @given(st.integers(1, 4000))
    def test_books_of_as_many_accounts_have_as_many_turns(self, books: int) -> None:
        turns = [one.total() for one in had(accounts_of(*[1] * books))]
        assert max(turns) - min(turns) <= 1
        assert min(turns) >= RULES.fresh_turns_a_day

    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.integers(1, 20), min_size=12, max_size=40))
    def test_accounts_have_as_many_turns_whatever_they_bring_out(self, sizes: list[int]) -> None:
        turns = [one.total() for one in had(accounts_of(*sizes))]
        assert max(turns) - min(turns) <= 1

    @pytest.mark.parametrize("flood", [1, 17, 100, 360])
    def test_a_flood_of_one_account_takes_no_turns_of_others(self, flood: int) -> None:
        assert share_beside_eleven(flood) == pytest.approx(1 / 12, rel=0.01)

    @pytest.mark.parametrize("flood", [361, 400, 1000, 2000])
    def test_a_larger_one_takes_little_more_than_it_is_guaranteed(self, flood: int) -> None:
        assert share_beside_eleven(flood) <= RULES.fresh_turns_a_day * flood / 8640 + 1 / 12

    def test_one_honest_book_stands_there_always_beside_a_flood(self) -> None:
        flood, honest = had(accounts_of(17, 1))
        assert honest.total() == 1440 // timetable(DAY, accounts_of(17, 1)).minutes
        assert flood.total() == 5 * honest.total()

    def test_shortens_turns_when_more_accounts_or_books_come(self) -> None:
        assert [timetable(DAY, accounts_of(*[1] * n)).minutes for n in (1, 72, 73, 1000, 4320)] == [60, 60, 30, 4, 1]
        assert [timetable(DAY, accounts_of(n, *[1] * 11)).minutes for n in (6, 7, 60, 240)] == [60, 30, 6, 1]

    def test_has_an_order_of_its_own(self) -> None:
        slugs = [f"book-{n}" for n in range(50)]
        first, second = (fresh_order(date(2026, 11, day), slugs) for day in (24, 25))
        assert first == fresh_order(date(2026, 11, 24), reversed(slugs))
        assert first != second
        assert sorted(first) == sorted(second) == sorted(slugs)

    def test_does_not_depend_on_who_is_named_first(self) -> None:
        accounts = accounts_of(3, 1, 5, 2)
        turned = [books[::-1] for books in accounts[::-1]]
        assert timetable(DAY, accounts) == timetable(DAY, turned)

    def test_of_nothing_is_empty(self) -> None:
        assert timetable(DAY, []).turns == timetable(DAY, [[]]).turns == []


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
            lengths.add(day.minutes)
            for place, slug in day.places.filter(is_new=True).values_list("place", "listing__slug"):
                had[slug] += 1
                begins = datetime.combine(day.day, time(), UTC) + place // day.seats * timedelta(minutes=day.minutes)
                assert begins >= born[slug]
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
class TestAccounts:
    def test_books_of_one_account_share_its_turns(self, client: Client, noon: datetime) -> None:
        spammer, published_at = make_author(), noon - timedelta(days=2)
        for _ in range(9):
            make_published_edition(owner=spammer, published_at=published_at)
        honest = [make_published_edition(owner=make_author(), published_at=published_at) for _ in range(5)]
        ranking.plan_fresh(at=noon)
        day = FreshDay.objects.get()
        turns = 24 * 60 // day.minutes
        assert (day.books, day.places.count()) == (14, turns * RULES.fresh_seats)
        assert day.places.filter(listing__work__owner=spammer).count() == turns
        for edition in honest:
            assert day.places.filter(listing__work=edition.work).count() == turns
        slug = Listing.objects.filter(work__owner=spammer).values_list("slug", flat=True)[0]
        assert "from the same account, 9 in all" in client.get(f"/ranking/fresh/{slug}/").content.decode()

    def test_nothing_connects_a_pen_name_with_the_account(self, client: Client, noon: datetime) -> None:
        """Books under one stand together, and apart from those of the person's other names."""
        author, published_at = make_author(), noon - timedelta(days=2)
        for slug in ("open-1", "open-2", "lamp", "lantern", "oar"):
            edition = make_published_edition(owner=author, published_at=published_at, slug=slug)
            name = {"lamp": "X. Nightjar", "lantern": "X. Nightjar", "oar": "Y. Heron"}.get(slug)
            if name:
                edition.work.contributors.update(name=name, is_on_page=False)
        ranking.plan_fresh(at=noon)
        vote_counting.rank(at=noon)
        with clock.frozen(noon):
            (day,) = json.loads(b"".join(client.get("/ranking/inputs.json")))["fresh"]
            assert day["accounts"] == [["lamp", "lantern"], ["oar"], ["open-1", "open-2"]]
            stands = timetable(noon.date(), day["accounts"]).turns
            shown = FreshDay.objects.get().places.order_by("place").values_list("listing__slug", flat=True)
            assert list(shown) == [slug for turn in stands for slug in turn]
            assert client.get("/ranking/fresh/lamp/").context["page"].shared_by == 2


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
        assert '<b class="figures">3</b> times' in text
        assert f"We guarantee {GUARANTEED} times" in text
        assert "until 15:00 UTC" in text
        assert "at 15:00 UTC" in text

    def test_is_for_its_makers_alone(self, client: Client, noon: datetime) -> None:
        edition = make_published_edition(slug="new")
        address = f"/desk/turns/{edition.work.public_id}/"
        assert client.get(address).status_code == 302
        for stranger in (make_reader(), make_author()):
            client.force_login(stranger)
            assert client.get(address).status_code == 404
        client.force_login(make_operator())
        assert client.get(address)["Location"].startswith(f"/staff/why/{edition.work.public_id}/")
        assert client.get("/desk/turns/wrk_unknown/").status_code == 404


@pytest.mark.django_db
def test_a_day_without_books_is_planned_once(noon: datetime) -> None:
    ranking.plan_fresh(at=noon)
    day = FreshDay.objects.get()
    ranking.plan_fresh(at=noon + timedelta(minutes=10))
    assert FreshDay.objects.get() == day
