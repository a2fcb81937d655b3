"""The provider's rail: a transfer to the payee's account there, from which the provider pays out to the payee's
bank."""

from __future__ import annotations

from common.money import Money
from payments.gateway import Gateway, TransferResult
from payments.rails.base import RailCode
from payments.rails.coverage import reaches


class StripeRail:
    """Transfers through the gateway."""

    code = RailCode.STRIPE

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def reaches(self, *, country: str, currency: str) -> bool:
        return reaches(self.code, country)

    def send(self, *, key: str, destination: str, amount: Money, reference: str) -> TransferResult:
        return self._gateway.transfer(key=key, account_id=destination, amount=amount, group=reference)

    def find(self, *, reference: str) -> TransferResult | None:
        return self._gateway.find_transfer(group=reference)
