"""The end of an author's account: two people, notice, reasons, what goes off sale, and what comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import restrictions
from accounts.models import DataCopy
from accounts.restrictions import Activity
from accounts.services import data_copies
from common import clock
from publishing import services as publishing_services
from publishing.models import EditionState
from publishing.services import release_dates
from storefront.catalogue.models import Bundle, BundleState, Listing
from storefront.checkout.models import Entitlement, Refund
from storefront.community.models import AppealOutcome
from storefront.community.services import moderation, stops
from storefront.suspensions import errors, tasks
from storefront.suspensions.models import AccountEnding, EndedSale, EndingGround
from storefront.suspensions.services import emails, ending, run_due
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_finance, make_moderator, make_reader
from tests.factories.buying import buy
from tests.factories.offers import make_bundle, pay, place_order
from tests.factories.publishing import make_edition, make_published_edition, make_work
from tests.factories.suspensions import make_case, make_ending, make_suspension, propose_end
from tests.storefront.community.reported import appeal, decide, decide_again, report
from tests.storefront.community.test_stops import stop

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def author(db):
    return make_author(display_name="Ada")


@pytest.fixture
def book(author):
    return make_published_edition(slug="the-lamp", title="The Lamp", owner=author)


def is_on_sale(work):
    return work.editions.on_sale().exists() and Listing.objects.get(work=work).is_on_sale


def decided(made, outcome=AppealOutcome.OVERTURNED, *, actor=None):
    given = {"outcome": outcome, "reason": "I have read it all.", "at": clock.now()}
    return ending.decide_appeal(actor=actor or make_moderator(), ending=made, **given)


class TestNotice:
    def test_thirty_days_pass_before_anything_happens(self, author, book):
        made = make_ending(author, EndingGround.RULES)
        assert made.due_at == made.told_at + 30 * DAY
        run_due.run_due(at=made.due_at - timedelta(seconds=1))
        assert is_on_sale(book.work)
        draft = make_edition(work=book.work)
        publishing_services.publish_edition(actor=author, edition=draft, at=NOON)  # everything works
        run_due.run_due(at=made.due_at)
        assert not is_on_sale(book.work)
        assert restrictions.is_restricted(author, Activity.CONTENT)

    def test_it_does_not_begin_before_the_person_was_told(self, author, book):
        made = propose_end(author, EndingGround.RULES)
        ending.confirm(actor=make_moderator(), ending=made, at=NOON)
        run_due.run_due(at=NOON + 90 * DAY)
        assert is_on_sale(book.work)
        with clock.frozen(NOON + 90 * DAY):
            emails.mail_ending(ending_id=made.pk)
        made.refresh_from_db()
        assert made.due_at == NOON + 120 * DAY

    def test_it_waits_for_the_appeal(self, author, book):
        made = make_ending(author, EndingGround.RULES)
        ending.appeal(actor=author, ending=made, text="No.", at=NOON)
        run_due.run_due(at=NOON + 60 * DAY)
        assert is_on_sale(book.work)
        decided(made, AppealOutcome.UPHELD)
        run_due.run_due(at=NOON + 60 * DAY)
        assert not is_on_sale(book.work)

    def test_tells_the_whole_statement_of_reasons(self, author):
        made = make_ending(author, EndingGround.RULES)
        (sent,) = mail.outbox
        assert sent.to == [author.email]
        for words in (
            "Until then everything works as before",
            "A court order.",
            "The order of 3 May.",
            "We have to follow it.",
            "Article 4(2)",
            "None: two people decided",
            "paid as usual",
            "you can appeal until",
            f"/account/suspensions/author/{made.public_id}/",
        ):
            assert words in sent.body
        assert emails.mail_ending(ending_id=made.pk) == 0

    def test_the_clock_does_it(self, author, book, monkeypatch):
        made = make_ending(author, EndingGround.RULES)
        monkeypatch.setattr(clock, "database_now", lambda: made.due_at)
        tasks.run_due()
        assert not is_on_sale(book.work)


class TestAtOnce:
    @pytest.mark.parametrize("ground", [EndingGround.OBLIGATION, EndingGround.IMPERATIVE])
    def test_takes_effect_with_the_second_person(self, author, book, ground):
        made = propose_end(author, ground)
        assert is_on_sale(book.work)
        ending.confirm(actor=make_moderator(), ending=made, at=NOON)
        assert not is_on_sale(book.work)
        emails.mail_ending(ending_id=made.pk)
        assert "We have ended your account as an author." in mail.outbox[-1].body

    def test_for_repeated_infringements_only_after_a_suspension_and_a_newer_decision(self, author):
        make_case(author)
        with pytest.raises(errors.NotRepeated):
            propose_end(author, EndingGround.REPEATED)
        make_suspension(author)
        with pytest.raises(errors.NotRepeated):
            propose_end(author, EndingGround.REPEATED)
        make_case(author, at=NOON + DAY)
        assert make_ending(author, EndingGround.REPEATED).done_at is not None


class TestTwoPeople:
    def test_the_same_person_cannot_confirm_nor_decide_the_appeal(self, author):
        first, second = make_moderator(), make_moderator()
        made = propose_end(author, actor=first)
        for refused in (first, author, make_reader(), make_finance()):
            with pytest.raises(errors.NotYours):
                ending.confirm(actor=refused, ending=made, at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountEnding.objects.filter(pk=made.pk).update(confirmed_by=first)
        ending.confirm(actor=second, ending=made, at=NOON)
        with pytest.raises(errors.DecidedBefore):
            ending.confirm(actor=make_moderator(), ending=made, at=NOON)
        ending.appeal(actor=author, ending=made, text="No.", at=NOON)
        for refused in (first, second, author):
            with pytest.raises(errors.NotYours):
                decided(made, actor=refused)
            with pytest.raises(IntegrityError), transaction.atomic():
                by = refused if refused != author else first
                AccountEnding.objects.filter(pk=made.pk).update(appeal_decided_by=by)
        decided(made)

    def test_is_proposed_by_moderators_of_authors_with_grounds_and_once(self, author):
        for refused in (author, make_reader()):
            with pytest.raises(errors.NotYours):
                propose_end(author, actor=refused)
        with pytest.raises(errors.NotAnAuthor):
            propose_end(make_reader())
        for missing in ("rule", "evidence", "reason"):
            told = {"rule": "A.", "evidence": "B.", "reason": "C.", missing: " "}
            with pytest.raises(errors.WordsMissing):
                ending.propose(actor=make_moderator(), person=author, ground=EndingGround.RULES, at=NOON, **told)
        propose_end(author)
        with pytest.raises(errors.EndedAlready):
            propose_end(author)
        assert not restrictions.is_restricted(author, Activity.CONTENT)

    def test_what_nobody_confirmed_is_not_told(self, author):
        made = propose_end(author)
        assert emails.mail_ending(ending_id=made.pk) == 0
        with pytest.raises(errors.AppealNotPossible):
            ending.appeal(actor=author, ending=made, text="No.", at=NOON)
        ending.withdraw(actor=make_moderator(), ending=made, reason="No ground.", at=NOON)
        assert mail.outbox == []
        propose_end(author)


class TestEffect:
    def test_buyers_keep_their_books_and_pre_orders_are_paid_back(
        self, author, book, django_capture_on_commit_callbacks
    ):
        buyer = make_reader()
        buy(buyer, book)
        awaited = make_edition(work=make_work(owner=author, title="The Wick"))
        day = (NOON + 40 * DAY).date()
        release_dates.announce_release(actor=author, work=awaited.work, day=day, at=clock.now())
        pay(place_order(buyer, awaited))
        with django_capture_on_commit_callbacks(execute=True):
            make_ending(author)
        assert Entitlement.objects.filter(user=buyer, work=book.work, ended_at=None).exists()
        refund = Refund.objects.get()
        assert refund.payment.order.lines.get().edition == awaited
        awaited.work.refresh_from_db()
        assert awaited.work.release_date is None

    def test_they_log_in_read_and_download_their_data(self, author, book, client):
        buy(author, make_published_edition(title="The Harbour"))
        make_ending(author)
        author.refresh_from_db()
        assert author.is_active
        client.force_login(author)
        for address in ("account", "library:books", "earnings", "desk", "suspensions:own", "your-data"):
            page = client.get(reverse(address))
            assert page.status_code == 200, address
        assert "The Harbour" in client.get(reverse("library:books")).content.decode()
        data_copies.request_copy(actor=author, at=clock.now())
        assert DataCopy.objects.filter(user=author).exists()

    def test_everything_comes_back_when_the_appeal_succeeds(self, author, book):
        other = make_published_edition(owner=author)
        bundle = make_bundle(book, other)
        awaited = make_edition(work=make_work(owner=author))
        day = (NOON + 40 * DAY).date()
        release_dates.announce_release(actor=author, work=awaited.work, day=day, at=clock.now())
        made = make_ending(author)
        assert not Listing.objects.filter(work__owner=author, is_on_sale=True).exists()
        assert Bundle.objects.get().state == BundleState.DRAFT
        ending.appeal(actor=author, ending=made, text="The order was about somebody else.", at=NOON)
        decided(made)
        assert is_on_sale(book.work)
        assert is_on_sale(other.work)
        awaited.work.refresh_from_db()
        assert awaited.work.release_date == day
        bundle.refresh_from_db()
        assert bundle.state == BundleState.ON_SALE
        assert not restrictions.is_restricted(author, Activity.CONTENT)
        emails.mail_ending(ending_id=made.pk)
        assert "Your appeal has succeeded" in mail.outbox[-1].body

    def test_and_when_it_is_taken_back(self, author, book):
        made = make_ending(author)
        with pytest.raises(errors.WordsMissing):
            ending.withdraw(actor=make_moderator(), ending=made, reason=" ", at=NOON)
        ending.withdraw(actor=make_moderator(), ending=made, reason="The order was lifted.", at=NOON)
        assert is_on_sale(book.work)
        with pytest.raises(errors.DecidedBefore):
            ending.withdraw(actor=make_moderator(), ending=made, reason="Again.", at=NOON)
        assert emails.mail_ending(ending_id=made.pk) == 1
        assert "The order was lifted." in mail.outbox[-1].body

    def test_a_book_whose_decision_is_overturned_meanwhile_waits_for_the_account(self, author, book):
        case = decide(report(book.work))
        made = make_ending(author)
        decide_again(appeal(case), AppealOutcome.OVERTURNED)
        assert not is_on_sale(book.work)
        assert EndedSale.objects.get().edition == book
        ending.withdraw(actor=make_moderator(), ending=made, reason="The order was lifted.", at=NOON)
        assert is_on_sale(book.work)

    def test_a_book_whose_stop_ends_meanwhile_waits_too(self, author, book):
        stop(report(book.work))
        made = make_ending(author)
        stops.end_due(at=NOON + 4 * DAY)
        assert not is_on_sale(book.work)
        ending.withdraw(actor=make_moderator(), ending=made, reason="The order was lifted.", at=NOON)
        assert is_on_sale(book.work)

    def test_a_book_that_a_decision_holds_stays_off_sale(self, author, book):
        case = decide(report(book.work))
        made = make_ending(author)
        ending.withdraw(actor=make_moderator(), ending=made, reason="The order was lifted.", at=NOON)
        assert not is_on_sale(book.work)
        decide_again(appeal(case), AppealOutcome.OVERTURNED)
        assert is_on_sale(book.work)

    def test_is_safe_to_repeat(self, author, book):
        made = make_ending(author)
        assert not ending.take_effect(ending_id=made.pk, at=NOON + DAY)
        book.refresh_from_db()
        assert book.state == EditionState.WITHDRAWN
        assert EndedSale.objects.count() == 1


def test_moderators_act_on_cases_of_an_ended_account_as_before(author, book):
    case = report(book.work)
    make_ending(author)
    decide(case)
    assert moderation.appeal(actor=author, case=case, text="No.", at=NOON).state == "appealed"
