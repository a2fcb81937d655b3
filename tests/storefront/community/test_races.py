"""Fifty votes at once, on connections of their own; and what happened if the locks were not there."""

from __future__ import annotations

import secrets

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from storefront.community.models import HelpfulVote, Review, ReviewVouch, Shelf, Standing, Uncounted, Visibility
from storefront.community.services import helpful_votes, ratings, review_flags, review_sorting, shelves, standings
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_review, make_standing, make_verified
from tests.royalties.database import run_together
from tests.storefront.checkout.orders.test_races import PATIENT_S, failures, meet, without_locks

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


def votes(people, review):
    return [lambda who=who: helpful_votes.mark_helpful(actor=who, review=review, at=NOON) for who in people]


class TestFiftyVotes:
    def test_of_one_person_are_one(self):
        review, reader = make_review(), make_verified()
        assert failures(run_together(*votes([reader] * 50, review))) == []
        review.refresh_from_db()
        assert (HelpfulVote.objects.count(), review.helpful_count) == (1, 1)
        assert Standing.objects.get(user=review.user).points == 1

    def test_of_fifty_people_are_fifty(self):
        review, people = make_review(), [make_verified() for _ in range(50)]
        assert failures(run_together(*votes(people, review))) == []
        review.refresh_from_db()
        assert (HelpfulVote.objects.count(), review.helpful_count) == (50, 50)
        assert Standing.objects.get(user=review.user).points == 50

    def test_without_the_locks_some_would_be_lost(self, monkeypatch):
        review, people = make_review(), [make_verified() for _ in range(4)]
        with transaction.atomic():
            standings.lock({review.user_id, *(one.pk for one in people)})  # making the rows would keep them apart, too
        # All have written their votes, and none has committed, when they are counted.
        meet(monkeypatch, review_sorting, "rescore_all", 4, PATIENT_S)
        without_locks(monkeypatch)
        run_together(*votes(people, review))
        review.refresh_from_db()
        assert HelpfulVote.objects.count() == 4
        assert review.helpful_count < 4

    def test_mutual_votes_at_once_do_not_deadlock(self):
        first, second = make_review(), make_review()
        for _ in range(5):
            results = run_together(*votes([first.user], second), *votes([second.user], first))
            assert failures(results) == []
            for who, review in ((first.user, second), (second.user, first)):
                helpful_votes.take_back(actor=who, review=review, at=NOON)


class TestLocksOfReviews:
    """Several are taken by one statement, in order, or not waited for."""

    def locking(self, act):
        with CaptureQueriesContext(connection) as found:
            act()
        asked = [one["sql"] for one in found if "FOR UPDATE" in one["sql"]]
        return [sql for sql in asked if 'FROM "community_review"' in sql]

    def test_a_vote_and_books_that_came_or_went_take_all_at_once(self):
        first, second, third = make_review(), make_review(), make_review()
        for voter, review in ((first.user, second), (second.user, first), (first.user, third)):
            helpful_votes.mark_helpful(actor=voter, review=review, at=NOON)
        for act in (
            lambda: helpful_votes.mark_helpful(actor=second.user, review=first, at=NOON),
            lambda: helpful_votes.take_back(actor=second.user, review=first, at=NOON),
            lambda: standings.update_after_entitlement_change(user_id=first.user_id, at=NOON),
            lambda: standings.recalculate_with_voted_for(user_id=first.user_id, at=NOON),
        ):
            (sql,) = self.locking(act)
            assert 'ORDER BY "community_review"."id" ASC' in sql

    def test_reviews_that_others_hold_are_left_to_the_night(self):
        edition = make_published_edition()
        held, free = (make_review(edition=edition, uncounted=Uncounted.FREE) for _ in range(2))
        with transaction.atomic():
            Review.objects.select_for_update().get(pk=held.pk)
            (found,) = run_together(*[lambda: impatient(lambda: ratings.mark_uncounted(edition.work))])
        assert found is None
        assert set(Review.objects.values_list("pk", "uncounted")) == {(held.pk, "free"), (free.pk, "")}
        standings.recount_stars()
        assert not Review.objects.exclude(uncounted=Uncounted.NO).exists()


def impatient(act):
    """Fail instead of waiting for a lock."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        act()


class TestOneName:
    """Two shelves of one name at once: none of them is lost."""

    @pytest.fixture
    def calls(self):
        given = {"title": "Lights", "description": "", "visibility": Visibility.PUBLIC, "at": NOON}
        people = [make_reader() for _ in range(8)]
        return [lambda who=who: shelves.make_shelf(actor=who, **given) for who in people]

    def test_all_get_an_address(self, calls):
        made = run_together(*calls)
        assert failures(made) == []
        assert len({shelf.slug for shelf in made}) == 8

    def test_one_try_would_not_do(self, calls, monkeypatch):
        monkeypatch.setattr(shelves, "_save_at_free_slug", self._ask_first)
        meet(monkeypatch, Shelf, "save", 8, PATIENT_S)
        assert any(isinstance(one, IntegrityError) for one in failures(run_together(*calls)))

    def _ask_first(self, shelf):
        shelf.slug = "lights"
        if Shelf.objects.filter(slug=shelf.slug).exists():
            shelf.slug = f"lights-{secrets.token_hex(2)}"
        shelf.save()


class TestFlagsTogether:
    def test_many_flags_and_a_vouch_open_one_case_and_fold_rightly(self):
        review = make_review()
        people = [make_standing(3) for _ in range(12)]
        calls = [
            lambda who=who: review_flags.flag_review(actor=who, review=review, rule="spam", note="", at=NOON)
            for who in people
        ]
        assert failures(run_together(*calls)) == []
        review.refresh_from_db()
        assert (review.cases.count(), review.fold) == (1, "flagged")

    def test_vouches_of_one_person_weigh_once(self):
        review, person = make_review(), make_standing(5)
        for _ in range(4):
            review_flags.flag_review(actor=make_standing(3), review=review, rule="spam", note="", at=NOON)
        results = run_together(*[lambda: review_flags.vouch(actor=person, review=review, at=NOON)] * 8)
        assert ReviewVouch.objects.count() == 1
        assert Review.objects.get().fold == "flagged"
        assert all(isinstance(one, review_flags.VouchNotAllowed) for one in failures(results))
