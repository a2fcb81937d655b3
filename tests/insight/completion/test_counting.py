"""How far readers got: only of those who agreed and bought, never fewer than five, in the newest edition."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from common import clock
from insight.completion.models import Completion, Consent
from insight.completion.services import consents, counting
from publishing.models import Edition
from storefront.checkout.models import Entitlement
from storefront.reading.models import EditionMap, FurthestPlace
from storefront.reading.services import edition_maps
from tests.factories.accounts import make_reader
from tests.factories.buying import buy
from tests.factories.publishing import make_contributor
from tests.factories.reading import STORY, give, publish_text
from tests.storefront.reading.test_relocate import publish_pages

pytestmark = [pytest.mark.both, pytest.mark.django_db]
MONDAY = datetime(2026, 11, 30, 5, 40, tzinfo=UTC)
LONG_AGO = MONDAY - timedelta(days=60)
# Each chapter of the story is three blocks.
HARBOUR, LAMP, LETTER, END = (1, 0), (4, 5), (7, 0), (8, 30)


@pytest.fixture
def story() -> Edition:
    return publish_text()


def read_to(
    edition: Edition, place: tuple[int, int] = LAMP, *, at: datetime = LONG_AGO, agrees: bool = True, **more: object
) -> User:
    """A reader who bought the book and read as far as this."""
    reader = make_reader()
    buy(reader)
    Entitlement.objects.filter(user=reader).update(work=edition.work, edition=edition)
    consents.decide(reader=reader, agrees=agrees, at=LONG_AGO)
    FurthestPlace.objects.create(
        user=reader,
        work=edition.work,
        edition=edition,
        block=place[0],
        offset=place[1],
        **{"share_bps": 5000, "at": at, **more},
    )
    return reader


def figures(edition: Edition) -> tuple[int, int, int, list[list[object]]] | None:
    counting.count_all(at=MONDAY)
    row = Completion.objects.filter(work=edition.work).first()
    if row is None:
        return None
    chapters = [[one.title, one.reached, one.stopped] for one in row.chapters]
    return row.readers, row.finished, row.reading, chapters


class TestWhoIsCounted:
    def test_five_who_agreed_are_enough(self, story: Edition) -> None:
        for _ in range(5):
            read_to(story)
        assert figures(story) == (5, 0, 0, [["The Harbour", 5, 0], ["The Lamp", 5, 5], ["The Letter", 0, 0]])

    @pytest.mark.parametrize("why", ["refused", "asked alone", "inactive", "returned", "given", "made"])
    def test_four_and_one_who_is_not_counted_are_too_few(self, story: Edition, why: str) -> None:
        for _ in range(4):
            read_to(story)
        fifth = read_to(story, agrees=why != "refused")
        if why == "asked alone":
            Consent.objects.filter(user=fifth).delete()
            consents.note_asked(fifth)
        elif why == "inactive":
            User.objects.filter(pk=fifth.pk).update(is_active=False)
        elif why == "returned":
            Entitlement.objects.filter(user=fifth).update(ended_at=clock.now())
        elif why == "given":
            Entitlement.objects.filter(user=fifth).delete()
            give(fifth, story)
        elif why == "made":
            make_contributor(story.work, user=fifth)
        assert figures(story) is None

    def test_figures_go_when_too_few_are_left(self, story: Edition) -> None:
        readers = [read_to(story) for _ in range(5)]
        assert figures(story) is not None
        consents.decide(reader=readers[0], agrees=False, at=MONDAY)
        assert figures(story) is None

    def test_a_work_that_is_not_on_sale_keeps_what_was_counted(self, story: Edition) -> None:
        for _ in range(5):
            read_to(story)
        before = figures(story)
        Edition.objects.update(state="withdrawn")
        for _ in range(5):
            read_to(story)
        assert figures(story) == before


class TestWhatIsShown:
    def test_is_never_about_fewer_than_five(self, story: Edition) -> None:
        for place in (HARBOUR, *[LAMP] * 6, END):
            read_to(story, place)
        assert figures(story) == (10, 0, 0, [["The Harbour", 10, 0], ["The Lamp", 5, 5], ["The Letter", 0, 0]])

    @pytest.mark.parametrize(("count", "shown"), [(0, 0), (4, 0), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
    def test_is_rounded_to_five(self, count: int, shown: int) -> None:
        assert counting.rounded(count) == shown

    def test_does_not_change_for_fewer_than_five(self, story: Edition) -> None:
        for _ in range(5):
            read_to(story)
        before = figures(story)
        later = clock.now() + timedelta(days=7)
        for _ in range(4):
            read_to(story, END, at=later)
        assert figures(story) == before
        read_to(story, END, at=later)
        after = figures(story)
        assert after is not None and after[:2] == (10, 5)

    def test_who_reads_at_present_has_not_stopped(self, story: Edition) -> None:
        for _ in range(5):
            read_to(story, at=MONDAY - timedelta(days=27))
        assert figures(story) == (5, 0, 5, [["The Harbour", 5, 0], ["The Lamp", 5, 0], ["The Letter", 0, 0]])

    def test_who_finished_reached_every_chapter(self, story: Edition) -> None:
        for _ in range(5):
            read_to(story, END)
        assert figures(story) == (5, 5, 0, [["The Harbour", 5, 0], ["The Lamp", 5, 0], ["The Letter", 5, 0]])

    def test_places_of_an_older_edition_are_found_in_the_newest(self, story: Edition) -> None:
        for _ in range(5):
            read_to(story, LAMP)
        second = publish_text((("Before", "It was an autumn like no other."), *STORY), work=story.work)
        edition_maps.ask([story.pk], second.pk, at=clock.now())
        edition_maps.make(map_id=EditionMap.objects.get().pk)
        found = figures(second)
        assert found is not None
        assert found[3] == [["Before", 5, 0], ["The Harbour", 5, 0], ["The Lamp", 5, 5], ["The Letter", 0, 0]]

    def test_a_book_of_pages(self) -> None:
        pages = publish_pages("one", "two", "three", "four", "five", "six")
        for number in (2, 2, 2, 2, 2, 5, 5, 5, 6, 6):
            read_to(pages, (0, 0), page=f"p{number}")
        found = figures(pages)
        assert found is not None and found[:3] == (10, 5, 0)

    def test_is_what_a_naive_count_says(self, story: Edition) -> None:
        dice = random.Random(20261130)
        told = Counter[str]()
        for _ in range(23):
            place, at = dice.choice((HARBOUR, LAMP, LETTER, END)), dice.choice((LONG_AGO, MONDAY - timedelta(days=3)))
            read_to(story, place, at=at)
            told["finished"] += place == END
            told["reading"] += place != END and at != LONG_AGO
            told["in lamp"] += place == LAMP and at == LONG_AGO
            told["to letter"] += place in (LETTER, END)
        found = figures(story)
        assert found is not None
        readers, finished, reading, chapters = found
        assert (readers, finished, reading) == (25, *(_nearest(told[name]) for name in ("finished", "reading")))
        assert chapters[1][2] == _nearest(told["in lamp"])
        assert chapters[2][1] == _nearest(told["to letter"])

    def test_an_edition_without_text_for_the_reader_is_left_out(self, story: Edition) -> None:
        for _ in range(5):
            read_to(story)
        story.job.artifacts.filter(kind="web").delete()
        assert figures(story) is None

    def test_a_book_whose_file_is_gone_is_left_out(self, story: Edition) -> None:
        for _ in range(5):
            read_to(story)
        story.job.artifacts.filter(kind="web").update(file="artifacts/gone.zip")
        assert figures(story) is None


def _nearest(count: int) -> int:
    return 0 if count < 5 else round(count / 5) * 5
