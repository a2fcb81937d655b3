"""The question at the end of a book, the setting, and what makers see."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from insight.completion.models import ChapterCount, Completion, Consent
from insight.figures.services import rollups
from publishing.models import Edition
from storefront.checkout.models import Entitlement
from tests.factories.accounts import make_moderator, make_reader
from tests.factories.buying import buy
from tests.factories.insight import make_event
from tests.factories.reading import give, publish_text

pytestmark = pytest.mark.django_db
QUESTION = "May authors see how far their readers get?"
SETTING = reverse("completion:setting")


@pytest.fixture
def story() -> Edition:
    return publish_text(slug="the-boats")


@pytest.fixture
def buyer(client: Client, story: Edition) -> User:
    reader = make_reader()
    buy(reader)
    Entitlement.objects.filter(user=reader).update(work=story.work, edition=story)
    client.force_login(reader)
    return reader


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


class TestTheQuestion:
    def test_is_in_the_reader_until_it_was_shown(self, client: Client, buyer: User) -> None:
        assert QUESTION in page(client, "/read/the-boats/")
        assert QUESTION in page(client, "/read/the-boats/")
        assert client.post(reverse("completion:asked")).status_code == 204
        assert QUESTION not in page(client, "/read/the-boats/")
        assert not Consent.objects.get(user=buyer).agrees

    def test_is_once_at_the_end_of_the_plain_pages(self, client: Client, buyer: User) -> None:
        assert QUESTION not in page(client, "/read/the-boats/c1/")
        assert QUESTION in page(client, "/read/the-boats/c3/")
        assert QUESTION not in page(client, "/read/the-boats/c3/")

    def test_is_not_for_others(self, client: Client, story: Edition, settings) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        given = make_reader()
        give(given, story)
        for person in (given, story.work.owner):
            client.force_login(person)
            assert QUESTION not in page(client, "/read/the-boats/")
            assert QUESTION not in page(client, "/read/the-boats/c3/")

    def test_is_not_in_a_sample(self, client: Client, buyer: User) -> None:
        assert QUESTION not in page(client, "/read/the-boats/sample/")


class TestTheSetting:
    def test_is_changed_at_any_time(self, client: Client, buyer: User) -> None:
        assert "You are not counted." in page(client, SETTING)
        client.post(SETTING, {"agrees": "yes"})
        assert "You are counted." in page(client, SETTING)
        decided = Consent.objects.get(user=buyer).decided_at
        client.post(SETTING, {"agrees": "yes"})
        assert Consent.objects.get(user=buyer).decided_at == decided
        client.post(SETTING, {"agrees": "perhaps"})
        assert "You are not counted." in page(client, SETTING)

    def test_a_script_gets_no_page(self, client: Client, buyer: User) -> None:
        answer = client.post(SETTING, {"agrees": "no"}, headers={"sec-fetch-dest": "empty"})
        assert (answer.status_code, answer.content) == (204, b"")
        assert Consent.objects.get(user=buyer).decided_at is not None

    def test_needs_an_account(self, client: Client) -> None:
        for answer in (client.get(SETTING), client.post(SETTING, {"agrees": "yes"})):
            assert answer["Location"].startswith("/accounts/login/")
        client.force_login(make_moderator())
        assert client.get(reverse("completion:asked")).status_code == 405


class TestWhatMakersSee:
    def test_says_when_it_begins(self, client: Client, story: Edition) -> None:
        make_event(story.work)
        rollups.roll_up(day=clock.now().date(), at=clock.now())
        client.force_login(story.work.owner)
        text = page(client, reverse("figures:work", args=[story.work.public_id]))
        assert "Once five who bought this book agree" in text

    def test_shows_the_week(self, client: Client, story: Edition) -> None:
        Completion.objects.create(
            work=story.work,
            edition=story,
            counted_at=clock.now(),
            readers=40,
            finished=25,
            reading=0,
            chapters=(
                ChapterCount("The Harbour <1>", 40, 5),
                ChapterCount("The Lamp", 35, 0),
                ChapterCount("The Letter", 0, 0),
            ),
        )
        client.force_login(story.work.owner)
        text = page(client, reverse("figures:work", args=[story.work.public_id]))
        assert "Of about 40 readers who agreed to be counted," in text
        assert "about 25 have finished (62%)" in text
        assert "and fewer than five are reading at present." in text
        assert "The Harbour &lt;1&gt;" in text
        assert 'width="87"' in text
