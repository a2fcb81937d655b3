from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common import clock
from publishing import hooks
from publishing.models import Edition
from storefront.catalogue.models import Listing
from storefront.catalogue.services import ranking
from storefront.checkout.models import Entitlement
from storefront.community.models import Review, Visibility
from storefront.community.services import replies, reviews
from storefront.community.services import shelves as shelf_services
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition, make_work
from tests.factories.trust import make_entitlement, make_review

pytestmark = pytest.mark.django_db

PUBLIC = ["/", "/books/", "/books/the-lamp/", "/search/?q=lamp"]


@pytest.fixture
def lamp() -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp of Ice", owner=make_author(display_name="Marit S."))


def fill(count: int) -> None:
    author = make_author(display_name="Prolific")
    for number in range(count):
        edition = make_published_edition(slug=f"lamp-{number}", title=f"Lamp {number}", owner=author)
        Listing.objects.filter(work=edition.work).update(sales_count=number, rating_score=3000 + number)


class TestPublicPages:
    @pytest.mark.parametrize("path", PUBLIC)
    def test_may_be_kept_by_anybody_until_somebody_logs_in(self, client: Client, lamp: Edition, path: str) -> None:
        response = client.get(path)
        assert response.status_code == 200
        assert response["Cache-Control"].startswith("public")
        assert "Cookie" in response["Vary"]
        assert not response.cookies
        assert b"csrfmiddlewaretoken" not in response.content

    @pytest.mark.parametrize("path", PUBLIC)
    def test_are_the_same_for_somebody_logged_in(self, client: Client, lamp: Edition, path: str) -> None:
        anonymous = client.get(path).content
        client.force_login(make_reader(display_name="Somebody Special"))
        assert client.get(path).content == anonymous

    @pytest.mark.parametrize("path", PUBLIC)
    def test_hold_no_inline_style_or_script(self, client: Client, lamp: Edition, path: str) -> None:
        text = client.get(path).content.decode()
        assert not re.search(r"<[^>]+\s(style|on\w+)=", text)
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
        inline = [body for head, body in scripts if "src=" not in head and "application/ld+json" not in head]
        assert inline == [settings.CRITICAL_CSS.script]  # which the policy knows by its hash
        styles = re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL)
        assert len(styles) <= 1
        assert set(styles) <= set(settings.CRITICAL_CSS.styles.values())

    @pytest.mark.parametrize("path", PUBLIC[:3])
    def test_answer_304_until_the_catalogue_changes(self, client: Client, lamp: Edition, path: str) -> None:
        etag = client.get(path)["ETag"]
        assert client.get(path, headers={"if-none-match": etag}).status_code == 304
        hooks.notify_listed(lamp)
        assert client.get(path, headers={"if-none-match": etag}).status_code == 200

    @pytest.mark.parametrize("path", PUBLIC[:3])
    def test_are_made_anew_each_day(self, client: Client, lamp: Edition, path: str) -> None:
        """What they say may depend on the day, though nothing is written."""
        etag = client.get(path)["ETag"]
        with clock.frozen(clock.now() + timedelta(days=1)):
            assert client.get(path, headers={"if-none-match": etag}).status_code == 200

    @pytest.mark.parametrize("books", [1, 30])
    @pytest.mark.parametrize(
        ("path", "queries"), [("/books/", 4), ("/books/lamp-0/", 8), ("/search/?q=lamp", 9), ("/", 9)]
    )
    def test_take_a_constant_number_of_queries(
        self,
        client: Client,
        django_assert_max_num_queries: DjangoAssertNumQueries,
        books: int,
        path: str,
        queries: int,
    ) -> None:
        fill(books)
        client.get(path)  # counts and shelves of subjects are cached
        with django_assert_max_num_queries(queries):
            assert client.get(path).status_code == 200


class TestFront:
    def test_an_empty_shop_teaches(self, client: Client) -> None:
        assert b"/desk/" in client.get("/").content

    def test_shows_new_books_and_shelves(self, client: Client) -> None:
        fill(12)
        ranking.plan_fresh(at=clock.now() + timedelta(days=1))
        with clock.frozen(clock.now() + timedelta(days=1)):
            text = client.get("/").content.decode()
        assert "Just published" in text
        assert 'href="/books/?subject=F"' in text
        assert "/books/lamp-11/" in text


class TestCatalogue:
    @pytest.mark.parametrize("sort", ["newest", "bestselling", "rating"])
    def test_pages_hold_every_book_once(self, client: Client, sort: str) -> None:
        fill(50)
        Listing.objects.update(sales_count=7)  # ties
        seen: list[str] = []
        address = f"/books/?sort={sort}"
        while address:
            text = client.get(address).content.decode()
            seen += re.findall(r'<h3 dir="auto"><a href="/books/([^/]+)/"', text)
            found = re.search(r'rel="next" href="([^"]+)"', text)
            address = f"/books/{found[1].replace('&amp;', '&')}" if found else ""
        assert len(seen) == len(set(seen)) == 50

    def test_orders_by_sales(self, client: Client) -> None:
        fill(3)
        text = client.get("/books/?sort=bestselling").content.decode()
        assert re.findall(r'<h3 dir="auto"><a href="/books/([^/]+)/"', text) == ["lamp-2", "lamp-1", "lamp-0"]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("subject=DC", {"verse"}),
            ("language=de", {"kueche"}),
            ("price=free", {"gift"}),
            ("price=5", {"gift", "verse"}),
            ("subject=DC&price=free", set()),
            ("subject=nonsense", {"verse", "kueche", "gift"}),
        ],
    )
    def test_filters(self, client: Client, query: str, expected: set[str]) -> None:
        make_published_edition(slug="verse", subject="DC", prices={"USD": 499})
        make_published_edition(slug="kueche", language="de", prices={"USD": 1299})
        make_published_edition(slug="gift", prices={"USD": 0})
        text = client.get(f"/books/?{query}").content.decode()
        assert set(re.findall(r'<h3 dir="auto"><a href="/books/([^/]+)/"', text)) == expected

    @pytest.mark.parametrize("after", ["x", "-", "1-", "zzzzzzzzzzzzzzzzzzzzzz-1", "1-zzzzzzzzzzzzzzzzzzzz"])
    def test_a_forged_cursor_shows_the_first_page(self, client: Client, lamp: Edition, after: str) -> None:
        assert b"/books/the-lamp/" in client.get(f"/books/?after={after}").content

    def test_keeps_filters_on_the_next_page(self, client: Client) -> None:
        fill(30)
        text = client.get("/books/?subject=FB&sort=rating").content.decode()
        found = re.search(r'rel="next" href="([^"]+)"', text)
        assert found
        assert "subject=FB" in found[1]
        assert "sort=rating" in found[1]


class TestBook:
    def test_shows_price_buy_form_sample_and_formats(self, client: Client, lamp: Edition) -> None:
        text = client.get("/books/the-lamp/").content.decode()
        assert "$4.99" in text
        assert f'<input type="hidden" name="edition" value="{lamp.public_id}">' in text
        assert 'action="/cart/add/"' in text
        assert "Rain fell on the water." in text
        assert "EPUB" in text
        assert "/read/the-lamp/sample/" in text

    def test_tells_machines_the_same(self, client: Client, lamp: Edition) -> None:
        text = client.get("/books/the-lamp/").content.decode()
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text)
        assert found
        book = json.loads(found[1])["@graph"][0]
        assert book["@type"] == "Book"
        assert book["name"] == "The Lamp of Ice"
        assert book["offers"] == [
            {
                "@type": "Offer",
                "price": "4.99",
                "priceCurrency": "USD",
                "availability": "https://schema.org/InStock",
                "url": "http://testserver/books/the-lamp/",
            }
        ]

    def test_a_title_cannot_end_the_machines_script(self, client: Client) -> None:
        make_published_edition(slug="evil", title="</script><script>alert(1)</script>")
        text = client.get("/books/evil/").content.decode()
        assert "<script>alert" not in text

    def test_a_free_book_says_so(self, client: Client) -> None:
        make_published_edition(slug="gift", prices={"USD": 0})
        assert b"Free" in client.get("/books/gift/").content

    @pytest.mark.parametrize(
        ("age", "region", "words"),
        [
            (0, "", "From 0 years"),
            (1, "", "From 1 year"),
            (8, "", "From 8 years"),
            (0, "/de-at", "Ab 0 Jahren"),
            (1, "/de-at", "Ab 1 Jahr"),
            (8, "/de-at", "Ab 8 Jahren"),
        ],
    )
    def test_says_from_which_age(self, client: Client, age: int, region: str, words: str) -> None:
        make_published_edition(work=make_work(slug="the-lamp", reading_age=age))
        text = client.get(f"{region}/books/the-lamp/").content.decode()
        assert re.search(rf"<dd>\s*{words}\s*</dd>", text)

    @pytest.mark.parametrize("details", [{}, {"reading_age": 8, "is_adult": True}])
    def test_says_no_age_without_one_or_if_it_is_for_adults(self, client: Client, details: dict[str, object]) -> None:
        make_published_edition(work=make_work(slug="the-lamp", **details))
        text = client.get("/books/the-lamp/").content.decode()
        assert "About the book" in text
        assert "Reading age" not in text

    def test_is_gone_with_the_listing(self, client: Client, lamp: Edition) -> None:
        hooks.notify_withdrawn(lamp)
        assert client.get("/books/the-lamp/").status_code == 404

    def test_shows_reviews_with_their_writers(self, client: Client, lamp: Edition, noon: datetime) -> None:
        reader = make_reader(display_name="Lea Fischer")
        Entitlement.objects.create(user=reader, work=lamp.work, edition=lamp, granted_at=noon)
        reviews.write_review(actor=reader, work=lamp.work, stars=5, title="Exact", body="<b>Yes</b>", at=noon)
        text = client.get("/books/the-lamp/").content.decode()
        assert "Lea Fischer" in text
        assert "&lt;b&gt;Yes" in text

    def test_shows_more_by_the_author(self, client: Client, lamp: Edition) -> None:
        make_published_edition(slug="other", owner=lamp.work.owner)
        assert b"/books/other/" in client.get("/books/the-lamp/").content


class TestSearch:
    def test_says_how_it_understood_a_typo(self, client: Client, lamp: Edition) -> None:
        text = client.get("/search/?q=lmap").content.decode()
        assert "Showing results for “lamp”" in text

    def test_nothing_found_is_no_dead_end(self, client: Client) -> None:
        assert b'href="/books/"' in client.get("/search/?q=zzz").content

    def test_escapes_the_query(self, client: Client) -> None:
        assert b"<script>x" not in client.get("/search/?q=<script>x").content


class TestAuthor:
    def test_shows_the_authors_books(self, client: Client, lamp: Edition) -> None:
        response = client.get(f"/authors/{lamp.work.owner.public_id}/")
        assert b"/books/the-lamp/" in response.content

    def test_readers_have_no_page(self, client: Client) -> None:
        assert client.get(f"/authors/{make_reader().public_id}/").status_code == 404


class TestLanguages:
    """Words of books are in their language, and run in its direction, wherever they stand among the shop's own."""

    def test_of_the_featured_book(self, client: Client) -> None:
        published = clock.now() - timedelta(days=2)
        make_published_edition(language="ar", title="كتاب", description="وصف الكتاب", published_at=published)
        ranking.plan_fresh(at=clock.now())
        page = client.get("/").content.decode()
        featured = re.search(r'<section class="featured">.*?</section>', page, re.DOTALL)
        assert featured
        for name in ("h1", 'p class="featured-text"'):
            assert f'<{name} dir="auto" lang="ar">' in featured[0]
        assert '<p class="lead" dir="auto">' in featured[0]

    def test_of_a_books_page(self, client: Client) -> None:
        work = make_work(language="ar", slug="lamp", subtitle="حكاية")
        review = make_review(edition=make_published_edition(work=work))
        replies.write_reply(actor=work.owner, review=review, body="شكرا", at=clock.now())
        page = client.get("/books/lamp/").content.decode()
        assert '<p class="book-subtitle" dir="auto" lang="ar">حكاية</p>' in page
        assert '<p class="book-byline" dir="auto">' in page
        article = re.search(r"<article class=\"review\".*?</article>", page, re.DOTALL)
        assert article
        assert article[0].count('<div class="prose" dir="auto">') == 2
        assert '<h3 dir="auto">' in article[0]

    def test_of_an_authors_page_and_a_shelf(self, client: Client, lamp: Edition) -> None:
        owner = lamp.work.owner
        owner.bio = "كاتبة"
        owner.save()
        assert '<div class="prose section" dir="auto">' in client.get(f"/authors/{owner.public_id}/").content.decode()
        told = {"title": "رف", "description": "كتب", "visibility": Visibility.PUBLIC}
        shelf = shelf_services.make_shelf(actor=make_reader(), at=clock.now(), **told)
        shelf_services.add_book(actor=shelf.owner, shelf=shelf, work=lamp.work, reason="جيد", at=clock.now())
        page = client.get(f"/shelves/{shelf.slug}/").content.decode()
        for name in ("h1", 'div class="prose"', 'p class="prose"'):
            assert f'<{name} dir="auto">' in page


class TestReview:
    ADDRESS = "/books/the-lamp/review/"

    def test_asks_a_visitor_to_log_in(self, client: Client, lamp: Edition) -> None:
        assert client.get(self.ADDRESS)["Location"].startswith("/accounts/login/")

    def test_refuses_who_did_not_buy(self, client: Client, lamp: Edition) -> None:
        client.force_login(make_reader())
        assert client.get(self.ADDRESS).status_code == 403
        assert client.post(self.ADDRESS, {"stars": 5}).status_code == 403

    def test_refuses_the_author(self, client: Client, lamp: Edition) -> None:
        client.force_login(lamp.work.owner)
        assert client.post(self.ADDRESS, {"stars": 5}).status_code == 403

    def test_a_buyer_writes_changes_and_withdraws(self, client: Client, lamp: Edition, noon: datetime) -> None:
        reader = make_reader()
        Entitlement.objects.create(user=reader, work=lamp.work, edition=lamp, granted_at=noon)
        client.force_login(reader)
        assert client.post(self.ADDRESS, {"stars": 5, "title": "Exact"}).status_code == 302
        assert client.post(self.ADDRESS, {"stars": 3}).status_code == 302
        assert [(one.stars, one.title) for one in Review.objects.all()] == [(3, "")]
        assert client.post(self.ADDRESS, {"act": "withdraw"}).status_code == 302
        assert not Review.objects.exists()

    def test_keeps_what_was_typed_when_stars_are_missing(self, client: Client, lamp: Edition, noon: datetime) -> None:
        reader = make_reader()
        Entitlement.objects.create(user=reader, work=lamp.work, edition=lamp, granted_at=noon)
        client.force_login(reader)
        response = client.post(self.ADDRESS, {"title": "Half a thought"})
        assert response.status_code == 200
        assert b"Half a thought" in response.content

    def test_its_writer_withdraws_it_after_giving_the_book_back(self, client: Client, lamp: Edition) -> None:
        review = make_review(edition=lamp)
        Entitlement.objects.update(ended_at=review.created_at)
        client.force_login(review.user)
        assert f'href="{self.ADDRESS}"' in client.get(f"/reviews/{review.public_id}/").content.decode()
        page = client.get(self.ADDRESS)
        assert page.status_code == 200
        assert b'value="withdraw"' in page.content
        assert b'name="stars"' not in page.content
        assert client.post(self.ADDRESS, {"stars": 1}).status_code == 403
        assert client.post(self.ADDRESS, {"act": "withdraw"})["Location"] == "/books/the-lamp/"
        assert not Review.objects.exists()

    def test_its_writer_changes_and_withdraws_it_while_the_book_is_off_sale(
        self, client: Client, lamp: Edition
    ) -> None:
        review = make_review(edition=lamp)
        hooks.notify_withdrawn(lamp)
        client.force_login(review.user)
        page = client.get(self.ADDRESS).content.decode()
        assert 'href="/books/the-lamp/"' not in page
        assert client.post(self.ADDRESS, {"stars": 1})["Location"] == "/library/"
        assert Review.objects.get().stars == 1
        assert client.post(self.ADDRESS, {"act": "withdraw"})["Location"] == "/library/"
        assert not Review.objects.exists()

    def test_nobody_writes_a_new_one_while_the_book_is_off_sale(self, client: Client, lamp: Edition) -> None:
        reader = make_reader()
        make_entitlement(reader, lamp)
        hooks.notify_withdrawn(lamp)
        client.force_login(reader)
        assert client.get(self.ADDRESS).status_code == 404
        assert client.post(self.ADDRESS, {"stars": 5}).status_code == 404
