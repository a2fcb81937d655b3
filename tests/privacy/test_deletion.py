"""An account that is deleted: asked for, called off, kept waiting, done; and by nobody but its person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import hooks
from accounts.errors import AccountClosed, DeletionBlocked
from accounts.models import AuditEntry, Deletion, User
from accounts.services import deletions
from common import clock, storage
from common.emails import send
from common.errors import NotFound
from publishing import services as publishing_services
from publishing.models import Work
from publishing.selectors import agreement_in_force
from storefront.checkout.models import Dispute, Entitlement, Order, OrderState, Payment, PaymentState, Refund
from storefront.checkout.orders.services import checkout, settlement
from storefront.library.services import reader_emails
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_finance, make_operator, make_reader
from tests.factories.buying import buy, fill_cart, make_book, open_page, pay_session, place_order
from tests.factories.guests import buy_as_guest, confirm
from tests.factories.offers import make_awaited
from tests.factories.publishing import (
    make_contributor,
    make_edition,
    make_manuscript,
    make_published_edition,
    make_split,
    make_work,
)
from tests.royalties import by_hand
from tests.royalties.factories import payout_account
from tests.storefront.community.reported import make_shelf

pytestmark = pytest.mark.django_db
PASSWORD = "bees beside a river"
DUE = NOON + deletions.WAITING_TIME
LATEST = NOON + timedelta(days=30)
SURE = {"words": "delete", "is_sure": "on"}


def ask(person: User, *, keeps_words: bool = False) -> Deletion:
    return deletions.request_deletion(actor=person, keeps_words=keeps_words, at=NOON)


def texts(person: User) -> str:
    return " ".join(str(one.text) for one in hooks.obstacles(person, clock.now()))


def owe(person: User, kind: str, amount: int) -> None:
    """An amount on one of the person's accounts."""
    side = 1 if kind == "contributor_receivable" else -1
    name = f"{kind}:{person.public_id}"
    theirs = by_hand.account(name, kind, side, guarded=True, owner=person)
    ours = by_hand.account(f"promotion:{person.public_id}", "promotion", 1)
    by_hand.sealed(*((theirs, ours) if side == 1 else (ours, theirs)), amount, name)


@pytest.fixture
def reader() -> User:
    """Without a password to be asked for."""
    person = make_reader()
    person.set_unusable_password()
    person.save()
    return person


class TestAsking:
    def test_it_waits_and_a_mail_says_until_when(self, reader: User) -> None:
        ask(reader)
        assert deletions.mail_deletion(user_id=reader.pk)
        assert not deletions.mail_deletion(user_id=reader.pk)
        (told,) = mail.outbox
        assert told.to == [reader.email]
        assert "1 December 2026" in told.body
        assert not deletions.erase(user_id=reader.pk, at=DUE - timedelta(seconds=1))
        reader.refresh_from_db()
        assert reader.is_active

    def test_twice_is_once(self, reader: User) -> None:
        assert ask(reader) == ask(reader)

    def test_the_page_asks_for_the_password_first(self, client: Client, reader: User) -> None:
        reader.set_password(PASSWORD)
        reader.save()
        client.force_login(reader)
        answer = client.post(reverse("delete-account"), SURE)
        assert "/reauthenticate/" in answer["Location"]
        assert not Deletion.objects.exists()
        client.post(answer["Location"], {"password": PASSWORD})
        assert Deletion.objects.get().user == reader

    def test_the_page_wants_it_read(self, client: Client, reader: User) -> None:
        client.force_login(reader)
        assert client.post(reverse("delete-account"), {"words": "keep"}).status_code == 422
        assert not Deletion.objects.exists()
        assert client.post(reverse("delete-account"), {**SURE, "words": "keep"}).status_code == 302
        assert Deletion.objects.get().keeps_words

    def test_nobody_asks_for_another(self, client: Client, reader: User) -> None:
        client.force_login(make_operator())
        client.post(reverse("delete-account"), {**SURE, "user": reader.pk, "user_id": reader.public_id})
        assert not Deletion.objects.exists()

    def test_whoever_logs_in_is_told(self, client: Client, reader: User) -> None:
        reader.set_password(PASSWORD)
        reader.save()
        confirm(reader)
        ask(reader)
        page = client.post("/accounts/login/", {"login": reader.email, "password": PASSWORD}, follow=True)
        assert "will be deleted on 1 December 2026" in page.content.decode()
        assert "will be deleted on 1 December 2026" in client.get(reverse("account")).content.decode()


class TestCallingOff:
    def test_from_the_page(self, client: Client, reader: User) -> None:
        ask(reader)
        client.force_login(reader)
        client.post(reverse("cancel-own-deletion"))
        assert not Deletion.objects.exists()
        assert not deletions.erase(user_id=reader.pk, at=LATEST)

    def test_by_the_link_without_logging_in(self, client: Client, reader: User) -> None:
        link = deletions.cancel_link(deletion=ask(reader))
        assert client.get(link).status_code == 200
        assert Deletion.objects.exists()
        assert "Your account will not be deleted" in client.post(link).content.decode()
        assert not Deletion.objects.exists()
        assert client.get(link).status_code == 404

    def test_not_anothers(self, client: Client, reader: User) -> None:
        ask(reader)
        client.force_login(make_operator())
        client.post(reverse("cancel-own-deletion"))
        assert Deletion.objects.exists()

    @pytest.mark.parametrize("token", ["x", "usr_1.1:forged", "a:b:c"])
    def test_made_up_links_are_nothing(self, reader: User, token: str) -> None:
        ask(reader)
        with pytest.raises(NotFound):
            deletions.read_keep_link(token)

    def test_an_old_link_does_not_call_a_new_one_off(self, reader: User) -> None:
        old = deletions.cancel_link(deletion=ask(reader)).rstrip("/").rpartition("/")[2]
        deletions.cancel_deletion(user=reader)
        deletions.request_deletion(actor=reader, keeps_words=False, at=NOON + timedelta(days=1))
        with pytest.raises(NotFound):
            deletions.read_keep_link(old)

    def test_what_is_done_stays_done(self, reader: User) -> None:
        ask(reader)
        assert deletions.erase(user_id=reader.pk, at=DUE)
        assert not deletions.cancel_deletion(user=reader)
        assert Deletion.objects.get().done_at == DUE


class TestWhatStandsInTheWay:
    def refused(self, person: User, words: str) -> None:
        with pytest.raises(DeletionBlocked) as caught:
            ask(person)
        assert words in caught.value.text
        assert not Deletion.objects.exists()

    def test_nothing_for_a_reader(self) -> None:
        assert texts(buy().buyer) == ""

    @pytest.mark.parametrize("role", ["is_finance", "is_moderator", "is_operator"])
    def test_a_role(self, role: str) -> None:
        self.refused(make_reader(**{role: True}), "staff")

    def test_a_work_on_sale(self) -> None:
        book = make_published_edition(title="The Hive")
        self.refused(book.work.owner, "“The Hive”")
        publishing_services.withdraw_edition(actor=book.work.owner, edition=book, at=NOON)
        assert texts(book.work.owner) == ""

    def test_a_work_announced(self) -> None:
        self.refused(make_awaited().work.owner, "pre-order")

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            ("contributor_clearing", "not payable yet"),
            ("contributor_disputed", "not payable yet"),
            ("contributor_reserve", "not payable yet"),
            ("contributor_in_transit", "not payable yet"),
            ("contributor_receivable", "You owe $40.00"),
            ("contributor_payable", "$40.00 is payable"),
        ],
    )
    def test_money(self, kind: str, words: str) -> None:
        author = make_author()
        owe(author, kind, 4000)
        self.refused(author, words)

    def test_less_than_the_minimum_is_told_and_not_in_the_way(self, client: Client) -> None:
        author = make_author()
        owe(author, "contributor_payable", 2999)
        assert texts(author) == ""
        client.force_login(author)
        page = client.get(reverse("delete-account")).content.decode()
        assert "$29.99 is payable to you, but below your minimum payout" in page
        payout_account(author, minimum_units=20)
        assert "$29.99 is payable" in texts(author)

    @pytest.mark.parametrize("state", ["proposed", "pending", "returned"])
    def test_a_refund(self, reader: User, state: str) -> None:
        payment = buy(reader).payments.get()
        Refund.objects.create(payment=payment, state=state, amount_minor=1, currency="USD", requested_at=NOON)
        self.refused(reader, "on its way to you")

    def test_a_dispute_until_it_is_decided(self, reader: User) -> None:
        facts = {"status": "needs_response", "reason": "", "amount_minor": 1, "currency": "USD", "opened_at": NOON}
        Dispute.objects.create(payment=buy(reader).payments.get(), provider_dispute_id="d", **facts)
        self.refused(reader, "questioned")
        Dispute.objects.update(decided_at=NOON)
        assert texts(reader) == ""

    def test_what_was_bought_without_the_account_is_told(self, reader: User) -> None:
        buy_as_guest(email="under@example.org")
        confirm(reader, "under@example.org")
        assert "Purchases without an account under your email address: 1" in " ".join(
            map(str, hooks.given_up(reader, NOON))
        )

    def test_a_payment_somebody_looks_at(self, reader: User) -> None:
        buy(reader)
        Order.objects.update(state=OrderState.QUARANTINED)
        self.refused(reader, "differed from the amount quoted")

    def test_a_book_ordered_ahead(self, reader: User) -> None:
        buy(reader, make_awaited())
        self.refused(reader, "not out yet")

    def test_an_open_payment_page(self, reader: User) -> None:
        open_page(place_order(reader, make_book()))
        self.refused(reader, "payment page")

    def test_the_page_says_what_to_do(self, client: Client) -> None:
        book = make_published_edition()
        client.force_login(book.work.owner)
        page = client.get(reverse("delete-account")).content.decode()
        assert "Take them off sale first" in page
        assert reverse("desk") in page
        assert 'name="is_sure"' not in page


class TestWaitingLonger:
    def test_what_came_in_the_way_is_told_once_and_then_looked_at_again(self) -> None:
        author = make_author()
        ask(author)
        book = make_published_edition(owner=author)
        for days in (0, 1):
            assert not deletions.erase(user_id=author.pk, at=DUE + timedelta(days=days))
        (told,) = [one for one in mail.outbox if one.to == [author.email]]
        assert "Take them off sale first" in told.body
        assert "24 December 2026" in told.body
        publishing_services.withdraw_edition(actor=author, edition=book, at=DUE)
        assert deletions.erase(user_id=author.pk, at=DUE + timedelta(days=2))

    def test_after_thirty_days_nothing_is_in_the_way(self) -> None:
        author = make_author()
        ask(author)
        book = make_published_edition(owner=author)
        owe(author, "contributor_payable", 4000)
        assert not deletions.erase(user_id=author.pk, at=LATEST - timedelta(seconds=1))
        assert deletions.erase(user_id=author.pk, at=LATEST)
        book.refresh_from_db()
        assert book.state == "withdrawn"

    def test_the_night_erases_who_is_due(self, reader: User, django_capture_on_commit_callbacks: Any) -> None:
        ask(reader)
        other = make_reader()
        with clock.frozen(DUE), django_capture_on_commit_callbacks(execute=True):
            deletions.erase_due(at=DUE)
        assert User.objects.get(pk=reader.pk).is_erased
        assert not User.objects.get(pk=other.pk).is_erased


class TestPayments:
    def test_an_open_order_is_withdrawn_and_its_page_closed(
        self, reader: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        ask(reader)
        order = place_order(reader, make_book())
        session_id = open_page(order)
        with django_capture_on_commit_callbacks(execute=True):
            deletions.erase(user_id=reader.pk, at=DUE)
        assert Payment.objects.get().state == PaymentState.EXPIRED
        assert deletions.erase(user_id=reader.pk, at=DUE + timedelta(days=1))
        order.refresh_from_db()
        assert order.state == OrderState.CANCELED
        assert settlement.settle_session(session_id=session_id).state == OrderState.CANCELED

    def test_one_paid_in_the_last_moment_is_bought_before(
        self, reader: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        ask(reader)
        order = place_order(reader, make_book())
        pay_session(open_page(order))
        with django_capture_on_commit_callbacks(execute=True):
            deletions.erase(user_id=reader.pk, at=DUE)
        order.refresh_from_db()
        assert order.state == OrderState.PAID
        assert deletions.erase(user_id=reader.pk, at=DUE + timedelta(days=1))

    def test_money_that_comes_after_it_goes_back(self, reader: User) -> None:
        ask(reader)
        order = place_order(reader, make_book())
        session_id = open_page(order)
        deletions.erase(user_id=reader.pk, at=LATEST)
        assert User.objects.get(pk=reader.pk).is_erased
        pay_session(session_id)
        settlement.settle_session(session_id=session_id)
        order.refresh_from_db()
        assert order.state != OrderState.PAID
        assert not Entitlement.objects.exists()
        assert Refund.objects.get().reason == "account_closed"

    def test_nobody_buys_for_who_is_gone(self, reader: User) -> None:
        fill_cart(reader, make_book())
        ask(reader)
        deletions.erase(user_id=reader.pk, at=DUE)
        with pytest.raises(AccountClosed):
            checkout.place_order(actor=reader, country="US", digest="", has_consented=True, at=DUE)


class TestAuthors:
    def test_buyers_go_on_reading(self, client: Client) -> None:
        book = make_published_edition(title="The Hive")
        buyer = buy(make_reader(), book).buyer
        Deletion.objects.create(user=book.work.owner, asked_at=NOON, due_at=NOON)
        assert deletions.erase(user_id=book.work.owner.pk, at=LATEST)
        client.force_login(buyer)
        assert "The Hive" in client.get(reverse("library:books")).content.decode()
        work = Work.objects.get(pk=book.work.pk)
        assert not work.contributors.filter(user=work.owner).exists()
        assert work.contributors.get().name == book.work.owner.display_name

    def test_drafts_go_with_their_files_unless_another_work_has_them(
        self, django_capture_on_commit_callbacks: Any
    ) -> None:
        author, shared = make_author(), make_edition().manuscript.file
        work = make_work(owner=author)
        own = make_manuscript(work, content=b"# Mine alone\n").file
        make_edition(work=work)
        assert work.manuscripts.filter(file=shared).exists()
        ask(author)
        with django_capture_on_commit_callbacks(execute=True):
            assert deletions.erase(user_id=author.pk, at=DUE)
        assert not Work.objects.filter(owner=author).exists()
        assert storage.private().exists(shared)
        assert not storage.private().exists(own)

    def test_so_do_those_that_were_announced_and_that_nobody_ordered(
        self, django_capture_on_commit_callbacks: Any
    ) -> None:
        author = make_author()
        unordered, ordered = make_awaited(owner=author), make_awaited(owner=author)
        shelf = make_shelf(unordered.work, ordered.work)
        buy(make_reader(), ordered)
        Deletion.objects.create(user=author, asked_at=NOON, due_at=DUE)
        for night in (LATEST, LATEST + timedelta(days=1)):  # announced until the 30 days were over
            with django_capture_on_commit_callbacks(execute=True):
                assert deletions.erase(user_id=author.pk, at=night)
        assert list(Work.objects.filter(owner=author)) == [ordered.work]
        shelf.refresh_from_db()
        assert shelf.books_count == shelf.books.filter(removed_at=None).count() == 1

    def test_the_part_of_a_royalty_is_the_owners(self) -> None:
        book, leaving, third = make_published_edition(), make_author(), make_author()
        owner = book.work.contributors.get()
        parts = {owner: 5000}
        for person, bps in ((leaving, 3000), (third, 2000)):
            parts[make_contributor(book.work, user=person)] = bps
        make_split(book.work, parts)
        assert "You have a share in the royalties of “The Lighthouse”" in str(hooks.given_up(leaving, NOON)[0])
        ask(leaving)
        assert deletions.erase(user_id=leaving.pk, at=DUE)
        agreement = agreement_in_force(book.work)
        assert agreement is not None
        found = {share.contributor.payee: share.share_bps for share in agreement.shares.all()}
        assert found == {book.work.owner: 8000, third: 2000}


class TestAfterwards:
    def test_it_can_be_repeated(self, reader: User) -> None:
        ask(reader)
        assert deletions.erase(user_id=reader.pk, at=DUE)
        assert deletions.erase(user_id=reader.pk, at=DUE + timedelta(hours=1))
        assert Deletion.objects.get().done_at == DUE
        assert AuditEntry.objects.filter(verb="account.erased").count() == 1

    def test_a_restored_backup_forgets_them_again(self, reader: User) -> None:
        call_command("reapply_erasures", reader.public_id)
        assert User.objects.get(pk=reader.pk).is_erased
        with pytest.raises(CommandError):
            call_command("reapply_erasures", "usr_nobody")

    def test_a_last_mail_goes_to_the_old_address(self, reader: User, django_capture_on_commit_callbacks: Any) -> None:
        address = reader.email
        ask(reader)
        with django_capture_on_commit_callbacks(execute=True):
            deletions.erase(user_id=reader.pk, at=DUE)
        assert mail.outbox[-1].to == [address]
        assert "is deleted" in mail.outbox[-1].subject

    def test_no_mail_reaches_who_is_gone(self, reader: User) -> None:
        ask(reader)
        deletions.erase(user_id=reader.pk, at=DUE)
        reader.refresh_from_db()
        mail.outbox.clear()
        send("account_erased", "A subject", reader.email, {})
        assert reader.mail_to == ""
        assert mail.outbox == []

    def test_a_link_to_end_mails_does_no_harm(self, reader: User) -> None:
        ask(reader)
        deletions.erase(user_id=reader.pk, at=DUE)
        link = reader_emails.unsubscribe_link(user=reader, kind=reader_emails.MailKind.PRICES)
        assert Client().get(link).status_code == 200

    def test_finance_finds_the_pseudonym(self, client: Client, reader: User) -> None:
        order = buy(reader)
        ask(reader)
        deletions.erase(user_id=reader.pk, at=DUE)
        client.force_login(make_finance())
        page = client.get(reverse("office:order", args=[order.public_id]))
        assert page.status_code in {200, 302}
