"""Two editions compared by their text."""

from __future__ import annotations

import random

import pytest

from conversion.engine.api import edition_diff
from conversion.engine.edition_diff import ChapterDiff, EditionDiff, Fate, PieceKind, TextChapter, compare
from tests.conversion.edition_diff.next_editions import is_near, misnamed, next_edition

_SYLLABLES = ("ba", "ken", "lo", "mir", "ta", "su", "pol", "ri", "den", "ga", "wo", "fel")


def a_book(chapters: int = 24, *, seed: int = 1, paragraphs: int = 12) -> list[TextChapter]:
    """A book of made-up words, some of which are as frequent as in any text."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(1500)]
    weights = [1 / (rank + 1) for rank in range(len(words))]

    def paragraph() -> str:
        return " ".join(chance.choices(words, weights, k=chance.randint(6, 60))) + "."

    return [
        TextChapter(f"Chapter {number}", (f"Chapter {number}", *(paragraph() for _ in range(paragraphs))))
        for number in range(1, chapters + 1)
    ]


def chapter(title: str, *paragraphs: str) -> TextChapter:
    return TextChapter(title, (title, *paragraphs))


def rows(found: EditionDiff) -> list[tuple[str, set[str]]]:
    return [(row.title, {fate.value for fate in row.fates}) for row in found.chapters]


def shown(row: ChapterDiff) -> list[list[tuple[str, str]]]:
    return [[(piece.kind.value, piece.text) for piece in passage] for passage in row.passages]


WATER = "Rain fell on the water all night, and nobody in the harbour slept."
LAMP = "In the morning the lamp was still burning above the empty street."
DOG = "A dog that belonged to no one walked slowly along the river wall."
SEA = "Far out at sea a small boat was waiting for the tide to turn."
BREAD = "The baker opened his door and the smell of bread filled the square."
HILL = "Up on the hill the old observatory had lost another of its shutters."


class TestNextEditions:
    @pytest.mark.parametrize("share", [0.02, 1.0])
    @pytest.mark.parametrize("seed", [1, 2])
    def test_words_and_chapters_are_found_though_every_chapter_is_renamed(self, share: float, seed: int) -> None:
        made = next_edition(a_book(seed=seed), random.Random(seed), share)
        found = compare(made.old, made.new)
        assert is_near(found.added, made.added)
        assert is_near(found.removed, made.removed)
        assert misnamed(made, found) == []

    def test_titles_would_find_nothing(self) -> None:
        """Whoever goes by titles takes the whole book for new: this test fails for a comparison by title."""
        made = next_edition(a_book(), random.Random(1), 0.02)
        assert {one.title for one in made.old}.isdisjoint(one.title for one in made.new)
        found = compare(made.old, made.new)
        assert found.added < found.words_after / 20
        assert sum(Fate.ADDED in row.fates for row in found.chapters) == 1
        assert not any(Fate.GONE in row.fates for row in found.chapters)

    def test_equal_input_gives_equal_bytes(self) -> None:
        made = next_edition(a_book(8), random.Random(1), 0.5)
        assert compare(made.old, made.new).to_bytes() == compare(made.old, made.new).to_bytes()

    def test_nothing_changed(self) -> None:
        found = compare(a_book(6), a_book(6))
        assert (found.added, found.removed, found.changed, found.is_edition) == (0, 0, (), False)

    def test_what_is_stored_is_what_was_found(self) -> None:
        made = next_edition(a_book(12), random.Random(3), 0.5)
        found = compare(made.old, made.new)
        assert EditionDiff.from_bytes(found.to_bytes()) == found

    def test_another_version_is_refused(self) -> None:
        stored = EditionDiff((), 0, 0, version=edition_diff.VERSION + 1).to_bytes()
        with pytest.raises(ValueError, match="version"):
            EditionDiff.from_bytes(stored)


class TestFates:
    def test_renamed(self) -> None:
        found = compare([chapter("The Harbor", WATER, LAMP)], [chapter("The Harbour", WATER, LAMP)])
        assert rows(found) == [("The Harbour", {"renamed"})]
        assert found.chapters[0].before == ("The Harbor",)

    def test_two_that_changed_their_titles_are_not_two_that_changed_places(self) -> None:
        found = compare(
            [chapter("One", WATER, LAMP), chapter("Two", DOG, SEA)],
            [chapter("Two", WATER, LAMP), chapter("One", DOG, SEA)],
        )
        assert rows(found) == [("Two", {"renamed"}), ("One", {"renamed"})]

    def test_moved(self) -> None:
        old = [chapter("A", WATER), chapter("B", LAMP), chapter("C", DOG), chapter("D", SEA)]
        assert rows(compare(old, [old[3], *old[:3]])) == [("D", {"moved"}), ("A", set()), ("B", set()), ("C", set())]

    def test_split(self) -> None:
        found = compare([chapter("A", WATER, LAMP, DOG, SEA)], [chapter("A", WATER, LAMP), chapter("B", DOG, SEA)])
        assert rows(found) == [("A", {"split"}), ("B", {"split"})]
        assert [row.before for row in found.chapters] == [("A",), ("A",)]

    def test_merged(self) -> None:
        found = compare([chapter("A", WATER, LAMP), chapter("B", DOG, SEA)], [chapter("A", WATER, LAMP, DOG, SEA)])
        assert rows(found) == [("A", {"merged"})]
        assert found.chapters[0].before == ("A", "B")

    def test_added_and_gone(self) -> None:
        found = compare(
            [chapter("A", WATER, LAMP), chapter("B", DOG), chapter("C", SEA)],
            [chapter("Foreword", BREAD), chapter("A", WATER, LAMP), chapter("C", SEA)],
        )
        assert rows(found) == [("Foreword", {"added"}), ("A", set()), ("B", {"gone"}), ("C", set())]
        added, _, gone, _ = found.chapters
        assert (added.added, gone.removed, added.passages, gone.passages) == (14, 14, (), ())

    def test_one_of_the_same_name_that_was_written_anew(self) -> None:
        """A title proves nothing: the words of this one are gone."""
        old, new = [chapter("A", WATER), chapter("B", DOG, HILL)], [chapter("A", WATER), chapter("B", BREAD, SEA)]
        assert compare(old, new).added > 20

    def test_a_paragraph_that_went_to_another_chapter_is_neither_new_nor_gone(self) -> None:
        old = [chapter("A", WATER, LAMP, DOG, HILL), chapter("B", SEA, BREAD)]
        new = [chapter("A", WATER, LAMP, DOG), chapter("B", SEA, HILL, BREAD)]
        found = compare(old, new)
        assert (found.added, found.removed) == (0, 0)
        assert [row.moved for row in found.chapters] == [0, 1]


class TestProposal:
    def test_a_word_in_a_hundred_is_a_correction(self) -> None:
        words = [f"word{number}" for number in range(400)]
        old = [chapter("A", *(" ".join(words[start : start + 20]) for start in range(0, 400, 20)))]
        for changed, is_edition in ((4, False), (6, True)):
            new = [*words]
            for number in range(changed):
                new[number * 50 + 7] = f"other{number}"
            one = [chapter("A", *(" ".join(new[start : start + 20]) for start in range(0, 400, 20)))]
            assert compare(old, one).is_edition is is_edition

    @pytest.mark.parametrize("kind", ["added", "gone", "moved", "split", "merged"])
    def test_what_makes_a_new_edition(self, kind: str) -> None:
        old = a_book(12)
        short = chapter("Z", BREAD)
        new = {
            "added": [*old, short],
            "gone": old,
            "moved": [old[7], *old[:7], *old[8:]],
            "split": [*old[:-1], TextChapter("L", old[-1].blocks[:7]), TextChapter("M", old[-1].blocks[7:])],
            "merged": [*old[:-2], TextChapter("L", old[-2].blocks + old[-1].blocks)],
        }
        assert compare([*old, short] if kind == "gone" else old, new[kind]).is_edition

    def test_new_titles_alone_do_not(self) -> None:
        old = a_book(12)
        new = [TextChapter(f"On {number}", one.blocks) for number, one in enumerate(old)]
        found = compare(old, new)
        assert len(found.changed) == 12
        assert not found.is_edition


class TestPassages:
    def test_words_before_and_after(self) -> None:
        (row,) = compare([chapter("A", WATER, DOG)], [chapter("A", WATER.replace("Rain", "Snow"), DOG)]).chapters
        assert shown(row)[0][:2] == [("removed", "Rain"), ("added", "Snow")]
        assert (row.added, row.removed, row.places) == (1, 1, 1)

    def test_a_comma_is_shown_though_no_word_changed(self) -> None:
        old, new = [chapter("A", WATER, DOG)], [chapter("A", WATER.replace("night,", "night;"), DOG)]
        found = compare(old, new)
        assert (found.added, found.removed, len(found.changed)) == (0, 0, 1)
        assert ("removed", "night,") in shown(found.chapters[0])[0]
        assert ("added", "night;") in shown(found.chapters[0])[0]

    def test_only_a_few_words_beside_a_change_are_shown(self) -> None:
        long = " ".join(f"w{number}" for number in range(4000))
        (row,) = compare([chapter("A", long)], [chapter("A", long.replace("w2000 ", "other "))]).chapters
        text = " ".join(piece.text for piece in row.passages[0])
        assert len(text.split()) < 25
        assert {("removed", "w2000"), ("added", "other")} <= set(shown(row)[0])

    def test_a_paragraph_that_was_parted(self) -> None:
        (row,) = compare([chapter("A", f"{WATER} {LAMP}", DOG)], [chapter("A", WATER, LAMP, DOG)]).chapters
        assert (row.added, row.removed) == (0, 0)
        assert [piece.text for passage in row.passages for piece in passage if piece.kind == PieceKind.ADDED] == ["¶"]

    def test_a_long_novel_in_which_all_changed_stays_light(self) -> None:
        made = next_edition(a_book(300), random.Random(1), 1.0)
        found = compare(made.old, made.new)
        passages = [passage for row in found.chapters for passage in row.passages]
        assert len(passages) <= 600
        assert max(len(row.passages) for row in found.chapters) <= 60
        assert sum(row.hidden for row in found.chapters) > 2000
        assert sum(len(piece.text) for passage in passages for piece in passage) < 300_000
        assert len(found.to_bytes()) < 200_000


class TestOddTexts:
    def test_empty_books(self) -> None:
        assert compare([], []).chapters == ()
        assert rows(compare([], [chapter("A", WATER)])) == [("A", {"added"})]
        assert rows(compare([chapter("A", WATER)], [])) == [("A", {"gone"})]

    def test_empty_chapters_keep_their_place(self) -> None:
        old = [chapter("A", WATER), TextChapter("Part Two", ()), chapter("B", DOG)]
        new = [chapter("A", WATER), TextChapter("Second Part", ()), chapter("B", DOG)]
        assert rows(compare(old, new)) == [("A", set()), ("Second Part", {"renamed"}), ("B", set())]

    def test_twins_stay_where_they_are(self) -> None:
        refrain = chapter("Chorus", WATER, LAMP)
        old = [chapter("A", DOG), refrain, chapter("B", SEA), refrain, chapter("C", BREAD)]
        assert compare(old, old).changed == ()
        found = compare(old, [*old[:2], chapter("B", SEA.replace("small", "red")), *old[3:]])
        assert [row.title for row in found.changed] == ["B"]

    def test_a_twin_that_was_taken_out(self) -> None:
        refrain = chapter("Chorus", WATER, LAMP)
        old = [chapter("A", DOG), refrain, chapter("B", SEA), refrain, chapter("C", BREAD)]
        found = compare(old, [*old[:3], old[4]])
        assert sum("gone" in fates for _, fates in rows(found)) == 1
        assert found.added == 0

    def test_japanese_counts_characters(self) -> None:
        first = "山路を登りながら、こう考えた。智に働けば角が立つ。情に棹させば流される。"
        second = "意地を通せば窮屈だ。とかくに人の世は住みにくい。"
        old, new = [chapter("一", first, second)], [chapter("二", first.replace("山路", "坂道"), second)]
        found = compare(old, new)
        assert rows(found) == [("二", {"renamed"})]
        assert (found.added, found.removed) == (3, 3)
        assert ("removed", "山路") in shown(found.chapters[0])[1]

    def test_short_lines_of_verse_with_one_word_changed(self) -> None:
        lines = [
            "Rough winds do shake",
            "the darling buds",
            "of May,",
            "and summer’s lease",
            "hath all too short",
            "a date",
        ]
        edited = [
            "Cold winds do shake",
            "the darling leaves",
            "of June,",
            "and summer’s rent",
            "hath all too brief",
            "a date",
        ]
        found = compare([chapter("XVIII", *lines)], [chapter("XVIII", *edited)])
        assert (found.added, found.removed) == (5, 5)
        assert found.chapters[0].places == 5

    def test_only_marks(self) -> None:
        found = compare([chapter("A", "* * *", WATER)], [chapter("A", "***", WATER)])
        assert [row.title for row in found.changed] == ["A"]
