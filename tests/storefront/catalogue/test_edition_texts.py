"""The text of an edition as the shop reads it from web archives."""

from __future__ import annotations

import pytest

from storefront.catalogue.selectors.edition_texts import BookText, text_of, texts_of
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db

BOOK = BookText(("The Harbour", "Rain fell on the water.", "猫は眠った。"), (0, 0, 1))


def test_the_blocks_of_an_edition_with_their_chapters() -> None:
    job = make_done_job()
    job.artifacts.filter(kind="web").delete()
    make_artifact(
        job, kind="web", content=web_zip(("One", "Two"), c1="<h1>One</h1><p>Rain\u00ad.</p>", c2="<p>Sun.</p>")
    )
    edition = make_published_edition(job=job)
    text = text_of(edition)
    assert (text.blocks, text.parts) == (("One", "Rain.", "Sun."), (0, 0, 1))
    assert texts_of([edition]) == {edition.pk: text}


def test_an_edition_without_an_archive_has_none() -> None:
    job = make_done_job()
    job.artifacts.filter(kind="web").delete()
    edition = make_published_edition(job=job)
    assert text_of(edition).blocks == ()
    assert texts_of([edition]) == {}


@pytest.mark.parametrize(
    ("place", "share"),
    [((0, 0), 0), ((1, 0), 2750), ((1, 23), 8500), ((2, 6), 10_000), ((9, 9), 10_000), ((-1, 5), 1250)],
)
def test_places_have_a_share_of_the_text(place: tuple[int, int], share: int) -> None:
    assert BOOK.share_bps(*place) == share


@pytest.mark.parametrize("share", [0, 1, 2750, 5000, 8500, 9999, 10_000, 20_000])
def test_and_a_share_is_a_place(share: int) -> None:
    block, offset = BOOK.at_share(share)
    assert BOOK.has(block, offset)
    assert abs(BOOK.share_bps(block, offset) - min(share, 10_000)) <= 250  # 40 characters: each is 2.5 %


def test_an_empty_text_has_the_beginning_only() -> None:
    empty = BookText((), ())
    assert (empty.share_bps(3, 3), empty.at_share(5000), empty.between((0, 0), (1, 1))) == (0, (0, 0), "")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((1, 0), (1, 9), "Rain fell"),
        ((0, 4), (1, 4), "Harbour Rain"),
        ((1, 17), (2, 2), "water. 猫は"),
        ((1, 17), (9, 2), "water. 猫は眠った。"),
        ((7, 0), (9, 2), ""),
    ],
)
def test_words_between_places(start: tuple[int, int], end: tuple[int, int], words: str) -> None:
    assert BOOK.between(start, end) == words


@pytest.mark.parametrize(
    ("words", "near", "place"),
    [("the water. 猫は", 0, (1, 13)), ("r", 0, (0, 6)), ("r", 10_000, (1, 21)), ("snow", 0, None), ("", 0, None)],
)
def test_words_are_found_nearest_to_a_share(words: str, near: int, place: tuple[int, int] | None) -> None:
    assert BOOK.find(words, near_bps=near) == place


def test_words_around_a_quotation() -> None:
    assert BOOK.around((1, 5), (1, 9)) == ("Rain ", " on the water.")
    assert BOOK.around((1, 5), (9, 9)) == ("", "")
