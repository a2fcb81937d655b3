"""What is reckoned anew each night."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock, jobs
from common.locks import advisory_lock
from config.celery import app
from storefront.community import standing_rules
from storefront.community.models import HelpfulVote, Review, ShelfBook, Standing, Uncounted
from storefront.community.services import standings
from tests.conftest import NOON
from tests.factories.trust import make_review, make_verified
from tests.storefront.community.test_shelves import make_shelf

pytestmark = pytest.mark.django_db

OWN = ("community.recount_stars", "community.rescore_everything")


def run(name: str) -> None:
    app.loader.import_default_modules()
    app.tasks[name].apply(throw=True)


def test_everything_is_right_again(django_capture_on_commit_callbacks):
    review = make_review(uncounted=Uncounted.FREE)
    HelpfulVote.objects.create(review=review, user=make_verified(), created_at=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        run("community.nightly_trust")
    assert Standing.objects.get(user=review.user).points == 1
    found = Review.objects.values_list("uncounted", "helpful_count", "helpful_score")
    assert list(found) == [(Uncounted.NO, 1, 1 + standing_rules.helpful_score(1, 0))]


def test_what_goes_review_by_review_has_its_own_time(monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "enqueue", lambda name, **given: asked.append(name))
    run("community.nightly_trust")
    assert asked == list(OWN)
    for name in OWN:
        assert app.tasks[name].run.__wrapped__, f"{name} needs one_at_a_time"
        with advisory_lock(name):
            run(name)


def test_what_was_taken_off_shelves_is_forgotten_whatever_fails(monkeypatch):
    make_shelf(books=1)
    ShelfBook.objects.update(removed_at=NOON)

    def failing(*, at):
        raise ZeroDivisionError

    monkeypatch.setattr(standings, "note_all_entitlements", failing)
    with clock.frozen(NOON + timedelta(days=2)), pytest.raises(ZeroDivisionError):
        run("community.nightly_trust")
    assert not ShelfBook.objects.exists()
