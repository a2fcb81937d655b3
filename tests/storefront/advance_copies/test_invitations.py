"""Offers, invitations and their answers: who may, what is refused, and what the author is never told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Deletion
from common import clock
from common.errors import NotAllowed, NotFound
from storefront.advance_copies import selectors
from storefront.advance_copies.errors import (
    AlreadyAsked,
    HasBook,
    InvitationClosed,
    NeedsTitle,
    NoFiles,
    NoOffer,
    NotLasting,
    NotWaiting,
    OfferClosed,
    OwnBook,
    ResentTooSoon,
    SentOften,
    TooManyCopies,
    TooManyMails,
    TooManyRequests,
    UnderReview,
    WrongDay,
)
from storefront.advance_copies.models import Copy, CopyState, Offer, Refusal
from storefront.advance_copies.services import account_deletion, copies, invitations, links, offers, requests
from storefront.advance_copies.services.invitations import Skipped
from storefront.advance_copies.services.offers import OfferInput
from storefront.checkout import permissions
from tests.factories.accounts import make_author, make_moderator, make_operator, make_reader
from tests.factories.advance_copies import invite, make_copy, make_draft, make_offer, make_request
from tests.factories.buying import buy, make_book
from tests.factories.collaboration import make_collaborator
from tests.factories.guests import buy_as_guest
from tests.factories.publishing import make_contributor, make_published_edition
from tests.storefront.advance_copies.conftest import publish

pytestmark = pytest.mark.django_db


def save(work, *, actor=None, days: int = 30, **told) -> Offer:
    given = OfferInput(last_day=clock.now().date() + timedelta(days=days), **told)
    return offers.save_offer(actor=actor or work.owner, work=work, told=given, at=clock.now())


def accept(copy: Copy, reader) -> Copy:
    return invitations.accept(actor=reader, token=links.token_of(copy), at=clock.now())


class TestWhoMay:
    def test_the_owner_and_a_co_author_who_may_publish(self, work):
        publisher = make_collaborator(work, "co_author", may_publish=True).user
        for person in (work.owner, publisher):
            save(work, actor=person)
            assert AuditEntry.objects.filter(verb="advance_copies.offered", actor=person).exists()

    def test_nobody_else(self, work, offer):
        [waiting] = invite(work, "ann@example.org")
        copy, asked = make_copy(work), None
        Offer.objects.update(takes_requests=True)
        asked = make_request(work)
        contributor = make_author()
        make_contributor(work, user=contributor)
        people = [make_collaborator(work, role).user for role in ("early_reader", "proofreader", "editor", "co_author")]
        at, day = clock.now(), clock.now().date() + timedelta(days=50)
        for person in [*people, contributor, make_author(), make_moderator(), make_operator(), copy.reader]:
            for act in (
                lambda person=person: save(work, actor=person),
                lambda person=person: offers.use_newest_text(actor=person, work=work),
                lambda person=person: offers.close(actor=person, work=work),
                lambda person=person: offers.reopen(actor=person, work=work),
                lambda person=person: invitations.invite(
                    actor=person, work=work, emails=["b@example.org"], language="en", at=at
                ),
                lambda person=person: invitations.invite_again(actor=person, copy=waiting, at=at),
                lambda person=person: copies.extend(actor=person, copy=copy, last_day=day, at=at),
                lambda person=person: copies.withdraw(actor=person, copy=copy, words="", at=at),
                lambda person=person: requests.grant(actor=person, copy=asked, at=at),
                lambda person=person: requests.refuse(actor=person, copy=asked, at=at),
            ):
                with pytest.raises((NotAllowed, NotFound)):
                    act()


class TestOffer:
    @pytest.mark.parametrize("days", [-1, 0, 181])
    def test_ends_on_a_day_within_half_a_year(self, work, days):
        with pytest.raises(WrongDay):
            save(work, days=days)

    @pytest.mark.parametrize("count", [0, 201])
    def test_has_a_limit(self, work, count):
        with pytest.raises(TooManyCopies):
            save(work, max_copies=count)

    def test_needs_files_and_a_title(self, author):
        draft = make_draft(author)
        draft.job.artifacts.filter(kind="web").delete()
        with pytest.raises(NoFiles):
            save(draft.work)
        with pytest.raises(NeedsTitle):
            save(make_draft(author, title="").work)

    def test_of_a_book_on_sale_pins_nothing(self, author):
        offer = save(make_published_edition(owner=author).work)
        assert offer.job is None

    def test_a_later_day_is_for_everybody_and_an_earlier_one_for_new_readers(self, work, reader):
        copy = make_copy(work, reader, days=30)
        save(work, days=10)
        copy.refresh_from_db()
        assert copy.last_day == clock.now().date() + timedelta(days=30)
        assert make_copy(work).last_day == clock.now().date() + timedelta(days=10)
        save(work, days=60)
        copy.refresh_from_db()
        assert copy.last_day == clock.now().date() + timedelta(days=60)

    def test_a_moderators_decision_stands(self, work, offer):
        Offer.objects.update(is_hidden=True)
        with pytest.raises(UnderReview):
            save(work)
        with pytest.raises(UnderReview):
            invite(work)


class TestInvite:
    def test_each_address_once_and_says_who_is_skipped(self, work, offer, author):
        invite(work, "known@example.org")
        Refusal.objects.create(author=author, digest=links.digest_of("no@example.org"), refused_at=clock.now())
        emails = [author.email, "known@example.org", "NO@example.org", "new@example.org", "New@Example.org "]
        found = invitations.invite(actor=author, work=work, emails=emails, language="en", at=clock.now())
        assert [copy.email for copy in found.copies] == ["new@example.org"]
        assert found.skipped == {
            Skipped.OWN: [author.email.lower()],
            Skipped.KNOWN: ["known@example.org"],
            Skipped.REFUSED: ["no@example.org"],
        }

    def test_says_nothing_about_accounts(self, work, offer):
        with_account, without = invite(work, make_reader().email, "nobody@example.org")
        rows = {row.copy.pk: row for row in selectors.desk_page(work, at=clock.now()).rows}
        assert rows[with_account.pk].words == rows[without.pk].words
        copy = accept(with_account, make_reader(display_name="Night Owl"))
        row = next(one for one in selectors.desk_page(work, at=clock.now()).rows if one.copy == copy)
        assert row.name == with_account.email, "never the name of the account"

    def test_needs_an_open_offer(self, work, author):
        with pytest.raises(NoOffer):
            invite(work)
        offer = save(work)
        offers.close(actor=author, work=work)
        with pytest.raises(OfferClosed):
            invite(work)
        offers.reopen(actor=author, work=work)
        with clock.frozen(clock.end_of_day(offer.last_day) + timedelta(hours=1)), pytest.raises(OfferClosed):
            invite(work)

    def test_no_more_than_the_author_said(self, work, author):
        save(work, max_copies=2)
        copy = make_copy(work)
        invite(work, "b@example.org")
        with pytest.raises(TooManyCopies):
            invite(work, "c@example.org")
        copies.withdraw(actor=author, copy=copy, words="", at=clock.now())
        assert invite(work, "c@example.org")

    def test_no_more_than_a_hundred_a_day_for_all_books(self, work, offer, author, monkeypatch):
        monkeypatch.setattr(invitations, "MAX_MAILS_A_DAY", 3)
        other = make_draft(author).work
        save(other)
        invite(work, "a@example.org", "b@example.org")
        with pytest.raises(TooManyMails):
            invite(other, "c@example.org", "d@example.org")
        invite(other, "c@example.org")
        with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
            assert invite(other, "d@example.org")

    def test_nobody_gets_more_than_three_a_day(self):
        works = [make_draft().work for _number in range(4)]
        for one in works:
            save(one)
        for one in works[:3]:
            assert invite(one, "ann@example.org")
        found = invitations.invite(
            actor=works[3].owner, work=works[3], emails=["ann@example.org"], language="en", at=clock.now()
        )
        assert found.skipped == {Skipped.BUSY: ["ann@example.org"]}

    def test_again_after_some_days_and_three_times_at_most(self, work, offer, author):
        [copy] = invite(work)
        first = links.token_of(copy)
        with pytest.raises(ResentTooSoon):
            invitations.invite_again(actor=author, copy=copy, at=clock.now())
        for number in (1, 2):
            at = clock.now() + timedelta(days=4 * number)
            copy = invitations.invite_again(actor=author, copy=copy, at=at)
        with pytest.raises(InvitationClosed):
            invitations.invited_by(first, at=at)
        assert invitations.invited_by(links.token_of(copy), at=at) == copy
        with pytest.raises(SentOften):
            invitations.invite_again(actor=author, copy=copy, at=clock.now() + timedelta(days=12))

    def test_the_database_refuses_the_same_address_twice(self, work, offer):
        invite(work, "ann@example.org")
        with pytest.raises(IntegrityError), transaction.atomic():
            Copy.objects.create(offer=offer, email="ann@example.org", state="invited", made_at=clock.now())

    @pytest.mark.parametrize("wrong", [{"state": "accepted"}, {"state": "invited"}])
    def test_the_database_refuses_what_makes_no_sense(self, offer, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            Copy.objects.create(offer=offer, made_at=clock.now(), **wrong)


class TestAnswer:
    def test_accepting_works_once(self, work, offer, reader):
        [copy] = invite(work)
        found = accept(copy, reader)
        assert (found.state, found.reader, found.last_day) == (CopyState.ACCEPTED, reader, offer.last_day)
        with pytest.raises(InvitationClosed):
            accept(copy, make_reader())
        assert permissions.may_read(reader, work)

    @pytest.mark.parametrize("token", ["", "x", "WyJhIl0:1:x"])
    def test_a_forged_link_is_closed(self, token):
        with pytest.raises(InvitationClosed):
            invitations.invited_by(token, at=clock.now())

    @pytest.mark.parametrize(
        "end",
        [
            lambda work, copy: copies.withdraw(actor=work.owner, copy=copy, words="", at=clock.now()),
            lambda work, copy: offers.close(actor=work.owner, work=work),
            lambda work, copy: Offer.objects.update(is_hidden=True),
            lambda work, copy: Offer.objects.update(last_day=clock.now().date() - timedelta(days=3)),
            lambda work, copy: type(work.owner).objects.filter(pk=work.owner_id).update(is_active=False),
            lambda work, copy: type(work).objects.filter(pk=work.pk).update(held_by="cas_1"),
        ],
    )
    def test_nobody_accepts_what_has_ended(self, work, offer, reader, end):
        [copy] = invite(work)
        end(work, copy)
        with pytest.raises(InvitationClosed):
            accept(copy, reader)

    @pytest.mark.usefixtures("postman")
    def test_not_by_makers_owners_of_the_book_and_guests(self, work, offer, reader):
        [copy] = invite(work)
        with pytest.raises(OwnBook):
            accept(copy, work.owner)
        with pytest.raises(NotAllowed):
            accept(copy, buy_as_guest(make_book()).buyer)
        buy(reader, publish(work.editions.get(), clock.now()))
        with pytest.raises(HasBook):
            accept(copy, reader)

    def test_one_reader_has_one_copy(self, work, offer, reader):
        first, second = invite(work, "a@example.org", "b@example.org")
        accept(first, reader)
        with pytest.raises(HasBook):
            accept(second, reader)
        accept(second, make_reader())

    def test_an_invitation_answers_a_request(self, work, reader):
        make_offer(work, takes_requests=True)
        make_request(work, reader)
        [copy] = invite(work, "ann@example.org")
        accept(copy, reader)
        assert Copy.objects.get() == copy

    def test_declining_needs_no_account_and_stands(self, work, offer, author):
        [copy] = invite(work)
        invitations.decline(token=links.token_of(copy), at=clock.now())
        found = invitations.invite(actor=author, work=work, emails=[copy.email], language="en", at=clock.now())
        assert found.skipped == {Skipped.KNOWN: [copy.email]}

    def test_never_again_ends_invitations_to_all_books_of_the_author(self, work, offer, author):
        other, strangers = make_draft(author).work, make_draft().work
        for one in (other, strangers):
            save(one)
        mine = [*invite(work), *invite(other)]
        theirs = invite(strangers)
        found_author, digest = links.parse_refusal(links.refusal_link(mine[0]).rstrip("/").rpartition("/")[2])
        for _twice in range(2):
            invitations.refuse_author(author=found_author, digest=digest, at=clock.now())
        assert not Copy.objects.filter(pk__in=[copy.pk for copy in mine]).exclude(email="", state="declined").exists()
        assert Copy.objects.get(pk=theirs[0].pk).state == CopyState.INVITED
        assert not invite(work)
        invitations.allow_author(author=author, digest=digest)
        assert invite(work)


class TestCopies:
    def test_extend_also_after_the_end(self, work, author, reader):
        copy = make_copy(work, reader)
        with clock.frozen(clock.end_of_day(copy.last_day) + timedelta(days=1)):
            assert not permissions.may_read(reader, work)
            later = clock.now().date() + timedelta(days=10)
            copies.extend(actor=author, copy=copy, last_day=later, at=clock.now())
            assert permissions.may_read(reader, work)

    def test_never_to_an_earlier_day(self, work, author, reader):
        copy = make_copy(work, reader)
        with pytest.raises(WrongDay):
            copies.extend(actor=author, copy=copy, last_day=copy.last_day - timedelta(days=1), at=clock.now())

    def test_not_what_was_withdrawn(self, work, author, reader):
        copy = make_copy(work, reader)
        copies.withdraw(actor=author, copy=copy, words="", at=clock.now())
        with pytest.raises(NotLasting):
            copies.extend(actor=author, copy=copy, last_day=copy.last_day, at=clock.now())
        with pytest.raises(NotWaiting):
            copies.withdraw(actor=author, copy=copy, words="", at=clock.now())

    def test_who_lost_a_copy_can_be_invited_again(self, work, author, reader):
        copy = make_copy(work, reader)
        copies.withdraw(actor=author, copy=copy, words="A mistake.", at=clock.now())
        [again] = invite(work, copy.email)
        assert again == copy
        accept(again, reader)
        assert permissions.may_read(reader, work)


class TestRequests:
    @pytest.fixture
    def open_offer(self, work) -> Offer:
        return make_offer(work, takes_requests=True)

    def test_only_where_the_author_takes_them(self, work, offer, reader):
        with pytest.raises(NotFound):
            requests.ask(actor=reader, offer_id=offer.public_id, words="Please.", at=clock.now())

    def test_once_for_a_book_and_not_by_makers(self, work, open_offer, reader):
        make_request(work, reader)
        with pytest.raises(AlreadyAsked):
            make_request(work, reader)
        with pytest.raises(OwnBook):
            make_request(work, work.owner)

    def test_no_more_than_ten_wait(self, reader, monkeypatch):
        monkeypatch.setattr(requests, "MAX_WAITING", 1)
        make_request(make_draft().work, reader)
        with pytest.raises(TooManyRequests):
            make_request(make_draft().work, reader)

    def test_grant_and_refuse(self, work, open_offer, author, reader):
        other = make_reader()
        yes, no = make_request(work, reader), make_request(work, other)
        requests.grant(actor=author, copy=yes, at=clock.now())
        requests.refuse(actor=author, copy=no, at=clock.now())
        assert permissions.may_read(reader, work)
        assert not permissions.may_read(other, work)
        for copy in (yes, no):
            with pytest.raises(NotWaiting):
                requests.grant(actor=author, copy=copy, at=clock.now())
        with pytest.raises(AlreadyAsked):
            make_request(work, other)

    def test_no_more_than_the_author_said(self, work, author):
        make_offer(work, takes_requests=True, max_copies=1)
        first, second = make_request(work), make_request(work)
        requests.grant(actor=author, copy=first, at=clock.now())
        with pytest.raises(TooManyCopies):
            requests.grant(actor=author, copy=second, at=clock.now())


class TestForgetting:
    def test_addresses_go_thirty_days_after_the_end(self, work, offer, reader):
        copy = make_copy(work, reader)
        invite(work, "silent@example.org")
        account_deletion.forget(clock.end_of_day(offer.last_day) + timedelta(days=29))
        assert Copy.objects.exclude(email="").count() == 2
        account_deletion.forget(clock.end_of_day(offer.last_day) + timedelta(days=31))
        copy.refresh_from_db()
        assert copy.email == ""
        assert Copy.objects.count() == 1, "what never became a copy goes altogether"
        row = selectors.desk_page(work, at=clock.now()).rows[0]
        assert row.name == "An invited reader"

    def test_with_the_readers_account(self, work, offer, reader):
        make_copy(work, reader)
        invite(work, reader.email)
        account_deletion.erase(Deletion(user=reader), clock.now())
        assert not Copy.objects.exists()

    def test_with_the_authors_account(self, work, offer, author, reader):
        make_copy(work, reader)
        account_deletion.erase(Deletion(user=author), clock.now())
        assert not Offer.objects.exists()
        assert not permissions.may_read(reader, work)
