"""Standing: reckoned one step at a time and all at once it is the same, and rings gain little."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import jobs
from storefront.catalogue.models import Catalogue
from storefront.checkout.entitlements.services import entitlements
from storefront.community import recompute_standing, standing_rules
from storefront.community.models import AppealOutcome, FlagRule, Fold, Review, Standing
from storefront.community.selectors import standings as standing_selectors
from storefront.community.services import helpful_votes, review_flags, review_sorting, reviews, standings
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_entitlement, make_review, make_verified
from tests.properties.profiles import some
from tests.storefront.community.cases import appeal, decide, decide_again

pytestmark = pytest.mark.django_db


def mark(user, review):
    helpful_votes.mark_helpful(actor=user, review=review, at=NOON)


def points(user):
    return Standing.objects.filter(user=user).values_list("points", flat=True).first() or 0


def hide(review):
    review_flags.flag_review(actor=make_reader(), review=review, rule=FlagRule.SPAM, note="", at=NOON)
    return decide(review.cases.get(state="open"))


class TestPoints:
    def test_a_verified_reader_adds_one(self):
        review = make_review()
        mark(make_verified(), review)
        assert points(review.user) == 1

    def test_a_reader_adds_one_however_many_reviews(self):
        review, voter = make_review(), make_verified()
        for one in (review, make_review(user=review.user)):
            mark(voter, one)
        assert points(review.user) == 1

    @pytest.mark.parametrize("case", ["nothing", "free", "given back", "the writer's own book"])
    def test_who_kept_no_paid_book_of_others_adds_nothing(self, case):
        voter, review = make_reader(), make_review(user=make_author())
        if case == "free":
            make_entitlement(voter, make_published_edition(), paid_minor=0)
        elif case == "given back":
            make_entitlement(voter, make_published_edition(), ended_at=NOON)
        elif case == "the writer's own book":
            make_entitlement(voter, make_published_edition(owner=review.user))
        mark(voter, review)
        review.refresh_from_db()
        assert (points(review.user), review.helpful_count) == (0, 1)

    def test_the_vote_stops_counting_when_its_book_is_given_back(self):
        review, voter = make_review(), make_verified()
        mark(voter, review)
        entitlements.end_entitlements(voter.entitlements.all(), at=NOON)
        standings.update_after_entitlement_change(user_id=voter.pk, at=NOON)
        assert points(review.user) == 0

    def test_a_review_taken_off_costs_and_takes_its_writers_votes_away(self, django_capture_on_commit_callbacks):
        review, other = make_review(), make_review()
        mark(review.user, other)
        mark(make_verified(), review)
        with django_capture_on_commit_callbacks(execute=True):
            hide(review)
        assert points(review.user) == -standing_rules.PENALTY
        assert points(other.user) == 0

    def test_an_appeal_returns_all_of_it(self, django_capture_on_commit_callbacks):
        review, other = make_review(), make_review()
        mark(review.user, other)
        mark(make_verified(), review)
        with django_capture_on_commit_callbacks(execute=True):
            decide_again(appeal(hide(review)), AppealOutcome.OVERTURNED)
        assert (points(review.user), points(other.user)) == (1, 1)


class TestRings:
    def ring(self, size, count=1):
        people = [make_verified() for _ in range(size)]
        return people, [make_review(user=person) for person in people for _ in range(count)]

    @pytest.mark.parametrize("size", [2, 5])
    def test_who_only_vote_for_each_other_count_once(self, size):
        people, made = self.ring(size, count=2)
        for voter in people:
            for review in made:
                if review.user != voter:
                    mark(voter, review)
        assert [points(person) for person in people] == [1] * size

    def test_in_one_direction_of_each_pair_they_stay_within_the_bound(self):
        people, made = self.ring(5)
        for voter, review in permutations(range(5), 2):
            if voter < review:
                mark(people[voter], made[review])
        found = [points(person) for person in people]
        assert sum(found) <= 5 * 4 // 2 + 5
        assert max(found) <= 4

    @given(edges=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda pair: pair[0] != pair[1])))
    @some(6)
    def test_no_way_of_voting_goes_beyond_the_bound(self, edges):
        size = 5
        people, made = self.ring(size)
        for voter, writer in sorted(edges):
            mark(people[voter], made[writer])
        found = standing_selectors.points([person.pk for person in people], at=NOON)
        assert sum(found.values()) <= size * (size - 1) // 2 + size
        assert all(count <= size - 1 for count in found.values())


class TestRecount:
    @given(
        steps=st.lists(
            st.tuples(
                st.sampled_from(["mark", "mark", "mark", "undo", "give back", "buy", "hide", "appeal", "withdraw"]),
                st.integers(0, 3),
                st.integers(0, 3),
            ),
            max_size=14,
        )
    )
    @some(8)
    def test_step_by_step_is_as_all_at_once(self, steps, django_capture_on_commit_callbacks):
        people = [make_verified() for _ in range(4)]
        made = [make_review(user=person) for person in people]
        for act, who, whose in steps:
            with django_capture_on_commit_callbacks(execute=True):
                self.step(act, people[who], made[whose])
        stored = {pk: count for pk, count in Standing.objects.values_list("user_id", "points") if count}
        reckoned = {pk: count for pk, count in standing_selectors.points(at=NOON).items() if count}
        assert stored == reckoned
        assert standings.recount_everybody(at=NOON) == 0
        assert review_sorting.rescore_everything() == 0

    def step(self, act, person, review):
        review = Review.objects.filter(pk=review.pk).first()
        if review is None:
            return
        if act in {"mark", "undo"} and person != review.user and review.fold != Fold.HIDDEN:
            {"mark": helpful_votes.mark_helpful, "undo": helpful_votes.take_back}[act](
                actor=person, review=review, at=NOON
            )
        elif act == "give back":
            entitlements.end_entitlements(person.entitlements.all(), at=NOON)
        elif act == "buy":
            make_entitlement(person, make_published_edition(announce=False))
            standings.update_after_entitlement_change(user_id=person.pk, at=NOON)
        elif act == "hide" and review.fold != Fold.HIDDEN:
            hide(review)
        elif act == "appeal" and review.fold == Fold.HIDDEN:
            case = review.cases.filter(state="decided", outcome="hide").first()
            if case:
                decide_again(appeal(case), AppealOutcome.OVERTURNED)
        elif act == "withdraw" and review.fold != Fold.HIDDEN:
            reviews.withdraw_review(actor=review.user, work=review.work)

    def test_mends_what_was_typed_in(self):
        review = make_review()
        mark(make_verified(), review)
        Standing.objects.update(points=99)
        assert standings.recount_everybody(at=NOON) == 2
        assert points(review.user) == 1

    @pytest.mark.parametrize("count", [1, 6])
    def test_takes_a_constant_number_of_queries(self, count, django_assert_max_num_queries):
        for _ in range(count):
            mark(make_verified(), make_review())
        with django_assert_max_num_queries(3):
            assert len(standing_selectors.points(at=NOON)) == count


class TestCurators:
    def raise_to(self, review, count):
        for _ in range(count):
            mark(make_verified(), review)

    def test_become_so_at_one_threshold_and_stop_at_a_lower_one(self):
        review = make_review()
        self.raise_to(review, standing_rules.CURATE_AT - 1)
        assert not Standing.objects.get(user=review.user).is_curator
        self.raise_to(review, 1)
        assert Standing.objects.get(user=review.user).is_curator
        votes = list(review.helpful_votes.all())
        for vote in votes[: standing_rules.CURATE_AT - standing_rules.CURATE_UNTIL]:
            helpful_votes.take_back(actor=vote.user, review=review, at=NOON)
        assert Standing.objects.get(user=review.user).is_curator
        helpful_votes.take_back(actor=votes[-1].user, review=review, at=NOON)
        assert not Standing.objects.get(user=review.user).is_curator

    def test_pages_in_caches_are_new_when_somebody_turns_one(self, django_capture_on_commit_callbacks):
        """They name curators' shelves. A vote that turns nobody leaves them alone."""
        review, versions = make_review(), []
        for votes in (standing_rules.CURATE_AT - 1, 1, 1):
            with django_capture_on_commit_callbacks(execute=True):
                self.raise_to(review, votes)
            versions.append(Catalogue.objects.get().version)
        with django_capture_on_commit_callbacks(execute=True):
            review.helpful_votes.all().delete()
            standings.recount_everybody(at=NOON)
        versions.append(Catalogue.objects.get().version)
        steps = [later > before for before, later in pairwise(versions)]
        assert steps == [True, False, True]


class TestStandingPage:
    def test_reasons_add_up_to_the_points(self):
        review = make_review()
        second = make_review(user=review.user)
        friend = make_review()
        for _ in range(3):
            mark(make_verified(), review)
        mark(make_verified(), second)
        mark(friend.user, review)
        mark(review.user, friend)
        hide(make_review(user=review.user))
        page = standing_selectors.standing_page(review.user, at=NOON)
        assert page.is_complete
        assert sorted(one.points for one in page.reasons) == [-standing_rules.PENALTY, 1, 1, 3]

    def test_shows_reasons_to_oneself_and_no_number_to_others(self, client):
        review = make_review(edition=make_published_edition(slug="the-lamp", title="The Lamp"))
        for _ in range(standing_rules.FLAG_AT):
            mark(make_verified(), review)
        client.force_login(review.user)
        assert "+3" in client.get("/account/standing/").content.decode()
        text = client.get("/books/the-lamp/").content.decode()
        assert "(Trusted reader)" in text
        assert "3 points" not in text

    def test_says_when_something_is_still_to_be_reckoned(self):
        review = make_review()
        voter = make_verified()
        mark(voter, review)
        voter.entitlements.update(ended_at=NOON + timedelta(days=1))
        assert not standing_selectors.standing_page(review.user, at=NOON).is_complete


class TestFading:
    """With each year of 365 days, what happened counts less: 1, 1/2, 1/4, nothing."""

    @pytest.mark.parametrize(("days", "left"), [(0, 4), (364, 4), (365, 2), (729, 2), (730, 1), (1094, 1), (1095, 0)])
    def test_votes(self, days, left):
        review = make_review()
        for _ in range(4):
            mark(make_verified(), review)
        later = NOON + timedelta(days=days)
        standings.recount_everybody(at=later)
        assert points(review.user) == left
        page = standing_selectors.standing_page(review.user, at=later)
        assert page.is_complete
        assert [one.points for one in page.reasons] == ([left] if left else [])

    def test_of_one_person_the_newest_vote_counts(self):
        review, voter = make_review(), make_verified()
        mark(voter, review)
        again = make_review(user=review.user)
        later = NOON + timedelta(days=800)
        helpful_votes.mark_helpful(actor=voter, review=again, at=later)
        assert points(review.user) == 1

    def test_quarters_are_added_before_they_are_dropped(self):
        review = make_review()
        for _ in range(7):
            mark(make_verified(), review)
        standings.recount_everybody(at=NOON + timedelta(days=730))
        assert points(review.user) == 1  # seven quarters

    def test_what_was_lost_comes_back(self):
        review = make_review()
        for _ in range(3):
            mark(make_verified(), make_review(user=review.user))
        hide(review)
        assert points(review.user) == 3 - standing_rules.PENALTY
        standings.recount_everybody(at=NOON + timedelta(days=365))
        assert points(review.user) == -1
        standings.recount_everybody(at=NOON + timedelta(days=1095))
        assert points(review.user) == 0

    def test_rights_go_with_the_points(self):
        review = make_review()
        for _ in range(standing_rules.CURATE_AT):
            mark(make_verified(), review)
        assert Standing.objects.get(user=review.user).rights == ["flag", "vouch", "curate"]
        standings.recount_everybody(at=NOON + timedelta(days=365))
        assert Standing.objects.get(user=review.user).rights == ["flag", "vouch"]


class TestPublished:
    def file(self, client, tmp_path):
        path = tmp_path / "inputs.json"
        path.write_bytes(client.get("/standing/inputs.json").content)
        return path

    def test_the_published_script_comes_to_the_same(self, client, tmp_path, capsys):
        review = make_review()
        for _ in range(standing_rules.FLAG_AT):
            mark(make_verified(), review)
        path = self.file(client, tmp_path)
        (script := tmp_path / "script.py").write_bytes(client.get("/standing/recompute_standing.py").content)
        assert subprocess.run([sys.executable, "-I", script, path], check=False).returncode == 0
        assert recompute_standing.main([str(path)]) == 0
        assert f"{standing_rules.FLAG_AT} {review.user.display_name}: flag" in capsys.readouterr().out

    def test_a_wrong_number_is_found(self, client, tmp_path):
        review = make_review()
        for _ in range(standing_rules.FLAG_AT):
            mark(make_verified(), review)
        path = self.file(client, tmp_path)
        data = json.loads(path.read_text())
        data["people"][0]["points"] += 1
        path.write_text(json.dumps(data))
        assert recompute_standing.main([str(path)]) == 1

    def test_says_nothing_of_people_without_a_label_and_of_who_voted(self, client, tmp_path):
        review, voters = make_review(), [make_verified() for _ in range(standing_rules.FLAG_AT - 1)]
        for voter in voters:
            mark(voter, review)
        assert json.loads(self.file(client, tmp_path).read_text())["people"] == []
        mark(make_verified(), review)
        text = self.file(client, tmp_path).read_text()
        assert str(review.public_id) in text
        assert "usr_" not in text
        assert not any(voter.display_name in text for voter in voters if voter.display_name != review.user.display_name)

    def test_an_old_format_is_said(self, tmp_path):
        (path := tmp_path / "old.json").write_text('{"format": "octavo-standing/0"}')
        assert recompute_standing.main([str(path)]) == 2


class TestBooksThatComeAndGo:
    def test_are_looked_at_afterwards(self, monkeypatch):
        reader, asked = make_verified(), []
        monkeypatch.setattr(jobs, "enqueue", lambda name, **ids: asked.append((name, ids)))
        entitlements.end_entitlements(reader.entitlements.all(), at=NOON)
        entitlements.renew_entitlement(reader.entitlements.get())
        assert asked == 2 * [("community.note_entitlements", {"user_id": reader.pk})]


class TestWhatALostMessageLeftBehind:
    def test_each_person_is_looked_at_once(self, monkeypatch):
        reader, asked = make_reader(), []
        for _ in range(3):
            make_review(user=reader)
        reader.entitlements.update(ended_at=NOON)
        monkeypatch.setattr(jobs, "enqueue", lambda name, **given: asked.append((name, given)))
        standings.note_all_entitlements(at=NOON)
        assert asked == [("community.note_entitlements", {"user_id": reader.pk})]
