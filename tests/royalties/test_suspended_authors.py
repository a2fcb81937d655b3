"""What a suspended or ended author has earned is paid by an ordinary payout run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from accounts import restrictions
from accounts.restrictions import Activity
from common import clock
from royalties.models import AccountBalance, Payout, PayoutState
from royalties.services import clearing
from tests.factories.accounts import make_author
from tests.factories.suspensions import make_ending, make_suspension
from tests.royalties.factories import NOON, WINDOW, edition, payout_account, recorded_sale, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
AT = NOON + WINDOW + timedelta(days=1)
KINDS = {"suspended": make_suspension, "ended": make_ending}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cleared", ["before", "after"])
def test_cleared_money_is_paid_by_an_ordinary_run(kind, cleared, gateway, capsys):
    author = make_author()
    recorded_sale(of=edition(author))
    payout_account(author)
    if cleared == "before":
        clearing.clear_due(at=NOON + WINDOW)
    with clock.frozen(AT):
        KINDS[kind](author)
        assert restrictions.is_restricted(author, Activity.CONTENT)
        if cleared == "after":
            clearing.clear_due(at=AT)
        fiona, felix = user("Fiona", is_finance=True), user("Felix", is_finance=True)
        call_command("run_payouts", "--propose-as", fiona.email, "--approve-as", felix.email)
        payout = Payout.objects.get()
        assert (payout.user, payout.amount_minor, payout.state) == (author, 415, PayoutState.PAID)
        assert not AccountBalance.objects.filter(account__owner=author, account__kind="contributor_payable").exclude(
            balance_minor=0
        )
        call_command("verify_ledger")
