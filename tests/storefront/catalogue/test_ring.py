"""What a ring can do: three places, by construction. And what it could do if every copy counted."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalogue.recompute_ranking import FORMULAS, Book, Count, Day, order
from storefront.catalogue.vote_rules import MIN_OTHER_AUTHORS
from tests.storefront.community.reference import Purchase, Title, World, count, count_everything, honest_shop

TODAY = date(2026, 11, 24)
RING = 100
BOUND = 3
SEEDS = (3, 17, 40)


def places(books: dict[str, Book], shelf: str, today: date = TODAY) -> dict[str, int]:
    return {one.book.slug: one.place for one in order(shelf, books.values(), today)}


def farthest(before: dict[str, int], after: dict[str, int]) -> int:
    assert before.keys() == after.keys()
    return max((abs(place - after[slug]) for slug, place in before.items()), default=0)


counts = st.builds(Count, st.integers(0, 40), st.integers(0, 400))
days = st.lists(st.integers(1, 100), unique=True, max_size=5).flatmap(
    lambda agos: st.tuples(
        *(st.builds(Day, st.just(TODAY - timedelta(days=ago)), counts, counts) for ago in sorted(agos, reverse=True))
    )
)
shops = st.lists(
    st.tuples(st.integers(1, 150), days, st.tuples(counts, counts, counts, counts, counts)), min_size=1, max_size=30
)


class TestOpenVotes:
    """Whatever they are, and however many: the proof of decision 0049, tried."""

    @given(shop=shops, chance=st.randoms(use_true_random=False), shelf=st.sampled_from(list(FORMULAS)))
    def test_move_no_book_by_more_than_three_places(self, shop, chance: random.Random, shelf: str) -> None:
        before, after = {}, {}
        for number, (ago, brought, stars) in enumerate(shop):
            slug, published = f"b{number}", TODAY - timedelta(days=ago)
            before[slug] = Book(slug, published, brought, stars)

            def other(one: Count) -> Count:
                return Count(one.proved, chance.choice([0, one.open, one.open + 100, 100_000]))

            moved = tuple(Day(day.day, other(day.copies), other(day.praise)) for day in brought)
            new_day = Day(TODAY - timedelta(days=chance.randrange(1, 28)), Count(0, chance.randrange(1000)), Count())
            a, b, c, d, e = (other(one) for one in stars)
            after[slug] = Book(slug, published, (*moved, new_day), (a, b, c, d, e))
        assert farthest(places(before, shelf), places(after, shelf)) <= BOUND

    @given(shop=shops, shelf=st.sampled_from(list(FORMULAS)))
    def test_bring_no_book_onto_a_shelf(self, shop, shelf: str) -> None:
        books = {f"b{n}": Book(f"b{n}", TODAY - timedelta(days=ago), d, s) for n, (ago, d, s) in enumerate(shop)}
        ring = Book(
            "ring", TODAY, (Day(TODAY - timedelta(days=1), Count(0, 10**6), Count(0, 10**6)),), (Count(0, 9),) * 5
        )
        with_ring = places({**books, "ring": ring}, shelf)
        assert with_ring == places(books, shelf)


# ---------------------------------------------------------------- a simulated shop


def ring_votes(world: World, target: Title, kind: str, seed: int) -> list[Purchase]:
    """A hundred accounts that buy the target lately, one after another, and praise it."""
    chance = random.Random(f"{seed} {kind}")
    helpers = [
        Title(f"helper-{n}", f"helper-{n}", world.today - timedelta(days=200)) for n in range(MIN_OTHER_AUTHORS - 1)
    ]
    made = []
    for number in range(RING):
        account = f"ring-{number}"
        if kind == "old":  # bought every helper's book half a year ago, several times over
            for helper in helpers:
                at = datetime.combine(world.today - timedelta(days=chance.randrange(60, 180)), time(12), UTC)
                made.append(Purchase(account, helper, at))
        elif kind == "free":
            others = [one for one in world.titles if one.author != target.author]
            for title in chance.sample(others, 5):
                at = datetime.combine(world.today - timedelta(days=chance.randrange(60, 180)), time(12), UTC)
                made.append(Purchase(account, title, at, paid_minor=0))
        day = world.today - timedelta(days=1 + number % 7)
        paid = 0 if kind == "free" else 499
        made.append(Purchase(account, target, datetime.combine(day, time(12), UTC), paid, 5, day))
    return made


def moved(world: World, target: Title, ring: list[Purchase], shelf: str, *, is_weighted: bool) -> tuple[int, int]:
    """By how many places the ring lifts its book, and the most that any book moves."""

    def ranked(purchases: list[Purchase]) -> dict[str, int]:
        # The ring's own authors are verified as well: it went all the way.
        verified = world.verified | {one.title.author for one in ring}
        if is_weighted:
            books = count(purchases, today=world.today, verified=verified)
        else:
            books = count_everything(purchases, today=world.today)
        return {slug: place for slug, place in places(books, shelf, world.today).items() if "helper" not in slug}

    before, after = ranked(world.purchases), ranked(world.purchases + ring)
    return before[target.slug] - after[target.slug], farthest(before, after)


def low_down(world: World, shelf: str) -> Title:
    """A book that has a place by readers’ votes, three quarters down the shelf."""
    books = count(world.purchases, today=world.today, verified=world.verified)
    ranked = order(shelf, books.values(), world.today)
    slug = ranked[len(ranked) * 3 // 4].book.slug
    return next(one for one in world.titles if one.slug == slug)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shelf", FORMULAS)
class TestARingOfAHundred:
    @pytest.mark.parametrize("kind", ["new", "old", "free"])
    def test_moves_no_book_by_more_than_three_places(self, seed: int, shelf: str, kind: str) -> None:
        world = honest_shop(seed)
        target = low_down(world, shelf)
        ring = ring_votes(world, target, kind, seed)
        lifted, most = moved(world, target, ring, shelf, is_weighted=True)
        assert 0 <= lifted <= BOUND
        assert most <= BOUND

    def test_would_lift_its_book_far_if_every_copy_counted(self, seed: int, shelf: str) -> None:
        world = honest_shop(seed)
        target = low_down(world, shelf)
        lifted, _ = moved(world, target, ring_votes(world, target, "new", seed), shelf, is_weighted=False)
        assert lifted > 10 * BOUND


def test_a_ring_with_one_author_more_is_held_to_nothing() -> None:
    """The bound's condition is needed: with three helpers its accounts are as good as readers of four authors."""
    world = honest_shop(3)
    target = low_down(world, "bestselling")
    helper = Title("helper-3", "helper-3", world.today - timedelta(days=200))
    at = datetime.combine(world.today - timedelta(days=90), time(12), UTC)
    ring = ring_votes(world, target, "old", 3) + [Purchase(f"ring-{n}", helper, at) for n in range(RING)]
    lifted, _ = moved(world, target, ring, "bestselling", is_weighted=True)
    assert lifted > BOUND
