"""Tests of the exact step: copies that were planted are found word for word, and nothing else is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from conversion.engine.api import passages
from tests.conversion.passages.texts import changed, drawn_words

BOOK = drawn_words(6000, 1)
OTHER = drawn_words(6000, 2)


def test_texts_by_two_people_share_nothing() -> None:
    found = passages.compare(BOOK, OTHER)
    assert (found.words, found.there_words, found.pieces) == (0, 0, ())


@given(st.integers(0, 5000), st.integers(60, 900), st.integers(0, 5900))
@settings(max_examples=40)
def test_a_planted_passage_is_found_to_the_word(start: int, length: int, at: int) -> None:
    length = min(length, len(OTHER) - start)
    mine = BOOK[:at] + OTHER[start : start + length] + BOOK[at:]
    found = passages.compare(mine, OTHER)
    (piece,) = found.pieces
    # A neighbour may be the same word by chance only if a whole window is.
    assert (piece.here, piece.here_end, piece.words) == (at, at + length, length)
    assert (piece.there, piece.there_end) == (start, start + length)
    assert found.words == found.there_words == length


def test_less_than_forty_words_are_no_passage() -> None:
    assert passages.compare(BOOK[:500] + OTHER[100:139] + BOOK[500:], OTHER).words == 0
    assert passages.compare(BOOK[:500] + OTHER[100:140] + BOOK[500:], OTHER).words == 40


def test_own_words_in_between_do_not_count() -> None:
    mine = [*OTHER[100:150], *BOOK[:30], *OTHER[150:200]]
    found = passages.compare(mine, OTHER)
    assert found.words == 100
    assert found.same.count(1) == 100


def test_a_passage_pasted_twice_counts_twice() -> None:
    mine = [*OTHER[:2000], *BOOK[:500], *OTHER[:2000]]
    found = passages.compare(mine, OTHER)
    assert found.words == 4000
    assert found.there_words == 2000


def test_a_mosaic_is_found_with_the_place_of_each_piece() -> None:
    order = [7, 2, 9, 0, 5]
    mine = [word for number in order for word in OTHER[number * 100 : number * 100 + 50]]
    found = passages.compare(mine, OTHER)
    assert found.words == 250
    assert [piece.there for piece in found.pieces] == [number * 100 for number in order]


def test_changed_words_leave_the_rest() -> None:
    shares = []
    for share in (0.05, 0.1, 0.2, 0.3):
        mine = changed(OTHER, share)
        shares.append(passages.compare(mine, OTHER).words / len(mine))
    assert shares[0] > 0.9
    assert shares[1] > 0.8
    assert shares[2] > 0.5
    assert shares[3] > 0.25


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5000), st.integers(1, 120)), min_size=1, max_size=12))
@settings(max_examples=60)
def test_pieces_share_no_word_and_add_up(parts: list[tuple[bool, int, int]]) -> None:
    mine = [word for is_copy, at, length in parts for word in (OTHER if is_copy else BOOK)[at : at + length]]
    found = passages.compare(mine, OTHER)
    assert sum(piece.words for piece in found.pieces) == found.words == found.same.count(1)
    assert sum(found.same_there) == found.there_words
    last = 0
    for piece in found.pieces:
        assert last <= piece.here < piece.here_end <= len(mine)
        assert 0 <= piece.there < piece.there_end <= len(OTHER)
        last = piece.here_end
    copied = sum(min(length, len(OTHER) - at) for is_copy, at, length in parts if is_copy)
    assert found.words <= copied + 4 * len(parts)  # words by chance at the edges of a piece


def test_free_words_do_not_count() -> None:
    classic = drawn_words(3000, 3)
    other = [*classic, *OTHER[:400]]
    mine = [*classic, *BOOK[:400], *OTHER[:100]]
    free = passages.windows_within(mine, [classic])
    assert passages.compare(mine, other).words == 3100
    assert passages.compare(mine, other, free=free).words == 100


def test_a_short_stretch_that_many_have_does_not_count() -> None:
    start = next(at for at in range(5000) if passages.prints_of(OTHER[at : at + 60]))
    common = passages.prints_of(OTHER[start : start + 60])
    short = BOOK[:200] + OTHER[start : start + 60] + BOOK[200:]
    assert passages.compare(short, OTHER).words == 60
    assert passages.compare(short, OTHER, common=common).words == 0
    long = BOOK[:200] + OTHER[start : start + 300] + BOOK[200:]
    assert passages.compare(long, OTHER, common=passages.prints_of(OTHER)).words == 300


def test_prints_are_one_in_128_runs_and_the_same_anywhere() -> None:
    prints = passages.prints_of(drawn_words(64_000, 4))
    assert 400 < len(prints) < 600
    assert passages.prints_of(OTHER[1000:3000]) <= passages.prints_of(OTHER)
    assert all(-(2**63) <= one < 2**63 for one in prints)
    assert passages.prints_of(OTHER[:7]) == frozenset()


def test_an_excerpt_is_written_as_the_author_wrote_it() -> None:
    body = passages.Body(
        (
            passages.Chapter("One", ("Not this — at all.", "“He’s here,” said Ann.", "Then she left.")),
            passages.Chapter("Two", ("Another.",)),
        )
    )
    assert body.words == [
        "not",
        "this",
        "at",
        "aii",
        "he",
        "s",
        "here",
        "said",
        "ann",
        "then",
        "she",
        "ieft",
        "another",
    ]
    same = bytes([0] * 4 + [1] * 5 + [0] * 4)
    shown = passages.excerpt(body, 2, 12, same, most=50)
    assert shown == (
        passages.Segment("at all.\n", False),
        passages.Segment("“He’s here,” said Ann.\n", True),
        passages.Segment("Then she left.", False),
    )
    assert passages.excerpt(body, 4, 12, same, most=3) == (passages.Segment("“He’s here,”", True),)


def test_an_excerpt_of_a_later_chapter_counts_from_the_whole_body() -> None:
    body = passages.Body((passages.Chapter("One", ("a b c",)), passages.Chapter("Two", ("d e f g",))))
    assert body.place_of(4)[0].title == "Two"
    assert passages.excerpt(body, 4, 6, bytes([0, 0, 0, 0, 1, 1, 0]), most=9) == (passages.Segment("e f", True),)
