"""The editor on the desk's own page: it takes the place of the forms, and what is typed becomes corrections."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from publishing.editing.models import Correction, WorkText
from publishing.editing.selectors import chapters
from tests.factories.conversion import make_artifact, web_zip
from tests.factories.editing import make_text
from tests.factories.publishing import make_work
from tests.publishing.editing.test_plain_browser import open_page


def address(text: WorkText) -> str:
    return reverse("work-text-chapter", args=[text.work.public_id, chapters.chapter_lines(text)[0].id])


@pytest.mark.django_db
class TestPage:
    def test_hands_the_editor_its_words_and_addresses(self, as_owner: Client, owner: User) -> None:
        text = make_text(work=make_work(owner=owner))
        page = as_owner.get(address(text)).content.decode()
        found = re.search(r'<script id="editor-data" type="application/json">(.*?)</script>', page, re.DOTALL)
        assert found is not None
        data = json.loads(found[1])
        assert (data["person"], data["work"]) == (owner.public_id, text.work.public_id)
        assert data["pictures"] == f"/desk/works/{text.work.public_id}/text/pictures/{{asset}}/"
        assert data["words"]["tools"]["strong"] == "Bold"
        assert "vendor/editor" in page
        assert 'data-token="' in page

    def test_pictures_are_sent_to_whoever_may_see_the_text(self, as_owner: Client, owner: User, stranger: User) -> None:
        text = make_text(work=make_work(owner=owner))
        job = text.work.editions.get().job
        job.artifacts.filter(kind="web").delete()
        make_artifact(job, kind="web", content=web_zip())
        place = reverse("work-text-picture", args=[text.work.public_id, "dot"])
        shown = as_owner.get(place)
        assert shown["Content-Type"] == "image/png"
        assert "sandbox" in shown["Content-Security-Policy"]
        for missing in ("nothing", "..", "dot.png"):
            assert as_owner.get(reverse("work-text-picture", args=[text.work.public_id, missing])).status_code == 404
        as_owner.force_login(stranger)
        assert as_owner.get(place).status_code == 404


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not (settings.BASE_DIR / "static/vendor/editor.js").exists(), reason="script/vendor has not run")
def test_what_is_typed_becomes_a_correction(browser: Browser, live_server: LiveServer) -> None:
    text = make_text()
    page = open_page(browser, live_server, text, scripts=True)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    try:
        page.goto(f"{live_server.url}{address(text)}")
        page.wait_for_selector("[data-editor-state=open]")
        page.locator(".editor-text p", has_text="keeper").click()
        page.keyboard.press("Home")
        page.keyboard.type("Late, ")
        page.keyboard.press("Enter")
        page.keyboard.type("And then: ")
        page.keyboard.press("ControlOrMeta+s")
        expect(page.locator(".editor-status")).to_have_attribute("data-state", "saved", timeout=15_000)
        page.reload()
        expect(page.locator(".editor-text")).to_contain_text("And then: ")
        assert {correction.op for correction in Correction.objects.all()} <= {"split", "words", "insert"}
        assert Correction.objects.exists()
    finally:
        page.context.close()
    assert [message for message in refused if "Content Security Policy" in message] == []
