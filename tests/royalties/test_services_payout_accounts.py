from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from payments import registry
from payments.gateway import GatewayRefused, GatewayUnknown
from payments.registry import NotYetKnown, ProviderNotice
from royalties.errors import PayoutAccountMissing, PayoutAccountUnavailable
from royalties.models import PayoutAccount
from royalties.services import payout_accounts
from tests.royalties.factories import NOON, payout_account, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
HOLD = timedelta(hours=72)


def start(actor, country="US", at=NOON) -> str:
    return payout_accounts.start_onboarding(
        actor=actor, country=country, return_url="https://a/", refresh_url="https://b/", at=at
    )


class TestStartOnboarding:
    def test_opens_the_account_and_returns_the_page(self, gateway):
        ann = user()
        assert start(ann) == f"https://provider.example/acct_{ann.public_id}"
        account = PayoutAccount.objects.get()
        assert account.provider_account_id == f"acct_{ann.public_id}"
        assert (account.is_ready, account.usable_from) == (False, NOON + HOLD)

    def test_again_opens_no_second_account(self, gateway):
        ann = user()
        start(ann)
        start(ann)
        assert len(gateway.opened) == 1

    def test_refused_country_may_be_corrected_under_a_new_key(self, gateway):
        ann = user()
        with pytest.raises(PayoutAccountUnavailable):
            start(ann, "XX")
        first = PayoutAccount.objects.get().key
        start(ann, "DE")
        assert gateway.opened == [PayoutAccount.objects.get().key]
        assert gateway.opened != [first]

    def test_no_answer(self, gateway, monkeypatch):
        def lost(**_):
            raise GatewayUnknown("timeout")

        monkeypatch.setattr(gateway, "open_account", lost)
        with pytest.raises(PayoutAccountUnavailable):
            start(user())


class TestRefresh:
    def test_ready_account_is_held_first_and_its_owner_told(self, gateway, django_capture_on_commit_callbacks):
        ann = user()
        account = payout_account(ann, is_ready=False, masked_bank="")
        later = NOON + timedelta(days=5)
        with django_capture_on_commit_callbacks(execute=True):
            account = payout_accounts.refresh(account=account, at=later)
        assert account.is_ready
        assert (account.is_usable(later), account.is_usable(later + HOLD)) == (False, True)
        assert mail.outbox[0].to == [ann.email]

    def test_every_confirmed_address_is_told(self, gateway, django_capture_on_commit_callbacks):
        ann = user()
        for email, is_confirmed in ((ann.email, True), ("ann@second.example", True), ("typo@example.org", False)):
            EmailAddress.objects.create(user=ann, email=email, verified=is_confirmed)
        account = payout_account(ann, is_ready=False, masked_bank="")
        with django_capture_on_commit_callbacks(execute=True):
            payout_accounts.refresh(account=account, at=NOON)
        assert sorted(message.to[0] for message in mail.outbox) == sorted([ann.email, "ann@second.example"])

    def test_another_bank_starts_the_hold_again(self, gateway):
        account = payout_account(user(), masked_bank="•••• 1111")
        later = NOON + timedelta(days=5)
        assert payout_accounts.refresh(account=account, at=later).usable_from == later + HOLD

    def test_nothing_new_starts_no_hold(self, gateway, django_capture_on_commit_callbacks):
        account = payout_account(user())
        with django_capture_on_commit_callbacks(execute=True):
            account = payout_accounts.refresh(account=account, at=NOON + timedelta(days=5))
        assert account.usable_from == NOON
        assert mail.outbox == []

    def test_no_longer_ready(self, gateway):
        gateway.is_ready = False
        assert not payout_accounts.refresh(account=payout_account(user()), at=NOON).is_usable(NOON)

    @pytest.mark.parametrize("fault", [GatewayUnknown("x"), GatewayRefused("account_invalid")])
    def test_no_answer_changes_nothing(self, gateway, fault):
        account = payout_account(user())
        gateway.faults = [fault]
        with pytest.raises(PayoutAccountUnavailable):
            payout_accounts.refresh(account=account, at=NOON)
        assert PayoutAccount.objects.get().is_ready


class TestSetMinimum:
    def test_keeps_the_choice(self):
        ann = user()
        payout_account(ann)
        assert payout_accounts.set_minimum(actor=ann, minimum_units=50).minimum_in("USD") == 5000

    def test_without_an_account(self):
        with pytest.raises(PayoutAccountMissing):
            payout_accounts.set_minimum(actor=user(), minimum_units=50)


class TestAccountChangedEvent:
    EVENT = "v2.core.account[configuration.recipient].capability_status_updated"

    def notify(self, object_id: str) -> None:
        notice = ProviderNotice(event_id="evt", event_type=self.EVENT, object_id=object_id, reference="", data={})
        for handler in registry.handlers_for(self.EVENT):
            handler(notice)

    def test_fetches_the_truth(self, gateway):
        account = payout_account(user(), is_ready=False)
        self.notify(account.provider_account_id)
        assert PayoutAccount.objects.get().is_ready

    def test_unknown_account_is_parked(self, gateway):
        with pytest.raises(NotYetKnown):
            self.notify("acct_unknown")
