"""The pages of claims in a browser: axe finds nothing, and nothing is wider than a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from common import clock
from storefront.claims.models import Claim, ConductNotice, NoticeKind, Side
from storefront.claims.services import conduct, links
from tests.factories.accounts import make_author, make_moderator
from tests.factories.claims import (
    answer,
    appeal,
    decide,
    edition_of,
    file_found,
    known,
    mail_all,
    make_copy,
    make_deciding,
    original_of,
)
from tests.storefront.reading.test_notes_browser import AXE
from tests.support.browser import FLAGS, find_browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
_PICTURES = os.environ.get("PICTURES_OF_CLAIMS", "")  # a folder, to look at the pages
type _Look = tuple[Literal["light", "dark"], int]
_LOOKS: tuple[_Look, ...] = (("light", 360), ("dark", 1440), ("light", 768), ("dark", 360), ("light", 1440))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of this module."""
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread as long as the browser is open, but no query runs within it.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield opened
        opened.close()


def _pages() -> list[tuple[str, User | None, str]]:
    """Each page with somebody who sees most of it."""
    first, moderator = known(make_author(display_name="Ann First")), make_moderator()
    match = make_copy(earlier=first)
    answering = file_found(match)
    contested = answer(file_found(make_copy(earlier=first)))
    looked = make_deciding(file_found(make_copy()))
    decided = decide(make_deciding(file_found(make_copy(earlier=first))))
    mail_all(decided)
    appealed = decide(make_deciding(file_found(make_copy(earlier=first))))
    mail_all(appealed)
    appeal(appealed, Side.AUTHOR)
    notice = ConductNotice.objects.create(
        kind=NoticeKind.SUSPENSION, user=first, made_at=clock.now(), ends_at=clock.now() + timedelta(days=90)
    )
    notice.claims.add(decided)

    def of_work(claim: Claim) -> tuple[User, str]:
        return claim.work.owner, reverse("claims:work-claim", args=[claim.work.public_id, claim.public_id])

    slug = edition_of(match).work.slug
    return [
        ("how", None, reverse("claims:how")),
        ("file", original_of(match).owner, reverse("claims:file-copied", args=[slug])),
        ("file-anon", None, reverse("claims:file-copied", args=[slug])),
        ("found", first, reverse("claims:file-found", args=[slug, match.public_id])),
        ("sent", None, reverse("claims:sent")),
        ("contested", None, links.claim_path(contested)),
        ("mine", first, reverse("claims:mine")),
        ("work-claims", answering.work.owner, reverse("claims:work-claims", args=[answering.work.public_id])),
        ("work-answer", *of_work(answering)),
        ("work-decided", *of_work(decided)),
        ("queue", moderator, reverse("claims:moderation")),
        ("deciding", moderator, reverse("claims:moderation-claim", args=[looked.public_id])),
        ("appealed", make_moderator(), reverse("claims:moderation-claim", args=[appealed.public_id])),
        ("conduct", None, links.notice_path(notice)),
        ("conduct-queue", moderator, reverse("claims:moderation-conduct", args=[_appealed(notice).public_id])),
        ("transparency", None, reverse("community:transparency")),
    ]


def _appealed(notice: ConductNotice) -> ConductNotice:
    other = ConductNotice.objects.create(
        kind=NoticeKind.SUSPENSION, user=make_author(), made_at=notice.made_at, ends_at=notice.ends_at
    )
    return conduct.appeal(notice=other, words="They were mine.", at=clock.now())


@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run")
def test_pages_are_accessible_at_every_width_and_in_both_themes(browser: Browser, live_server: LiveServer) -> None:
    source = AXE.read_text(encoding="utf-8")
    for number, (name, person, address) in enumerate(_pages()):
        context = browser.new_context(reduced_motion="reduce")  # no colour is on its way to another
        if person is not None:
            client = Client()
            client.force_login(person)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        response = page.goto(f"{live_server.url}{address}")
        assert response is not None
        assert response.status == 200, address
        page.evaluate(source)
        for theme, width in _LOOKS:
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (address, width)
            if (theme, width) == _LOOKS[number % 2]:  # each page once, half of them in the dark
                assert page.evaluate("axe.run(document)")["violations"] == [], (address, width, theme)
            if _PICTURES:
                page.screenshot(path=Path(_PICTURES) / f"{name}-{width}-{theme}.png", full_page=True)
        context.close()
