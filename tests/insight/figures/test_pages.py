"""The pages of figures: who sees them, what they say, and that they take as many queries for many works as for few."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from common import clock
from insight.events.models import EventKind, ShareLink
from insight.figures.models import LastLook, OwnerDay, WorkDay, WorkDaySource
from insight.figures.services import looks, rollups
from publishing.models import Edition
from royalties.services import payee_details
from storefront.checkout.models import Refund, RefundState
from tests.factories.accounts import make_author, make_finance, make_operator, make_reader
from tests.factories.buying import buy
from tests.factories.collaboration import make_collaborator
from tests.factories.insight import make_event, make_link
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work
from tests.factories.trust import make_review
from tests.hiring.contracts.factories import make_contract

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp() -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp")


def page_of(edition: Edition) -> str:
    return reverse("figures:work", args=[edition.work.public_id])


def visited(edition: Edition) -> None:
    """Three views, one by a machine, a sample, a cart and a sale, which began as a cart."""
    for visitor in (b"a", b"b"):
        make_event(edition.work, visitor=visitor, source="example.org", country="DE")
    make_event(edition.work, is_bot=True)
    make_event(edition.work, kind=EventKind.SAMPLE, visitor=b"a")
    make_event(edition.work, kind=EventKind.CART)
    buy(make_reader(), edition)
    rollups.roll_up(day=clock.now().date(), at=clock.now())


def text_of(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


class TestWhoSeesThem:
    def test_makers(self, client: Client, lamp: Edition) -> None:
        coauthor = make_author()
        make_contributor(lamp.work, user=coauthor)
        for person in (lamp.work.owner, coauthor):
            client.force_login(person)
            assert client.get(page_of(lamp)).status_code == 200

    def test_nobody_else(self, client: Client, lamp: Edition, settings) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        proofreader, buyer = make_reader(), make_reader()
        make_collaborator(lamp.work, user=proofreader)
        buy(buyer, lamp)
        for person in (None, make_reader(), make_author(), buyer, proofreader, make_finance()):
            if person is not None:
                client.force_login(person)
            for address in (page_of(lamp), page_of(lamp) + "days.csv"):
                assert client.get(address).status_code == 404

    def test_operators_say_why(self, client: Client, lamp: Edition, settings) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(make_operator())
        assert "/staff/why/" in client.get(page_of(lamp))["Location"]

    def test_earnings_are_one_s_own(self, client: Client, lamp: Edition) -> None:
        visited(lamp)
        client.force_login(lamp.work.owner)
        assert "You earned" in text_of(client, page_of(lamp))
        illustrator = make_author()
        make_contributor(lamp.work, user=illustrator)  # without a share
        client.force_login(illustrator)
        assert "You earned" not in text_of(client, page_of(lamp))


class TestAWork:
    def test_says_what_happened(self, client: Client, lamp: Edition) -> None:
        visited(lamp)
        client.force_login(lamp.work.owner)
        page = text_of(client, page_of(lamp))
        assert '<dt>Views</dt> <dd class="funnel-count"> 2 </dd>' in page
        assert "50% of views" in page
        assert "example.org" in page
        assert "Germany" in page
        assert "1 visit by a machine is left out." in page
        assert page.count("<rect") >= 6
        assert "style=" not in re.sub(r"<link[^>]*>", "", page.partition("<main")[2])

    def test_an_empty_one_teaches(self, client: Client, lamp: Edition) -> None:
        client.force_login(lamp.work.owner)
        assert "Nobody has looked yet" in text_of(client, page_of(lamp))

    def test_shows_readers_words_without_their_names(self, client: Client, lamp: Edition) -> None:
        reader = make_reader(display_name="Petra Quillfeather")
        order = buy(reader, lamp)
        at = clock.now()
        Refund.objects.create(
            line=order.lines.get(),
            payment=order.payments.get(),
            state=RefundState.SUCCEEDED,
            amount_minor=order.total_minor,
            currency="USD",
            reason="Chapter two <b>twice</b>",
            requested_by=reader,
            requested_at=at,
            finished_at=at,
        )
        rollups.roll_up(day=clock.now().date(), at=clock.now())
        client.force_login(lamp.work.owner)
        page = text_of(client, page_of(lamp))
        assert "Chapter two &lt;b&gt;twice&lt;/b&gt;" in page
        assert "Quillfeather" not in page
        assert "1 copy was returned" in page

    @pytest.mark.parametrize(("days", "rows"), [("30", 30), ("90", 90), ("365", 365), ("nine", 30), ("", 30)])
    def test_a_file_has_a_line_for_each_day(self, client: Client, lamp: Edition, days: str, rows: int) -> None:
        visited(lamp)
        client.force_login(lamp.work.owner)
        response = client.get(page_of(lamp) + "days.csv", {"days": days})
        text = b"".join(response.streaming_content).decode()
        lines = list(csv.DictReader(io.StringIO(text)))
        assert len(lines) == rows
        assert list(lines[-1].values()) == [str(clock.now().date()), "2", "2", "1", "2", "1", "0", "0"]

    def test_days_of_a_year_are_weeks(self, client: Client, lamp: Edition) -> None:
        visited(lamp)
        client.force_login(lamp.work.owner)
        assert "Each bar is a week." in text_of(client, page_of(lamp) + "?days=365")


class TestLinks:
    def test_the_owner_makes_one(self, client: Client, lamp: Edition) -> None:
        client.force_login(lamp.work.owner)
        response = client.post(page_of(lamp) + "links/", {"label": "Newsletter"})
        assert response["Location"] == page_of(lamp) + "#links"
        link = ShareLink.objects.get()
        for prefix in ("", "/de-at"):
            assert f'"{settings.SITE_URL}/l/{link.code}/"' in text_of(client, prefix + page_of(lamp))

    @pytest.mark.parametrize(("label", "words"), [("", "Name the place"), ("Old", "already have a link named “Old”")])
    def test_a_wrong_name_is_explained_and_kept(self, client: Client, lamp: Edition, label: str, words: str) -> None:
        make_link(lamp.work, label="Old")
        client.force_login(lamp.work.owner)
        response = client.post(page_of(lamp) + "links/", {"label": label})
        assert response.status_code == 422
        assert words in response.content.decode()

    def test_visits_by_it_have_its_name(self, client: Client, lamp: Edition) -> None:
        make_event(lamp.work, source=make_link(lamp.work, label="My newsletter").source)
        rollups.roll_up(day=clock.now().date(), at=clock.now())
        client.force_login(lamp.work.owner)
        assert "1 view, 0 sales" in text_of(client, page_of(lamp)).replace(" ,", ",")


class TestAllWorks:
    def test_are_one_s_own(self, client: Client, lamp: Edition) -> None:
        visited(lamp)
        client.force_login(lamp.work.owner)
        assert "The Lamp" in text_of(client, reverse("figures:owner"))
        client.force_login(make_author())
        page = text_of(client, reverse("figures:owner"))
        assert "The Lamp" not in page
        assert "No figures yet" in page

    def test_many_take_as_many_queries_as_few(self, client: Client, django_assert_max_num_queries) -> None:
        author = make_author()
        client.force_login(author)
        counts = []
        for _ in range(2):
            for _ in range(4):
                edition = make_published_edition(owner=author)
                make_event(edition.work)
            rollups.roll_up(day=clock.now().date(), at=clock.now())
            client.get(reverse("figures:owner"))  # the first request of a session writes when it was active
            with django_assert_max_num_queries(12) as found:
                client.get(reverse("figures:owner"))
            counts.append(len(found))
        assert counts[0] == counts[1]


class TestHome:
    def test_tells_what_is_new_since_the_last_visit(self, client: Client, lamp: Edition) -> None:
        owner = lamp.work.owner
        buy(make_reader(), lamp)
        make_review(edition=lamp)
        LastLook.objects.create(user=owner, at=clock.now() - timedelta(days=1), before=clock.now() - timedelta(days=9))
        client.force_login(owner)
        page = text_of(client, reverse("desk"))
        assert "1 sale, $" in page
        assert "1 new review of “The Lamp”" in page
        assert "we do not know where to send it" in page
        LastLook.objects.update(at=clock.now() - timedelta(hours=2))
        looks.look(actor=owner, at=clock.now() + timedelta(hours=2))
        assert "1 new review" in page

    def test_what_is_new_stays_during_a_visit(self, lamp: Edition) -> None:
        owner, at = lamp.work.owner, datetime(2026, 11, 30, 12, tzinfo=UTC)
        first = looks.look(actor=owner, at=at)
        assert looks.look(actor=owner, at=at + timedelta(minutes=50)) == first
        assert looks.look(actor=owner, at=at + timedelta(minutes=61)) == at
        assert looks.look(actor=owner, at=at + timedelta(minutes=70)) == at

    def test_names_works_without_a_price(self, client: Client) -> None:
        author = make_author()
        make_edition(work=make_work(owner=author, prices={}, title="No Price"))
        client.force_login(author)
        assert "“No Price” has no price yet." in text_of(client, reverse("desk"))

    def test_names_what_waits_in_other_parts_of_the_site(self, client: Client, lamp: Edition) -> None:
        client.force_login(lamp.work.owner)
        assert "Contracts: 1 waits for you." not in text_of(client, reverse("desk"))
        make_contract(client=lamp.work.owner)  # its first milestone is not paid
        payee_details.ask(user_id=lamp.work.owner.pk, at=clock.now())
        page = text_of(client, reverse("desk"))
        assert "Contracts: 1 waits for you." in page
        assert "Before we can pay you, tell us who you are." in page

    def test_nothing_of_others(self, client: Client, lamp: Edition) -> None:
        visited(lamp)
        make_review(edition=lamp)
        client.force_login(make_author())
        page = text_of(client, reverse("desk"))
        assert "The Lamp" not in page
        assert "desk-home" not in page

    @pytest.mark.parametrize("side", ["client", "provider"])
    def test_begins_with_contracts_for_people_without_books(self, client: Client, side: str) -> None:
        person, other = make_reader(), make_author()
        contract = make_contract(
            client=person if side == "client" else other, provider=other if side == "client" else person
        )
        client.force_login(person)
        page = text_of(client, reverse("desk"))
        assert f'href="{reverse("contracts:contracts")}"' in page
        assert ("Contracts: 1 waits for you." in page) == (side == "client")  # they pay first
        assert contract.ended_at is None
        assert page.index("desk-home") < page.index("Publish a book in five minutes")

    def test_stands_above_the_books_but_above_no_search(self, client: Client, lamp: Edition) -> None:
        client.force_login(lamp.work.owner)
        page = text_of(client, reverse("desk"))
        assert page.index("desk-home") < page.index("work-row")
        assert "desk-home" not in text_of(client, reverse("desk") + "?q=lamp")


def test_what_goes_with_an_account(lamp: Edition) -> None:
    """Tests of privacy delete whole accounts; sums by work stay, and say nothing about anybody."""
    visited(lamp)
    assert OwnerDay.objects.filter(owner=lamp.work.owner).exists()
    assert WorkDay.objects.exists()
    assert WorkDaySource.objects.exists()
