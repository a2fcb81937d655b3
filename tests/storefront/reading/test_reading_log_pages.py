"""A book of pages leaves the traces that a flowing one does: what is fetched of it was read."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from publishing.models import Edition
from storefront.checkout import permissions
from storefront.checkout.disputes.services import evidence
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import AccessKind, AccessRecord, Dispute, Entitlement
from tests.factories.accounts import make_reader
from tests.factories.buying import buy
from tests.factories.conversion import make_artifact, web_zip
from tests.factories.guests import buy_as_guest
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db


def pages_zip(count: int) -> bytes:
    """A comic as the engine writes it: each page with two pictures and its words."""
    made = io.BytesIO()
    pages = [
        {
            "id": f"p{n}",
            "chapter": "c1",
            "label": str(n),
            "title": f"Page {n}",
            "alt": "",
            "width": 100,
            "height": 150,
            "pictures": [[50, f"{n}-50.webp"], [100, f"{n}.png"]],
            "words": True,
        }
        for n in range(1, count + 1)
    ]
    with zipfile.ZipFile(io.BytesIO(web_zip(("Pages",)))) as flowing, zipfile.ZipFile(made, "w") as archive:
        about = json.loads(flowing.read("book.json"))
        archive.writestr("book.json", json.dumps({**about, "kind": "pages"}))
        archive.writestr("style.css", "")
        archive.writestr("chapters/c1.xhtml", flowing.read("chapters/c1.xhtml"))
        archive.writestr("pages.json", json.dumps({"pages": pages}))
        archive.writestr("assets/ornament.png", b"picture")
        for n in range(1, count + 1):
            archive.writestr(f"pages/p{n}.json", '{"lines": [], "rest": []}')
            archive.writestr(f"assets/{n}.png", b"picture")
            archive.writestr(f"assets/{n}-50.webp", b"picture")
    return made.getvalue()


def publish(count: int) -> Edition:
    edition = make_published_edition(slug="gulls")
    edition.job.artifacts.filter(kind="web").delete()
    make_artifact(edition.job, kind="web", content=pages_zip(count))
    return edition


@pytest.fixture
def comic() -> Edition:
    return publish(25)


@pytest.fixture
def buyer(client: Client, comic: Edition) -> Client:
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=comic.work, edition=comic, granted_at=clock.now())
    client.force_login(reader)
    return client


def fetch(client: Client, edition: Edition, path: str) -> int:
    """The furthest place after this file was fetched."""
    assert client.get(f"/read/gulls/files/{edition.public_id}/{path}").status_code == 200
    return Entitlement.objects.get().furthest_bps


class TestPages:
    def test_the_list_of_pages_tells_that_the_book_was_opened(self, buyer: Client, comic: Edition) -> None:
        assert fetch(buyer, comic, "pages.json") == 0
        record = AccessRecord.objects.get()
        assert (record.kind, record.detail, record.address) == (AccessKind.READ, "pages.json", "127.0.0.1")

    @pytest.mark.parametrize("path", ["assets/15.png", "assets/15-50.webp", "pages/p15.json"])
    def test_a_picture_and_the_words_of_a_page_are_a_place(self, buyer: Client, comic: Edition, path: str) -> None:
        assert fetch(buyer, comic, path) == 5000
        assert AccessRecord.objects.get().kind == AccessKind.READ
        assert fetch(buyer, comic, "assets/3.png") == 5000, "never less than before"

    def test_opening_it_fetches_the_next_spread_too_and_is_no_reading(self, buyer: Client, comic: Edition) -> None:
        for path in ("pages.json", "assets/1.png", "pages/p1.json", "assets/2.png", "assets/3.png"):
            assert fetch(buyer, comic, path) == 0

    def test_who_fetches_all_of_it_has_read_nearly_all_of_it(self, buyer: Client, comic: Edition) -> None:
        for n in range(1, 26):
            fetch(buyer, comic, f"assets/{n}-50.webp")
        assert Entitlement.objects.get().furthest_bps == 9166

    def test_what_is_no_page_says_nothing(self, buyer: Client, comic: Edition) -> None:
        fetch(buyer, comic, "style.css")
        fetch(buyer, comic, "assets/ornament.png")
        assert not AccessRecord.objects.exists()

    @pytest.mark.parametrize(("count", "path", "furthest"), [(1, "1", 10_000), (3, "2", 0), (3, "3", 10_000)])
    def test_one_spread_is_read_with_its_last_page(self, client: Client, count: int, path: str, furthest: int) -> None:
        edition = publish(count)
        reader = make_reader()
        Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
        client.force_login(reader)
        assert fetch(client, edition, f"assets/{path}.png") == furthest


class TestWhatFollows:
    def test_a_guest_who_fetched_the_pictures_has_used_the_book(self, client: Client, comic: Edition) -> None:
        order = buy_as_guest(comic)
        client.get(guest_links.link_of(order).removeprefix("http://testserver"))
        for n in range(1, 26):
            fetch(client, comic, f"assets/{n}.png")
        line = order.lines.get()
        assert permissions.was_used(line)

    def test_a_bank_is_shown_it(self, client: Client, comic: Edition) -> None:
        reader = make_reader()
        order = buy(reader, comic)
        client.force_login(reader)
        fetch(client, comic, "assets/20.png")
        now = clock.now()
        dispute = Dispute.objects.create(
            payment=order.payments.get(),
            provider_dispute_id="du_1",
            amount_minor=order.total_minor,
            currency=order.currency,
            status="needs_response",
            reason="product_not_received",
            opened_at=now + timedelta(days=1),
        )
        fields = evidence.evidence_fields(dispute, "")
        assert "read in the browser from 127.0.0.1 (20.png)" in fields.access_activity_log
