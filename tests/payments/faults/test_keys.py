"""P1 to P10 of the list of faults, at the gateway: a key moves money once, whatever happens to requests and answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.money import Money
from payments.gateway import GatewayRefused, GatewayUnknown
from payments.models import FaultKind, SandboxBalance, SandboxObject, SandboxRequest
from payments.stripe.sandbox import faults


class Doing:
    """One way of moving money: `do` under a key, `find` without it, and how often it was done."""

    def __init__(self, kind, path, do, find):
        self.kind, self.path, self.do, self.find = kind, path, do, find

    @property
    def done(self):
        return SandboxObject.objects.filter(kind=self.kind).count()


@pytest.fixture(params=["refund", "transfer", "reversal"])
def doing(request, gateway, paid_payment, ready_account):
    payment_id = paid_payment(amount_minor=50_000)
    if request.param == "refund":
        return Doing(
            "refund",
            "/v1/refunds",
            lambda key="refund:rfd_1", minor=100: gateway.refund(
                key=key, payment_id=payment_id, amount=Money(minor, "USD")
            ),
            lambda: gateway.find_refund(key="refund:rfd_1", payment_id=payment_id),
        )
    if request.param == "transfer":
        return Doing(
            "transfer",
            "/v1/transfers",
            lambda key="transfer:pot_1", minor=100: gateway.transfer(
                key=key, account_id=ready_account, amount=Money(minor, "USD"), group="pot_1"
            ),
            lambda: gateway.find_transfer(group="pot_1"),
        )
    given = gateway.transfer(key="transfer:0", account_id=ready_account, amount=Money(500, "USD"), group="pot_0")
    return Doing(
        "transfer_reversal",
        f"/v1/transfers/{given.transfer_id}/reversals",
        lambda key="reversal:rfd_1:tr_1", minor=100: gateway.reverse_transfer(
            key=key, transfer_id=given.transfer_id, amount=Money(minor, "USD"), reference="rfd_1"
        ),
        lambda: gateway.find_reversal(transfer_id=given.transfer_id, reference="rfd_1"),
    )


def test_p01_crash_between_commit_and_call(doing):
    """Our row says that it was to be done; the provider, asked by our reference, knows that it was not."""
    assert doing.find() is None
    assert doing.do()
    assert doing.done == 1


def test_p02_crash_between_call_and_commit(doing):
    """Nothing of the answer was kept. The same key gives it again; the reference finds it, too."""
    made = doing.do()
    assert doing.do() == made == doing.find()
    assert doing.done == 1


def test_p03_lost_response_once(doing):
    faults.arm(FaultKind.LOST_AFTER, doing.path)
    assert doing.do() == doing.find()
    assert doing.done == 1


def test_p03_lost_request_once(doing):
    faults.arm(FaultKind.LOST_BEFORE, doing.path)
    assert doing.do() == doing.find()
    assert doing.done == 1


def test_p04_lost_response_three_times(doing):
    faults.arm(FaultKind.LOST_AFTER, doing.path, times=3)
    with pytest.raises(GatewayUnknown):
        doing.do()
    assert doing.done == 1
    assert doing.do() == doing.find()
    assert doing.done == 1


def test_p04_lost_request_three_times(doing):
    faults.arm(FaultKind.LOST_BEFORE, doing.path, times=3)
    with pytest.raises(GatewayUnknown):
        doing.do()
    assert doing.done == 0
    assert doing.find() is None


def test_p05_replayed_500(doing):
    """The provider keeps its own failure under the key: asking again is no use, looking up and a new key are."""
    faults.arm(FaultKind.SERVER_ERROR, doing.path)
    for _ in range(3):
        with pytest.raises(GatewayUnknown):
            doing.do()
    assert doing.find() is None
    assert doing.do(key=f"{doing.kind}:2:rfd_1")
    assert doing.done == 1


def test_p06_key_reused_with_other_parameters(doing):
    """Unknown, not refused: the first request may have been carried out."""
    doing.do(minor=100)
    with pytest.raises(GatewayUnknown, match="same parameters"):
        doing.do(minor=101)
    assert doing.done == 1


def test_p07_429(doing):
    faults.arm(FaultKind.RATE_LIMITED, doing.path)
    with pytest.raises(GatewayUnknown):
        doing.do()
    assert doing.done == 0
    assert doing.do()  # not kept under the key
    assert doing.done == 1


def test_p07_409_while_the_first_request_is_in_progress(doing):
    faults.arm(FaultKind.IN_USE, doing.path)
    assert doing.do()  # the SDK waits and asks again
    faults.arm(FaultKind.IN_USE, doing.path, times=3)
    with pytest.raises(GatewayUnknown):
        doing.do()
    assert doing.done == 1


def test_p08_key_older_than_24_h(doing):
    """The key alone would do it twice, so after a day the reference is asked for instead."""
    made = doing.do()
    SandboxRequest.objects.update(created_at=clock.now() - timedelta(hours=25))
    assert doing.find() == made
    assert doing.do() != made
    assert doing.done == 2


def test_p09_task_delivered_twice(doing):
    before = SandboxBalance.objects.get().available_minor
    assert doing.do() == doing.do()
    assert doing.done == 1
    assert abs(SandboxBalance.objects.get().available_minor - before) == 100


def test_a_refusal_is_kept_under_its_key(doing):
    """A short balance is decided once: the same key repeats it, a new key may fare better."""
    faults.arm(FaultKind.BALANCE_INSUFFICIENT, doing.path)
    for _ in range(2):
        with pytest.raises(GatewayRefused) as refused:
            doing.do()
        assert refused.value.code == "balance_insufficient"
    assert doing.do(key=f"{doing.kind}:2:rfd_1")
    assert doing.done == 1
