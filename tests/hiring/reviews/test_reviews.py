"""Reviews of contracts: blind until both are written or two weeks have passed, then fixed, with one answer each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Deletion, User
from common import clock
from common.errors import NotFound
from hiring.contracts.models import Contract
from hiring.contracts.process import State
from hiring.reviews import selectors
from hiring.reviews.errors import AlreadyAnswered, NotYetEnded, ReviewTimeOver
from hiring.reviews.models import BLIND_FOR, ContractReview, Reviewer
from hiring.reviews.services import account_deletion, mails, reviews
from tests.factories.accounts import make_member
from tests.factories.hiring import make_offer
from tests.hiring.contracts.factories import NOON, in_state

pytestmark = [pytest.mark.django_db, pytest.mark.both]

SECOND = timedelta(seconds=1)
OVER = NOON + BLIND_FOR


@pytest.fixture
def contract() -> Contract:
    """A contract whose only milestone was accepted at noon."""
    return in_state(State.ACCEPTED).contract


def write(user: User, contract: Contract, stars: int = 5, body: str = "A joy.", at: Any = NOON) -> ContractReview:
    return reviews.write(actor=user, contract=contract, stars=stars, body=body, at=at)


def page(user: User, contract: Contract, at: Any = NOON) -> selectors.ReviewPage:
    return selectors.page_for(user, contract, at)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestBlind:
    def test_neither_reads_the_other_before_both_are_written(self, contract: Contract) -> None:
        write(contract.client, contract, 2, "Late.")
        shown = page(contract.provider, contract)
        assert (shown.theirs, shown.are_shown, shown.may_write) == (None, False, True)
        assert not selectors.shown_about(contract.provider, NOON, by_clients=True).exists()
        write(contract.provider, contract, 4, "Clear wishes.")
        shown = page(contract.provider, contract)
        assert shown.theirs is not None
        assert (shown.theirs.body, shown.may_write) == ("Late.", False)
        assert page(contract.client, contract).theirs is not None

    def test_or_two_weeks_have_passed(self, contract: Contract) -> None:
        write(contract.client, contract, 2, "Late.")
        assert page(contract.provider, contract, OVER - SECOND).theirs is None
        assert not selectors.shown_about(contract.provider, OVER - SECOND, by_clients=True).exists()
        assert page(contract.provider, contract, OVER).theirs is not None
        assert selectors.shown_about(contract.provider, OVER, by_clients=True).exists()
        with pytest.raises(ReviewTimeOver):
            write(contract.provider, contract, at=OVER)

    def test_may_be_changed_until_it_is_shown(self, contract: Contract) -> None:
        write(contract.client, contract, 2, "Late.")
        write(contract.client, contract, 3, "Late, but good.")
        assert ContractReview.objects.get().stars == 3
        write(contract.provider, contract)
        with pytest.raises(ReviewTimeOver):
            write(contract.client, contract, 1, "They wrote badly of me.")
        assert ContractReview.objects.get(author=contract.client).stars == 3


class TestWhoMay:
    @pytest.mark.parametrize("state", [State.FUNDED, State.DELIVERED, State.RETURNED, State.CALLED_OFF])
    def test_only_where_money_was_released_and_all_has_ended(self, state: State) -> None:
        contract = in_state(state).contract
        for user in (contract.client, contract.provider):
            with pytest.raises(NotYetEnded):
                write(user, contract)
            assert not page(user, contract).may_write
        assert not Reviewer.objects.exists()

    def test_only_the_two_sides(self, contract: Contract) -> None:
        stranger = make_member()
        with pytest.raises(NotFound):
            write(stranger, contract)
        with pytest.raises(NotFound):
            page(stranger, contract)
        address = reverse("hiring-reviews:review", args=[contract.public_id])
        assert as_(stranger).get(address).status_code == 404
        assert as_(stranger).post(address, {"stars": "5"}).status_code == 404


class TestAnswers:
    def test_one_each_once_both_are_shown(self, contract: Contract) -> None:
        review = write(contract.client, contract, 2, "Late.")
        with pytest.raises(NotFound):
            reviews.answer(actor=contract.provider, review=review, text="The post was.", at=NOON)
        write(contract.provider, contract)
        for stranger in (contract.client, make_member()):
            with pytest.raises(NotFound):
                reviews.answer(actor=stranger, review=review, text="No.", at=NOON)
        reviews.answer(actor=contract.provider, review=review, text=" The post was. ", at=NOON)
        review.refresh_from_db()
        assert review.answer == "The post was."
        with pytest.raises(AlreadyAnswered):
            reviews.answer(actor=contract.provider, review=review, text="And more.", at=NOON)

    def test_not_to_one_that_a_moderator_removed(self, contract: Contract) -> None:
        review = write(contract.client, contract, 1, "Rude words.")
        write(contract.provider, contract)
        ContractReview.objects.filter(pk=review.pk).update(hidden_at=NOON)
        assert page(contract.provider, contract).theirs is None
        with pytest.raises(NotFound):
            reviews.answer(actor=contract.provider, review=review, text="No.", at=NOON)
        assert not selectors.shown_about(contract.provider, NOON, by_clients=True).exists()


class TestPages:
    def test_written_and_answered_by_the_forms(self, contract: Contract) -> None:
        address = reverse("hiring-reviews:review", args=[contract.public_id])
        with clock.frozen(NOON + SECOND):
            client, provider = as_(contract.client), as_(contract.provider)
            assert client.post(address, {"stars": "6"}).status_code == 422
            client.post(address, {"stars": "2", "body": "Late."})
            assert "Late." not in provider.get(address).content.decode()
            provider.post(address, {"stars": "5", "body": "Clear wishes."})
            assert "Late." in provider.get(address).content.decode()
            provider.post(reverse("hiring-reviews:answer-review", args=[contract.public_id]), {"text": "The post was."})
            assert "The post was." in client.get(address).content.decode()

    def test_a_providers_page_shows_them_without_who_hired(self, contract: Contract) -> None:
        make_offer(provider=contract.provider)
        write(contract.client, contract, 4, "A harbour by night.")
        write(contract.provider, contract)
        with clock.frozen(NOON + SECOND):
            shown = Client().get(reverse("offers:person", args=[contract.provider.public_id])).content.decode()
        assert "A harbour by night." in shown
        assert "4.0 of 5 stars in one review" in " ".join(shown.split())
        assert str(contract.client) not in shown
        assert contract.title not in shown

    def test_stars_are_those_of_shown_reviews_of_that_side(self, contract: Contract) -> None:
        write(contract.client, contract, 4)
        people = [contract.client.pk, contract.provider.pk]
        assert selectors.summaries(people, NOON, by_clients=True)[contract.provider.pk].count == 0
        write(contract.provider, contract, 1)
        found = selectors.summaries(people, NOON, by_clients=True)
        assert found[contract.provider.pk] == selectors.Summary(1, 40)
        assert found[contract.client.pk] == selectors.Summary()
        assert selectors.summaries(people, NOON, by_clients=False)[contract.client.pk] == selectors.Summary(1, 10)


class TestMails:
    def mails(self, at: Any) -> list[str]:
        """Run what is due and return the subjects that were queued."""
        mail.outbox.clear()
        found = []
        for reviewer in Reviewer.objects.order_by("pk"):
            found += ["asked"] * mails.mail_asked(reviewer_id=reviewer.pk, at=at)
            found += ["shown"] * mails.mail_shown(reviewer_id=reviewer.pk, at=at)
        return found

    def test_both_are_asked_once_and_told_once(self, contract: Contract) -> None:
        assert self.mails(NOON) == ["asked", "asked"]
        assert self.mails(NOON) == []
        write(contract.client, contract)
        assert self.mails(NOON) == []
        write(contract.provider, contract)
        assert self.mails(NOON) == ["shown", "shown"]
        assert self.mails(OVER) == []

    def test_after_two_weeks_both_are_told_of_one_review(self, contract: Contract) -> None:
        write(contract.client, contract)
        self.mails(NOON)
        assert self.mails(OVER - SECOND) == []
        assert self.mails(OVER) == ["shown", "shown"]

    def test_nobody_is_asked_too_late_or_told_of_nothing(self, contract: Contract) -> None:
        assert self.mails(OVER) == []
        assert not selectors.to_ask().exists()
        assert not selectors.to_tell(OVER).exists()

    def test_what_is_due_is_enqueued(self, contract: Contract, django_capture_on_commit_callbacks: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            mails.enqueue_due(at=clock.now())
        assert selectors.to_ask().count() == 0

    def test_ending_a_contract_twice_asks_once(self, contract: Contract) -> None:
        reviews.contract_ended(contract, NOON)
        assert Reviewer.objects.filter(contract=contract).count() == 2


class TestDeletedAccounts:
    @pytest.mark.parametrize("keeps_words", [True, False])
    def test_leave_stars_and_words_if_they_want(self, contract: Contract, keeps_words: bool) -> None:
        review = write(contract.client, contract, 2, "Late.")
        write(contract.provider, contract, 5, "Clear wishes.")
        reviews.answer(actor=contract.provider, review=review, text="The post was.", at=NOON)
        for _ in range(2):
            account_deletion.erase(Deletion(user=contract.provider, keeps_words=keeps_words), NOON)
        theirs = ContractReview.objects.get(author=contract.provider)
        review.refresh_from_db()
        assert (theirs.stars, theirs.body) == (5, "Clear wishes." if keeps_words else "")
        assert review.body == "Late."
        assert review.answer == ("The post was." if keeps_words else "")
