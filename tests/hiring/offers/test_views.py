"""Pages of offers: what is found, who sees what, and what comes back from a form."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from common import clock
from hiring.contracts import services as contracts_services
from hiring.contracts.process import State
from hiring.offers.models import Offer, OfferState, Provider
from hiring.offers.services import samples
from hiring.reviews.services import reviews
from tests.factories.accounts import make_member, make_moderator, make_reader
from tests.factories.hiring import TEXT, make_offer, make_provider
from tests.factories.publishing import make_contributor, make_published_edition
from tests.hiring.contracts.factories import deliver, fund, in_state, make_contract

pytestmark = pytest.mark.django_db

FORM = {
    "kind": "copy_editing",
    "title": "Line editing",
    "text": TEXT,
    "languages": ["en"],
    "genres": ["FF"],
    "price_kind": "fixed",
    "price": "450",
    "currency": "EUR",
    "turnaround_days": "14",
    "places": "2",
    "ai_use": "none",
}


def titles(client, **query) -> list[str]:
    response = client.get(reverse("offers:search"), query)
    assert response.status_code == 200
    return [card.offer.title for card in response.context["cards"]]


class TestSearch:
    def test_shows_public_offers_alone(self, client):
        make_offer(title="A")
        make_offer(title="B", state=OfferState.DRAFT)
        make_offer(title="C", state=OfferState.PAUSED)
        make_offer(title="D", state=OfferState.TAKEN_DOWN, held_by="mod_1")
        make_offer(title="E", provider=make_provider(is_active=False))
        assert titles(client) == ["A"]

    @pytest.mark.parametrize("region", ["en-gb", "de-at"])
    def test_in_the_language_of_a_country(self, client, region):
        make_offer(title="Line editing at night", currency="GBP")
        page = client.get(f"/{region}/hire/", {"budget": "£500", "currency": "GBP"})
        assert "Line editing at night" in page.content.decode()

    @pytest.mark.parametrize(("region", "currency"), [("en-gb", "GBP"), ("de-at", "EUR"), ("en-jp", "USD")])
    def test_a_budget_is_in_the_visitors_own_currency(self, client, region, currency):
        make_offer(title="Mine", currency=currency, price_minor=45000)
        make_offer(title="Elsewhere", currency="EUR" if currency == "GBP" else "GBP", price_minor=45000)
        page = client.get(f"/{region}/hire/", {"budget": "500"})
        assert [card.offer.title for card in page.context["cards"]] == ["Mine"]

    def test_says_what_to_do_where_there_is_none(self, client):
        assert "Nobody offers this yet" in client.get(reverse("offers:search")).content.decode()
        page = client.get(reverse("offers:search"), {"genre": "FF"}).content.decode()
        assert "Nobody fits all of this" in page

    def test_says_that_a_budget_has_a_currency_and_a_text_a_length(self, client):
        make_offer(title="A", currency="GBP")
        make_offer(title="B", currency="EUR")
        make_offer(title="C", currency="USD", price_kind="words", price_minor=2000)
        page = client.get(reverse("offers:search"), {"budget": "600", "currency": "USD"})
        assert page.context["elsewhere"] == [("EUR", 1), ("GBP", 1)]
        assert "counted for a novel of 80,000 words" in page.content.decode()
        page = client.get(reverse("offers:search"), {"budget": "600", "currency": "USD", "words": "50000"})
        assert "counted for a novel" not in page.content.decode()
        page = client.get(reverse("offers:search"), {"budget": "600", "currency": "USD", "words": "20000"})
        assert page.context["elsewhere"] == []  # C fits

    def test_shows_stars(self, client):
        provider, at = make_provider(), clock.now() - timedelta(days=20)
        make_offer(provider=provider)
        assert "of 5 stars" not in client.get(reverse("offers:search")).content.decode()
        contract = make_contract(provider=provider, at=at)
        milestone = fund(contract.milestones.get(), at=at)
        deliver(milestone, at=at)
        milestone.refresh_from_db()
        contracts_services.accept(actor=contract.client, milestone=milestone, at=at)
        contract.refresh_from_db()
        reviews.write(actor=contract.client, contract=contract, stars=4, body="Two sketches in a week.", at=at)
        assert "4.0 of 5 stars in one review" in client.get(reverse("offers:search")).content.decode()

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"kind": "translation"}, ["to German"]),
            ({"language": "en"}, ["British", "by words", "by share", "to German"]),
            ({"language": "en-GB"}, ["British", "by words", "by share", "to German"]),
            ({"kind": "translation", "language": "en", "target": "de"}, ["to German"]),
            ({"kind": "translation", "language": "en", "target": "fr"}, []),
            ({"genre": "FM"}, ["by words"]),
            ({"genre": "F"}, ["British", "by words", "by share", "to German"]),
            ({"budget": "500", "currency": "USD", "words": "50000"}, ["British", "by words"]),
            ({"budget": "500", "currency": "USD"}, ["British"]),
            ({"budget": "10000", "currency": "EUR"}, ["to German"]),
            ({"free_only": "on"}, ["by words", "by share", "to German"]),
        ],
        ids=str,
    )
    def test_filters(self, client, query, found):
        make_offer(title="British", languages=(("en-GB", ""),), places=0)
        make_offer(title="by words", price_kind="words", price_minor=1000, genres=("FM",))
        make_offer(title="by share", price_kind="share", price_minor=0, currency="", share_bps=1000)
        make_offer(title="to German", kind="translation", languages=(("en", "de"), ("fr", "de")), currency="EUR")
        assert sorted(titles(client, **query)) == sorted(found)

    @pytest.mark.parametrize("said", [{"is_available": False}, {"away_until": date(2030, 1, 1)}])
    def test_leaves_out_who_is_away(self, client, said):
        make_offer(provider=make_provider(said=said))
        assert titles(client, free_only="on") == []
        assert len(titles(client)) == 1

    def test_sorts(self, client):
        make_offer(title="dear and fast", price_minor=90_000, turnaround_days=3)
        make_offer(title="cheap and slow", price_minor=10_000, turnaround_days=40)
        assert titles(client, order="price") == ["cheap and slow", "dear and fast"]
        assert titles(client, order="fast") == ["dear and fast", "cheap and slow"]

    @pytest.mark.parametrize(
        "query", [{"kind": "x"}, {"page": "x"}, {"words": "-1"}, {"budget": "many"}, {"order": "x"}]
    )
    def test_takes_anything(self, client, query):
        make_offer(title="A")
        assert titles(client, **query) == ["A"]

    def test_reads_a_page_in_a_fixed_number_of_queries(self, client, django_assert_max_num_queries):
        for _ in range(8):
            make_offer(genres=("FF", "FH"), languages=(("en", ""), ("de", "")))
        with django_assert_max_num_queries(12):
            titles(client)


class TestOffer:
    def test_shows_prices_samples_and_books(self, client):
        offer = make_offer(price_kind="words", price_minor=900)
        book = make_published_edition(title="The Lamp")
        make_contributor(book.work, user=offer.provider, role="edt")
        samples.add_text(
            actor=offer.provider, offer=offer, title="Page 1", before="Teh rain.", text="The rain.", at=clock.now()
        )
        page = client.get(reverse("offers:offer", args=[offer.public_id])).content.decode()
        for shown in ("$9.00", "$720.00", "Teh rain.", "The rain.", "The Lamp", "as a private person"):
            assert shown in page

    def test_shows_who_a_business_is(self, client):
        said = {
            "capacity": "trader",
            "trader_name": "Quill & Co",
            "trader_address": "1 Example Street",
            "trader_phone": "+49 30 1",
            "trader_email": "quill@example.org",
        }
        offer = make_offer(provider=make_provider(said=said))
        page = client.get(reverse("offers:offer", args=[offer.public_id])).content.decode()
        for shown in ("Quill &amp; Co", "1 Example Street", "+49 30 1", "quill@example.org"):
            assert shown in page

    def test_shows_no_address_of_a_private_person(self, client):
        offer = make_offer()
        page = client.get(reverse("offers:offer", args=[offer.public_id])).content.decode()
        assert offer.provider.email not in page

    @pytest.mark.parametrize("state", ["draft", "paused", "taken_down"])
    def test_is_for_its_provider_alone_until_it_is_public(self, client, state):
        offer = make_offer(state=state, held_by="mod_1" if state == "taken_down" else "")
        address = reverse("offers:offer", args=[offer.public_id])
        assert client.get(address).status_code == 404
        client.force_login(make_moderator())
        assert client.get(address).status_code == 404
        client.force_login(offer.provider)
        assert "Only you see this page now." in client.get(address).content.decode()


class TestPerson:
    def test_shows_services_and_credits_to_everybody(self, client):
        offer = make_offer(title="Line editing")
        page = client.get(reverse("offers:person", args=[offer.provider.public_id])).content.decode()
        assert "Line editing" in page
        assert "Available for work" in page
        assert reverse("conversations:write", args=[offer.provider.public_id]) in page

    def test_nobody_without_services_has_a_page(self, client):
        assert client.get(reverse("offers:person", args=[make_reader().public_id])).status_code == 404
        paused = make_offer(state=OfferState.PAUSED)
        assert client.get(reverse("offers:person", args=[paused.provider.public_id])).status_code == 404

    def test_an_author_page_asks_for_the_fragment(self, client):
        book = make_published_edition()
        address = reverse("offers:fragment", args=[book.work.owner.public_id])
        assert address in client.get(reverse("pages:author", args=[book.work.owner.public_id])).content.decode()
        assert client.get(address).content.strip() == b""
        make_offer(provider=book.work.owner, title="Line editing")
        assert "Line editing" in client.get(address).content.decode()


class TestMine:
    def test_leads_a_newcomer_to_the_first_one(self, client):
        client.force_login(make_member())
        assert "Show what you can do" in client.get(reverse("offers:mine")).content.decode()

    def test_writes_publishes_pauses_and_deletes(self, client):
        person = make_member()
        client.force_login(person)
        client.post(reverse("offers:provider"), {"capacity": "private", "is_available": "on"})
        offer_id = client.post(reverse("offers:new"), FORM)["Location"].split("/")[-2]
        for action, state in (("publish", "public"), ("pause", "paused")):
            client.post(reverse("offers:act", args=[offer_id, action]))
            assert Offer.objects.get().state == state
        client.post(reverse("offers:act", args=[offer_id, "delete"]))
        assert not Offer.objects.exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"title": ""},
            {"languages": []},
            {"languages": ["xx"]},
            {"price": ""},
            {"price": "0"},
            {"price": "-4"},
            {"price": "4.999"},
            {"currency": "JPY"},
            {"price_kind": "words", "kind": "cover_design"},
            {"price_kind": "share"},
            {"kind": "translation", "target": ""},
            {"kind": "translation", "target": "en"},
            {"kind": "plumbing"},
            {"genres": ["nonsense"]},
            {"turnaround_days": "0"},
            {"places": "21"},
            {"ai_use": "perhaps"},
            {"title": "Octavo Support"},
        ],
        ids=str,
    )
    def test_gives_a_wrong_form_back_with_everything(self, client, wrong):
        client.force_login(make_member())
        response = client.post(reverse("offers:new"), FORM | wrong)
        assert response.status_code == 422
        assert TEXT in response.content.decode()
        assert not Offer.objects.exists()

    @pytest.mark.parametrize("left_out", ["trader_name", "trader_address", "trader_phone", "trader_email"])
    def test_a_business_has_to_say_who_it_is(self, client, left_out):
        client.force_login(make_member())
        told = {
            "capacity": "trader",
            "trader_name": "Quill & Co",
            "trader_address": "1 Example Street",
            "trader_phone": "+49 30 1",
            "trader_email": "quill@example.org",
        }
        assert client.post(reverse("offers:provider"), told | {left_out: ""}).status_code == 422
        assert not Provider.objects.exists()

    def test_adds_and_removes_samples(self, client):
        offer = make_offer()
        client.force_login(offer.provider)
        add = reverse("offers:add-sample", args=[offer.public_id, "text"])
        assert client.post(add, {"title": "Page 1", "text": ""}).status_code == 422
        client.post(add, {"title": "Page 1", "text": "The rain."})
        sample = offer.samples.get()
        client.post(reverse("offers:remove-sample", args=[offer.public_id, sample.public_id]))
        assert not offer.samples.exists()

    def test_is_the_providers_alone(self, client):
        offer = make_offer()
        client.force_login(make_provider())
        for address in (
            reverse("offers:edit", args=[offer.public_id]),
            reverse("offers:act", args=[offer.public_id, "pause"]),
            reverse("offers:add-sample", args=[offer.public_id, "text"]),
        ):
            assert client.post(address, FORM).status_code == 404
        offer.refresh_from_db()
        assert offer.is_public


class TestStars:
    def test_stand_on_cards_and_offers_once_both_have_written(self, client):
        contract = in_state(State.ACCEPTED).contract
        offer = make_offer(provider=contract.provider, title="Covers")
        reviews.write(actor=contract.client, contract=contract, stars=4, body="Good.", at=clock.now())
        pages = [reverse("offers:search"), reverse("offers:offer", args=[offer.public_id])]
        for page in pages:
            assert "of 5 stars" not in client.get(page).content.decode()
        reviews.write(actor=contract.provider, contract=contract, stars=5, body="", at=clock.now())
        cache.clear()
        for page in pages:
            assert "4.0 of 5 stars in one review" in client.get(page).content.decode()

    def test_what_a_client_pays_and_what_happens_next_is_said_before_asking(self, client):
        page = client.get(reverse("offers:offer", args=[make_offer().public_id])).content.decode()
        assert "Taxes and our fee are included: this is all you pay." in page
        assert "It costs nothing." in page
