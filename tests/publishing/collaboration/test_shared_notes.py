"""The way back to shared texts: what the account page and the list of shared works say to whom."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts import account_links
from accounts.models import User
from common import clock
from publishing.collaboration import selectors
from publishing.comments.models import Thread
from publishing.editing.models import Decision, Origin, WorkText
from tests.factories.accounts import make_author, make_reader
from tests.factories.collaboration import make_collaborator, make_invitation
from tests.factories.editing import make_correction, make_text, patch_of
from tests.factories.publishing import make_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def text() -> WorkText:
    return make_text()


def suggestion(text: WorkText, old: str, author: User, decision: Decision = Decision.SUGGESTED) -> None:
    patch = patch_of(text, old, f"{old}s")
    counts = {"counts_from": 1} if decision == Decision.ACCEPTED else {}
    make_correction(text, patch, author=author, decision=decision, origin=Origin.SUGGESTION, **counts)


def thread(text: WorkText, author: User) -> None:
    Thread.objects.create(work=text.work, block="b1", quote="keeper", opened_by=author, opened_at=clock.now())


def notes(user: User) -> list[str]:
    return [note.text for shared in selectors.shared_with(user) for note in shared.notes]


class TestNotes:
    def test_a_proofreader_sees_what_became_of_their_suggestions(self, text: WorkText) -> None:
        mia, ben = (make_collaborator(text.work, "proofreader").person for _ in range(2))
        suggestion(text, "keeper", mia)
        suggestion(text, "lamp", mia, Decision.ACCEPTED)
        suggestion(text, "boat", mia, Decision.DECLINED)
        suggestion(text, "cans", ben)
        thread(text, ben)
        assert notes(mia) == [
            "1 of your suggestions waits for the author",
            "1 suggestion accepted",
            "1 suggestion declined",
            "1 open comment",
        ]

    def test_an_editor_sees_what_there_is_to_decide_on(self, text: WorkText) -> None:
        editor = make_collaborator(text.work, "editor").person
        suggestion(text, "keeper", make_collaborator(text.work).person)
        suggestion(text, "cans", make_reader())
        assert notes(editor) == ["2 suggestions to decide on"]

    def test_an_early_reader_sees_their_own_comments_alone(self, text: WorkText) -> None:
        early = make_collaborator(text.work, "early_reader").person
        suggestion(text, "keeper", make_collaborator(text.work).person)
        thread(text, text.work.owner)
        assert notes(early) == []
        thread(text, early)
        assert notes(early) == ["1 open comment"]

    def test_other_works_and_ended_collaborations_have_none(self, text: WorkText) -> None:
        mia = make_collaborator(text.work, ended_at=clock.now(), ending="left").person
        make_collaborator(make_edition().work, user=mia)
        suggestion(text, "keeper", mia)
        assert notes(mia) == []

    @pytest.mark.parametrize("count", [1, 4])
    def test_are_read_in_the_same_queries_however_many_works(
        self, count: int, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
    ) -> None:
        mia = make_reader()
        for _ in range(count):
            text = make_text()
            text.work.title = "The Harbour"
            text.work.save()
            make_collaborator(text.work, user=mia)
            suggestion(text, "keeper", mia)
        with django_assert_max_num_queries(4):
            assert len(notes(mia)) == count


class TestWayBack:
    def test_is_on_the_account_page_of_whoever_works_on_a_text(self, client: Client, text: WorkText) -> None:
        client.force_login(make_collaborator(text.work).person)
        page = client.get(reverse("account")).content.decode()
        assert f'href="{reverse("collaboration:shared")}"' in page
        assert "1 book you work on" in page

    def test_is_hidden_from_everybody_else(self, client: Client) -> None:
        for user in (make_reader(), make_author()):
            client.force_login(user)
            assert reverse("collaboration:shared") not in client.get(reverse("account")).content.decode()

    def test_names_invitations_first(self, text: WorkText) -> None:
        ben = make_reader(email="ben@example.org")
        EmailAddress.objects.update_or_create(user=ben, email=ben.email, defaults={"verified": True})
        make_invitation(text.work, ben.email)
        assert [link.detail for link in account_links.links_of(ben)] == ["1 invitation to answer"]

    def test_the_list_leads_straight_into_the_text(self, client: Client, text: WorkText) -> None:
        for role, page in (("proofreader", "work-text"), ("early_reader", "collaboration:work")):
            client.force_login(make_collaborator(text.work, role).person)
            shown = client.get(reverse("collaboration:shared")).content.decode()
            assert f'<a class="button button-small" href="{reverse(page, args=[text.work.public_id])}">' in shown
