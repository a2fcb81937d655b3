"""Two clicks: every number of a statement opens journal entries, and every entry what the provider has of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from common import clock
from common.money import Money
from common.periods import Month
from payments.models import SandboxObject
from royalties.models import ManualKind, MovementKind, ProviderKind, Reserve, Statement
from royalties.selectors import statements as statement_selectors
from royalties.services import (
    clearing,
    corrections,
    disputes,
    payouts,
    protection_fund,
    provider_references,
    reserves,
    returns,
    sales,
)
from royalties.services.disputes import DisputeFacts
from tests.royalties import closing
from tests.royalties.factories import NOON, WINDOW, edition, payout_account, sale, user

pytestmark = pytest.mark.django_db
DECEMBER = datetime(2026, 12, 2, tzinfo=UTC)
CLEARED = NOON + WINDOW
_LINK = re.compile(r'<td class="num">\s*<a href="([^"]+)"')
_NUMBER = re.compile(r'<td class="num">(?!<a)[^<]*\d')


def sold(book, number: int):
    made = sale(of=book, country="US")
    sales.record_sale(sale=made)
    for kind, prefix in ((ProviderKind.PAYMENT, "pi"), (ProviderKind.CHARGE, "ch")):
        at_provider(f"{prefix}_{number}")
        provider_references.note(reference=made.order_reference, kind=kind, object_id=f"{prefix}_{number}")
    return made


def at_provider(object_id: str) -> None:
    data = {
        "id": object_id,
        "object": object_id.split("_", maxsplit=1)[0],
        "amount": 499,
        "currency": "usd",
        "receipt_email": "r",
    }
    SandboxObject.objects.create(kind=data["object"], object_id=object_id, data=data, created_at=NOON)


@pytest.fixture
def month(settings, gateway):
    """Sales, a partial refund, a dispute lost and covered, a reserve, a payout paid and an adjustment, all closed."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    ann = user("Ann", is_author=True)
    fiona, felix = user("Fiona", is_finance=True), user("Felix", is_finance=True)
    book = edition(ann)
    made = [sold(book, number) for number in range(40)]
    for object_id in ("re_1", "dp_1"):
        at_provider(object_id)
    returns.record_refund(reference=made[0].reference, external_id="re_1", at=NOON, amount=Money(200, "USD"))
    facts = DisputeFacts("dp_1", made[1].order_reference, Money(499, "USD"), Money(1500, "USD"), NOON)
    disputes.open_dispute(facts=facts)
    protection_fund.contribute(at=NOON)
    disputes.lose_dispute(external_id="dp_1", at=NOON)
    assert protection_fund.cover(external_id="dp_1", at=NOON)
    ends = NOON + timedelta(days=60)
    reserves.impose(actor=fiona, user=ann, rate_bps=1000, days=30, reason="Many returns", until=ends, at=NOON)
    clearing.clear_due(at=CLEARED)
    proposed = corrections.propose(
        actor=fiona, kind=ManualKind.ADJUSTMENT, user=ann, amount=Money(-5, "USD"), reason="Twice paid", at=CLEARED
    )
    corrections.approve(actor=felix, manual=proposed, at=CLEARED)
    payout_account(ann)
    with clock.frozen(CLEARED):
        run = payouts.propose_run(actor=fiona, currency="USD", at=CLEARED)
        payouts.approve_run(actor=felix, run=run, at=CLEARED)
        paid = payouts.send_payout(payout_id=run.payouts.get().pk)
    at_provider(paid.transfer_id)
    closing.close(period=Month(2026, 11), at=DECEMBER)
    with clock.frozen(DECEMBER):
        yield {"earnings": ann, "finance": fiona, "statement": Statement.objects.get(user=ann)}


def test_reserves_are_shown_as_they_stood_at_the_close(client, month):
    """What becomes of a reserve later is not the statement's."""
    client.force_login(month["earnings"])
    address = reverse("earnings-statement", args=[month["statement"].public_id])
    at_close = statement_selectors.releases_ahead(month["statement"])
    assert sum(each.amount_minor for each in at_close) == month["statement"].closing_reserve_minor > 0
    with clock.frozen(CLEARED + timedelta(days=31)):
        assert reserves.release_due(at=clock.now())
        assert statement_selectors.releases_ahead(month["statement"]) == at_close
        assert "In reserve at the close" in client.get(address).content.decode()


def test_days_that_do_not_add_up_to_the_reserve_are_left_out(month):
    Reserve.objects.update(left_minor=0)
    Reserve.objects.filter(pk=Reserve.objects.first().pk).update(kept_minor=10_000)
    assert statement_selectors.releases_ahead(month["statement"]) == []


def opens_the_provider(client, prefix: str, page: str) -> bool:
    """Whether an entry's page leads to an object that can be seen, or says that there is none."""
    objects = re.findall(rf'href="(/{prefix}/provider/[^"]+)"', page)
    for address in objects:
        shown = client.get(address)
        assert shown.status_code == 200
        assert "receipt_email" not in shown.content.decode()
    absence = "only moves money within the ledger" in page and "See entry" in page
    return bool(objects) or absence


@pytest.mark.parametrize("prefix", ["earnings", "finance"])
def test_every_number_leads_to_the_provider(client, month, prefix):
    client.force_login(month[prefix])
    statement = month["statement"]
    page = client.get(reverse(f"{prefix}-statement", args=[statement.public_id])).content.decode()
    kinds = set(statement.movements.values_list("kind", flat=True))
    assert {
        MovementKind.ROYALTIES,
        MovementKind.RETURNS,
        MovementKind.LOST_DISPUTES,
        MovementKind.FUND_COVER,
        MovementKind.ADJUSTMENTS,
        MovementKind.PAID_OUT,
        MovementKind.RESERVE_KEPT,
    } <= kinds
    assert "Twice paid" in page
    links = set(_LINK.findall(page))
    assert len(links) >= len(kinds) + 4
    prices = {"$4.99"}  # a paid price is a fact about the line, whose other figures open it
    assert {text.split(">")[1].strip() for text in _NUMBER.findall(page)} <= {*prices, *(p[:-1] for p in prices)}
    opened: dict[str, bool] = {}
    for link in links:
        first = client.get(link).content.decode()
        is_entry = "/entries/" in link
        entries = [link] if is_entry else re.findall(rf'href="(/{prefix}/entries/\d+/)"', first)
        assert entries or link.endswith("/opening/"), link
        for entry in entries:
            if entry not in opened:
                opened[entry] = opens_the_provider(client, prefix, client.get(entry).content.decode())
            assert opened[entry], entry


def test_nobody_sees_what_is_behind_entries_of_others(client, month):
    client.force_login(user("Otto", is_author=True))
    for object_id in ("pi_0", "re_1", "dp_1"):
        assert client.get(reverse("earnings-provider", args=[object_id])).status_code == 404


def test_in_production_entries_open_the_providers_own_pages(client, month, settings):
    settings.PAYMENTS_SANDBOX = False
    client.force_login(month["finance"])
    entry = month["statement"].lines.get()
    page = client.get(reverse("finance-statement-line", args=[month["statement"].public_id, entry.position]))
    address = re.findall(r'href="(/finance/entries/\d+/)"', page.content.decode())[-1]
    assert "https://dashboard.stripe.com/payments/pi_" in client.get(address).content.decode()
    assert client.get(reverse("finance-provider", args=["pi_0"])).status_code == 404
