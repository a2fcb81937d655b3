"""Offers are written, made public, paused and taken down; samples are added."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Deletion
from common import clock
from common.errors import NotFound
from hiring.contracts import services as contract_services
from hiring.offers import hooks
from hiring.offers.errors import (
    AddressUnconfirmed,
    NotCredited,
    OfferInUse,
    OfferNotReady,
    OfferTakenDown,
    SampleKnown,
    StaffOffersNothing,
    TooManyOffers,
    TooManySamples,
)
from hiring.offers.models import MAX_PLACES, Capacity, Offer, OfferSample, OfferState, PriceKind, Provider
from hiring.offers.services import account_deletion, samples
from hiring.offers.services import offers as services
from hiring.offers.services.offers import OfferInput, ProviderInput
from tests.factories.accounts import make_finance, make_member, make_moderator, make_operator, make_reader
from tests.factories.hiring import TEXT, make_offer, make_provider
from tests.factories.publishing import make_contributor, make_published_edition
from tests.hiring.contracts.factories import make_contract

pytestmark = [pytest.mark.django_db, pytest.mark.both]

TOLD = OfferInput(
    kind="copy_editing",
    title="Copy-editing",
    text=TEXT,
    languages=[("en", ""), ("de", "")],
    genres=["FF", "FH"],
    price_kind="words",
    price_minor=900,
    currency="EUR",
    share_bps=0,
    turnaround_days=21,
    places=3,
    ai_use="none",
)
TRADER = ProviderInput(
    Capacity.TRADER,
    trader_name="Quill & Co",
    trader_address="1 Example Street\n10115 Berlin",
    trader_phone="+49 30 000000",
    trader_email="quill@example.org",
)


def create(actor, told=TOLD):
    return services.create_offer(actor=actor, told=told, at=clock.now())


def publish(offer, actor=None):
    return services.publish_offer(actor=actor or offer.provider, offer=offer, at=clock.now())


class TestSaveProvider:
    def test_keeps_what_a_business_says(self):
        person = make_member()
        services.save_provider(actor=person, told=TRADER, at=clock.now())
        assert person.provider.is_trader
        assert person.provider.trader_phone == "+49 30 000000"

    def test_drops_what_a_private_person_need_not_say(self):
        person = make_member()
        services.save_provider(actor=person, told=TRADER, at=clock.now())
        services.save_provider(actor=person, told=replace(TRADER, capacity=Capacity.PRIVATE), at=clock.now())
        known = Provider.objects.get()
        assert (known.trader_name, known.trader_address, known.trader_email) == ("", "", "")

    @pytest.mark.parametrize("make", [make_moderator, make_finance, make_operator])
    def test_refuses_staff(self, make):
        with pytest.raises(StaffOffersNothing):
            services.save_provider(actor=make(), told=TRADER, at=clock.now())

    def test_refuses_who_has_not_confirmed_an_address(self):
        with pytest.raises(AddressUnconfirmed):
            services.save_provider(actor=make_reader(), told=TRADER, at=clock.now())

    def test_the_database_refuses_a_business_without_a_name(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            Provider.objects.create(user=make_member(), capacity="trader", changed_at=clock.now())


class TestCreateOffer:
    def test_writes_a_draft_that_nobody_else_sees(self):
        offer = create(make_member())
        assert offer.state == OfferState.DRAFT
        assert not Offer.objects.public().exists()
        assert {(one.language, one.target) for one in offer.languages.all()} == {("en", ""), ("de", "")}
        assert [one.code for one in offer.genres.all()] == ["FF", "FH"]

    def test_keeps_one_kind_of_price(self):
        share = create(make_member(), replace(TOLD, price_kind="share", share_bps=1500))
        assert (share.price_minor, share.currency, share.share_bps) == (0, "", 1500)
        assert share.price is None
        fixed = create(make_member(), replace(TOLD, price_kind="fixed", share_bps=1500))
        assert fixed.share_bps == 0

    def test_refuses_one_too_many(self):
        person = make_member()
        for _ in range(services.MAX_OFFERS):
            create(person)
        with pytest.raises(TooManyOffers):
            create(person)

    @pytest.mark.parametrize("make", [make_moderator, make_finance, make_operator])
    def test_refuses_staff(self, make):
        with pytest.raises(StaffOffersNothing):
            create(make())


class TestPublishOffer:
    def test_shows_it_and_remembers_since_when(self):
        offer = create(make_provider())
        shown = publish(offer)
        assert shown.is_public
        first = shown.published_at
        services.pause_offer(actor=offer.provider, offer=offer)
        assert publish(offer).published_at == first

    @pytest.mark.parametrize(
        "lacks",
        [
            {"text": "Too short."},
            {"languages": []},
            {"price_minor": 0},
            {"currency": ""},
            {"price_kind": PriceKind.SHARE, "share_bps": 0},
        ],
        ids=str,
    )
    def test_refuses_an_incomplete_one(self, lacks):
        offer = create(make_provider(), replace(TOLD, **lacks))
        with pytest.raises(OfferNotReady):
            publish(offer)

    def test_refuses_a_provider_who_did_not_say_who_they_are(self):
        offer = create(make_member())
        with pytest.raises(OfferNotReady, match="business"):
            publish(offer)

    def test_refuses_others(self):
        offer = create(make_provider())
        with pytest.raises(NotFound):
            publish(offer, actor=make_provider())

    def test_refuses_who_became_staff(self):
        offer = create(make_provider())
        offer.provider.is_moderator = True
        offer.provider.save()
        with pytest.raises(StaffOffersNothing):
            publish(offer)


class TestChangeOffer:
    def test_changes_it(self):
        offer = make_offer()
        services.change_offer(actor=offer.provider, offer=offer, told=TOLD, at=clock.now())
        offer.refresh_from_db()
        assert (offer.price_minor, offer.currency, offer.turnaround_days) == (900, "EUR", 21)
        assert offer.languages.count() == 2

    def test_refuses_to_make_a_public_one_incomplete(self):
        offer = make_offer()
        with pytest.raises(OfferNotReady):
            services.change_offer(actor=offer.provider, offer=offer, told=replace(TOLD, languages=[]), at=clock.now())
        assert offer.languages.count() == 1

    def test_refuses_others(self):
        with pytest.raises(NotFound):
            services.change_offer(actor=make_provider(), offer=make_offer(), told=TOLD, at=clock.now())

    def test_refuses_while_a_moderator_has_taken_it_down(self):
        offer = make_offer(state=OfferState.TAKEN_DOWN, held_by="mod_1")
        for attempt in (
            lambda: services.change_offer(actor=offer.provider, offer=offer, told=TOLD, at=clock.now()),
            lambda: publish(offer),
            lambda: services.pause_offer(actor=offer.provider, offer=offer),
            lambda: services.delete_offer(actor=offer.provider, offer=offer),
            lambda: samples.add_text(actor=offer.provider, offer=offer, title="A", text="B", at=clock.now()),
        ):
            with pytest.raises(OfferTakenDown):
                attempt()


class TestDeleteOffer:
    def test_deletes_it(self):
        offer = make_offer()
        services.delete_offer(actor=offer.provider, offer=offer)
        assert not Offer.objects.exists()

    def test_refuses_one_in_use(self, monkeypatch):
        monkeypatch.setattr(hooks, "_use_checks", [lambda offer: True])
        offer = make_offer()
        with pytest.raises(OfferInUse):
            services.delete_offer(actor=offer.provider, offer=offer)

    def test_refuses_others(self):
        with pytest.raises(NotFound):
            services.delete_offer(actor=make_provider(), offer=make_offer())


class TestTakePlace:
    def test_takes_one_until_there_is_none(self):
        offer = make_offer(places=1)
        assert services.take_place(offer_id=offer.pk)
        assert not services.take_place(offer_id=offer.pk)
        offer.refresh_from_db()
        assert offer.places == 0

    @pytest.mark.parametrize(("places", "then"), [(0, 1), (MAX_PLACES, MAX_PLACES)])
    def test_an_ended_contract_gives_its_place_back(self, places, then):
        offer, at = make_offer(places=places), clock.now()
        contract = make_contract(provider=offer.provider, at=at, offer_reference=offer.public_id)
        contract_services.call_off(actor=contract.client, milestone=contract.milestones.get(), at=at)
        offer.refresh_from_db()
        assert offer.places == then


class TestTakeDown:
    def test_is_undone_by_its_own_case_alone(self):
        moderator, offer = make_moderator(), make_offer()
        services.take_down(actor=moderator, offer=offer, case="mod_1")
        services.restore(actor=moderator, offer=offer, case="mod_2")
        offer.refresh_from_db()
        assert offer.state == OfferState.TAKEN_DOWN
        services.restore(actor=moderator, offer=offer, case="mod_1")
        offer.refresh_from_db()
        assert (offer.state, offer.held_by) == (OfferState.PAUSED, "")


class TestSamples:
    def test_shows_a_passage_and_a_book_that_credits_the_provider(self):
        offer = make_offer()
        book = make_published_edition(title="The Lamp")
        make_contributor(book.work, user=offer.provider, role="edt")
        samples.add_text(actor=offer.provider, offer=offer, title="A", before="teh", text="the", at=clock.now())
        samples.add_work(actor=offer.provider, offer=offer, work_id=book.work.public_id, at=clock.now())
        assert [one.title for one in offer.samples.all()] == ["A", "The Lamp"]

    def test_refuses_books_that_do_not_credit_them(self):
        offer = make_offer()
        book = make_published_edition()
        pen_name = make_published_edition()
        make_contributor(pen_name.work, user=offer.provider, is_on_page=False)
        for work in (book.work, pen_name.work):
            with pytest.raises(NotCredited):
                samples.add_work(actor=offer.provider, offer=offer, work_id=work.public_id, at=clock.now())

    def test_refuses_a_book_twice_and_one_sample_too_many(self):
        offer = make_offer()
        book = make_published_edition()
        make_contributor(book.work, user=offer.provider, role="edt")
        samples.add_work(actor=offer.provider, offer=offer, work_id=book.work.public_id, at=clock.now())
        with pytest.raises(SampleKnown):
            samples.add_work(actor=offer.provider, offer=offer, work_id=book.work.public_id, at=clock.now())
        for number in range(samples.MAX_SAMPLES - 1):
            samples.add_text(actor=offer.provider, offer=offer, title=f"{number}", text="a", at=clock.now())
        with pytest.raises(TooManySamples):
            samples.add_text(actor=offer.provider, offer=offer, title="more", text="a", at=clock.now())

    def test_removes_only_what_belongs_to_the_offer(self):
        offer, other = make_offer(), make_offer()
        mine = samples.add_text(actor=offer.provider, offer=offer, title="A", text="a", at=clock.now())
        with pytest.raises(NotFound):
            samples.remove(actor=other.provider, offer=other, sample_id=mine.public_id)
        with pytest.raises(NotFound):
            samples.remove(actor=other.provider, offer=offer, sample_id=mine.public_id)
        samples.remove(actor=offer.provider, offer=offer, sample_id=mine.public_id)
        assert not OfferSample.objects.exists()


class TestErasure:
    def erase(self, person):
        now = clock.now()
        account_deletion.erase(Deletion.objects.create(user=person, asked_at=now, due_at=now), now)

    def test_deletes_what_nobody_hired(self):
        offer = make_offer()
        samples.add_text(actor=offer.provider, offer=offer, title="A", text="a", at=clock.now())
        self.erase(offer.provider)
        assert not Offer.objects.exists()
        assert not Provider.objects.exists()

    def test_leaves_the_row_that_papers_need_without_its_words(self, monkeypatch):
        monkeypatch.setattr(hooks, "_use_checks", [lambda offer: True])
        offer = make_offer()
        samples.add_text(actor=offer.provider, offer=offer, title="A", text="a", at=clock.now())
        self.erase(offer.provider)
        offer.refresh_from_db()
        assert (offer.title, offer.text, offer.is_public) == ("", "", False)
        assert not OfferSample.objects.exists()
