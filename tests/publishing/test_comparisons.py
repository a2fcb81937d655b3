"""Two jobs' texts compared by a worker, once; what a page shows of it; notes drafted from it."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from common import clock, storage
from conversion.engine.api import edition_diff
from conversion.job_texts import text_chapters
from conversion.models import JobState
from publishing import selectors
from publishing.changed_chapters import shown_changes
from publishing.models import TextComparison
from publishing.selectors.changes import MAX_ATTEMPTS
from publishing.selectors.edition_notes import drafted_notes
from publishing.services import comparisons
from tests.conversion.edition_diff.test_compare import a_book, chapter
from tests.factories.conversion import make_artifact, make_job, web_zip

pytestmark = pytest.mark.django_db
WATER = "Rain fell on the water all night, and nobody in the harbour slept."
LAMP = "In the morning the lamp was still burning above the empty street."
DOG = "A dog that belonged to no one walked slowly along the river wall."
SEA = "Far out at sea a small boat was waiting for the tide to turn."


def a_job(chapters=("One", "Two"), **bodies):
    job = make_job(state=JobState.DONE)
    make_artifact(job, kind="web", content=web_zip(chapters, **bodies))
    return job


def ask(old, new) -> TextComparison | None:
    comparisons.ask_comparison(before=old, after=new, at=clock.now())
    return TextComparison.objects.filter(before=old, after=new).first()


def compared(old, new):
    comparisons.compare(comparison_id=ask(old, new).pk)
    return selectors.changes_between(old, new)


class TestCompare:
    def test_reads_both_web_books(self):
        old = a_job(c1=f"<h1>One</h1><p>{WATER}</p><p>{LAMP}</p>")
        new = a_job(("Eins", "Two"), c1=f"<h1>Eins</h1><p>{WATER.replace('Rain', 'Snow')}</p><ul><li>{LAMP}</li></ul>")
        found = compared(old, new)
        assert [(row.title, [*row.fates]) for row in found.changed] == [("Eins", ["renamed"])]
        assert (found.added, found.removed) == (2, 2)

    def test_parts_of_a_long_chapter_are_one(self):
        old = a_job(("One", "One"), c1="<p>First part.</p>", c2="<p>Second part.</p>")
        new = a_job(("One",), c1="<p>First part.</p><p>Second part.</p>")
        assert compared(old, new).changed == ()

    def test_a_book_of_pages_is_one_chapter(self):
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("book.json", '{"kind": "pages", "title": "Moon", "chapters": []}')
            archive.writestr("pages.json", '{"pages": [{"id": "p1"}]}')
            archive.writestr("pages/p1.json", '{"lines": [{"block": 0, "text": "Good night", "joined": false}]}')
        job = make_job(state=JobState.DONE)
        make_artifact(job, kind="web", content=buffer.getvalue())
        assert text_chapters(job) == [("Moon", ("Good night",))]

    def test_is_asked_for_once(self):
        old, new = a_job(), a_job(c1="<p>Other.</p>")
        assert ask(old, new) == ask(old, new)
        assert selectors.changes_between(old, new) is None
        assert selectors.is_being_compared(old, new)
        assert compared(old, new) is not None
        assert not selectors.is_being_compared(old, new)

    def test_is_not_made_twice(self, monkeypatch):
        old, new = a_job(), a_job(c1="<p>Other.</p>")
        first = compared(old, new)
        monkeypatch.setattr(edition_diff, "compare", lambda *_: pytest.fail("compared again"))
        assert compared(old, new) == first

    @pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.FAILED, JobState.CANCELED])
    def test_an_unfinished_job_is_not_compared(self, state):
        assert ask(a_job(), make_job(state=state)) is None
        assert ask(make_job(state=state), a_job()) is None

    def test_gives_up_on_a_file_that_is_gone(self):
        old, new = a_job(), a_job(c1="<p>Gone.</p>")
        storage.private().delete(new.artifacts.get(kind="web").file)
        for _ in range(MAX_ATTEMPTS):
            assert compared(old, new) is None
        assert not selectors.is_being_compared(old, new)

    def test_one_of_another_version_is_made_again(self):
        old, new = a_job(), a_job(c1="<p>Other.</p>")
        compared(old, new)
        TextComparison.objects.update(version=edition_diff.VERSION + 1)
        assert selectors.changes_between(old, new) is None
        assert compared(old, new) is not None


class TestStuck:
    def test_lost_messages_are_sent_again(self, monkeypatch):
        sent = []
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: sent.append((name, ids)))
        row = ask(a_job(), a_job(c1="<p>Other.</p>"))
        sent.clear()
        comparisons.enqueue_stuck()
        assert sent == [], "the first message has a head start"
        TextComparison.objects.update(asked_at=row.asked_at.replace(year=2020))
        comparisons.enqueue_stuck()
        assert sent == [("publishing.compare", {"comparison_id": row.pk})]
        TextComparison.objects.update(attempts=MAX_ATTEMPTS)
        comparisons.enqueue_stuck()
        assert len(sent) == 1


class TestShown:
    def a_difference(self, chapters=300):
        old = a_book(chapters)
        new = [
            edition_diff.TextChapter(one.title, (*(block.replace(" ", " new ", 1) for block in one.blocks),))
            for one in old
        ]
        return edition_diff.compare(old, new)

    def test_a_page_of_300_chapters_stays_light(self):
        shown = shown_changes(self.a_difference())
        assert (shown.total, len(shown.chapters)) == (300, 300)
        assert sum(len(one.passages) for one in shown.chapters) == 40
        assert all(one.rest or one.untold or one.passages for one in shown.chapters)

    def test_one_chapter_has_all_that_is_kept_of_it(self):
        found = self.a_difference(4)
        shown = shown_changes(found, only="2")
        assert shown.is_one
        assert [one.number for one in shown.chapters] == [2]
        assert len(shown.chapters[0].passages) == len(found.changed[1].passages)

    @pytest.mark.parametrize("only", ["0", "301", "-1", "two", "1" * 50])
    def test_an_unknown_chapter_shows_all(self, only):
        assert len(shown_changes(self.a_difference(4), only=only).chapters) == 4

    def test_no_passage_for_who_may_not_read(self):
        for only in ("", "2"):
            shown = shown_changes(self.a_difference(4), only=only, with_passages=False)
            assert [len(one.passages) + one.rest for one in shown.chapters] == [0, 0, 0, 0]


class TestNotes:
    OLD = (chapter("A", WATER, LAMP), chapter("B", DOG, SEA), chapter("C", LAMP + " " + DOG))

    def notes(self, new, *, old=OLD, language="en", is_revision=False):
        return drafted_notes(edition_diff.compare(old, new), language=language, is_revision=is_revision)

    def test_say_what_became_of_chapters(self):
        old = [chapter("A", WATER, LAMP), chapter("B", DOG, SEA)]
        assert self.notes([chapter("A", WATER, LAMP)], old=old) == "Removed: “B”."
        assert self.notes([*old, chapter("C", "A page of entirely other words ends it.")], old=old) == "New: “C”."
        merged = [chapter("X", WATER, LAMP, DOG, SEA)]
        assert self.notes(merged, old=old).splitlines()[0] == "“A” and “B” are now one: “X”."
        assert self.notes(old, old=merged).splitlines()[0] == "“X” is now “A” and “B”."
        renamed = [chapter("A", WATER, LAMP), edition_diff.TextChapter("Z", old[1].blocks)]
        assert self.notes(renamed, old=old) == "“B” is now called “Z”."

    def test_count_the_places_of_a_correction(self):
        new = [chapter("A", WATER.replace("night,", "night;"), LAMP.replace("empty", "dark")), *self.OLD[1:]]
        assert self.notes(new, is_revision=True) == "Corrected in “A”: 2 places."
        assert self.notes(new) == "Changed: “A” (+1, −1 words)."

    def test_are_in_the_language_of_the_book(self):
        new = [chapter("A", WATER.replace("Rain", "Snow"), LAMP), *self.OLD[1:]]
        assert self.notes(new, language="de-AT").startswith("Geändert")
        assert self.notes(new, language="ja").startswith("Changed")

    def test_of_many_chapters_name_a_few(self):
        old = a_book(30)
        new = [edition_diff.TextChapter(f"On {number}", one.blocks) for number, one in enumerate(old)]
        assert self.notes(new, old=old) == "30 chapters have new titles."

    def test_nothing_changed(self):
        assert self.notes(self.OLD) == ""
