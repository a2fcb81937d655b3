"""Labels of this app's audit log entries, and whom each thing belongs to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_subjects, add_verbs

_VERBS = {
    "contract.opened": _("Contract opened"),
    "contract.amended": _("Contract changed by both sides"),
    "contract_case.opened": _("Case about a contract opened"),
    "contract_case.withdrawn": _("Case about a contract withdrawn"),
    "contract_case.decided": _("Case about a contract decided"),
    "contract_case.appealed": _("Decision about a contract appealed"),
    "fund_payment.proposed": _("Payment from the protection fund proposed"),
    "fund_payment.approved": _("Payment from the protection fund approved"),
    "fund_payment.declined": _("Payment from the protection fund declined"),
    "contract_case.appeal_decided": _("Appeal about a contract decided"),
}
_SUBJECTS = {
    "contracts.contract": _("Contract"),
    "contracts.case": _("Case about a contract"),
    "contracts.fundclaim": _("Payment from the protection fund"),
}
_PEOPLE: dict[str, str | None] = {
    "contracts.contract": "client_id",
    "contracts.case": "milestone.contract.client_id",
    "contracts.fundclaim": "milestone.contract.provider_id",
}


def register() -> None:
    """Register this app's labels. Called once, when the app is ready."""
    add_verbs(Area.MONEY, _VERBS)
    add_subjects(_SUBJECTS, _PEOPLE)
