"""Nobody but its owner finds any trace of an own book: not in the shop, not on the desk, not on staff pages."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from storefront.catalogue.services import listings
from storefront.reading.models import FurthestPlace
from tests.access.scene import patterns
from tests.factories.accounts import make_author, make_finance, make_member, make_moderator, make_operator
from tests.factories.buying import buy, make_book
from tests.factories.own_books import make_own_book
from tests.factories.reading import make_note, make_place

pytestmark = pytest.mark.django_db

_MATRIX = Path(__file__).parents[2] / "access" / "matrix.tsv"
_TRACES = ("Zanzibar", "Moth Ledger", "moth_ledger", "Quill Marrow")
_SEARCHES = (
    *("/search/?q=Zanzibar", "/search/suggestions/?q=zanz", "/search/?q=Quill+Marrow", "/desk/?q=Zanzibar"),
    *("/opds/v2/search/?q=Zanzibar", "/opds/v1.2/search/?q=Zanzibar", "/sitemap-books-0.xml", "/reading/notes/?q=Rain"),
)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def own(owner):
    """An own book with a note and a place, of a reader who is an author with a book on sale as well."""
    edition = make_book(title="The Lighthouse", owner=owner)
    listings.refresh_listing(edition)
    buy(make_member(), edition)
    own = make_own_book(owner)
    make_note(owner, own.edition, "Rain fell")
    make_place(owner, own.edition)
    FurthestPlace.objects.create(
        user=owner, work=own.work, edition=own.edition, block=1, share_bps=9900, at=clock.now()
    )
    return own


def reached_by(actor):
    """The addresses without parts that this person reaches."""
    parts = patterns()
    with _MATRIX.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    reached = [row for row in rows if row["method"] == "GET" and row[actor] in "AW" and not parts[row["address"]]]
    return {reverse(row["address"]) for row in reached}


def body_of(response):
    """What a page says; of what is streamed, too."""
    if response.streaming:
        return b"".join(response).decode("utf-8", "replace")
    return response.content.decode("utf-8", "replace")


def test_no_page_names_it(own, owner):
    """Each page is looked at by one who sees most of it: staff pages by staff, the others by another author."""
    seen, wrong = set(), []
    people = {"other": make_author(), "operator": make_operator(), "finance": make_finance()}
    people |= {"moderator": make_moderator(), "anon": None}
    for actor, person in people.items():
        client = Client()
        if person is not None:
            client.force_login(person)
        for address in sorted(reached_by(actor) - seen) + list(_SEARCHES if actor in {"other", "anon"} else ()):
            answer = client.get(address)
            seen.add(address)
            # A page of results repeats what was searched for.
            traces = [trace for trace in (*_TRACES, own.work.slug) if trace.replace(" ", "+") not in address]
            traces = [trace for trace in traces if not ("q=" in address and trace == "Zanzibar")]
            if any(trace in body_of(answer) for trace in traces):
                wrong.append(f"{actor} {address}")
    assert len(seen) > 150
    assert not wrong


def test_its_owners_public_pages_and_desk_do_not_name_it(own, owner, client):
    for address in (f"/authors/{owner.public_id}/", "/books/the-lighthouse/"):
        assert not any(trace in body_of(client.get(address)) for trace in _TRACES), address
    client.force_login(owner)
    for address in ("/desk/", "/desk/bulk/", "/earnings/", "/desk/archive/", "/services/"):
        assert not any(trace in body_of(client.get(address)) for trace in _TRACES), address


@pytest.mark.parametrize("make", [make_member, make_author, make_moderator, make_finance, make_operator])
def test_whoever_knows_its_addresses_gets_404(own, client, make):
    client.force_login(make())
    work, edition = own.work, own.edition
    original = edition.job.artifacts.get(kind="epub").public_id
    for address in (
        f"/library/{work.public_id}/",
        f"/library/{work.public_id}/{original}/",
        f"/library/own/{work.public_id}/",
        f"/library/own/{work.public_id}/cover.webp",
        f"/read/{work.slug}/",
        f"/read/{work.slug}/plain/",
        f"/read/{work.slug}/book.json",
        f"/read/{work.slug}/sample/",
        f"/read/{work.slug}/files/{edition.public_id}/text.json",
        f"/read/{work.slug}/typo/",
        f"/books/{work.slug}/",
        f"/desk/works/{work.public_id}/",
        f"/desk/works/{work.public_id}/manuscript/",
        f"/library/{work.public_id}/send/",
    ):
        assert client.get(address).status_code == 404, address
