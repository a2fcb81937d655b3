"""Invitations to work on a text: who may send them, what a link opens, and for how long."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from accounts.models import AuditEntry
from common import clock
from common.errors import NotAllowed, NotFound
from publishing.collaboration import errors
from publishing.collaboration.models import Collaborator, CollaboratorRole
from publishing.collaboration.services import account_deletion, collaborators, emails, invitations
from publishing.collaboration.services.invitations import LIFETIME, InvitationInput
from tests.factories.accounts import make_author, make_moderator, make_operator, make_reader
from tests.factories.collaboration import make_collaborator, make_invitation
from tests.factories.publishing import make_contributor, make_edition, make_work

pytestmark = pytest.mark.django_db

ADDRESS = "ben@example.org"


@pytest.fixture
def work(owner):
    return make_edition(work=make_work(owner=owner)).work


@pytest.fixture
def invited(work):
    return make_invitation(work, ADDRESS)


def invite(work, email=ADDRESS, role=CollaboratorRole.PROOFREADER, *, actor=None, language="en", may_publish=False):
    told = InvitationInput(email, role, language, may_publish)
    return invitations.invite(actor=actor or work.owner, work=work, told=told, at=clock.now())


class TestInvite:
    def test_keeps_the_address_and_asks_for_a_mail(self, work, monkeypatch):
        asked = []
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: asked.append((name, ids)))
        found = invite(work, " Ben@Example.org ")
        assert (found.invited_email, found.user, found.role) == (ADDRESS, None, "proofreader")
        assert asked == [("collaboration.mail_invitation", {"collaborator_id": found.pk})]
        assert AuditEntry.objects.get(verb="collaborator.invited").facts == {"role": "proofreader"}

    def test_looks_the_same_for_an_address_with_an_account(self, work):
        known, unknown = invite(work, make_reader().email), invite(work)
        assert (known.user, known.invited_email != "") == (unknown.user, unknown.invited_email != "") == (None, True)

    @pytest.mark.parametrize("make", [make_author, make_reader])
    def test_hides_the_work_from_strangers(self, work, make):
        with pytest.raises(NotFound):
            invite(work, actor=make())

    @pytest.mark.parametrize("role", CollaboratorRole)
    def test_is_up_to_no_collaborator(self, work, role):
        person = make_collaborator(work, role, may_publish=role == "co_author").person
        with pytest.raises(NotFound):
            invite(work, actor=person)

    def test_nor_to_a_contributor_or_staff(self, work):
        contributor = make_author()
        make_contributor(work, user=contributor, role="aut")
        for actor in (contributor, make_moderator()):
            with pytest.raises(NotAllowed):
                invite(work, actor=actor)
        with pytest.raises((NotAllowed, NotFound)):
            invite(work, actor=make_operator())

    def test_refuses_ones_own_address(self, work, owner):
        with pytest.raises(errors.OwnAddress):
            invite(work, owner.email.upper())

    def test_refuses_an_address_twice(self, work):
        invite(work)
        with pytest.raises(errors.AlreadyInvited):
            invite(work, ADDRESS.upper())
        invite(make_work(owner=work.owner))

    def test_refuses_one_too_many(self, work, monkeypatch):
        monkeypatch.setattr(invitations, "MAX_COLLABORATORS", 2)
        make_collaborator(work)
        make_collaborator(work, ended_at=clock.now(), ending="left")
        invite(work)
        with pytest.raises(errors.TooManyCollaborators):
            invite(work, "cleo@example.org")

    @pytest.mark.parametrize("role", ["early_reader", "proofreader", "editor"])
    def test_lets_only_co_authors_publish(self, work, role):
        with pytest.raises(errors.OnlyCoAuthorsPublish):
            invite(work, role=role, may_publish=True)

    def test_replaces_one_that_has_expired(self, work, invited):
        Collaborator.objects.update(invited_at=clock.now() - LIFETIME)
        assert invite(work).pk != invited.pk

    def test_page_limits_mails_to_strangers(self, as_owner, work, settings):
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "collaborator": "1/d/user"}
        page = reverse("collaboration:people", args=[work.public_id])
        told = {"role": "editor", "language": "en"}
        assert as_owner.post(page, {**told, "email": "one@example.org"}).status_code == 302
        assert as_owner.post(page, {**told, "email": "two@example.org"}).status_code == 429
        assert [one.invited_email for one in Collaborator.objects.all()] == ["one@example.org"]

    @pytest.mark.parametrize(
        "told",
        [
            {"email": "nobody", "role": "editor", "language": "en"},
            {"email": "a@b.org\nBcc: c@d.org", "role": "editor", "language": "en"},
            {"email": ADDRESS, "role": "owner", "language": "en"},
            {"email": ADDRESS, "role": "editor", "language": "xx"},
            {"email": ADDRESS, "role": "editor", "language": "en", "may_publish": "on"},
        ],
    )
    def test_page_keeps_what_was_typed_and_says_what_is_wrong(self, as_owner, work, told):
        answer = as_owner.post(reverse("collaboration:people", args=[work.public_id]), told)
        assert answer.status_code == 422
        assert "errorlist" in answer.content.decode()
        assert not Collaborator.objects.exists()


class TestMail:
    def test_goes_once(self, invited, mailoutbox):
        Collaborator.objects.update(mailed_at=None)
        assert emails.mail_invitation(collaborator_id=invited.pk)
        assert not emails.mail_invitation(collaborator_id=invited.pk)
        (sent,) = mailoutbox
        assert sent.to == [ADDRESS]
        assert sent.subject == "Ada Quill invites you to work on “The Lighthouse”"
        assert "Your role: Proofreader." in sent.body

    def test_speaks_the_language_of_the_account_or_else_the_one_chosen(self, work, mailoutbox):
        german = make_reader(language="de", country="AT")
        for email, language in ((german.email, "en"), (ADDRESS, "de")):
            emails.mail_invitation(collaborator_id=invite(work, email, language=language).pk)
        assert all("lädt Sie" in sent.subject for sent in mailoutbox)
        assert [re.findall(r"/(\S\S-\S\S)/desk/collaborations/", sent.body) for sent in mailoutbox] == [
            ["de-at"],
            ["de-de"],
        ]

    def test_does_not_go_when_withdrawn_answered_or_erased(self, work, mailoutbox):
        gone = invite(work)
        collaborators.end(actor=work.owner, collaborator=gone, at=clock.now())
        accepted = make_collaborator(work, mailed_at=None)
        assert not emails.mail_invitation(collaborator_id=gone.pk)
        assert not emails.mail_invitation(collaborator_id=accepted.pk)
        assert mailoutbox == []

    def test_subject_stays_on_one_line(self, owner, mailoutbox):
        work = make_work(owner=owner, title="A\nBcc: x@example.org")
        emails.mail_invitation(collaborator_id=invite(work).pk)
        assert "\n" not in mail.outbox[0].subject


class TestLink:
    def path(self, invited) -> str:
        return invitations.link_to(invited)

    def test_shows_who_asks_for_what_and_changes_nothing(self, client, invited):
        client.force_login(make_reader())
        page = client.get(self.path(invited)).content.decode()
        assert "Ada Quill invites you to work on the text of “The Lighthouse”. Your role: Proofreader." in page
        invited.refresh_from_db()
        assert invited.is_waiting

    def test_accepting_links_the_account_and_forgets_the_address(self, client, invited):
        ben = make_reader(email="another@example.org")
        client.force_login(ben)
        answer = client.post(self.path(invited), {"answer": "yes"})
        assert answer["Location"] == reverse("collaboration:work", args=[invited.work.public_id])
        invited.refresh_from_db()
        assert (invited.user, invited.invited_email) == (ben, "")
        assert AuditEntry.objects.get(verb="collaborator.accepted").actor == ben

    def test_works_once(self, client, invited):
        link = self.path(invited)
        client.force_login(make_reader())
        client.post(link, {"answer": "yes"})
        client.force_login(make_reader())
        assert client.get(link).status_code == 409
        assert client.post(link, {"answer": "yes"}).status_code == 409
        assert client.post(link, {"answer": "no"}).status_code == 409

    def test_leads_who_accepted_to_the_text(self, client, invited):
        link, text = self.path(invited), reverse("collaboration:work", args=[invited.work.public_id])
        client.force_login(make_reader())
        client.post(link, {"answer": "yes"})
        assert client.get(link)["Location"] == text
        client.logout()
        assert client.get(link)["Location"] == f"{reverse('account_login')}?{urlencode({'next': text})}"

    def test_leads_nobody_there_once_it_is_over(self, client, invited):
        link = self.path(invited)
        client.force_login(make_reader())
        client.post(link, {"answer": "yes"})
        Collaborator.objects.update(ended_at=clock.now())
        assert client.get(link).status_code == 409

    def test_declining_needs_no_account_and_forgets_the_address(self, client, invited):
        assert client.post(self.path(invited), {"answer": "no"}).status_code == 302
        invited.refresh_from_db()
        assert (invited.invited_email, invited.ending, invited.user) == ("", "declined", None)

    def test_accepting_without_an_account_leads_to_the_log_in_and_back(self, client, invited):
        answer = client.post(self.path(invited), {"answer": "yes"})
        assert "next=%2Fdesk%2Fcollaborations%2F" in answer["Location"]

    def test_a_post_without_an_answer_accepts_nothing(self, client, invited):
        client.force_login(make_reader())
        assert client.post(self.path(invited)).status_code == 200
        invited.refresh_from_db()
        assert invited.is_waiting

    @pytest.mark.parametrize("late", [LIFETIME, LIFETIME * 2])
    def test_expires(self, invited, late):
        token = invitations.token_of(invited)
        invitations.invited_by(token, at=clock.now() + LIFETIME - timedelta(seconds=1))
        with pytest.raises(errors.InvitationClosed):
            invitations.invited_by(token, at=clock.now() + late)

    @pytest.mark.parametrize("spoil", [lambda token: token[:-2], lambda token: "x" + token, lambda _: "unknown"])
    def test_one_that_was_changed_opens_nothing(self, client, invited, spoil):
        token = spoil(invitations.token_of(invited))
        assert client.get(reverse("collaboration:answer", args=[token])).status_code == 409

    def test_one_of_another_kind_opens_nothing(self, client, invited):
        from publishing.services import invitations as credit_invitations

        credit = make_contributor(invited.work, name="Ben", invited_email=ADDRESS)
        token = credit_invitations.link_to(credit).rstrip("/").rpartition("/")[2]
        assert client.get(reverse("collaboration:answer", args=[token])).status_code == 409

    def test_owner_cannot_accept_their_own(self, owner, invited):
        with pytest.raises(errors.OwnWork):
            invitations.accept(actor=owner, token=invitations.token_of(invited), at=clock.now())

    def test_nobody_has_two_roles(self, invited):
        ben = make_collaborator(invited.work, "early_reader").person
        with pytest.raises(errors.AlreadyCollaborator):
            invitations.accept(actor=ben, token=invitations.token_of(invited), at=clock.now())

    def test_whoever_left_may_come_back(self, invited):
        gone = make_collaborator(invited.work, ended_at=clock.now(), ending="left")
        found = invitations.accept(actor=gone.person, token=invitations.token_of(invited), at=clock.now())
        assert found.is_active


class TestInviteAgain:
    def test_waits_a_day_and_ends_the_link_before(self, owner, invited):
        token, later = invitations.token_of(invited), clock.now() + timedelta(days=1)
        with pytest.raises(errors.ResentTooSoon):
            invitations.invite_again(actor=owner, collaborator=invited, at=later - timedelta(seconds=1))
        again = invitations.invite_again(actor=owner, collaborator=invited, at=later)
        with pytest.raises(errors.InvitationClosed):
            invitations.invited_by(token, at=later)
        assert invitations.invited_by(invitations.token_of(again), at=later) == invited
        assert emails.mail_invitation(collaborator_id=invited.pk)

    def test_not_to_somebody_who_answered(self, owner, work):
        for found in (make_collaborator(work), make_collaborator(work, ended_at=clock.now(), ending="ended")):
            with pytest.raises(errors.CollaborationOver):
                invitations.invite_again(actor=owner, collaborator=found, at=clock.now() + timedelta(days=2))

    def test_only_by_the_owner(self, invited):
        for actor in (make_author(), make_collaborator(invited.work, "co_author").person):
            with pytest.raises(NotFound):
                invitations.invite_again(actor=actor, collaborator=invited, at=clock.now() + timedelta(days=2))


class TestForget:
    def test_addresses_go_when_the_link_has_expired(self, invited):
        account_deletion.delete_expired(clock.now() + LIFETIME - timedelta(seconds=1))
        assert Collaborator.objects.filter(pk=invited.pk).exists()
        account_deletion.delete_expired(clock.now() + LIFETIME)
        assert not Collaborator.objects.exists()

    def test_what_ended_goes_after_90_days(self, work):
        make_collaborator(work, ended_at=clock.now(), ending="left")
        stays = make_collaborator(work)
        account_deletion.delete_expired(clock.now() + timedelta(days=89))
        assert Collaborator.objects.count() == 2
        account_deletion.delete_expired(clock.now() + timedelta(days=90))
        assert list(Collaborator.objects.all()) == [stays]


class TestWaitingFor:
    def test_shows_invitations_to_confirmed_addresses_alone(self, invited):
        ben = make_reader(email=ADDRESS)
        assert invitations.waiting_for(ben) == [], "anybody can sign up with an address"
        address = EmailAddress.objects.create(user=ben, email=ADDRESS, verified=False)
        assert invitations.waiting_for(ben) == []
        address.verified = True
        address.save()
        assert invitations.waiting_for(ben) == [invited]
        Collaborator.objects.update(invited_at=clock.now() - LIFETIME)
        assert invitations.waiting_for(ben) == []
