"""The ranked shelves, what they say of themselves, and that anybody can work them out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common import clock
from publishing.models import Edition
from publishing.services import editions
from storefront.catalogue import recompute_ranking
from storefront.catalogue.models import Listing, RankedBook, RankingSnapshot
from storefront.catalogue.selectors import browse
from storefront.catalogue.services import ranking
from storefront.community.services import vote_counting
from tests.factories.accounts import make_reader
from tests.storefront.community.facts import book_of, review, sell, verified_author
from tests.support.standing import Standing

pytestmark = pytest.mark.django_db
SHELVES = ("rising", "bestselling", "rated")


def make_shop() -> dict[str, Edition]:
    """Sixteen books by five authors; book n has n copies by proved readers and two reviews, the last ones none."""
    noon = clock.now()
    authors = [verified_author() for _ in range(5)]
    books = {f"book-{n:02}": book_of(authors[n % 5], f"book-{n:02}", noon - timedelta(days=3 + n)) for n in range(16)}
    old = [book_of(author, f"old-{n}", noon - timedelta(days=300)) for n, author in enumerate(authors)]
    readers = [make_reader() for _ in range(16)]
    for reader in readers:
        for book in old:
            sell(book, reader, noon - timedelta(days=200))
    for number, edition in enumerate(books.values()):
        for place in range(number):
            at = noon - timedelta(days=1 + place % 3)
            # Each reader's first of an author in a month is what counts: months alternate.
            sell(edition, readers[place], at - timedelta(days=28 * (number % 3)))
        for reader in readers[: min(number, 2)]:
            review(edition, reader, 1 + number % 5, noon - timedelta(days=2))
    vote_counting.rank(at=noon)
    ranking.plan_fresh(at=noon)
    return books


@pytest.fixture(scope="module", autouse=True)
def standing_shop(standing: Standing) -> dict[str, Edition]:
    return standing(make_shop)


@pytest.fixture
def shop(db: None, standing_shop: dict[str, Edition]) -> dict[str, Edition]:
    return deepcopy(standing_shop)


def recomputed(client: Client, tmp_path: Path, *arguments: str) -> list[list[str]]:
    """What the script prints from the published file alone, run as anybody would."""
    file = tmp_path / "inputs.json"
    file.write_bytes(b"".join(client.get("/ranking/inputs.json")))
    script = tmp_path / "recompute_ranking.py"
    script.write_bytes(client.get("/ranking/recompute_ranking.py").content)
    command = [sys.executable, "-I", str(script), str(file), "--top", "0", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line.split() for line in result.stdout.splitlines() if not line.startswith("#")]


class TestAnybody:
    def test_can_work_out_every_place(self, client: Client, shop: dict[str, Edition], tmp_path: Path) -> None:
        lines = recomputed(client, tmp_path)
        for shelf in SHELVES:
            rows = RankedBook.objects.filter(**{f"{shelf}_place__isnull": False}).order_by(f"{shelf}_place")
            stored = [(str(getattr(row, f"{shelf}_place")), row.listing.slug) for row in rows]
            assert [(place, slug) for name, place, _, slug in lines if name == shelf] == stored
            assert len(stored) >= 8

    def test_can_work_out_what_the_front_page_shows(
        self, client: Client, shop: dict[str, Edition], tmp_path: Path, noon: datetime
    ) -> None:
        lines = recomputed(client, tmp_path, "--at", noon.isoformat())
        page = client.get("/").context["page"]
        shown = {
            "rising": [card.slug for card in page.rising],
            "bestselling": [one.listing.slug for one in page.bestselling],
            "rated": [page.featured.slug],
            "fresh": [card.slug for card in page.fresh],
        }
        for shelf, slugs in shown.items():
            assert slugs
            assert [line[3] for line in lines if line[0] == shelf][: len(slugs)] == slugs

    def test_can_work_out_the_catalogue(
        self, client: Client, shop: dict[str, Edition], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(browse, "PAGE_SIZE", 3)
        seen: list[str] = []
        address = "/books/?sort=rising"
        while address:
            text = client.get(address).content.decode()
            seen += re.findall(r'<h3 dir="auto"><a href="/books/([^/]+)/"', text)
            found = re.search(r'rel="next" href="([^"]+)"', text)
            address = f"/books/{found[1].replace('&amp;', '&')}" if found else ""
        assert seen == [line[3] for line in recomputed(client, tmp_path, "--shelf", "rising")]

    def test_sees_a_forged_file_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "other.json"
        file.write_text('{"format": "else"}')
        assert recompute_ranking.main([str(file)]) == 1


class TestTheFile:
    def test_names_nobody(self, client: Client, shop: dict[str, Edition]) -> None:
        file = json.loads(b"".join(client.get("/ranking/inputs.json")))
        assert set(file["books"][0]) == {"slug", "published", "days", "stars"}
        assert b"usr_" not in b"".join(client.get("/ranking/inputs.json"))
        assert b"ord_" not in b"".join(client.get("/ranking/inputs.json"))

    def test_is_not_sent_twice(self, client: Client, shop: dict[str, Edition]) -> None:
        etag = client.get("/ranking/inputs.json")["ETag"]
        assert client.get("/ranking/inputs.json", headers={"if-none-match": etag}).status_code == 304


class TestRanking:
    def test_makes_a_version_only_of_something_new(self, shop: dict[str, Edition], noon: datetime) -> None:
        first = RankingSnapshot.objects.get()
        assert vote_counting.rank(at=noon + timedelta(hours=3)) == first
        for days in range(1, 6):
            vote_counting.rank(at=noon + timedelta(days=days))
        assert RankingSnapshot.objects.count() == 3
        assert set(RankedBook.objects.values_list("snapshot", flat=True)) <= set(
            RankingSnapshot.objects.values_list("pk", flat=True)
        )

    def test_has_no_place_twice(self, shop: dict[str, Edition]) -> None:
        for shelf in SHELVES:
            places = RankedBook.objects.filter(**{f"{shelf}_place__isnull": False})
            numbers = sorted(places.values_list(f"{shelf}_place", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))


class TestTheShelves:
    @pytest.mark.parametrize(("change", "status"), [("withdraw", 404), ("adult", 404)])
    def test_let_a_book_go_at_once(
        self, client: Client, shop: dict[str, Edition], noon: datetime, change: str, status: int
    ) -> None:
        slug = client.get("/").context["page"].rising[0].slug
        assert client.get(f"/ranking/rising/{slug}/").status_code == 200
        if change == "withdraw":
            editions.withdraw_edition(actor=shop[slug].work.owner, edition=shop[slug], at=noon)
        else:
            Listing.objects.filter(slug=slug).update(is_adult=True)
        page = client.get("/").context["page"]
        assert slug not in [card.slug for card in page.rising]
        assert slug not in [one.listing.slug for one in page.bestselling]
        assert f"/books/{slug}/" not in client.get("/books/?sort=rising").content.decode()
        assert client.get(f"/ranking/rising/{slug}/").status_code == status

    def test_lead_from_each_place_to_its_reasons(self, client: Client, shop: dict[str, Edition]) -> None:
        links = set(re.findall(r'href="(/ranking/[^"]+)"', client.get("/").content.decode()))
        assert len(links) > 15
        assert all(client.get(link).status_code == 200 for link in links)

    def test_narrow_as_others_do(self, client: Client, shop: dict[str, Edition]) -> None:
        listed = [
            re.findall(r'<h3[^>]*><a href="/books/([^/]+)/"', client.get(f"/books/?sort=rising{more}").content.decode())
            for more in ("", "&language=en", "&language=de")
        ]
        assert listed[0] == listed[1] != []
        assert listed[2] == []

    @pytest.mark.parametrize(("path", "queries"), [("/", 9), ("/books/?sort=rising", 4)])
    def test_take_a_constant_number_of_queries(
        self,
        client: Client,
        shop: dict[str, Edition],
        django_assert_max_num_queries: DjangoAssertNumQueries,
        path: str,
        queries: int,
    ) -> None:
        client.get(path)  # shelves of subjects are cached
        with django_assert_max_num_queries(queries):
            assert client.get(path).status_code == 200


class TestWhy:
    @pytest.mark.parametrize("shelf", SHELVES)
    def test_tells_the_numbers(self, client: Client, shop: dict[str, Edition], shelf: str) -> None:
        rows = RankedBook.objects.filter(**{f"{shelf}_place": 6})
        slug = rows.get().listing.slug
        page = client.get(f"/ranking/{shelf}/{slug}/").context["page"]
        assert page.placed.place == 6
        assert page.group == 2
        assert {one.placed.place for one in page.neighbours if one.group == page.group} == {5, 6, 7, 8}
        assert min(one.placed.place for one in page.neighbours) == 4

    def test_says_rightly_what_would_lift_it(self, client: Client, shop: dict[str, Edition], noon: datetime) -> None:
        row = RankedBook.objects.get(bestselling_place=5)
        needed = client.get(f"/ranking/bestselling/{row.listing.slug}/").context["page"].needed

        def group_with(more: int) -> int:
            books = [recompute_ranking.read_book(one.inputs) for one in RankedBook.objects.all()]
            mine = next(book for book in books if book.slug == row.listing.slug)
            day = recompute_ranking.Day(
                (noon - timedelta(days=80)).date(), recompute_ranking.Count(more), recompute_ranking.Count()
            )
            lifted = recompute_ranking.Book(mine.slug, mine.published, (day, *mine.days), mine.stars)
            order = recompute_ranking.order("bestselling", [*(b for b in books if b is not mine), lifted], noon.date())
            return next(one for one in order if one.book.slug == mine.slug).group(recompute_ranking.RULES)

        assert group_with(needed) == 1
        assert needed == 1 or group_with(needed - 2) == 2

    @pytest.mark.parametrize("path", ["rising/unknown", "sales/book-01", "fresh/unknown", "rated/book-00"])
    def test_is_404_for_what_has_no_place(self, client: Client, shop: dict[str, Edition], path: str) -> None:
        assert client.get(f"/ranking/{path}/").status_code == 404


class TestPublicPages:
    @pytest.mark.parametrize(
        "path", ["/ranking/", "/ranking/inputs.json", "/ranking/recompute_ranking.py", "place", "fresh"]
    )
    def test_are_the_same_for_everybody(
        self, client: Client, shop: dict[str, Edition], path: str, noon: datetime
    ) -> None:
        page = client.get("/").context["page"]
        path = {
            "place": f"/ranking/rising/{page.rising[0].slug}/",
            "fresh": f"/ranking/fresh/{page.fresh[0].slug}/",
        }.get(path, path)
        anonymous = client.get(path)
        client.force_login(make_reader(display_name="Somebody Special"))
        known = client.get(path)
        assert b"".join(anonymous) == b"".join(known)
        assert anonymous["Cache-Control"].startswith("public")
        assert not known.cookies
