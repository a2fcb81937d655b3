"""Credits, splits, consent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from common.errors import NotAllowed, NotFound
from publishing import errors, permissions, selectors, services
from publishing.models import Contributor, SplitAgreement
from royalties import permissions as royalty_permissions
from royalties.selectors import splits
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_contributor, make_edition, make_split, make_work

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

    def test_asks_the_account_whatever_the_case_of_its_address(self, work, owner, stranger, noon):
        made = services.add_contributor(
            actor=owner, work=work, name="Sam", role="edt", email=stranger.email.upper(), at=noon
        )
        assert (made.user, made.asked, made.asked_at) == (None, stranger, noon)
        assert list(selectors.credits_offered_to(stranger)) == [made]
        assert not permissions.is_maker(stranger, work)

    def test_links_the_owner_at_once(self, work, owner, noon):
        made = services.add_contributor(actor=owner, work=work, name="Ada", role="ill", email=owner.email, at=noon)
        assert (made.user, made.asked, made.asked_at) == (owner, None, None)

    def test_says_nothing_of_an_unknown_address(self, work, owner, noon):
        made = services.add_contributor(actor=owner, work=work, name="X", role="aut", email="no@example.org", at=noon)
        assert (made.user, made.asked, made.asked_at) == (None, None, noon)

    def test_asks_nobody_twice_for_the_same_role(self, work, owner, stranger, noon):
        first, second, other = (
            services.add_contributor(actor=owner, work=work, name="Sam", role=role, email=stranger.email, at=noon)
            for role in ("edt", "edt", "ill")
        )
        assert (first.asked, second.asked, other.asked) == (stranger, None, stranger)
        assert second.asked_at == noon

    def test_lets_the_draft_carry_the_credit(self, work, owner, noon):
        edition = make_edition(work=work)
        services.add_contributor(actor=owner, work=work, name="Una Known", role="trl", at=noon)
        edition.refresh_from_db()
        people = edition.job.options.overrides.contributors
        assert [(person.name, person.role) for person in people] == [("Ada Quill", "aut"), ("Una Known", "trl")]

    def test_refuses_the_same_person_in_the_same_role(self, work, owner, noon):
        with pytest.raises(errors.AlreadyContributor):
            services.add_contributor(actor=owner, work=work, name="Ada", role="aut", email=owner.email, at=noon)

    def test_belongs_to_the_owner(self, work, stranger, noon):
        with pytest.raises(NotFound):
            services.add_contributor(actor=stranger, work=work, name="X", role="aut", at=noon)


@pytest.fixture
def offered(work, owner, stranger, noon):
    """A credit that the stranger has not answered yet."""
    return services.add_contributor(actor=owner, work=work, name="Sam", role="aut", email=stranger.email, at=noon)


class TestAcceptCredit:
    def test_makes_a_maker(self, work, stranger, offered):
        made = services.accept_credit(actor=stranger, contributor=offered)
        assert (made.user, made.asked) == (stranger, None)
        assert permissions.is_maker(stranger, work)
        assert not selectors.credits_offered_to(stranger)

    def test_is_for_whoever_is_asked(self, owner, offered):
        with pytest.raises(errors.NothingToAccept):
            services.accept_credit(actor=owner, contributor=offered)

    def test_refuses_a_credit_that_was_taken_back(self, owner, stranger, offered, noon):
        kept = Contributor.objects.get(pk=offered.pk)
        services.remove_contributor(actor=owner, contributor=offered, at=noon)
        with pytest.raises(errors.NothingToAccept):
            services.accept_credit(actor=stranger, contributor=kept)

    def test_refuses_a_role_that_the_person_has(self, work, stranger, offered):
        make_contributor(work, user=stranger)
        with pytest.raises(errors.AlreadyContributor):
            services.accept_credit(actor=stranger, contributor=offered)


class TestShowCredit:
    def test_is_for_whoever_it_is_linked_with(self, work, owner, stranger, two):
        for actor, other in ((owner, two[1]), (stranger, two[0])):
            with pytest.raises(errors.NothingToAccept):
                services.set_credit_visibility(actor=actor, contributor=other, is_on_page=False)
        assert not work.contributors.filter(is_on_page=False)

    def test_is_not_asked_before_it_is_accepted(self, stranger, offered):
        with pytest.raises(errors.NothingToAccept):
            services.set_credit_visibility(actor=stranger, contributor=offered, is_on_page=False)

    def test_nobody_else_finds_it_beside_the_name(self, client, work, owner, stranger, two):
        make_edition(work=work)
        client.force_login(owner)
        path = f"/desk/works/{work.public_id}/people/{two[1].public_id}/"
        assert b"is_on_page" not in client.get(path).content
        client.post(path, {"name": "Another", "role": two[1].role})
        two[1].refresh_from_db()
        assert (two[1].name, two[1].is_on_page) == ("Another", True)

    def test_is_changed_on_the_page_of_the_credit(self, client, stranger, two):
        client.force_login(stranger)
        for answer, expected in (("hide", False), ("show", True)):
            client.post(f"/desk/credits/{two[1].public_id}/", {"answer": answer})
            two[1].refresh_from_db()
            assert two[1].is_on_page is expected

    @pytest.mark.parametrize(("name", "is_checked"), [("sam else", True), ("A Pen Name", False)])
    def test_is_offered_where_the_name_is_the_account_s(self, client, stranger, offered, name, is_checked):
        Contributor.objects.filter(pk=offered.pk).update(name=name)
        client.force_login(stranger)
        text = client.get(f"/desk/credits/{offered.public_id}/").content.decode()
        (box,) = re.findall(r'<input type="checkbox"[^>]*name="is_on_page"[^>]*>', text)
        assert (" checked" in box) is is_checked


class TestDeclineCredit:
    def test_leaves_the_name(self, work, stranger, offered):
        services.decline_credit(actor=stranger, contributor=offered)
        kept = work.contributors.get(pk=offered.pk)
        assert (kept.name, kept.user, kept.asked, kept.asked_at) == ("Sam", None, None, None)

    def test_is_for_whoever_is_asked(self, owner, offered):
        with pytest.raises(errors.NothingToAccept):
            services.decline_credit(actor=owner, contributor=offered)


class TestLeaveCredit:
    def test_takes_the_link_and_leaves_the_name(self, work, stranger, two):
        left = services.unlink_credit(actor=stranger, contributor=two[1])
        assert (left.name, left.user, left.left) == (two[1].name, None, stranger)
        assert not permissions.may_see(stranger, work)

    def test_leaves_shares_as_they_are(self, work, stranger, two, noon):
        make_split(work, {two[0]: 6000, two[1]: 4000})
        services.unlink_credit(actor=stranger, contributor=two[1])
        (shares,) = splits.splits_in_force(work_ids=[work.pk], at=noon + timedelta(days=1)).values()
        assert {(share.user_id, share.share_bps) for share in shares} == {(work.owner_id, 6000), (stranger.pk, 4000)}
        assert royalty_permissions.may_see_earnings_of(stranger, work.public_id)

    def test_declines_what_waits(self, work, owner, stranger, two, noon):
        before = selectors.agreement_in_force(work)
        services.propose_split(actor=owner, work=work, shares={two[1]: 10_000}, at=noon)
        services.unlink_credit(actor=stranger, contributor=two[1])
        assert selectors.newest_agreement(work) == before

    def test_declines_nothing_that_waits_for_another_role(self, work, stranger, two):
        other = make_contributor(work, user=stranger, role="ill")
        agreement = make_split(work, {two[1]: 5000, other: 5000}, consented=False)
        agreement.shares.filter(contributor=two[1]).update(consented_at=agreement.created_at)
        services.unlink_credit(actor=stranger, contributor=two[1])
        assert list(selectors.awaiting_consent_of(stranger)) == [agreement]
        services.unlink_credit(actor=stranger, contributor=other)
        assert not selectors.awaiting_consent_of(stranger)

    def test_nobody_else_accepts_what_has_shares_of_whoever_left(self, work, owner, stranger, two):
        services.unlink_credit(actor=stranger, contributor=two[1])
        Contributor.objects.filter(pk=two[1].pk).update(asked=(other := make_reader()))
        with pytest.raises(errors.NothingToAccept):
            services.accept_credit(actor=other, contributor=two[1])
        assert Contributor.objects.get(pk=two[1].pk).payee == stranger

    def test_keeps_the_owner(self, owner, two):
        with pytest.raises(errors.OwnerStays):
            services.unlink_credit(actor=owner, contributor=two[0])

    def test_is_for_whoever_is_linked(self, owner, two):
        with pytest.raises(errors.NothingToAccept):
            services.unlink_credit(actor=owner, contributor=two[1])


class TestMailCredit:
    def test_asks_once(self, stranger, offered, mailoutbox):
        assert services.mail_credit(contributor_id=offered.pk)
        assert not services.mail_credit(contributor_id=offered.pk)
        (mail,) = mailoutbox
        assert mail.to == [stranger.email]
        assert "Ada Quill has credited “Sam” (Author)" in mail.body
        assert f"/desk/credits/{offered.public_id}/" in mail.body

    def test_speaks_german_to_germans(self, stranger, offered, mailoutbox):
        stranger.language = "de"
        stranger.save()
        services.mail_credit(contributor_id=offered.pk)
        assert "Sind Sie das?" in mailoutbox[0].subject

    def test_a_name_without_an_address_gets_none(self, work, owner, noon, mailoutbox):
        made = services.add_contributor(actor=owner, work=work, name="X", role="aut", at=noon)
        assert not services.mail_credit(contributor_id=made.pk)
        assert mailoutbox == []


class TestPages:
    def add(self, client, owner, work, email):
        client.force_login(owner)
        values = {"name": "Una", "role": "ill", "email": email}
        page = client.post(f"/desk/works/{work.public_id}/people/add/", values, follow=True)
        assert page.status_code == 200
        return re.sub(r"con_\w+|name=.csrf\S+ value=\S+", "", page.content.decode())

    def test_the_answer_is_the_same_for_every_address(self, client, owner, noon):
        make_reader(email="known@example.org", display_name="Secret Pen Name")
        pages = []
        for email in ("known@example.org", "unknown@example.org"):
            edition = make_edition(work=make_work(owner=owner, title="The Lamp", slug=f"lamp-{len(pages)}"))
            page = self.add(client, owner, edition.work, email)
            pages.append(page.replace(edition.work.public_id, "").replace(edition.work.slug, ""))
        assert "Secret Pen Name" not in pages[0]
        assert "Not invited" in pages[0], "no worker has sent the mail yet"
        assert pages[0] == pages[1]

    def test_the_desk_asks_and_the_page_answers(self, client, work, stranger, offered):
        client.force_login(stranger)
        assert f"/desk/credits/{offered.public_id}/" in client.get("/desk/").content.decode()
        client.post(f"/desk/credits/{offered.public_id}/", {"answer": "yes"})
        assert permissions.is_maker(stranger, work)
        client.post(f"/desk/credits/{offered.public_id}/", {"answer": "leave"})
        assert not permissions.is_maker(stranger, work)
        assert client.get(f"/desk/credits/{offered.public_id}/").status_code == 404

    def test_a_desk_asks_a_reader_who_has_no_works(self, client, work, owner, noon):
        reader = make_reader()
        made = services.add_contributor(actor=owner, work=work, name="R", role="ill", email=reader.email, at=noon)
        client.force_login(reader)
        assert f"/desk/credits/{made.public_id}/" in client.get("/desk/").content.decode()
        client.post(f"/desk/credits/{made.public_id}/", {"answer": "no"})
        assert not permissions.is_maker(reader, work)

    def test_few_strangers_are_asked_in_a_day(self, client, owner, settings):
        settings.ACCOUNT_RATE_LIMITS = {"credit": "2/d/user"}
        work = make_edition(work=make_work(owner=owner)).work
        client.force_login(owner)
        values = {"name": "Una", "role": "ill", "email": "una@example.org"}
        address = f"/desk/works/{work.public_id}/people/add/"
        assert [client.post(address, values).status_code for _ in range(3)] == [302, 302, 429]


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

    def test_takes_no_share_from_anybody_who_does_not_agree(self, work, owner, stranger, two, noon):
        make_split(work, {two[0]: 6000, two[1]: 4000})
        later = noon + timedelta(days=1)
        agreement = services.propose_split(actor=owner, work=work, shares={two[0]: 10_000}, at=later)
        assert [(share.share_bps, share.consented_at) for share in agreement.shares.all()] == [
            (10_000, later),
            (0, None),
        ]

        def shares():
            (found,) = splits.splits_in_force(work_ids=[work.pk], at=later + timedelta(days=1)).values()
            return {(share.user_id, share.share_bps) for share in found}

        assert shares() == {(work.owner_id, 6000), (stranger.pk, 4000)}
        assert list(selectors.awaiting_consent_of(stranger)) == [agreement]
        services.consent_to_split(actor=stranger, agreement=agreement, at=later)
        assert shares() == {(work.owner_id, 10_000)}

    def test_asks_whoever_left_their_credit_too(self, work, owner, stranger, two, noon):
        make_split(work, {two[0]: 6000, two[1]: 4000})
        services.unlink_credit(actor=stranger, contributor=two[1])
        agreement = services.propose_split(actor=owner, work=work, shares={two[0]: 10_000}, at=noon + timedelta(days=1))
        assert list(selectors.awaiting_consent_of(stranger)) == [agreement]
        services.consent_to_split(actor=stranger, agreement=agreement, at=noon + timedelta(days=1))
        assert agreement.is_consented

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
        assert "Ada Quill offers you 25%" in mail.body
        assert f"/desk/splits/{agreement.public_id}/" in mail.body

    def test_tells_whoever_would_get_nothing_so(self, work, two, noon, mailoutbox, client):
        make_split(work, {two[0]: 6000, two[1]: 4000})
        at = noon + timedelta(days=1)
        agreement = services.propose_split(actor=work.owner, work=work, shares={two[0]: 10_000}, at=at)
        assert services.mail_proposal(agreement_id=agreement.pk) == 1
        (mail,) = mailoutbox
        ((html, _),) = mail.alternatives
        client.force_login(two[1].user)
        page = client.get(f"/desk/splits/{agreement.public_id}/").content.decode()
        assert mail.subject == "Your share"
        for told in (mail.body, html, page, client.get("/desk/").content.decode()):
            assert "Ada Quill proposes that you no longer get a share of the royalty for" in told
            assert "Your share stays as it is unless you agree." in told
            assert "offer" not in told
            assert "You have been offered a share" not in told
        assert f"/desk/splits/{agreement.public_id}/" in mail.body

    def test_a_proposal_that_is_gone_asks_nobody(self, mailoutbox, db):
        assert services.mail_proposal(agreement_id=0) == 0
        assert mailoutbox == []
