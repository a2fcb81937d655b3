"""Credits, splits, consent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.errors import NotAllowed, NotFound
from conversion.options import ConversionOptions
from publishing import errors, selectors, services
from publishing.models import SplitAgreement
from tests.factories.publishing import make_contributor, make_edition, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(owner):
    return make_work(owner=owner)


@pytest.fixture
def two(work, owner, stranger):
    """The owner's and the other's contributor rows."""
    return work.contributors.get(user=owner), make_contributor(work, user=stranger)


class TestAddContributor:
    def test_credits_somebody_without_an_account(self, work, owner, noon):
        made = services.add_contributor(actor=owner, work=work, name="Una Known", role="trl", at=noon)
        assert (made.user, made.position) == (None, 1)

    def test_links_an_account_whatever_the_case_of_its_address(self, work, owner, stranger, noon):
        made = services.add_contributor(
            actor=owner, work=work, name="Sam", role="edt", email=stranger.email.upper(), at=noon
        )
        assert made.user == stranger

    def test_lets_the_draft_carry_the_credit(self, work, owner, noon):
        edition = make_edition(work=work)
        services.add_contributor(actor=owner, work=work, name="Una Known", role="trl", at=noon)
        edition.refresh_from_db()
        people = ConversionOptions.from_json(edition.job.options).overrides.contributors
        assert [(person.name, person.role) for person in people] == [("Ada Quill", "aut"), ("Una Known", "trl")]

    def test_refuses_an_unknown_address(self, work, owner, noon):
        with pytest.raises(errors.PersonUnknown):
            services.add_contributor(actor=owner, work=work, name="X", role="aut", email="no@example.org", at=noon)

    def test_refuses_the_same_person_in_the_same_role(self, work, owner, noon):
        with pytest.raises(errors.AlreadyContributor):
            services.add_contributor(actor=owner, work=work, name="Ada", role="aut", email=owner.email, at=noon)

    def test_belongs_to_the_owner(self, work, stranger, noon):
        with pytest.raises(NotFound):
            services.add_contributor(actor=stranger, work=work, name="X", role="aut", at=noon)


class TestRemoveContributor:
    def test_takes_a_credit_back(self, work, owner, noon):
        made = make_contributor(work)
        services.remove_contributor(actor=owner, contributor=made, at=noon)
        assert work.contributors.count() == 1

    def test_keeps_the_owner(self, work, owner, noon):
        with pytest.raises(errors.OwnerStays):
            services.remove_contributor(actor=owner, contributor=work.contributors.get(), at=noon)

    def test_keeps_whoever_statements_refer_to(self, owner, two, noon):
        services.propose_split(actor=owner, work=two[0].work, shares={two[0]: 5000, two[1]: 5000}, at=noon)
        with pytest.raises(errors.ContributorHasShares):
            services.remove_contributor(actor=owner, contributor=two[1], at=noon)


class TestProposeSplit:
    def test_waits_for_the_others(self, owner, two, noon):
        agreement = services.propose_split(actor=owner, work=two[0].work, shares={two[0]: 6667, two[1]: 3333}, at=noon)
        assert [(share.share_bps, share.consented_at) for share in agreement.shares.all()] == [
            (6667, noon),
            (3333, None),
        ]
        in_force = selectors.agreement_in_force(two[0].work)
        assert in_force is not None
        assert in_force != agreement

    @pytest.mark.parametrize("bps", [3332, 3334, -1])
    def test_refuses_shares_that_do_not_make_the_whole(self, owner, two, noon, bps):
        with pytest.raises(errors.ShareTotalWrong):
            services.propose_split(actor=owner, work=two[0].work, shares={two[0]: 6667, two[1]: bps}, at=noon)

    def test_refuses_a_negative_share_that_hides_in_the_total(self, owner, two, noon):
        with pytest.raises(errors.ShareTotalWrong):
            services.propose_split(actor=owner, work=two[0].work, shares={two[0]: 11_000, two[1]: -1000}, at=noon)

    def test_refuses_a_share_that_nobody_could_be_paid(self, work, owner, two, noon):
        unpaid = make_contributor(work)
        with pytest.raises(errors.ShareWithoutAccount, match="Una Known"):
            services.propose_split(actor=owner, work=work, shares={two[0]: 5000, unpaid: 5000}, at=noon)

    def test_takes_the_place_of_an_open_proposal(self, work, owner, two, noon):
        first = services.propose_split(actor=owner, work=work, shares={two[1]: 10_000}, at=noon)
        services.propose_split(actor=owner, work=work, shares={two[0]: 9000, two[1]: 1000}, at=noon)
        assert not SplitAgreement.objects.filter(pk=first.pk).exists()

    def test_belongs_to_the_owner(self, work, stranger, two, noon):
        with pytest.raises(NotAllowed):
            services.propose_split(actor=stranger, work=work, shares={two[1]: 10_000}, at=noon)


class TestConsentToSplit:
    def test_brings_it_in_force(self, work, owner, stranger, two, noon):
        agreement = services.propose_split(actor=owner, work=work, shares={two[0]: 5000, two[1]: 5000}, at=noon)
        assert list(selectors.awaiting_consent_of(stranger)) == [agreement]
        later = noon + timedelta(days=1)
        services.consent_to_split(actor=stranger, agreement=agreement, at=later)
        assert selectors.agreement_in_force(work) == agreement
        assert not selectors.awaiting_consent_of(stranger)

    def test_refuses_a_second_answer(self, work, owner, stranger, two, noon):
        agreement = services.propose_split(actor=owner, work=work, shares={two[1]: 10_000}, at=noon)
        services.consent_to_split(actor=stranger, agreement=agreement, at=noon)
        with pytest.raises(errors.NothingToConsentTo):
            services.consent_to_split(actor=stranger, agreement=agreement, at=noon)

    def test_the_owner_cannot_answer_for_another(self, work, owner, two, noon):
        agreement = services.propose_split(actor=owner, work=work, shares={two[1]: 10_000}, at=noon)
        with pytest.raises(errors.NothingToConsentTo):
            services.consent_to_split(actor=owner, agreement=agreement, at=noon)


class TestDeclineSplit:
    def test_leaves_the_agreement_before_in_force(self, work, owner, stranger, two, noon):
        before = selectors.agreement_in_force(work)
        agreement = services.propose_split(actor=owner, work=work, shares={two[1]: 10_000}, at=noon)
        services.decline_split(actor=stranger, agreement=agreement, at=noon)
        assert selectors.newest_agreement(work) == before


class TestMailProposal:
    def test_asks_those_who_have_not_agreed_once(self, work, owner, two, noon, mailoutbox):
        agreement = services.propose_split(actor=owner, work=work, shares={two[0]: 7500, two[1]: 2500}, at=noon)
        assert services.mail_proposal(agreement_id=agreement.pk) == 1
        assert services.mail_proposal(agreement_id=agreement.pk) == 0
        (mail,) = mailoutbox
        assert mail.to == [two[1].user.email]
        assert "Ada Quill offers you 25 %" in mail.body
        assert f"/desk/splits/{agreement.public_id}/" in mail.body

    def test_a_proposal_that_is_gone_asks_nobody(self, mailoutbox, db):
        assert services.mail_proposal(agreement_id=0) == 0
        assert mailoutbox == []
