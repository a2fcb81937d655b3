"""Two at once: the lock on a text's row, and what happens without it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection

from common import clock
from publishing.editing.errors import SaveConflict
from publishing.editing.models import Correction, WorkText
from publishing.editing.selectors import chapters
from publishing.editing.services import builds, saving, texts
from publishing.models import Edition
from tests.factories.editing import make_correction, make_text, patch_of

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls return or raise, each on a connection of its own."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except SaveConflict as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return list(pool.map(run, calls))


def both_have_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both saves read the text before either writes, as far as a lock lets them."""
    barrier, compare = Barrier(2), saving.compare

    def slow(*args: Any, **kwargs: Any) -> Any:
        found = compare(*args, **kwargs)
        with suppress(BrokenBarrierError):  # the lock held the other one back
            barrier.wait(timeout=2)
        return found

    monkeypatch.setattr(saving, "compare", slow)


def two_saves(text: WorkText) -> list[Any]:
    """Two tabs type other words in one place of the same revision."""
    document = chapters.chapter_document(text, chapters.chapter_lines(text)[0].id)
    revision = document.pop("revision")

    def save(word: str) -> Callable[[], Any]:
        block = next(one for one in document["blocks"] if "keeper" in str(one.get("text")))
        words = [str(block["text"][0]).replace("keeper", word)]
        typed = document | {"blocks": [one | {"text": words} if one is block else one for one in document["blocks"]]}
        return lambda: saving.save_chapter(
            actor=text.work.owner,
            work=text.work,
            chapter_id=document["chapter"],
            document=typed,
            revision=revision,
            at=clock.now(),
        )

    return at_once(save("warden"), save("guard"))


def test_two_saves_of_the_same_words_are_one_and_a_conflict(monkeypatch):
    text = make_text()
    both_have_looked(monkeypatch)
    answers = two_saves(text)
    assert [type(one).__name__ for one in answers].count("SaveConflict") == 1
    assert Correction.objects.filter(decision="accepted").count() == 1


def test_without_the_lock_both_would_be_in_the_text(monkeypatch):
    text = make_text()

    def unlocked(work: Any) -> WorkText:
        found = WorkText.objects.select_related("base").get(work=work)
        found.work = work
        return found

    monkeypatch.setattr(saving, "lock_text", unlocked)
    both_have_looked(monkeypatch)
    two_saves(text)
    assert Correction.objects.filter(decision="accepted").count() == 2


def test_two_workers_start_one_build():
    text = make_text()
    make_correction(text, patch_of(text, "keeper", "warden"))
    WorkText.objects.update(due_at=clock.real_now() - texts.BUILD_DELAY)
    before = Edition.objects.get().job_id
    made = at_once(*[lambda: builds.rebuild_due(work_id=text.work_id, at=clock.now())] * 2)
    assert [one is not None for one in made].count(True) == 1
    assert Edition.objects.get().job_id != before
