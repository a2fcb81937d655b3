"""Bodies written apart: none is lost, whatever the order in which they come, and however often."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import permutations

import pytest

from storefront.reading.models import BodyVersion
from storefront.reading.services.body_versions import joined, shown


def body(at: int, device: str, text: str, *bases: BodyVersion | str) -> BodyVersion:
    stamps = [base if isinstance(base, str) else base.stamp for base in bases]
    return BodyVersion(f"{at:013}-0000-{device}", text, tuple(stamps))


def texts(versions: Sequence[BodyVersion]) -> tuple[str, str]:
    found: tuple[BodyVersion, ...] = ()
    for version in versions:
        found = joined(found, (version,))
    latest, other = shown(found)
    return latest.text, other.text if other else ""


def outcomes(*versions: BodyVersion) -> set[tuple[str, str]]:
    """What is shown after each order, with each version coming twice."""
    return {texts([*order, *order]) for order in permutations(versions)}


FIRST = body(1, "a", "first")


class TestShown:
    def test_nothing_before_the_first(self) -> None:
        assert shown(()) == (BodyVersion(""), None)

    def test_one_based_on_another_takes_its_place(self) -> None:
        assert outcomes(FIRST, body(2, "b", "second", FIRST), body(3, "a", "third", body(2, "b", ""))) == {
            ("third", "")
        }

    def test_of_two_written_apart_the_later_is_shown_and_the_other_stays(self) -> None:
        assert outcomes(FIRST, body(5, "a", "mine", FIRST), body(7, "b", "yours", FIRST)) == {("yours", "mine")}

    def test_of_three_all_stay_and_come_one_after_the_other(self) -> None:
        apart = [body(5, "a", "A", FIRST), body(6, "b", "B", FIRST), body(7, "c", "C", FIRST)]
        assert outcomes(FIRST, *apart) == {("C", "B")}
        settled = body(8, "a", "C and B", apart[2], apart[1])
        assert texts([FIRST, *apart, settled]) == ("C and B", "A")
        assert texts([FIRST, *apart, settled, body(9, "b", "all", settled, apart[0])]) == ("all", "")

    def test_writing_on_without_settling_keeps_the_other(self) -> None:
        mine, yours = body(5, "a", "mine", FIRST), body(7, "b", "yours", FIRST)
        assert outcomes(FIRST, mine, yours, body(9, "a", "yours, longer", yours)) == {("yours, longer", "mine")}

    def test_a_device_that_sends_only_its_last_words_has_written_no_two(self) -> None:
        """The first arrived, its answer did not; then it wrote on, still based on what it had seen of others."""
        assert outcomes(FIRST, body(5, "b", "on", FIRST), body(6, "b", "on and on", FIRST)) == {("on and on", "")}

    def test_nor_if_another_wrote_meanwhile(self) -> None:
        versions = [body(5, "b", "on", FIRST), body(5, "c", "apart", FIRST), body(6, "b", "on and on", FIRST)]
        assert outcomes(FIRST, *versions) == {("on and on", "apart")}

    @pytest.mark.parametrize("text", ["", "same"])
    def test_empty_and_equal_others_are_not_shown(self, text: str) -> None:
        assert outcomes(FIRST, body(5, "a", text, FIRST), body(7, "b", "same", FIRST)) == {("same", "")}

    def test_a_body_taken_away_apart_from_one_written_leaves_that(self) -> None:
        assert outcomes(FIRST, body(5, "a", "kept", FIRST), body(7, "b", "", FIRST)) == {("", "kept")}

    def test_one_stamp_with_two_texts_ends_the_same_everywhere(self) -> None:
        assert len(outcomes(FIRST, body(5, "a", "x", FIRST), body(5, "a", "y", FIRST))) == 1


class TestJoined:
    def test_any_order_of_a_long_history_gives_the_same(self) -> None:
        chance = random.Random(21)
        for _ in range(20):
            history = _history(chance, 12)
            expected = texts(history)
            for _ in range(10):
                mixed = [*history, *chance.choices(history, k=6)]
                chance.shuffle(mixed)
                assert texts(mixed) == expected

    def test_keeps_no_texts_that_nobody_is_shown(self) -> None:
        found = joined((FIRST,), (body(2, "b", "second", FIRST),))
        assert [version.text for version in found] == ["", "second"]

    def test_remembers_only_so_many(self) -> None:
        found: tuple[BodyVersion, ...] = (FIRST, body(1, "z", "apart"))
        for number in range(2, 200):
            found = joined(found, (body(number, "ab"[number % 2], str(number), found[-1]),))
        assert len(found) < 60
        assert [one.text if one else "" for one in shown(found)] == ["199", "first"]


def _history(chance: random.Random, length: int) -> list[BodyVersion]:
    """Devices that each know some of what was written, and base on what they are shown."""
    known: dict[str, tuple[BodyVersion, ...]] = dict.fromkeys("abc", ())
    history = []
    for number in range(1, length + 1):
        device = chance.choice("abc")
        if history and chance.random() < 0.5:
            known[device] = joined(known[device], tuple(history))
        latest, other = shown(known[device])
        bases = [version for version in (latest, other if chance.random() < 0.3 else None) if version and version.stamp]
        history.append(body(number, device, f"{device}{number}", *bases))
        known[device] = joined(known[device], (history[-1],))
    return history
