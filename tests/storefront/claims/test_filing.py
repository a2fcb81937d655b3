"""Who files a claim on what: passages found by the comparison, words copied from a book, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts import restrictions
from accounts.restrictions import Activity
from common import clock
from payments.rails import Beneficiary
from publishing.models import Work
from publishing.passages.services import texts
from royalties.models import ClaimedShare
from royalties.services import bank_details, clearing
from storefront.catalogue.models import Listing
from storefront.claims.errors import (
    AlreadyClaimed,
    ClaimantMissing,
    ClaimsSuspended,
    NoPassages,
    NotForSale,
    OriginalFree,
    OwnBook,
    PassageFree,
    PassageNotFound,
)
from storefront.claims.models import Claim, ConductNotice, HoldState, NoticeKind
from storefront.claims.process import State
from storefront.claims.services import clock_runs, filing
from tests.conftest import NOON
from tests.conversion.passages.texts import as_text, drawn_words
from tests.factories.accounts import make_author, make_reader
from tests.factories.claims import (
    answer,
    edition_of,
    file_copied,
    file_found,
    known,
    mail_all,
    make_copy,
    make_sold,
    original_of,
    told,
)
from tests.factories.publishing import make_contributor
from tests.factories.suspensions import make_suspension
from tests.royalties.factories import recorded_sale

pytestmark = pytest.mark.django_db


class TestFound:
    def test_holds_the_share_at_once_of_a_known_claimant(self) -> None:
        match = make_copy(earlier=known(make_author()))
        claim = file_found(match)
        assert claim.state == State.ANSWERING
        assert claim.hold.state == HoldState.HELD
        assert claim.hold.is_at_once
        assert claim.hold.share_bps == claim.share_bps == -(-match.words * 10_000 // match.text.words)
        assert ClaimedShare.objects.get(claim=claim.public_id).share_bps == claim.hold.share_bps

    def test_waits_for_a_look_where_nobody_knows_the_claimant(self) -> None:
        claim = file_found(make_copy())
        assert claim.hold.state == HoldState.LOOK
        assert not ClaimedShare.objects.exists()
        assert claim.hold.look_until == clock.now() + timedelta(hours=72)

    @pytest.mark.parametrize(("paid", "early_s", "state"), [(499, 0, "held"), (499, 1, "look"), (0, 0, "look")])
    def test_a_sale_that_has_cleared_makes_known(self, paid: int, early_s: int, state: HoldState) -> None:
        """A free book proves nothing."""
        match = make_copy()
        sale = recorded_sale(of=match.other.edition, paid=paid)
        clearing.clear_due(at=sale.clears_at - timedelta(seconds=early_s))
        assert file_found(match).hold.state == state

    def test_bank_details_that_nobody_has_checked_make_nobody_known(self) -> None:
        match = make_copy()
        typed = Beneficiary("Ann First", "DE", iban="DE89370400440532013000", bic="COBADEFFXXX")
        bank_details.use_bank(actor=original_of(match).owner, beneficiary=typed, at=clock.now())
        assert file_found(match).hold.state == HoldState.LOOK

    def test_only_the_owner_of_the_earlier_book(self) -> None:
        match = make_copy()
        with pytest.raises(OwnBook):
            filing.file_found(actor=make_author(), match=match, numbers=[0], told=told(), at=clock.now())

    def test_not_the_makers_of_the_book_itself(self) -> None:
        match = make_copy()
        owner = original_of(match).owner
        make_contributor(edition_of(match).work, user=owner, name="Ann")
        with pytest.raises(OwnBook):
            file_found(match)

    def test_needs_a_passage(self) -> None:
        with pytest.raises(NoPassages):
            file_found(make_copy(), numbers=[])

    def test_not_of_an_original_that_anybody_may_publish(self) -> None:
        match = make_copy()
        Work.objects.filter(pk=original_of(match).pk).update(licence="cc-by-4.0")
        match.refresh_from_db()
        with pytest.raises(OriginalFree, match=r"CC BY 4\.0"):
            file_found(match)

    def test_not_of_a_book_off_sale(self) -> None:
        match = make_copy()
        Listing.objects.update(is_on_sale=False)
        with pytest.raises(NotForSale):
            file_found(match)

    def test_words_that_have_turned_out_to_be_free_name_their_source(self) -> None:
        match = make_copy(seed=71)
        text = as_text(drawn_words(3000, 71))
        texts.add_reference(title="Old Lamps", source="Harbour Library", content=text, at=clock.now())
        with pytest.raises(PassageFree, match=r"Old Lamps.*Harbour Library"):
            file_found(match)

    def test_one_open_claim_on_a_book(self) -> None:
        match = make_copy()
        file_found(match)
        with pytest.raises(AlreadyClaimed):
            file_found(match)


class TestCopied:
    WORDS = drawn_words(2000, 81)

    def test_is_located_in_the_book(self) -> None:
        edition = make_sold(self.WORDS)
        claim = file_copied(edition.work, self.WORDS[500:700], actor=known(make_reader()))
        [passage] = claim.passages
        assert (passage.here.start, passage.here.end, passage.words) == (500, 700, 200)
        assert claim.share_bps == 1000
        assert claim.hold.state == HoldState.LOOK, "a person looks at what no machine found, whoever claims"

    def test_words_that_are_pasted_twice_count_once(self) -> None:
        edition = make_sold(self.WORDS)
        copied = [as_text(self.WORDS[500:700])] * 2
        says = told(original_title="Lamps", email="a@example.org")
        claim = filing.file_copied(actor=None, work=edition.work, copied=copied, told=says, at=clock.now())
        assert claim.claimed_words == 200

    def test_words_that_do_not_stand_there_are_refused(self) -> None:
        with pytest.raises(PassageNotFound):
            file_copied(make_sold(self.WORDS).work, drawn_words(100, 99))

    def test_fewer_than_forty_are_not_found(self) -> None:
        with pytest.raises(PassageNotFound):
            file_copied(make_sold(self.WORDS).work, self.WORDS[:39])

    def test_free_words_are_refused_with_their_source(self) -> None:
        edition = make_sold(self.WORDS)
        old = as_text([*self.WORDS[:400], *drawn_words(4000, 91)])
        texts.add_reference(title="Old Lamps", source="Harbour Library", content=old, at=clock.now())
        with pytest.raises(PassageFree, match=r"Old Lamps.*Harbour Library"):
            file_copied(edition.work, self.WORDS[100:200])
        assert file_copied(edition.work, self.WORDS[1000:1100]).claimed_words == 100

    def test_needs_a_name_and_an_address(self) -> None:
        with pytest.raises(ClaimantMissing):
            file_copied(make_sold(self.WORDS).work, self.WORDS[:100], name="", email="a@example.org")

    def test_counts_once_the_link_was_followed(self) -> None:
        claim = file_copied(make_sold(self.WORDS).work, self.WORDS[:100])
        assert claim.state == State.UNCONFIRMED
        mail_all(claim)
        [receipt] = mail.outbox
        assert receipt.to == ["ann@example.org"]
        assert "/claims/status/" in receipt.body
        filing.confirm(claim=claim, at=clock.now())
        filing.confirm(claim=claim, at=clock.now() + timedelta(days=1))
        claim.refresh_from_db()
        assert (claim.state, claim.confirmed_at) == (State.ANSWERING, NOON)
        mail_all(claim)
        assert mail.outbox[1].to == [claim.work.owner.email]
        assert "ann@example.org" not in mail.outbox[1].body

    def test_is_deleted_after_a_week_without_that(self) -> None:
        file_copied(make_sold(self.WORDS).work, self.WORDS[:100])
        assert clock_runs.run_due(at=clock.now() + timedelta(days=7, seconds=-1)) == 0
        assert clock_runs.run_due(at=clock.now() + timedelta(days=7)) == 1
        assert not Claim.objects.exists()

    def test_nobody_claims_while_suspended(self) -> None:
        edition, reader = make_sold(self.WORDS), make_reader()
        until = clock.now() + timedelta(days=90)
        ConductNotice.objects.create(kind=NoticeKind.SUSPENSION, user=reader, made_at=clock.now(), ends_at=until)
        with pytest.raises(ClaimsSuspended):
            file_copied(edition.work, self.WORDS[:100], actor=reader)
        assert file_copied(edition.work, self.WORDS[:100], actor=reader, at=until)

    def test_nor_while_suspended_from_reporting(self) -> None:
        edition, reader = make_sold(self.WORDS), make_reader()
        make_suspension(reader, Activity.NOTICES)
        with pytest.raises(restrictions.NoticesSuspended):
            file_copied(edition.work, self.WORDS[:100], actor=reader)

    @pytest.mark.parametrize("is_from_reporting", [True, False])
    def test_nor_from_the_address_of_a_suspended_account(self, is_from_reporting: bool) -> None:
        reader = make_reader()
        claim = file_copied(make_sold(self.WORDS).work, self.WORDS[:100], email=reader.email)
        if is_from_reporting:
            make_suspension(reader, Activity.NOTICES)
        else:
            until = clock.now() + timedelta(days=90)
            ConductNotice.objects.create(kind=NoticeKind.SUSPENSION, user=reader, made_at=clock.now(), ends_at=until)
        with pytest.raises((restrictions.NoticesSuspended, ClaimsSuspended)):
            filing.confirm(claim=claim, at=clock.now())

    def test_another_claim_once_the_first_has_ended(self) -> None:
        edition, reader = make_sold(self.WORDS), make_reader()
        claim = file_copied(edition.work, self.WORDS[:100], actor=reader)
        answer(claim)
        clock_runs.run_due(at=clock.now() + timedelta(days=14))
        assert file_copied(edition.work, self.WORDS[:100], actor=reader)
