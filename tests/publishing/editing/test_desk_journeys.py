"""The desk as its author uses it, on the real server, in three browsers: correct, accept, undo, decide, move, publish.

    pytest -m journey tests/publishing/editing/test_desk_journeys.py       all three browsers

An ordinary run has Chromium alone: the editor's own journeys (`tests/publishing/editor`) are in all three anyway.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from common import clock
from publishing.editing.models import Correction, Decision, WorkText
from publishing.editing.selectors import chapters
from publishing.models import Edition, EditionState, TextComparison
from publishing.services import comparisons
from tests.factories.accounts import make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.editing import finish, harbour, make_correction, make_text, patch_of
from tests.factories.publishing import make_edition, make_published_edition
from tests.publishing.editor.conftest import ENGINES
from tests.publishing.editor.test_browsers import OPEN, PASTE, STATE, TEXT, WATCH, put, wait_for
from tests.support.reading import log_in_as
from tests.support.windows import ARROW_UP, CONTROL, ENTER, TAB, Window, opened, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/editor.js").exists(), reason="script/vendor has not run"
    ),
]
BROWSERS = [pytest.param(name, marks=[] if name == "chromium" else [pytest.mark.corpus]) for name in ENGINES]
MAX_TABS = 120
IS_FOCUSED = "document.activeElement.matches(`%s`) && document.activeElement.textContent.trim().startsWith(`%s`)"
POINT_OF = """(() => {
  const found = [...document.querySelectorAll(`%s`)].find((one) => one.textContent.trim().startsWith(`%s`));
  if (!found?.checkVisibility()) return null;
  found.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, width, height } = found.getBoundingClientRect();
  return [left + Math.min(width / 2, 120), top + Math.min(height / 2, 12)];
})()"""
IS_AS_WIDE_AS_THE_WINDOW = "document.documentElement.scrollWidth <= innerWidth"
TOO_LONG = "So the night went on, and nobody came. " * 4000
PRESS = """(() => {
  const found = [...document.querySelectorAll('%s')].find((one) => one.textContent.trim().startsWith('%s'));
  found.closest('details')?.setAttribute('open', '');
  found.focus();
  return document.activeElement === found;
})()"""


@pytest.fixture(params=BROWSERS)
def window(request: pytest.FixtureRequest) -> Iterator[Window]:
    with opened(request.param, ENGINES[request.param]) as found:
        yield found


def fresh(text: WorkText) -> WorkText:
    return WorkText.objects.select_related("base", "work__owner").get(pk=text.pk)


def open_chapter(window: Window, server: LiveServer, text: WorkText) -> dict[str, str]:
    """Open the first chapter in the editor; return the ids of its blocks by their first words."""
    chapter = chapters.chapter_lines(text)[0].id
    window.open(f"{server.url}{reverse('work-text-chapter', args=[text.work.public_id, chapter])}")
    until(window, OPEN)
    window.run(WATCH)
    blocks = chapters.chapter_document(fresh(text), chapter)["blocks"]
    return {"".join(map(str, one["text"]))[:8]: one["id"] for one in blocks}


def press(window: Window, selector: str, words: str) -> None:
    """Press a button or follow a link by keyboard, by its first words."""
    until(window, PRESS % (selector, words))
    window.press(ENTER)


def tab_to(window: Window, selector: str, words: str = "") -> None:
    """Go to a link, button or field with the Tab key alone."""
    for _ in range(MAX_TABS):
        window.press(TAB)
        if window.run(IS_FOCUSED % (selector, words)):
            return
    pytest.fail(f"the Tab key does not lead to {selector} {words!r}")


def tap(window: Window, selector: str, words: str = "") -> None:
    """Tap on what is in view, or can be scrolled there."""
    x, y = until(window, POINT_OF % (selector, words))
    window.tap(x, y)


def made_again(text: WorkText, published: Edition) -> Edition:
    """The draft that the last change of the text begins, its files made and compared with those on sale."""
    draft = make_edition(work=text.work, manuscript=published.manuscript)
    finish(draft.job, harbour())
    comparisons.ask_comparison(before=published.job, after=draft.job, at=clock.now())
    for row in TextComparison.objects.all():
        comparisons.compare(comparison_id=row.pk)
    WorkText.objects.update(due_at=None)
    return draft


def first_block(text: WorkText) -> str:
    """The id of the first block of the first chapter."""
    found = fresh(text)
    return str(chapters.chapter_document(found, chapters.chapter_lines(found)[0].id)["blocks"][0]["id"])


def save(window: Window) -> None:
    window.chord(CONTROL, "s")
    until(window, f"{STATE} === 'saved'")


def test_from_a_typo_to_another_order_of_chapters(window: Window, live_server: LiveServer) -> None:
    text = make_text()
    log_in_as(text.work.owner, window, live_server.url)
    names = open_chapter(window, live_server, text)

    # A correction, by hand.
    put(window, names["The lamp"], 4)
    window.write("old ")
    save(window)
    assert Correction.objects.accepted().get().op == "words"

    # Somebody's suggestion, accepted beside the text.
    suggested = make_correction(
        fresh(text), patch_of(text, "cans", "jugs"), author=make_reader(), decision=Decision.SUGGESTED
    )
    open_chapter(window, live_server, text)
    press(window, ".editor-suggestion button", "Accept")
    until(window, f"{TEXT}.includes('both her jugs')")
    suggested.refresh_from_db()
    assert suggested.decision == Decision.ACCEPTED

    # Other words changed in another tab meanwhile: both are in the text.
    make_correction(fresh(text), patch_of(text, "harbour", "haven"))
    put(window, names["“Who is "], 0)
    window.write("Then: ")
    save(window)
    until(window, f"{TEXT}.includes('Then: ') && {TEXT}.includes('a haven')")

    # What the server refuses is marked, with what to do, and nothing is lost.
    put(window, names["The lamp"], 0)
    window.run(PASTE % json.dumps({"text/plain": TOO_LONG}))
    window.chord(CONTROL, "s")
    until(window, f"{STATE} === 'refused'")
    assert "Divide it in two" in window.run("document.querySelector('.editor-banner').innerText")
    window.chord(CONTROL, "z")
    save(window)
    assert window.run("window.violations") == []

    # Undone on the page of corrections; what came after stays.
    window.open(f"{live_server.url}{reverse('work-corrections', args=[text.work.public_id])}")
    press(window, f"#{suggested.public_id} button", "Undo")
    wait_for(lambda: Correction.objects.get(pk=suggested.pk).decision == Decision.REVERTED)

    # Another order of chapters.
    window.open(f"{live_server.url}{reverse('work-text', args=[text.work.public_id])}")
    press(window, "button", "Move down")
    wait_for(lambda: chapters.chapter_lines(fresh(text))[0].title == "The Lamp")


def test_words_that_changed_in_two_tabs_are_decided_on(window: Window, live_server: LiveServer) -> None:
    text = make_text()
    log_in_as(text.work.owner, window, live_server.url)
    names = open_chapter(window, live_server, text)
    make_correction(fresh(text), patch_of(text, "keeper", "warden"))
    put(window, names["The lamp"], 35, 6)
    window.write("guard")
    window.chord(CONTROL, "s")
    until(window, "document.querySelector('.editor-conflict') !== null")
    shown = window.run("document.querySelector('.editor-conflict').innerText")
    assert "warden" in shown
    assert "guard" in shown
    press(window, ".editor-conflict button", "Keep your version")
    until(window, f"{STATE} === 'saved'")
    document = chapters.chapter_document(fresh(text), chapters.chapter_lines(text)[0].id)
    assert "guard" in str(document["blocks"])
    assert "warden" not in str(document["blocks"])
    assert window.run("window.violations") == []


def test_what_a_proofreader_types_is_suggested_and_accepted(window: Window, live_server: LiveServer) -> None:
    text = make_text()
    log_in_as(make_collaborator(text.work, "proofreader").person, window, live_server.url)
    names = open_chapter(window, live_server, text)
    put(window, names["The lamp"], 35, 6)
    window.write("warden")
    save(window)
    until(window, "document.querySelector('.editor-suggestion .editor-change ins').innerText.includes('warden')")
    assert "keeper" in str(chapters.chapter_document(fresh(text), chapters.chapter_lines(text)[0].id))

    # A reason, and a word typed on in it: the suggestion and its reason stay one.
    press(window, ".editor-suggestion button", "Say why")
    until(window, "document.activeElement.matches('.editor-suggestion input')")
    window.write("Nothing is kept here.")
    window.press(ENTER)
    until(window, "document.querySelector('.editor-reason') !== null")
    put(window, names["The lamp"], 41)
    window.write("s")
    save(window)
    suggested = Correction.objects.suggested().get()
    assert suggested.patch.reason == "Nothing is kept here."
    assert "wardens" in str(suggested.patch.edit)
    assert window.run("window.violations") == []

    log_in_as(text.work.owner, window, live_server.url)
    open_chapter(window, live_server, text)
    until(window, "document.querySelector('.text-suggested').innerText === 'keeper'")
    assert "Nothing is kept here." in window.run("document.querySelector('.editor-suggestion').innerText")
    press(window, ".editor-suggestion button", "Accept")
    until(window, f"{TEXT}.includes('the wardens slept')")
    suggested.refresh_from_db()
    assert suggested.decision == Decision.ACCEPTED


def test_edition_2_is_published_from_the_text_by_keyboard_alone(window: Window, live_server: LiveServer) -> None:
    published = make_published_edition()
    text = make_text(edition=published)
    log_in_as(text.work.owner, window, live_server.url)
    window.open(f"{live_server.url}{reverse('work-text', args=[text.work.public_id])}")

    tab_to(window, "summary", "Change")
    window.press(ENTER)
    window.run("document.activeElement.parentElement.open = true")  # Firefox's driver opens none by a key, a hand does
    tab_to(window, "button", "Move down")
    window.press(ENTER)
    wait_for(lambda: chapters.chapter_lines(fresh(text))[0].title == "The Lamp")
    until(
        window,
        "document.readyState === 'complete' && document.querySelector('.text-chapter a').innerText === 'The Lamp'",
    )

    tab_to(window, ".text-chapter a", "The Lamp")
    window.press(ENTER)
    until(window, OPEN)
    window.run(WATCH)
    tab_to(window, ".editor-text")
    put(window, first_block(text), 6)  # Firefox's driver gives its window no focus, and so a text no cursor by itself
    window.write(" indeed")
    save(window)
    assert Correction.objects.accepted().count() == 2
    assert window.run("window.violations") == []

    draft = made_again(text, published)
    window.open(f"{live_server.url}{reverse('work-text', args=[text.work.public_id])}")
    tab_to(window, "a", "Publish this text")
    window.press(ENTER)
    until(window, "document.querySelector('[name=kind]') !== null")
    tab_to(window, "[name=kind]")
    window.press(ARROW_UP)
    assert window.run("document.querySelector('[name=kind]:checked').value") == "edition"
    tab_to(window, "main button", "Publish")
    window.press(ENTER)
    wait_for(lambda: Edition.objects.get(pk=draft.pk).state == EditionState.PUBLISHED)
    assert Edition.objects.get(pk=draft.pk).label == "2"


def test_at_360_pixels_a_finger_is_enough(window: Window, live_server: LiveServer) -> None:
    text = make_text()
    suggested = make_correction(text, patch_of(text, "cans", "jugs"), author=make_reader(), decision=Decision.SUGGESTED)
    log_in_as(text.work.owner, window, live_server.url)
    window.resize(360, 740)
    window.open(f"{live_server.url}{reverse('work-text', args=[text.work.public_id])}")
    assert window.run(IS_AS_WIDE_AS_THE_WINDOW)
    tap(window, ".text-chapter a", "The Harbour")
    until(window, OPEN)
    window.run(WATCH)
    assert window.run(IS_AS_WIDE_AS_THE_WINDOW)

    # The tools are within reach, and a word that is typed can be taken back with one of them.
    tap(window, ".editor-text p", "The lamp")
    until(window, "document.activeElement.matches('.editor-text')")
    window.write("tall ")
    save(window)
    assert "tall" in str(Correction.objects.accepted().get().patch.edit)
    tap(window, "[data-tool=undo]")
    until(window, f"!{TEXT}.includes('tall')")
    wait_for(lambda: not Correction.objects.accepted().exists())

    tap(window, ".editor-suggestion button", "Accept")
    until(window, f"{TEXT}.includes('both her jugs')")
    assert window.run("window.violations") == []

    window.open(f"{live_server.url}{reverse('work-corrections', args=[text.work.public_id])}")
    assert window.run(IS_AS_WIDE_AS_THE_WINDOW)
    tap(window, f"#{suggested.public_id} button", "Undo")
    wait_for(lambda: Correction.objects.get(pk=suggested.pk).decision == Decision.REVERTED)
