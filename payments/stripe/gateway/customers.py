"""What the provider keeps for buyers who want it, a customer with payment methods; and which methods it offers."""

from __future__ import annotations

from payments.gateway import GatewayRefused
from payments.stripe.gateway.calls import Calls, outcomes

_NO_SUCH_OBJECT = "resource_missing"


class CustomerCalls(Calls):
    def has_saved_method(self, *, customer_id: str) -> bool:
        """Return whether the customer has a payment method that its owner allowed to be shown again; a customer who is
        not there any more has none."""
        try:
            with outcomes():
                found = self.client.v1.customers.payment_methods.list(
                    customer_id, {"allow_redisplay": "always", "limit": 1}
                )
        except GatewayRefused as refused:
            if refused.code != _NO_SUCH_OBJECT:
                raise
            return False
        return bool(found.data)

    def delete_customer(self, *, customer_id: str) -> None:
        """Delete the customer with its payment methods; one that is not there any more is deleted."""
        try:
            with outcomes():
                self.client.v1.customers.delete(customer_id)
        except GatewayRefused as refused:
            if refused.code != _NO_SUCH_OBJECT:
                raise

    def offered_methods(self) -> frozenset[str]:
        with outcomes():
            found = self.client.v1.payment_method_configurations.list({"limit": 100})
            own = next((one for one in found.auto_paging_iter() if one.is_default and not one.application), None)
        methods = own.to_dict() if own is not None else {}
        return frozenset(name for name, about in methods.items() if _is_offered(about))


def _is_offered(about: object) -> bool:
    """Return whether a field of the configuration is a payment method that is switched on and available."""
    if not isinstance(about, dict) or not about.get("available"):
        return False
    return bool(about.get("display_preference", {}).get("value") == "on")
