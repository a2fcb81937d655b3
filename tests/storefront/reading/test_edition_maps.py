"""Maps between editions: asked for when one is published or needed, made by a worker, made again when lost or old."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from common import clock, jobs, storage
from conversion.engine.api import align
from conversion.models import Artifact
from publishing.models import Edition
from storefront.catalogue.selectors import edition_texts
from storefront.reading.models import EditionMap
from storefront.reading.models.edition_map import MAX_ATTEMPTS
from storefront.reading.services import edition_maps
from tests.factories.accounts import make_reader
from tests.factories.reading import STORY, make_note, make_place, publish_text

pytestmark = pytest.mark.django_db

FOREWORD = ("Foreword", "A book that was long in the making.")


@pytest.fixture
def reader() -> User:
    return make_reader()


def maps() -> set[tuple[int, int]]:
    return {(row.from_edition.number, row.to_edition.number) for row in EditionMap.objects.all()}


class TestPublishing:
    def test_asks_for_maps_from_each_edition_in_use(self, reader: User) -> None:
        first = publish_text()
        make_note(reader, first)
        second = publish_text((FOREWORD, *STORY), work=first.work)
        make_place(reader, second, block=3)
        publish_text(STORY, work=first.work)  # nobody has anything in the fourth's predecessor
        publish_text((FOREWORD, *STORY), work=first.work)
        assert maps() == {(1, 2), (1, 3), (2, 3), (1, 4), (2, 4)}

    def test_the_worker_fills_them(self, reader: User, django_capture_on_commit_callbacks) -> None:
        first = publish_text()
        make_note(reader, first)
        with django_capture_on_commit_callbacks(execute=True):
            publish_text((FOREWORD, *STORY), work=first.work)
        row = EditionMap.objects.get()
        made = align.EditionMap.from_bytes(bytes(row.data))
        assert (row.version, made.old_blocks, made.new_blocks) == (align.VERSION, 9, 11)

    def test_a_first_edition_asks_for_nothing(self, django_assert_num_queries) -> None:
        edition = publish_text(announce=False)
        with django_assert_num_queries(0):
            edition_maps.edition_listed(edition)

    def test_nor_one_whose_readers_left_nothing(self) -> None:
        publish_text(work=publish_text().work)
        assert maps() == set()

    def test_nor_a_draft_whose_details_change(self, reader: User) -> None:
        first = publish_text()
        make_note(reader, first)
        edition_maps.edition_listed(Edition(work=first.work, number=2, state="draft"))
        assert maps() == set()


class TestAsking:
    @pytest.fixture
    def pair(self) -> tuple[Edition, Edition]:
        first = publish_text()
        return first, publish_text((FOREWORD, *STORY), work=first.work)

    def test_asks_once(self, pair: tuple[Edition, Edition]) -> None:
        first, second = pair
        with jobs.collect_messages() as messages:
            for _ in range(2):
                edition_maps.ask({first.pk, second.pk}, second.pk, at=clock.now())
        assert maps() == {(1, 2)}
        assert messages == []  # sent after the commit, which a test does not reach

    def test_backwards_for_a_device_that_keeps_an_old_edition(self, pair: tuple[Edition, Edition]) -> None:
        first, second = pair
        edition_maps.ask([second.pk], first.pk, at=clock.now())
        assert maps() == {(2, 1)}

    def test_a_made_map_is_left_alone(self, pair: tuple[Edition, Edition], django_assert_num_queries) -> None:
        first, second = pair
        row = EditionMap.objects.create(
            from_edition=first, to_edition=second, asked_at=clock.now(), version=align.VERSION, data=b"made"
        )
        with django_assert_num_queries(1):
            edition_maps.ask([first.pk], second.pk, at=clock.now())
        edition_maps.make(map_id=row.pk)
        row.refresh_from_db()
        assert bytes(row.data) == b"made"


class TestSweeping:
    @pytest.fixture
    def row(self, reader: User) -> EditionMap:
        first = publish_text()
        make_note(reader, first)
        publish_text((FOREWORD, *STORY), work=first.work)
        return EditionMap.objects.get()

    def swept(self) -> list[int]:
        """The maps that the sweeper enqueues."""
        sent: list[int] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(jobs, "enqueue", lambda name, map_id: sent.append(map_id))
            patch.setattr(clock, "database_now", clock.now)
            edition_maps.retry_stuck()
        return sent

    def test_leaves_the_message_some_time(self, row: EditionMap) -> None:
        assert self.swept() == []
        with clock.frozen(clock.now() + timedelta(minutes=6)):
            assert self.swept() == [row.pk]

    def test_a_map_of_an_older_aligner_is_used_until_it_is_made_again(self, row: EditionMap) -> None:
        edition_maps.make(map_id=row.pk)
        EditionMap.objects.update(version=align.VERSION + 1)
        assert self.swept() == [row.pk]
        edition_maps.make(map_id=row.pk)
        assert EditionMap.objects.get().version == align.VERSION
        assert self.swept() == []

    def test_gives_up_on_a_file_that_is_gone(self, row: EditionMap) -> None:
        file = Artifact.objects.get(job=row.from_edition.job_id, kind="web").file
        storage.private().delete(file)
        edition_texts.archive_text.cache_clear()
        edition_texts.book_text.cache_clear()
        with clock.frozen(clock.now() + timedelta(minutes=6)):
            for _ in range(MAX_ATTEMPTS):
                assert self.swept() == [row.pk]
                edition_maps.make(map_id=row.pk)
            assert self.swept() == []
        assert EditionMap.objects.get().has_failed

    def test_asks_for_maps_that_nothing_asked_for(self, row: EditionMap, reader: User) -> None:
        EditionMap.objects.all().delete()
        unused = publish_text(work=publish_text().work)
        edition_maps.ask_missing()
        assert maps() == {(1, 2)}
        edition_maps.ask_missing()
        assert not EditionMap.objects.filter(to_edition=unused).exists()
