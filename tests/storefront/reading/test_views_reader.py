from __future__ import annotations

from datetime import datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from publishing import hooks
from publishing.models import Edition, EditionState
from storefront.checkout import permissions
from storefront.checkout.models import AccessRecord, Entitlement
from storefront.reading.models import LastPlace
from storefront.reading.services import devices, places
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db

EVIL = """<h1 onclick="alert(1)" style="color:red">One</h1><script>alert(1)</script>
<p><a href="javascript:alert(1)">a</a><a href="c2.xhtml#there">b</a><a href="https://example.org/">c</a>
<img src="../assets/0a.png" onerror="alert(1)" alt="A map"/><img src="https://example.org/spy.png" alt=""/>
<iframe src="https://example.org/"></iframe><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>
<form action="/cart/add/"><input name="x"/></form><span onmouseover="alert(1)">end</span></p>"""


def edition_with(body: str = "") -> Edition:
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    bodies = {"c1": body} if body else {}
    make_artifact(job, kind="web", content=web_zip(**bodies))
    make_artifact(job, kind="sample-web", content=web_zip(("The Harbour",), **bodies))
    return make_published_edition(slug="lighthouse", job=job, public_id="edn_lighthouse")


def buyer_of(edition: Edition, at: datetime) -> User:
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=at)
    return reader


class TestRead:
    def test_a_stranger_logs_in_first(self, client: Client) -> None:
        edition_with()
        assert client.get("/read/lighthouse/")["Location"] == "/accounts/login/?next=/read/lighthouse/"

    def test_who_did_not_buy_gets_the_sample(self, client: Client) -> None:
        edition_with()
        client.force_login(make_reader())
        assert client.get("/read/lighthouse/")["Location"] == "/read/lighthouse/sample/"

    def test_a_buyer_gets_the_book_and_contents_without_scripts(self, client: Client, noon: datetime) -> None:
        client.force_login(buyer_of(edition_with(), noon))
        response = client.get("/read/lighthouse/")
        text = response.content.decode()
        assert 'href="/read/lighthouse/c3/"' in text
        sources = " ".join(["'self'", *settings.CRITICAL_CSS.script_sources])
        assert f"script-src {sources};" in response["Content-Security-Policy"]
        # WebKit would keep every chapter blank with 'none', which other pages have.
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
        assert "no-store" in response["Cache-Control"] or "private" in response["Cache-Control"]

    def test_the_author_reads_without_buying(self, client: Client) -> None:
        edition = edition_with()
        client.force_login(edition.work.owner)
        assert client.get("/read/lighthouse/").status_code == 200

    def test_another_author_does_not(self, client: Client) -> None:
        edition_with()
        client.force_login(make_author())
        assert client.get("/read/lighthouse/").status_code == 302

    def test_who_gave_the_book_back_reads_no_more(self, client: Client, noon: datetime) -> None:
        reader = buyer_of(edition_with(), noon)
        Entitlement.objects.update(ended_at=noon)
        client.force_login(reader)
        assert client.get("/read/lighthouse/").status_code == 302
        assert client.get("/read/lighthouse/files/edn_lighthouse/chapters/c2.xhtml").status_code == 404

    def test_a_buyer_of_a_withdrawn_book_still_reads_it(self, client: Client, noon: datetime) -> None:
        edition = edition_with()
        client.force_login(buyer_of(edition, noon))
        Edition.objects.update(state=EditionState.WITHDRAWN)
        hooks.notify_withdrawn(edition)
        assert client.get("/read/lighthouse/").status_code == 200
        assert client.get("/read/lighthouse/sample/").status_code == 404

    def test_its_end_asks_for_a_review_where_one_may_be_written(self, client: Client, noon: datetime) -> None:
        edition = edition_with()
        client.force_login(buyer_of(edition, noon))
        link = 'href="/books/lighthouse/review/"'
        assert link in client.get("/read/lighthouse/").content.decode()
        hooks.notify_withdrawn(edition)
        assert link not in client.get("/read/lighthouse/").content.decode()
        client.force_login(edition.work.owner)
        assert link not in client.get("/read/lighthouse/").content.decode()

    def test_a_buyer_of_an_older_edition_reads_the_newest(self, client: Client, noon: datetime) -> None:
        first = edition_with()
        client.force_login(buyer_of(first, noon))
        Edition.objects.update(state=EditionState.SUPERSEDED)
        job = make_done_job()
        job.artifacts.filter(kind="web").delete()
        make_artifact(job, kind="web", content=web_zip(("Corrected",)))
        make_published_edition(work=first.work, job=job)
        assert b"Corrected" in client.get("/read/lighthouse/").content

    def test_vertical_lines_turn_their_pages_to_the_left(self, client: Client) -> None:
        job = make_done_job()
        job.artifacts.filter(kind="sample-web").delete()
        make_artifact(job, kind="sample-web", content=web_zip(("一",), vertical=True))
        make_published_edition(slug="kusamakura", job=job)
        assert b'"direction": "rtl"' in client.get("/read/kusamakura/sample/").content

    def test_no_such_book(self, client: Client) -> None:
        assert client.get("/read/nowhere/").status_code == 404
        assert client.get("/read/nowhere/sample/").status_code == 404


class TestSample:
    def test_is_for_anybody_and_sets_no_cookie(self, client: Client) -> None:
        edition_with()
        response = client.get("/read/lighthouse/sample/")
        assert response.status_code == 200
        assert not response.cookies
        assert b"/read/lighthouse/sample/c1/" in response.content
        assert b"csrfmiddlewaretoken" not in response.content

    def test_holds_nothing_beyond_the_sample(self, client: Client) -> None:
        edition_with()
        assert client.get("/read/lighthouse/sample/c2/").status_code == 404
        assert client.get("/read/lighthouse/sample/files/edn_lighthouse/chapters/c2.xhtml").status_code == 404


class TestChapter:
    def test_reads_as_a_plain_page_with_neighbours(self, client: Client, noon: datetime) -> None:
        client.force_login(buyer_of(edition_with(), noon))
        text = client.get("/read/lighthouse/c2/").content.decode()
        assert "Rain fell on the water." in text
        assert 'rel="prev" href="/read/lighthouse/c1/"' in text
        assert 'rel="next" href="/read/lighthouse/c3/"' in text

    def test_asks_strangers_to_log_in(self, client: Client) -> None:
        edition_with()
        assert client.get("/read/lighthouse/c2/").status_code == 302

    def test_rebuilds_whatever_the_archive_holds(self, client: Client) -> None:
        edition_with(EVIL)
        text = client.get("/read/lighthouse/sample/c1/").content.decode()
        inside = text[text.index('<article class="chapter"') : text.index("</article>")]
        for banned in (
            "<script",
            "onclick",
            "onerror",
            "onmouseover",
            "javascript:",
            "style=",
            "<iframe",
            "<form",
            "<svg",
        ):
            assert banned not in inside
        assert 'href="/read/lighthouse/sample/c2/#bk-there"' in inside
        assert 'href="https://example.org/"' in inside
        assert 'src="/read/lighthouse/sample/files/edn_lighthouse/assets/0a.png"' in inside
        assert "example.org/spy.png" not in inside
        assert "end" in inside

    def test_a_book_wears_no_class_id_or_role_of_the_shop(self, client: Client) -> None:
        look_alike = '<p id="main" class="button button-primary" role="button"><a href="#main">Log in again</a></p>'
        edition_with(f'{look_alike}<aside id="n1" class="note" role="doc-footnote">A note.</aside>')
        text = client.get("/read/lighthouse/sample/c1/").content.decode()
        inside = text[text.index('<article class="chapter"') : text.index("</article>")]
        assert '<p id="bk-main" class="bk-button bk-button-primary"><a href="#bk-main">Log in again</a></p>' in inside
        assert '<aside id="bk-n1" class="bk-note" role="doc-footnote">' in inside

    def test_no_style_sheet_of_ours_has_names_of_books(self) -> None:
        """But the one of plain chapters, inside them."""
        for path in (settings.BASE_DIR / "static" / "css").rglob("*.css"):
            for line in path.read_text().splitlines():
                if ".bk-" in line or "#bk-" in line:
                    assert line.startswith((".chapter ", ".chapter-text ")), f"{path.name}: {line}"

    def furthest(self, client: Client, *chapters: str) -> list[int]:
        found = []
        for chapter in chapters:
            client.get(f"/read/lighthouse/{chapter}/")
            found.append(Entitlement.objects.get().furthest_bps)
        return found

    def test_notes_how_far_its_buyer_came_and_that_they_read(self, client: Client, noon: datetime) -> None:
        client.force_login(buyer_of(edition_with(), noon))
        assert self.furthest(client, "c1", "c2", "c1", "c3", "c1") == [0, 3333, 3333, 10_000, 10_000]
        assert [(one.kind, one.detail) for one in AccessRecord.objects.all()] == [("read", "c1")]
        assert not LastPlace.objects.exists()

    def test_writes_only_what_is_new(self, client: Client, noon: datetime) -> None:
        client.force_login(buyer_of(edition_with(), noon))
        self.furthest(client, "c2")
        with CaptureQueriesContext(connection) as queries:
            client.get("/read/lighthouse/c1/")
        writes = [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
        assert writes == []

    def test_notes_nothing_of_samples_makers_and_chapters_that_are_not_there(
        self, client: Client, noon: datetime
    ) -> None:
        edition = edition_with()
        reader = buyer_of(edition, noon)
        for person, path in (
            (reader, "sample/c1/"),
            (reader, "c9/"),
            (edition.work.owner, "c2/"),
            (make_reader(), "c2/"),
        ):
            client.force_login(person)
            client.get(f"/read/lighthouse/{path}")
        assert not AccessRecord.objects.exists()
        assert Entitlement.objects.get().furthest_bps == 0


class TestFile:
    def test_raw_chapters_may_do_nothing(self, client: Client, noon: datetime) -> None:
        client.force_login(buyer_of(edition_with(), noon))
        response = client.get("/read/lighthouse/files/edn_lighthouse/chapters/c1.xhtml")
        assert response["Content-Type"] == "application/xhtml+xml"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "private" in response["Cache-Control"]

    def test_whoever_opens_a_raw_chapter_has_read_up_to_it(self, client: Client, noon: datetime) -> None:
        client.force_login(buyer_of(edition_with(), noon))
        found = []
        for name in ("c1", "c2.xhtml", "c1.xhtml", "c3.xhtml"):
            assert client.get(f"/read/lighthouse/files/edn_lighthouse/chapters/{name}").status_code == 200
            found.append(Entitlement.objects.get().furthest_bps)
        assert found == [0, 3333, 3333, 10_000]
        assert [(one.kind, one.detail) for one in AccessRecord.objects.all()] == [("read", "c1")]
        assert not LastPlace.objects.exists()

    @pytest.mark.parametrize(("chapter", "furthest"), [("c1", 0), ("c2", 3333), ("c3", 6666)])
    def test_the_scripted_reader_tells_the_rest_itself(
        self, client: Client, noon: datetime, chapter: str, furthest: int
    ) -> None:
        """It fetches a chapter to show its first page. Whoever keeps it from telling has come as far as that."""
        client.force_login(buyer_of(edition_with(), noon))
        client.get(
            f"/read/lighthouse/files/edn_lighthouse/chapters/{chapter}.xhtml", headers={"sec-fetch-dest": "empty"}
        )
        assert Entitlement.objects.get().furthest_bps == furthest

    def test_it_is_used_then_and_a_glance_is_not(self, client: Client, noon: datetime) -> None:
        order = buy(make_reader(), edition_with())
        client.force_login(order.buyer)
        for chapter, used in (("c1", False), ("c2", True)):
            client.get(f"/read/lighthouse/files/edn_lighthouse/chapters/{chapter}.xhtml")
            assert permissions.was_used(order.lines.get()) is used

    def test_nothing_else_counts_nor_samples_and_makers(self, client: Client, noon: datetime) -> None:
        edition = edition_with()
        reader = buyer_of(edition, noon)
        for person, path in (
            (reader, "files/edn_lighthouse/style.css"),
            (reader, "files/edn_lighthouse/chapters/c9.xhtml"),
            (reader, "sample/files/edn_lighthouse/chapters/c1.xhtml"),
            (edition.work.owner, "files/edn_lighthouse/chapters/c3.xhtml"),
            (make_reader(), "files/edn_lighthouse/chapters/c3.xhtml"),
        ):
            client.force_login(person)
            client.get(f"/read/lighthouse/{path}")
        assert not AccessRecord.objects.exists()
        assert Entitlement.objects.get().furthest_bps == 0

    @pytest.mark.parametrize(
        "path", ["book.json", "chapters/c9.xhtml", "assets/x.png", "assets/x.html", "x", "a/../book.json"]
    )
    def test_gives_only_chapters_pictures_and_style(self, client: Client, noon: datetime, path: str) -> None:
        client.force_login(buyer_of(edition_with(), noon))
        assert client.get(f"/read/lighthouse/files/edn_lighthouse/{path}").status_code == 404

    def test_hides_the_whole_book_from_who_did_not_buy(self, client: Client) -> None:
        edition_with()
        assert client.get("/read/lighthouse/files/edn_lighthouse/chapters/c1.xhtml").status_code == 404
        client.force_login(make_reader())
        assert client.get("/read/lighthouse/files/edn_lighthouse/chapters/c1.xhtml").status_code == 404

    def test_gives_the_style(self, client: Client) -> None:
        edition_with()
        response = client.get("/read/lighthouse/sample/files/edn_lighthouse/style.css")
        assert response["Content-Type"] == "text/css"


class TestPlace:
    def test_a_device_without_one_is_told_the_last_of_any_device(self, client: Client, noon: datetime) -> None:
        edition = edition_with()
        reader = buyer_of(edition, noon)
        client.force_login(reader)
        assert '"last": null' in client.get("/read/lighthouse/").content.decode()
        phone = devices.browser(reader, key="phone", name="Firefox on Android", at=noon)
        places.save_last(device=phone, work=edition.work, edition=edition, block=2, offset=5, share_bps=4000, at=noon)
        page = client.get("/read/lighthouse/").content.decode()
        for fact in (
            '"block": 2',
            '"offset": 5',
            '"device": "phone"',
            '"edition": "edn_lighthouse"',
        ):
            assert fact in page

    def test_nobody_elses(self, client: Client, noon: datetime) -> None:
        edition = edition_with()
        phone = devices.browser(buyer_of(edition, noon), key="phone", name="", at=noon)
        places.save_last(device=phone, work=edition.work, edition=edition, block=2, share_bps=4000, at=noon)
        client.force_login(edition.work.owner)
        assert '"last": null' in client.get("/read/lighthouse/").content.decode()
