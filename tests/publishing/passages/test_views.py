"""The pages about passages: for the author who had them later, the one who had them first, and moderators."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from publishing.models import Edition, EditionState
from publishing.passages.models import Answer, Match, PrintedText
from publishing.passages.services import answers
from tests.conversion.passages.texts import drawn_words
from tests.factories.accounts import make_moderator, make_operator, make_reader
from tests.factories.passages import make_match, make_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def match() -> Match:
    return make_match()


def later(match: Match) -> Edition:
    assert match.text.edition is not None
    return match.text.edition


def earlier(match: Match) -> Edition:
    assert match.other.edition is not None
    return match.other.edition


def page(client: Client, name: str, *args: str) -> Any:
    return client.get(reverse(name, args=args))


class TestAuthorOfTheLaterText:
    def test_finds_it_among_the_remarks(self, client: Client, match: Match) -> None:
        client.force_login(later(match).work.owner)
        text = page(client, "work-remarks", later(match).work.public_id).text
        assert f"{match.words} words of “The Harbour” also stand in “The First Lamp” by" in text
        assert "This does not prevent publishing" in text

    def test_sees_both_sides(self, client: Client, match: Match) -> None:
        client.force_login(later(match).work.owner)
        work = later(match).work
        assert "Your answer is missing" in page(client, "passages:work", work.public_id).text
        text = page(client, "passages:match", work.public_id, match.public_id).text
        passage = match.passages[0]
        assert passage.here.segments[0].text.split("\n")[0] in text
        assert text.count("<mark>") == 2
        assert "23.1 %" in text or "23.08" in text or "%" in text

    def test_answers(self, client: Client, match: Match) -> None:
        work = later(match).work
        client.force_login(work.owner)
        address = reverse("passages:match", args=[work.public_id, match.public_id])
        refused = client.post(address, {"answer": "licence", "explanation": "Yes"})
        assert refused.status_code == 422
        assert "Say a little more" in refused.text
        assert client.post(address, {}).status_code == 422
        sent = client.post(address, {"answer": "licence", "explanation": "By letter of 3 May 2026."})
        assert sent.status_code == 302
        match.refresh_from_db()
        assert (match.answer, match.explanation) == ("licence", "By letter of 3 May 2026.")
        assert "By letter of 3 May 2026." in client.get(address).text
        assert "You have answered" in page(client, "passages:work", work.public_id).text

    def test_can_publish_all_the_same(self, match: Match) -> None:
        from publishing import selectors

        assert selectors.open_blockers(later(match)) == []

    def test_of_two_drafts_nobody_sees_the_other(self, client: Client, match: Match) -> None:
        Edition.objects.update(state=EditionState.DRAFT, published_at=None)
        for edition in (later(match), earlier(match)):
            client.force_login(edition.work.owner)
            assert "Lamp</b>" not in page(client, "passages:work", edition.work.public_id).text
            assert page(client, "passages:match", edition.work.public_id, match.public_id).status_code == 404


class TestAuthorOfTheEarlierText:
    def test_sees_it_but_is_asked_nothing(self, client: Client, match: Match) -> None:
        owner, work = earlier(match).work.owner, earlier(match).work
        answers.answer_match(
            actor=later(match).work.owner, match=match, answer=Answer.MINE, explanation="A secret.", at=clock.now()
        )
        client.force_login(owner)
        assert "The Second Lamp" in page(client, "passages:work", work.public_id).text
        assert reverse("passages:work", args=[work.public_id]) in page(client, "work", work.public_id).text
        text = page(client, "passages:match", work.public_id, match.public_id).text
        assert "also stand in your book" in text
        assert "A secret." not in text
        address = reverse("passages:match", args=[work.public_id, match.public_id])
        assert client.post(address, {"answer": "remove"}).status_code == 403

    def test_does_not_see_a_draft(self, client: Client, match: Match) -> None:
        Edition.objects.filter(pk=later(match).pk).update(state=EditionState.DRAFT, published_at=None)
        client.force_login(earlier(match).work.owner)
        assert "The Second Lamp" not in page(client, "passages:work", earlier(match).work.public_id).text


class TestModerators:
    def test_see_those_without_an_answer(self, client: Client, match: Match) -> None:
        client.force_login(make_moderator())
        assert "The Second Lamp" in page(client, "community:moderation-passages").text
        text = page(client, "community:moderation-passage", match.public_id).text
        assert "Report the book" in text
        assert text.count("<mark>") == 2
        answers.answer_match(
            actor=later(match).work.owner, match=match, answer=Answer.FREE, explanation="Printed 1871.", at=clock.now()
        )
        assert "Nothing to look at" in page(client, "community:moderation-passages").text
        assert "Printed 1871." in page(client, "community:moderation-passage", match.public_id).text

    def test_see_no_drafts(self, client: Client, match: Match) -> None:
        Edition.objects.filter(pk=earlier(match).pk).update(state=EditionState.DRAFT, published_at=None)
        client.force_login(make_operator())
        assert "The Second Lamp" not in page(client, "community:moderation-passages").text
        assert page(client, "community:moderation-passage", match.public_id).status_code == 404

    def test_others_do_not_know_the_page(self, client: Client, match: Match) -> None:
        client.force_login(make_reader())
        assert page(client, "community:moderation-passages").status_code == 404

    def test_asks_as_much_for_twenty_as_for_one(self, client: Client, match: Match, django_assert_num_queries) -> None:
        client.force_login(make_moderator())
        page(client, "community:moderation-passages")
        with _counted() as one:
            page(client, "community:moderation-passages")
        for number in range(3):
            make_text([*drawn_words(900, 80 + number), *drawn_words(3000, 71)[:900]], title=f"Copy {number}")
        with django_assert_num_queries(len(one)):
            assert "Copy 2" in page(client, "community:moderation-passages").text


def _counted() -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


def test_a_text_that_waits_says_so(client: Client, match: Match) -> None:
    PrintedText.objects.update(version=0)
    client.force_login(later(match).work.owner)
    assert "has not been compared yet" in page(client, "passages:work", later(match).work.public_id).text
