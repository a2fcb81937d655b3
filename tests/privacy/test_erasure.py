"""After an erasure: nothing names the person in any table, the books are in order, and every chain holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.urls import reverse

from accounts import retention_schedule
from accounts.models import AuditEntry, DataCopy, Deletion, User
from accounts.retention_schedule import Erasure
from accounts.services import deletions
from common import clock, storage
from common.typed_json import to_json
from publishing.models import Contributor
from royalties.models import ChainedPosting, ChainLink, DailyRoot, JournalEntry, PayoutAccount, Statement
from royalties.services import daily_roots, invariants, ledger_chain
from storefront.checkout.models import AccessRecord, Entitlement, Gift, Order
from storefront.community.models import Review, ReviewReply
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import buy
from tests.factories.guests import confirm
from tests.factories.offers import give
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_review
from tests.privacy.scene import EMAIL, GUEST_EMAIL, NAME, PERSONAL, WORDS, somebody
from tests.privacy.test_copies import made_copy
from tests.support.standing import Standing

pytestmark = pytest.mark.django_db
PASSWORD = "bees beside a river"
LATEST = NOON + timedelta(days=41)  # after the scene's month was closed
# A name that is printed in books stays there, and where the shop shows them.
PRINTED = {"publishing.Contributor", "catalogue.Listing", "search.SearchDocument", "conversion.ConversionJob"}


def erased(person: User, *, keeps_words: bool = False, at=LATEST) -> User:  # type: ignore[no-untyped-def]
    Deletion.objects.create(user=person, asked_at=at - timedelta(days=30), due_at=at, keeps_words=keeps_words)
    with clock.frozen(at):
        assert deletions.erase(user_id=person.pk, at=at)
    person.refresh_from_db()
    return person


def rows_with(*words: str) -> Iterator[str]:
    """Every table and column in which one of the words stands, in any row."""
    for model in apps.get_models():
        if model.__name__.startswith("Sandbox"):  # the provider's, simulated: what it knows is its own
            continue
        for row in model._default_manager.values():
            for column, value in row.items():
                if isinstance(value, bytes | memoryview):
                    value = bytes(value).decode("utf-8", "replace")  # noqa: PLW2901
                text = json.dumps(to_json(value), cls=DjangoJSONEncoder, ensure_ascii=False).lower()
                if any(word.lower() in text for word in words):
                    yield f"{model._meta.label}.{column}"


@pytest.fixture(scope="module", autouse=True)
def standing_person(standing: Standing) -> int:
    return standing(somebody).pk


@pytest.fixture
def person(db: None, standing_person: int) -> User:
    return User.objects.get(pk=standing_person)


class TestNothingNamesThem:
    def test_in_no_table(self, person: User) -> None:
        assert len(set(rows_with(*PERSONAL))) > 12
        erased(person)
        assert {one for one in rows_with(*PERSONAL) if one.rpartition(".")[0] not in PRINTED} == set()
        assert set(rows_with(*[one for one in PERSONAL if one != NAME])) == set()

    def test_what_is_deleted_is_gone_from_each_table(self, person: User) -> None:
        stays = {
            "Work",
            "Isbn",
            "OldAddress",
            "Series",
            "Manuscript",
            "Edition",
            "Price",
            "Promotion",
            "TerritoryChange",
            "PayoutAccount",
            "Guest",
            "Gift",
        }
        stays |= {"FindingOverride", "ConversionJob", "Deletion"}
        erased(person)
        left = [
            held.table.__name__
            for rule, held in retention_schedule.held()
            if rule.erasure == Erasure.DELETED and held.copied and held.table.__name__ not in stays
            if held.rows_of(person.pk)
        ]
        assert left == []

    def test_their_words_stay_if_they_said_so_and_name_nobody(self, client: Client, person: User) -> None:
        review = Review.objects.get(user=person)
        erased(person, keeps_words=True)
        review.refresh_from_db()
        assert review.body == WORDS
        assert ReviewReply.objects.get(author=person).body == WORDS
        page = client.get(reverse("pages:book", args=[review.work.slug])).content.decode()
        assert WORDS in page
        assert "Deleted account" in page
        assert NAME not in page
        assert "Gelöschtes Konto" in client.get(f"/de-de/books/{review.work.slug}/").content.decode()

    def test_ratings_are_counted_anew_without_their_review(self) -> None:
        book = make_published_edition()
        make_review(edition=book, stars=5)
        review = make_review(edition=book, stars=1)
        erased(review.user)
        book.work.listing.refresh_from_db()
        assert (book.work.listing.rating_sum, book.work.listing.rating_count) == (5, 1)

    def test_copies_go_with_their_files(self, person: User, django_capture_on_commit_callbacks: Any) -> None:
        made = made_copy(person)
        with django_capture_on_commit_callbacks(execute=True):
            erased(person)
        assert not DataCopy.objects.filter(user=person).exists()
        assert not storage.private().exists(made.file)

    def test_only_the_pseudonym_is_left(self, person: User) -> None:
        public_id = person.public_id
        erased(person)
        assert person.email == f"erased:{public_id}"
        assert (person.display_name, person.bio, person.country, person.language) == ("", "", "", "")
        assert not person.has_usable_password()
        assert not person.is_active
        assert str(person) == "Deleted account"
        assert not Authenticator.objects.filter(user=person).exists()
        assert not PayoutAccount.objects.get(user=person).is_ready

    def test_of_the_reading_no_address_is_left(self, person: User) -> None:
        erased(person)
        assert set(AccessRecord.objects.values_list("address", flat=True)) <= {None}
        assert set(Entitlement.objects.filter(user=person).values_list("furthest_bps", flat=True)) == {0}

    def test_audit_entries_hold_no_name(self, person: User) -> None:
        erased(person)
        text = json.dumps(list(AuditEntry.objects.values("verb", "subject_id", "facts")))
        assert not any(word in text for word in PERSONAL)


class TestChains:
    def test_the_ledger_is_as_it_was(self, person: User, capsys: pytest.CaptureFixture[str]) -> None:
        with clock.frozen(LATEST - timedelta(hours=1)):
            ledger_chain.chain_committed()
            daily_roots.publish_all()
        before = self.everything()
        assert len(before[0]) > 5
        assert len(before[4]) > 0
        with clock.frozen(LATEST):
            assert invariants.check_invariants() == []
        erased(person)
        assert self.everything() == before
        with clock.frozen(LATEST):
            assert invariants.check_invariants() == []
            call_command("verify_ledger")  # exits with 1 when a rule does not hold
        assert Statement.objects.filter(user=person).exists()
        assert Order.objects.filter(buyer=person).exists()

    def everything(self) -> tuple[list[object], ...]:
        return (
            list(JournalEntry.objects.order_by("pk").values_list()),
            list(ChainLink.objects.order_by("pk").values_list()),
            list(ChainedPosting.objects.order_by("pk").values_list()),
            list(DailyRoot.objects.order_by("pk").values_list()),
            list(Statement.objects.order_by("pk").values_list("pk", "sha256")),
        )

    def test_no_entry_of_the_chain_ever_named_anybody(self, person: User) -> None:
        ledger_chain.chain_committed()
        chained = {"royalties.JournalEntry", "royalties.Posting", "royalties.ChainLink", "royalties.LedgerAccount"}
        assert {one for one in rows_with(*PERSONAL) if one.rpartition(".")[0] in chained} == set()


class TestLoggingIn:
    def test_sessions_end(self, client: Client) -> None:
        reader = make_reader()
        client.force_login(reader)
        assert client.get(reverse("account")).status_code == 200
        erased(reader)
        assert client.get(reverse("account")).status_code == 302

    def test_the_password_opens_nothing(self, client: Client, person: User) -> None:
        public_id = person.public_id
        erased(person)
        for address in (EMAIL, f"erased:{public_id}"):
            client.post("/accounts/login/", {"login": address, "password": PASSWORD})
            assert client.get(reverse("account")).status_code == 302

    def test_no_new_password_is_mailed(self, client: Client, person: User, mailoutbox: list[object]) -> None:
        erased(person)
        mailoutbox.clear()
        client.post("/accounts/password/reset/", {"email": f"erased:{person.public_id}"})
        assert mailoutbox == []

    def test_the_same_address_is_somebody_new(self, client: Client, person: User) -> None:
        erased(person)
        form = {"display_name": "Petra again", "email": EMAIL, "password1": "another river, other bees"}
        assert client.post("/accounts/signup/", form).status_code == 302
        again = User.objects.get(email=EMAIL)
        assert again.pk != person.pk
        assert EmailAddress.objects.get(user=again).email == EMAIL
        assert not Entitlement.objects.filter(user=again).exists()
        assert not Order.objects.filter(buyer=again).exists()
        assert "The Wick" not in client.get(reverse("library:books")).content.decode()

    def test_nor_do_purchases_that_were_claimed_come_back(self, person: User) -> None:
        erased(person)
        again = make_reader(email=GUEST_EMAIL)
        confirm(again)
        from storefront.checkout.guests.services import guests

        assert guests.claim_confirmed(actor=again, at=clock.now()) == 0
        assert not Entitlement.objects.filter(user=again).exists()


class TestOthers:
    def test_credits_stay_in_the_book_without_a_link(self, person: User) -> None:
        erased(person)
        printed = Contributor.objects.filter(name=NAME)
        assert printed.exists()
        assert not printed.filter(user=person).exists()

    def test_gifts_not_opened_yet_can_be_opened_and_are_forgotten_then(self) -> None:
        gift = give(make_reader(), recipient="aunt@example.net", message="For you.")
        erased(gift.line.order.buyer)
        gift.refresh_from_db()
        assert gift.recipient == "aunt@example.net"
        Gift.objects.update(redeemed_by=make_reader(), redeemed_at=NOON)
        from storefront.checkout import account_deletion

        account_deletion.delete_leftovers(LATEST)
        gift.refresh_from_db()
        assert (gift.recipient, gift.message) == ("", "")

    def test_other_peoples_rows_are_untouched(self, person: User) -> None:
        other = buy().buyer
        before = list(User.objects.exclude(pk=person.pk).order_by("pk").values())
        erased(person)
        assert list(User.objects.exclude(pk=person.pk).order_by("pk").values()) == before
        assert Entitlement.objects.filter(user=other, ended_at=None).exists()
