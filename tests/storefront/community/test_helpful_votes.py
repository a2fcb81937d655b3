from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storefront.catalogue.models import Listing
from storefront.community import standing_rules
from storefront.community.models import (
    CaseOutcome,
    CaseState,
    FlagRule,
    Fold,
    HelpfulVote,
    Review,
    ReviewCase,
    Standing,
)
from storefront.community.selectors import reviews as review_selectors
from storefront.community.selectors.reviews import ReviewFilters
from storefront.community.services import helpful_votes as helpful
from storefront.community.services import review_flags, review_sorting, reviews, standings
from storefront.community.services.helpful_votes import VoteNotAllowed
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_contributor, make_published_edition
from tests.factories.trust import make_entitlement, make_review, make_standing, make_verified

pytestmark = pytest.mark.django_db


def mark(user, review):
    return helpful.mark_helpful(actor=user, review=review, at=NOON)


class TestMarkHelpful:
    def test_counts_once_for_each_person(self):
        review, reader = make_review(), make_reader()
        mark(reader, review)
        assert mark(reader, review).helpful_count == 1
        assert HelpfulVote.objects.count() == 1

    def test_is_taken_back(self):
        review, reader = make_review(), make_reader()
        mark(reader, review)
        assert helpful.take_back(actor=reader, review=review, at=NOON).helpful_count == 0
        assert helpful.take_back(actor=reader, review=review, at=NOON).helpful_score == 1

    def test_refuses_its_writer(self):
        review = make_review()
        with pytest.raises(VoteNotAllowed):
            mark(review.user, review)

    def test_refuses_the_books_makers(self):
        edition = make_published_edition(owner=make_author())
        make_contributor(edition.work, user=(illustrator := make_reader()), role="ill")
        review = make_review(edition=edition)
        for maker in (edition.work.owner, illustrator):
            with pytest.raises(VoteNotAllowed):
                mark(maker, review)

    def test_makes_the_books_pages_new_without_touching_the_shops_version(self, client):
        review = make_review()
        path = f"/books/{review.work.slug}/"
        etag, front = client.get(path)["ETag"], client.get("/")["ETag"]
        mark(make_reader(), review)
        assert client.get(path, headers={"if-none-match": etag}).status_code == 200
        assert client.get("/", headers={"if-none-match": front}).status_code == 304


class TestScore:
    def test_more_people_are_more_certain(self):
        scores = [standing_rules.helpful_score(count, 0) for count in (0, 1, 10, 100)]
        assert scores == sorted(scores)
        assert scores[0] == 0

    # Wilson's lower bound at 95 % for 8 of 10 is 0.4902, for 80 of 100 0.7112 (three digits as in the literature).
    @pytest.mark.parametrize(("helpful_votes", "against", "expected"), [(8, 2, 490), (80, 20, 711), (10, 0, 722)])
    def test_is_wilsons_lower_bound(self, helpful_votes, against, expected):
        assert standing_rules.helpful_score(helpful_votes, against) // 1000 == expected

    def test_flags_that_count_weigh_against(self):
        assert standing_rules.helpful_score(10, 2) < standing_rules.helpful_score(10, 0)


def first_of(edition):
    return [one.public_id for one in review_selectors.first_reviews(edition.work_id)]


class TestOrder:
    """Whose votes decide what stands first."""

    def test_accounts_that_bought_nothing_move_nothing(self):
        edition = make_published_edition()
        honest, praised = make_review(edition=edition), make_review(edition=edition)
        mark(make_verified(), honest)
        for _ in range(3):
            mark(make_reader(), praised)
        assert first_of(edition) == [honest.public_id, praised.public_id]
        assert review_selectors.first_reviews(edition.work_id)[1].helpful_count == 3  # people, and said as such

    def test_a_copy_of_the_writers_own_book_is_no_proof(self):
        writer = make_author()
        review, voter = make_review(user=writer), make_reader()
        make_entitlement(voter, make_published_edition(owner=writer))
        assert mark(voter, review).helpful_score == 1

    def test_people_who_vote_for_each_other_count_once(self):
        first, second, third = (make_review() for _ in range(3))
        for one in (second, third):
            mark(first.user, one)
        assert mark(second.user, first).helpful_score == 1 + standing_rules.helpful_score(1, 0)
        assert mark(third.user, first).helpful_score == 1 + standing_rules.helpful_score(1, 0)
        helpful.take_back(actor=first.user, review=third, at=NOON)
        helpful.take_back(actor=first.user, review=second, at=NOON)
        first.refresh_from_db()
        assert first.helpful_score == 1 + standing_rules.helpful_score(2, 0)

    def test_a_vote_ends_with_the_copy_behind_it(self):
        review, voter = make_review(), make_verified()
        mark(voter, review)
        voter.entitlements.update(ended_at=NOON)
        standings.update_after_entitlement_change(user_id=voter.pk, at=NOON)
        review.refresh_from_db()
        assert (review.helpful_count, review.helpful_score) == (1, 1)

    def test_a_vote_from_before_the_first_book_counts_from_the_next_night_on(self):
        review, voter = make_review(), make_reader()
        mark(voter, review)
        make_entitlement(voter, make_published_edition())
        assert review_sorting.rescore_everything() == 1
        assert review_sorting.rescore_everything() == 0
        review.refresh_from_db()
        assert review.helpful_score == 1 + standing_rules.helpful_score(1, 0)

    def test_one_that_fails_in_the_night_takes_back_no_other(self, monkeypatch):
        made, voter = [make_review(), make_review()], make_reader()
        for review in made:
            mark(voter, review)
        make_entitlement(voter, make_published_edition())
        rescore_all = review_sorting.rescore_all

        def failing(reviews):
            rescore_all(reviews)
            if made[1] in reviews:
                raise ZeroDivisionError

        monkeypatch.setattr(review_sorting, "rescore_all", failing)
        with pytest.raises(ZeroDivisionError):
            review_sorting.rescore_everything()
        for review in made:
            review.refresh_from_db()
        assert [review.helpful_score for review in made] == [1 + standing_rules.helpful_score(1, 0), 1]

    @pytest.mark.parametrize("act", [standings.update_after_entitlement_change, standings.recalculate_with_voted_for])
    def test_books_that_come_or_go_cost_no_more_queries_with_more_votes(self, act):
        asked = []
        for votes in (3, 12):
            voter = make_verified()
            for _ in range(votes):
                mark(voter, make_review())
            voter.entitlements.update(ended_at=NOON)
            with CaptureQueriesContext(connection) as found:
                act(user_id=voter.pk, at=NOON)
            asked.append(len(found))
        assert asked[0] == asked[1]
        assert set(Review.objects.values_list("helpful_count", "helpful_score")) == {(1, 1)}

    def test_pages_of_books_are_new_only_where_a_score_changed(self):
        review, other = make_review(), make_review()
        voter = make_verified()
        mark(voter, review)
        mark(voter, other)
        Review.objects.filter(pk=review.pk).update(helpful_score=1)
        before = dict(Listing.objects.values_list("work", "reviews_version"))
        standings.recalculate_with_voted_for(user_id=voter.pk, at=NOON)
        after = dict(Listing.objects.values_list("work", "reviews_version"))
        assert {work for work in after if after[work] != before[work]} == {review.work_id}

    def test_the_night_leaves_flagged_reviews_where_they_are(self):
        review = make_review()
        mark(make_verified(), review)
        review_flags.flag_review(actor=make_standing(3), review=review, rule=FlagRule.RING, note="", at=NOON)
        assert review_sorting.rescore_everything() == 0

    def test_votes_of_whose_review_was_taken_off_count_no_more(self):
        review, voter = make_review(), make_review().user
        mark(voter, review)
        ReviewCase.objects.create(
            writer=voter, work=review.work, state=CaseState.DECIDED, outcome=CaseOutcome.HIDE, opened_at=NOON
        )
        standings.recalculate_with_voted_for(user_id=voter.pk, at=NOON)
        review.refresh_from_db()
        assert review.helpful_score == 1


class TestReviewsPage:
    def test_the_most_helpful_come_first_then_the_newest(self):
        edition = make_published_edition()
        old, loved, new = (make_review(edition=edition) for _ in range(3))
        mark(make_verified(), loved)
        assert first_of(edition) == [loved.public_id, new.public_id, old.public_id]

    def test_reviews_of_books_given_back_come_last_and_do_not_count(self):
        edition = make_published_edition()
        gave_back, kept = make_review(edition=edition, stars=1), make_review(edition=edition, stars=5)
        mark(make_reader(), gave_back)
        gave_back.user.entitlements.update(ended_at=NOON)
        standings.update_after_entitlement_change(user_id=gave_back.user_id, at=NOON)
        assert first_of(edition) == [kept.public_id, gave_back.public_id]
        listing = Listing.objects.get(work=edition.work)
        assert (listing.rating_sum, listing.rating_count, listing.details.stars) == (5, 1, (0, 0, 0, 0, 1))

    def test_bought_again_the_stars_count_again(self):
        review = make_review(stars=2)
        review.user.entitlements.update(ended_at=NOON)
        standings.update_after_entitlement_change(user_id=review.user_id, at=NOON)
        make_entitlement(review.user, review.work.editions.get())
        standings.update_after_entitlement_change(user_id=review.user_id, at=NOON)
        assert Listing.objects.get(work=review.work).rating_sum == 2

    @pytest.mark.parametrize("sort", review_selectors.SORTS)
    @pytest.mark.parametrize("stars", [0, 4])
    def test_pages_hold_each_review_once(self, sort, stars):
        edition = make_published_edition()
        made = [make_review(edition=edition, stars=4 + number % 2) for number in range(45)]
        voter = make_verified()
        for review in made[::3]:
            mark(voter, review)
        listing, seen, after, pages = Listing.objects.get(work=edition.work), [], "", 0
        while pages == 0 or after:
            page = review_selectors.reviews_page(listing, ReviewFilters(stars, sort, after))
            seen += [review.pk for review in page.reviews]
            after, pages = page.next_cursor, pages + 1
        wanted = {review.pk for review in made if not stars or review.stars == stars}
        assert len(seen) == len(set(seen))
        assert set(seen) == wanted

    @pytest.mark.parametrize("count", [1, 40])
    def test_takes_three_queries(self, client, count, django_assert_max_num_queries):
        edition = make_published_edition(slug="the-lamp")
        for _ in range(count):
            make_review(edition=edition)
        for path in ("/books/the-lamp/reviews/", "/books/the-lamp/reviews/?stars=4&sort=newest"):
            with django_assert_max_num_queries(3):
                assert client.get(path).status_code == 200

    @pytest.mark.parametrize(
        "query", ["stars=9", "stars=x", "sort=x", "after=x", "after=1-", "after=²-1", f"after={'9' * 24}-1"]
    )
    def test_forged_addresses_show_the_first_page(self, client, query):
        review = make_review(edition=make_published_edition(slug="the-lamp"))
        assert review.public_id in client.get(f"/books/the-lamp/reviews/?{query}").content.decode()

    def test_anybody_may_keep_it(self, client):
        make_review(edition=make_published_edition(slug="the-lamp"))
        anonymous = client.get("/books/the-lamp/reviews/")
        assert anonymous["Cache-Control"].startswith("public")
        assert not anonymous.cookies
        client.force_login(make_reader())
        assert client.get("/books/the-lamp/reviews/").content == anonymous.content


class TestWithdraw:
    def test_takes_what_it_earned(self):
        review = make_review()
        mark(make_verified(), review)
        assert Standing.objects.get(user=review.user).points == 1
        reviews.withdraw_review(actor=review.user, work=review.work)
        assert Standing.objects.get(user=review.user).points == 0

    def test_votes_that_were_mutual_count_at_once(self):
        """Two pairs who vote for each other count once for the first of them; then one pair is none any more."""
        first = make_review(user=make_verified())
        second, third = (make_review(user=make_verified()) for _ in range(2))
        for one in (second, third):
            mark(one.user, first)
            mark(first.user, one)
        score = {one: Review.objects.get(pk=one.pk).helpful_score for one in (first, second, third)}
        version = Listing.objects.get(work=first.work).reviews_version
        reviews.withdraw_review(actor=second.user, work=second.work)
        assert Review.objects.get(pk=first.pk).helpful_score > score[first]
        assert Review.objects.get(pk=third.pk).helpful_score == score[third]
        assert Listing.objects.get(work=first.work).reviews_version == version + 1
        assert review_sorting.rescore_everything() == 0

    def test_a_second_click_does_nothing(self):
        review = make_review()
        mark(make_verified(), review)
        for _ in range(2):
            reviews.withdraw_review(actor=review.user, work=review.work)
        assert not Review.objects.exists()


class TestVotingOnThePage:
    HERE = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}

    def test_from_a_cached_page_and_back(self, client):
        review, reader = make_review(), make_reader()
        client.force_login(reader)
        path = f"/reviews/{review.public_id}/"
        response = client.post(f"{path}helpful/", headers=self.HERE, follow=True)
        assert b"You found it helpful." in response.content
        client.post(f"{path}helpful/", {"act": "undo"}, headers=self.HERE)
        assert not HelpfulVote.objects.exists()

    def test_logged_out_the_person_comes_back_to_the_review(self, client):
        review = make_review()
        response = client.post(f"/reviews/{review.public_id}/helpful/", headers=self.HERE)
        assert response["Location"] == f"/accounts/login/?next=/reviews/{review.public_id}/"


class TestThePageOfAReviewWithoutAnAccount:
    def test_shows_its_words_and_the_way_to_answer(self, client):
        review = make_review(body="It keeps its light.")
        path = f"/reviews/{review.public_id}/"
        html = client.get(path).content.decode()
        assert "It keeps its light." in html
        assert f"/accounts/login/?next={path}" in html
        assert "<form" not in html[html.index("<main") : html.index("</main>")]

    def test_search_engines_find_it_unless_readers_folded_it(self, client):
        review = make_review()
        path = f"/reviews/{review.public_id}/"
        assert b"noindex" not in client.get(path).content
        Review.objects.update(fold=Fold.FLAGGED)
        assert b"noindex" in client.get(path).content

    @pytest.mark.parametrize("what", ["flag", "vouch", "reply", "reply/flag"])
    def test_whoever_was_signed_out_comes_back_to_it(self, client, what):
        review = make_review()
        path = f"/reviews/{review.public_id}/"
        answer = client.post(f"{path}{what}/", {"rule": "spam"})
        assert answer["Location"] == f"/accounts/login/?next={path}"
        assert client.get(path).status_code == 200
