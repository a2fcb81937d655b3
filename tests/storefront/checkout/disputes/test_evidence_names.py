"""A buyer's name on what goes to a bank as evidence: the letters on the page, in whatever script."""

from __future__ import annotations

import pytest

from common import pdf
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from storefront.checkout.disputes.services import evidence
from storefront.checkout.models import Dispute
from tests.factories.accounts import make_reader
from tests.factories.buying import buy
from tests.payments.postman import deliver_all
from tests.support import drawn

pytestmark = pytest.mark.django_db


def test_is_drawn_in_its_letters():
    order = buy(make_reader())
    bank.open_dispute(gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id).charge_id)
    deliver_all()
    dispute = Dispute.objects.get()
    for script, name in drawn.NAMES.items():
        dispute.payment.order.buyer.display_name = name
        content = pdf.render_pdf("checkout/evidence/receipt.html", evidence.document_context(dispute))
        drawn.assert_drawn(drawn.in_pdf(content, name), script, "source-sans-3-400")
