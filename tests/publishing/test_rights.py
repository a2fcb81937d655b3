"""What is asked before a book may be sold: a confirmed address, the author terms, rights and AI use."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.models import AuditEntry
from common import clock
from common.errors import NotAllowed, NotFound
from publishing import author_terms, errors, selectors, services
from publishing.models import AiUseChange, EditionState, RightsStatement, TermsAcceptance
from publishing.services import Statement
from storefront.catalogue.models import Listing
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db

OWN = Statement("own", "none", "assisted", "none")


@pytest.fixture
def draft(owner):
    return make_edition(work=make_work(owner=owner))


def publish(edition):
    return services.publish_edition(actor=edition.work.owner, edition=edition, at=clock.now())


def announce(edition):
    day = clock.now().date() + timedelta(days=9)
    return services.announce_release(actor=edition.work.owner, work=edition.work, day=day, at=clock.now())


class TestPublishing:
    @pytest.mark.parametrize("act", [publish, announce])
    def test_needs_a_confirmed_address(self, owner, draft, act):
        EmailAddress.objects.filter(user=owner).update(verified=False)
        with pytest.raises(errors.DomainError, match="Your email address is not confirmed yet"):
            act(draft)

    @pytest.mark.parametrize("act", [publish, announce])
    def test_that_of_another_address_is_not_enough(self, owner, draft, act):
        EmailAddress.objects.filter(user=owner).update(email="old@example.org")
        with pytest.raises(errors.DomainError, match="not confirmed"):
            act(draft)

    @pytest.mark.parametrize("act", [publish, announce])
    def test_needs_the_terms_as_they_are_now(self, draft, act, monkeypatch):
        act_before = TermsAcceptance.objects.get()
        monkeypatch.setattr(author_terms, "CURRENT", "2027-01-01")
        with pytest.raises(errors.DomainError, match="You have not accepted the author terms yet"):
            act(draft)
        services.accept_terms(actor=draft.work.owner, version="2027-01-01", at=clock.now())
        act(draft)
        assert TermsAcceptance.objects.filter(pk=act_before.pk, version=author_terms.VERSIONS[-1]).exists()

    @pytest.mark.parametrize("act", [publish, announce])
    def test_needs_a_statement(self, draft, act):
        draft.rights_statement.delete()
        with pytest.raises(errors.DomainError, match="Rights and AI use are not stated yet"):
            act(draft)

    def test_putting_back_asks_too(self, owner):
        edition = make_published_edition(owner=owner)
        services.withdraw_edition(actor=owner, edition=edition, at=clock.now())
        RightsStatement.objects.all().delete()
        with pytest.raises(errors.EditionNotReady):
            publish(edition)

    def test_a_new_edition_keeps_a_statement_of_its_own(self, owner):
        first = make_published_edition(owner=owner)
        second = make_edition(work=first.work)
        second.rights_statement.delete()
        services.state_rights(actor=owner, edition=first, statement=OWN, at=clock.now())
        publish(second)
        kept = RightsStatement.objects.get(edition=second)
        assert (kept.ai_images, kept.stated_by) == ("assisted", owner)
        assert RightsStatement.objects.count() == 2


class TestStateRights:
    def test_is_for_the_owner(self, draft, stranger):
        with pytest.raises(NotFound):
            services.state_rights(actor=stranger, edition=draft, statement=OWN, at=clock.now())
        make_contributor(draft.work, user=stranger)
        with pytest.raises(NotAllowed):
            services.state_rights(actor=stranger, edition=draft, statement=OWN, at=clock.now())

    def test_the_audit_log_has_each(self, owner, draft):
        for use in ("none", "generated"):
            statement = Statement("own", use, "none", "none")
            services.state_rights(actor=owner, edition=draft, statement=statement, at=clock.now())
        kept = AuditEntry.objects.filter(verb="rights.stated").order_by("pk").values_list("facts__ai_text", flat=True)
        assert list(kept) == ["none", "generated"]
        assert RightsStatement.objects.get().ai_text == "generated"

    def test_changes_on_ai_are_kept_with_their_day(self, client, owner, draft):
        for days, use in enumerate(("none", "none", "generated", "none")):
            statement = Statement("own", use, "none", "none", "assisted")
            services.state_rights(
                actor=owner, edition=draft, statement=statement, at=clock.now() + timedelta(days=days)
            )
        kept = AiUseChange.objects.values_list("ai_text", "ai_cover", "stated_at")
        days = [(clock.now() - at).days for _text, _cover, at in kept]
        assert [(text, cover) for text, cover, _at in kept] == [
            ("none", "assisted"),
            ("generated", "assisted"),
            ("none", "assisted"),
        ]
        assert days == [-3, -2, 0]
        client.force_login(owner)
        assert "What you stated before" in client.get(reverse("work-rights", args=[draft.work.public_id])).text

    def test_readers_see_what_ai_had_to_do_with_it(self, client, owner):
        edition = make_published_edition(owner=owner, slug="lamp")
        assert "No AI was used" in client.get(reverse("pages:book", args=["lamp"])).content.decode()
        services.state_rights(actor=owner, edition=edition, statement=OWN, at=clock.now())
        page = client.get(reverse("pages:book", args=["lamp"])).content.decode()
        assert "Pictures were made with the help of AI." in page
        assert "The cover was made with the help of AI." in page
        assert "No AI was used" not in page

    def test_of_a_book_from_before_nothing_is_said(self, client, owner):
        edition = make_published_edition(owner=owner, slug="lamp", announce=False)
        edition.rights_statement.delete()
        services.set_prices(actor=owner, work=edition.work, prices={"USD": 599}, at=clock.now())
        assert Listing.objects.get().details.ai is None
        assert "AI use" not in client.get(reverse("pages:book", args=["lamp"])).content.decode()


class TestAcceptTerms:
    def test_keeps_who_which_and_when_once(self, stranger):
        TermsAcceptance.objects.all().delete()
        first = services.accept_terms(actor=stranger, version=author_terms.CURRENT, at=clock.now())
        again = services.accept_terms(actor=stranger, version=author_terms.CURRENT, at=clock.now() + timedelta(days=1))
        assert first == again
        assert again.accepted_at == clock.now()

    def test_refuses_what_is_not_in_force(self, stranger):
        with pytest.raises(errors.TermsOutdated):
            services.accept_terms(actor=stranger, version="2020-01-01", at=clock.now())


class TestPage:
    ANSWERS = {
        "basis": "contract",
        "ai_text": "none",
        "ai_images": "generated",
        "ai_cover": "none",
        "ai_translation": "assisted",
    }

    def address(self, edition):
        return reverse("work-rights", args=[edition.work.public_id])

    def test_keeps_the_answers_and_the_acceptance(self, client, owner, draft):
        TermsAcceptance.objects.all().delete()
        draft.rights_statement.delete()
        client.force_login(owner)
        page = client.get(self.address(draft))
        assert reverse("author-terms") in page.content.decode()
        answers = {
            **self.ANSWERS,
            "accepts_terms": "on",
            "terms_version": page.context["form"]["terms_version"].value(),
        }
        assert client.post(self.address(draft), answers)["Location"] == reverse(
            "work-publish", args=[draft.work.public_id]
        )
        assert RightsStatement.objects.get().basis == "contract"
        assert selectors.has_accepted_terms(owner)

    def test_keeps_what_was_chosen_when_the_terms_are_not_accepted(self, client, owner, draft):
        TermsAcceptance.objects.all().delete()
        client.force_login(owner)
        response = client.post(self.address(draft), self.ANSWERS)
        assert response.status_code == 422
        assert response.context["form"]["basis"].value() == "contract"
        assert RightsStatement.objects.get().basis == "own"

    def test_says_that_the_address_is_not_confirmed(self, client, owner, draft):
        EmailAddress.objects.update(verified=False)
        client.force_login(owner)
        page = client.get(self.address(draft)).content.decode()
        assert owner.email in page
        assert reverse("account_email") in page

    def test_publish_leads_there(self, client, owner, draft):
        draft.rights_statement.delete()
        client.force_login(owner)
        page = client.get(reverse("work-publish", args=[draft.work.public_id])).content.decode()
        assert "Rights and AI use are not stated yet" in page
        assert self.address(draft) in page
        assert client.post(reverse("work-publish", args=[draft.work.public_id])).status_code == 409
        draft.refresh_from_db()
        assert draft.state == EditionState.DRAFT


class TestTerms:
    @pytest.mark.parametrize("version", author_terms.VERSIONS)
    def test_every_version_can_be_read_by_anybody(self, client, version):
        page = client.get(reverse("author-terms-version", args=[version])).content.decode()
        assert version in page
        assert "Your rights stay yours" in page

    def test_the_present_one_in_german_too(self, client):
        page = client.get("/de-de" + reverse("author-terms")).content.decode()
        assert "Ihre Rechte bleiben Ihre Rechte" in page

    @pytest.mark.parametrize("version", ["2020-01-01", "x", "..%2F2026-11-29"])
    def test_there_are_no_others(self, client, version):
        assert client.get(reverse("author-terms-version", args=["x"]).replace("x", version)).status_code == 404
