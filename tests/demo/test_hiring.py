"""The demonstration's work between members: what it tells hangs together, and it ends where it should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from common import clock, jobs
from demo import books
from demo.content.hiring_loader import load_market
from demo.content.loader import load
from demo.hiring import hiring_stories
from demo.people import LOGINS, seed_logins
from demo.shop import Shop
from demo.stories import Stories
from hiring.contracts import process
from hiring.contracts.models import Case, Contract, Milestone
from hiring.contracts.process import State
from hiring.offers.models import Offer, Provider
from hiring.requests.models import Invitation, ProposalState, ServiceRequest
from hiring.reviews.models import ContractReview
from hiring.service_kinds import ServiceKind
from publishing import thema
from royalties.services import clearing, invariants

CATALOGUE, MARKET = load(), load_market()
OPENED = timedelta(days=92)
KNOWN = {one.key: one for one in (*CATALOGUE.authors, *CATALOGUE.readers)}
OFFERS = {one.key: one for one in MARKET.offers}


class TestStories:
    START = datetime(2026, 9, 1, tzinfo=UTC)

    def test_go_on_in_the_order_of_their_moments_with_the_clock_set_to_each(self):
        seen: list[tuple[str, datetime]] = []

        def story(name: str, *days: int) -> Iterator[datetime]:
            for day in days:
                yield self.START + timedelta(days=day)
                seen.append((name, clock.now()))

        stories = Stories([story("slow", 1, 5, 9), story("quick", 2, 3)])
        stories.play_until(self.START + timedelta(days=6))
        assert [(name, (at - self.START).days) for name, at in seen] == [
            ("slow", 1),
            ("quick", 2),
            ("quick", 3),
            ("slow", 5),
        ]

    def test_wait_at_the_end(self):
        seen = []

        def story() -> Iterator[datetime]:
            yield self.START
            seen.append("too early")

        Stories([story()]).play_until(self.START)
        assert seen == []


class TestMarket:
    def test_has_a_dozen_services_of_every_kind_by_different_people(self):
        assert len({one.provider for one in MARKET.offers}) >= 12
        assert {one.kind for one in MARKET.offers} == {kind.value for kind in ServiceKind}
        assert len({language for one in MARKET.offers for pair in one.languages for language in pair if language}) >= 6
        assert {one.price_kind for one in MARKET.offers} == {"fixed", "words", "share"}
        assert {one.currency for one in MARKET.offers if not one.share_bps} == {"USD", "EUR", "GBP"}
        assert any(one.trader for one in MARKET.offers)
        assert any(not one.places for one in MARKET.offers)

    def test_shows_described_pictures_where_services_are_pictures(self):
        for one in MARKET.offers:
            assert bool(one.pictures) == (one.kind in {"cover_design", "illustration"})
            assert all(picture.alt and picture.drawn in {"cover", "coast", "vignette"} for picture in one.pictures)

    def test_names_people_services_and_books_that_exist(self):
        people = {*KNOWN, *(one.key for one in MARKET.people)}
        owners = {(book.owner, book.title) for book in CATALOGUE.books}
        assert len(people) == len(KNOWN) + len(MARKET.people)
        assert len(OFFERS) == len(MARKET.offers)
        assert {one.provider for one in MARKET.offers} <= people
        assert {code for one in MARKET.offers for code in one.genres} <= thema.SUBJECTS.keys()
        for job in (*MARKET.jobs, MARKET.direct):
            assert job.offer in OFFERS
            assert job.client in people - {OFFERS[job.offer].provider}
        assert {(job.client, job.work) for job in MARKET.jobs if job.work} <= owners

    def test_offers_are_made_before_they_are_hired(self):
        assert [job.key for job in MARKET.jobs if job.begins >= OFFERS[job.offer].begins] == []


@pytest.fixture
def _messages_at_once(monkeypatch):
    """The test's transaction never commits; the shop works its messages off by itself."""
    monkeypatch.setattr("common.jobs.transaction.on_commit", lambda send: send())


@pytest.mark.django_db
@pytest.mark.usefixtures("_messages_at_once")
def test_plays_by_itself_to_what_a_visitor_finds(client):
    now = clock.now()
    seed_logins()
    known = {
        **{one.key: books.author(one) for one in CATALOGUE.authors},
        **{one.key: books.reader(one) for one in CATALOGUE.readers},
    }
    with jobs.collect_messages() as messages:
        stories = hiring_stories(Shop(messages, has_converters=True), MARKET, known, now - OPENED, now)
        stories.play_until(now)
        assert messages == []
    clearing.clear_due(at=now)

    _is_in_order()
    _shows_both_sides(
        client, User.objects.get(email="author@example.org"), User.objects.get(email="reader@example.org")
    )


def _is_in_order() -> None:
    states = Counter(Milestone.objects.values_list("state", flat=True))
    for state in (State.DELIVERED, State.IN_REVISION, State.RELEASED, State.TO_DECIDE, State.FUNDED, State.PLANNED):
        assert states[state], state
    assert {milestone.state for milestone in Milestone.objects.all() if milestone.is_closed} == {State.ACCEPTED}
    assert Offer.objects.public().count() == len(MARKET.offers)
    assert sorted(Offer.objects.values_list("title", "places")) == sorted(
        (one.title, one.places) for one in MARKET.offers
    )
    assert Provider.objects.filter(capacity="trader").count() == 2
    ended = Contract.objects.exclude(ended_at=None)
    assert ended.count() == len(MARKET.ended)
    assert ContractReview.objects.count() == 2 * ended.count()
    assert set(ContractReview.objects.values_list("stars", flat=True)) == {4, 5}
    released = Milestone.objects.get(state=State.RELEASED)
    assert released.moments.of(process.CLEARED) > clock.now()
    assert Case.objects.waiting().get().statements.count() == 1
    assert invariants.check_invariants() == []


def _shows_both_sides(browser, author: User, reader: User) -> None:
    """Both log-ins are hired and hire or are asked; their pages open, and the moderator's."""
    assert {one.side_of(author) for one in Contract.objects.of(author)} == {"client"}
    assert Contract.objects.of(reader).filter(provider=reader, ended_at=None).count() == 2
    assert (
        Invitation.objects.of(author).get().proposals.filter(state=ProposalState.OPEN).exclude(author=author).exists()
    )
    assert Invitation.objects.of(reader).filter(answer="", request__state="open").exists()
    wish = ServiceRequest.objects.get(title=MARKET.open[0].title)
    assert wish.invitations.filter(answer="proposed").count() == 2
    moderator = User.objects.get(email=next(one.email for one in LOGINS if "is_moderator" in one.flags))
    case = Case.objects.get()
    for user, page in (
        (author, reverse("requests:request", args=[wish.public_id])),
        (author, reverse("conversations:inbox")),
        (reader, reverse("contracts:contracts")),
        (reader, reverse("offers:mine")),
        (moderator, reverse("contracts:case", args=[case.public_id])),
    ):
        browser.force_login(user)
        assert browser.get(page).status_code == 200, page
