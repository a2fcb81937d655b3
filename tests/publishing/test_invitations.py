"""Somebody credited who has no account is written to, and answers by the link; nothing is said of mails never sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from common import clock
from publishing import errors, services
from publishing.models import Contributor
from publishing.services import invitations
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_contributor, make_edition, make_work

pytestmark = pytest.mark.django_db

ADDRESS = "ben@example.org"


@pytest.fixture
def work(owner):
    return make_edition(work=make_work(owner=owner)).work


def credit(work, email=ADDRESS, name="Ben Ink"):
    return services.add_contributor(actor=work.owner, work=work, name=name, role="ill", email=email, at=clock.now())


def link_in(message) -> str:
    found = re.search(r"/desk/invitations/\S+/", message.body)
    assert found is not None
    return found[0]


@pytest.fixture
def invited(work):
    person = credit(work)
    services.mail_credit(contributor_id=person.pk)
    return Contributor.objects.get(pk=person.pk)


@pytest.fixture
def link(invited):
    return link_in(mail.outbox[0])


class TestMail:
    def test_goes_once_to_an_address_without_an_account(self, work, mailoutbox):
        person = credit(work)
        assert services.mail_credit(contributor_id=person.pk)
        assert not services.mail_credit(contributor_id=person.pk)
        (sent,) = mailoutbox
        assert sent.to == [ADDRESS]
        assert "Ada Quill has credited “Ben Ink” (Illustrator)" in sent.body

    def test_is_asked_for_when_somebody_is_credited(self, work, monkeypatch):
        asked = []
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: asked.append((name, ids)))
        person = credit(work)
        assert ("publishing.mail_credit", {"contributor_id": person.pk}) in asked


class TestTable:
    def page(self, client, work) -> str:
        client.force_login(work.owner)
        return client.get(reverse("work-people", args=[work.public_id])).content.decode()

    @pytest.mark.parametrize("known", [True, False])
    def test_says_who_was_invited_and_when_whoever_it_is(self, client, work, known):
        person = credit(work, make_reader().email if known else ADDRESS)
        page = self.page(client, work)
        assert "Not invited" in page
        assert "no answer yet" not in page, "no mail was sent yet"
        services.mail_credit(contributor_id=person.pk)
        page = self.page(client, work)
        assert re.search(r"Invited \d+ \w+ \d+, no answer yet", page)
        assert "Send again" in page

    def test_says_that_a_name_alone_was_not_invited(self, client, work):
        credit(work, "")
        page = self.page(client, work)
        assert "Not invited" in page
        assert "Send" not in page


class TestInviteAgain:
    def test_waits_a_day(self, owner, invited):
        with pytest.raises(errors.InvitedTooRecently):
            invitations.invite(actor=owner, contributor=invited, at=clock.now() + timedelta(hours=23))
        again = invitations.invite(actor=owner, contributor=invited, at=clock.now() + timedelta(days=1))
        assert services.mail_credit(contributor_id=again.pk)
        assert len(mail.outbox) == 2

    def test_a_name_gets_an_address_later(self, client, owner, work):
        person = credit(work, "")
        with pytest.raises(errors.NobodyToInvite):
            invitations.invite(actor=owner, contributor=person, at=clock.now())
        client.force_login(owner)
        address = reverse("work-contributor-invite", args=[work.public_id, person.public_id])
        client.post(address, {"email": ADDRESS})
        person.refresh_from_db()
        assert person.invited_email == ADDRESS

    def test_is_limited_for_each_owner(self, client, owner, work, settings):
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "credit": "1/d/user"}
        client.force_login(owner)
        people = [credit(work, "", name) for name in ("One", "Two")]
        codes = [
            client.post(
                reverse("work-contributor-invite", args=[work.public_id, person.public_id]), {"email": ADDRESS}
            ).status_code
            for person in people
        ]
        assert codes == [302, 429]

    def test_whoever_accepted_is_not_asked(self, owner, work, stranger):
        person = make_contributor(work, user=stranger)
        with pytest.raises(errors.AlreadyContributor):
            invitations.invite(actor=owner, contributor=person, at=clock.now())


class TestAnswer:
    def test_shows_who_asks_and_how_to_accept(self, client, link):
        page = client.get(link).content.decode()
        assert "Ada Quill has credited “Ben Ink” (Illustrator) on “The Lighthouse”" in page
        assert reverse("account_login") in page
        assert reverse("account_signup") in page

    def test_nobody_is_linked_before_they_say_yes(self, client, invited, link):
        client.force_login(make_reader())
        client.get(link)
        invited.refresh_from_db()
        assert (invited.user, invited.asked) == (None, None)

    def test_yes_links_the_account_and_forgets_the_address(self, client, invited, link):
        ben = make_reader(email="another@example.org")
        client.force_login(ben)
        assert client.post(link, {"answer": "yes"})["Location"] == reverse("desk")
        invited.refresh_from_db()
        assert (invited.user, invited.invited_email, invited.is_on_page) == (ben, "", False)
        assert client.get(link).status_code == 409, "a link answers once"

    def test_yes_leads_somebody_without_an_account_to_the_log_in_and_back(self, client, link):
        assert "next=%2Fdesk%2Finvitations%2F" in client.post(link, {"answer": "yes"})["Location"]

    def test_no_needs_no_account(self, client, invited, link):
        client.post(link, {"answer": "no"})
        invited.refresh_from_db()
        assert (invited.user, invited.invited_email, invited.mailed_at) == (None, "", None)
        assert invited.name == "Ben Ink"

    def test_a_link_ends_with_the_credit(self, client, owner, invited, link):
        services.remove_contributor(actor=owner, contributor=invited, at=clock.now())
        assert client.get(link).status_code == 409

    def test_a_link_that_was_changed_opens_nothing(self, client, link):
        assert client.get(link[:-3] + "xx/").status_code == 409


class TestForget:
    def test_addresses_go_after_sixty_days(self, invited):
        invitations.delete_expired(clock.now() + timedelta(days=59))
        assert Contributor.objects.get(pk=invited.pk).invited_email == ADDRESS
        invitations.delete_expired(clock.now() + timedelta(days=61))
        assert Contributor.objects.get(pk=invited.pk).invited_email == ""
