"""What a list of corrections says of each: words, how they are formatted, chapters as a whole."""

from __future__ import annotations

import pytest
from django.utils import translation

from common import clock
from conversion.engine import patches
from conversion.engine.api import editing
from conversion.engine.patches import Piece, words_patches
from publishing import services as publishing_services
from publishing.editing.models import Correction, WorkText
from publishing.editing.selectors import bases, chapters, lists
from publishing.editing.services import builds, chapter_changes
from tests.conversion.patches.samples import LINES
from tests.factories.editing import base_row, finish, harbour, make_correction, make_text, patch_of
from tests.factories.publishing import make_manuscript
from tests.publishing.editing.test_services_builds import place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]


def shown(text: WorkText) -> lists.ShownCorrection:
    fresh = WorkText.objects.select_related("base", "work__owner").get(pk=text.pk)
    (row,) = lists.shown(fresh, Correction.objects.filter(work=text.work))
    return row


def formatted(text: WorkText, word: str, *marks: tuple[str, ...]) -> Correction:
    """A correction that gives one word of the text marks."""
    base = patches.base_of(harbour())
    (block,) = [number for number, one in enumerate(base.blocks) if word in one.text]
    before, _, after = base.blocks[block].text.partition(word)
    (patch,) = words_patches(base, block, [Piece(before), Piece(word, marks), Piece(after)])
    assert base_row(text).identity == base.identity
    return make_correction(text, patch)


class TestWords:
    def test_stand_among_their_neighbours(self) -> None:
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        row = shown(text)
        assert (row.label, row.before.strip(), row.after.strip()) == ("Words", "keeper", "warden")
        assert row.lead.endswith("and the ")
        assert row.rest.startswith("slept through")

    def test_still_do_after_another_upload(self) -> None:
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        manuscript = make_manuscript(text.work, content=b"# Another")
        edition = publishing_services.prepare_edition(actor=text.work.owner, manuscript=manuscript, at=clock.now())
        new = harbour(lines=("A line that is new at the beginning of the book.", *LINES[1:]))
        finish(edition.job, new, place(edition.job, new))
        builds.adopt_base(job_id=edition.job_id, at=clock.now())
        row = shown(text)
        assert row.lead.endswith("and the ")
        assert row.rest.startswith("slept through")


class TestManyCorrections:
    def test_read_their_base_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = make_text()
        for old, new in (("keeper", "warden"), ("silk", "satin"), ("town", "city")):
            make_correction(text, patch_of(text, old, new))
        read: list[int] = []
        monkeypatch.setattr(lists, "engine_base", lambda base: read.append(base.pk) or bases.engine_base(base))
        lists.shown(text, Correction.objects.filter(work=text.work).select_related("base"))
        assert read == [base_row(text).pk]


class TestFormatting:
    def test_is_named_where_the_words_stay(self) -> None:
        text = make_text()
        formatted(text, "keeper", ("emphasis",), ("strong",))
        row = shown(text)
        assert row.label == "Formatting"
        assert (row.before, row.after) == ("keeper (plain)", "keeper (italic, bold)")

    def test_is_named_in_the_readers_language(self) -> None:
        text = make_text()
        formatted(text, "keeper", ("small_caps",))
        with translation.override("de"):
            assert shown(text).after == "keeper (Kapitälchen)"


class TestChapters:
    def test_that_moved_are_named_and_not_struck_out(self) -> None:
        text = make_text()
        first, second = (one.id for one in chapters.chapter_lines(text))
        chapter_changes.change_chapters(
            actor=text.work.owner, work=text.work, change=editing.MoveChapter(first, second), at=clock.now()
        )
        row = shown(text)
        assert (row.label, row.before, row.after) == ("Chapter moved", "", "")
        assert row.lead in {"The Harbour", "The Lamp"}
