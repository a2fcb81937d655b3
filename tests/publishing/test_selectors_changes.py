"""Two editions' words compared, chapter by chapter."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from conversion.models import JobState
from publishing import selectors
from publishing.selectors import changes as changes_module
from tests.factories.conversion import make_artifact, make_job, web_zip

pytestmark = pytest.mark.django_db


def a_job(chapters=("One", "Two"), **bodies):
    job = make_job(state=JobState.DONE)
    make_artifact(job, kind="web", content=web_zip(chapters, **bodies))
    return job


def compare(old: dict[str, list[str]], new: dict[str, list[str]]):
    sides = [[changes_module.Chapter(title, text) for title, text in side.items()] for side in (old, new)]
    return changes_module.compare(*sides)


def shown(chapter) -> list[list[tuple[str, str]]]:
    return [[(span.kind, span.text) for span in paragraph] for paragraph in chapter.paragraphs]


class TestChangesBetween:
    def test_reads_both_web_books(self):
        old = a_job(c1="<h1>One</h1><p>Rain fell on the water.</p><p>Still.</p>")
        new = a_job(c1="<h1>One</h1><p>Snow fell on the water.</p><ul><li><p>Still.</p></li></ul>")
        found = selectors.changes_between(old, new)
        assert [(chapter.title, chapter.kind) for chapter in found.chapters] == [("One", "changed"), ("Two", "same")]
        assert (found.added, found.removed) == (1, 1)
        assert shown(found.changed[0]) == [[("removed", "Rain"), ("added", "Snow"), ("same", "fell on the water.")]]

    def test_is_none_while_one_has_no_text(self):
        assert selectors.changes_between(a_job(), make_job()) is None
        assert selectors.changes_between(make_job(), a_job()) is None

    def test_compares_the_same_texts_once(self, monkeypatch):
        cache.clear()
        old, new = a_job(), a_job(c1="<p>Other.</p>")
        first = selectors.changes_between(old, new)
        monkeypatch.setattr(changes_module, "compare", lambda *_: pytest.fail("compared again"))
        assert selectors.changes_between(old, new) == first

    def test_parts_of_a_long_chapter_are_one(self):
        old = a_job(("One", "One"), c1="<p>First part.</p>", c2="<p>Second part.</p>")
        new = a_job(("One",), c1="<p>First part.</p><p>Second part.</p>")
        assert selectors.changes_between(old, new).changed == ()


class TestCompare:
    def test_a_chapter_that_came_and_one_that_went(self):
        found = compare({"One": ["a b c"], "Two": ["d"]}, {"Zero": ["x y"], "One": ["a b c"]})
        told = [(chapter.title, chapter.kind, chapter.added, chapter.removed) for chapter in found.chapters]
        assert told == [("Zero", "added", 2, 0), ("One", "same", 0, 0), ("Two", "removed", 0, 1)]

    def test_a_renamed_chapter_is_compared_with_its_old_self(self):
        (chapter,) = compare({"The Harbor": ["same words"]}, {"The Harbour": ["same words"]}).chapters
        assert (chapter.title, chapter.kind, chapter.added) == ("The Harbour", "changed", 0)

    def test_a_paragraph_that_came_between(self):
        (chapter,) = compare({"One": ["a b", "e f"]}, {"One": ["a b", "c d", "e f"]}).chapters
        assert shown(chapter) == [[("added", "c d")]]

    def test_stays_bounded_when_everything_changed(self):
        old = {f"Chapter {n}": [f"“word {n} {m}”" for m in range(100)] for n in range(20)}
        new = {title: [text.replace("“", "«") for text in paragraphs] for title, paragraphs in old.items()}
        found = compare(old, new)
        assert sum(len(chapter.paragraphs) for chapter in found.chapters) == 400
        assert sum(chapter.hidden for chapter in found.chapters) == 1600
        assert (found.added, found.removed) == (2000, 2000)

    def test_a_very_long_paragraph_is_counted(self):
        long = " ".join(f"w{n}" for n in range(2000))
        (chapter,) = compare({"One": [long]}, {"One": [long.replace("w7 ", "seven ")]}).chapters
        assert shown(chapter) == [[("removed", "w7"), ("added", "seven")]]
