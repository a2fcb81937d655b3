"""What to check before a month is closed: each with its state, a link to where it is resolved, and remarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.templatetags.money import day
from royalties.labels import account_label
from royalties.selectors.clearing_accounts import ClearingAccount
from royalties.selectors.closing import Evidence
from royalties.selectors.reconciliation import Standing


@dataclass(frozen=True, slots=True)
class CheckState:
    """The state of a check as a chip: its word and its kind."""

    word: Promise
    kind: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a check, with a link if there is more to see."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to check. `href` is the page where it is resolved, or "" for this page."""

    state: CheckState
    label: str
    href: str = ""
    remarks: Sequence[Remark] = ()


_DONE = CheckState(gettext_lazy("done"), "success")
_LOOK = CheckState(gettext_lazy("check"), "caution")
_PENDING = CheckState(gettext_lazy("pending"), "caution")
_BLOCKS = CheckState(gettext_lazy("blocks"), "danger")
_VIOLATED = CheckState(gettext_lazy("violated"), "danger")
_TO_DO = CheckState(gettext_lazy("to do"), "caution")
_MUST_DO = CheckState(gettext_lazy("to do"), "danger")


def checks_ahead(violations: int, standing: Standing, raised: Sequence[ClearingAccount]) -> list[Check]:
    """Return what to check before any month is closed, for the page that also lists the violations."""
    return [
        _rules(violations, remarks=_violations(violations)),
        Check(
            _TO_DO if standing.last is None else _BLOCKS if standing.holding else _DONE,
            _("The provider’s balance matches our ledger"),
            reverse("finance-reconciliation"),
            _compared(standing),
        ),
        _accounts(raised),
        _proposals(standing.proposals),
    ]


def checks_of_month(
    evidence: Evidence, violations: int, standing: Standing, raised: Sequence[ClearingAccount]
) -> list[Check]:
    """Return what to check before this month is closed."""
    return [
        Check(
            _DONE if evidence.is_compared else _MUST_DO,
            _("Compared with the provider after the end of the month"),
            remarks=[Remark(_last_compared(evidence))],
        ),
        Check(
            _BLOCKS if evidence.holding else _LOOK if evidence.items else _DONE,
            _("Every item of the month agrees or was set aside by two people"),
            remarks=[Remark(_open_items(evidence))],
        ),
        _rules(violations, href=reverse("finance")),
        _accounts(raised),
        _proposals(standing.proposals),
    ]


def _rules(violations: int, *, href: str = "", remarks: Sequence[Remark] = ()) -> Check:
    return Check(_VIOLATED if violations else _DONE, _("All ledger rules are met"), href, remarks)


def _violations(count: int) -> list[Remark]:
    if not count:
        return []
    return [Remark(ngettext("%(n)s violation, above", "%(n)s violations, above", count) % {"n": count})]


def _compared(standing: Standing) -> list[Remark]:
    """Return when both sides were compared, and how many items do not agree."""
    if standing.last is None:
        return [Remark(_("Not compared yet."))]
    items = reverse("finance-reconciliation")
    text = ngettext("%(n)s open item, compared %(day)s", "%(n)s open items, compared %(day)s", standing.open_items)
    remarks = [Remark(text % {"n": standing.open_items, "day": day(standing.last.at)})]
    if standing.holding:
        text = ngettext("%(n)s open too long", "%(n)s open too long", standing.holding)
        remarks.append(Remark(text % {"n": standing.holding}, f"{items}?state=holding"))
    if standing.set_aside:
        text = ngettext("%(n)s set aside", "%(n)s set aside", standing.set_aside)
        remarks.append(Remark(text % {"n": standing.set_aside}, f"{items}?state=set_aside"))
    return remarks


def _last_compared(evidence: Evidence) -> str:
    if not evidence.has_provider:
        return _("No money has moved through the provider yet, so there is nothing to compare.")
    if evidence.compared is None:
        return _("Never compared.")
    at = evidence.compared.at
    return _("Last compared %(day)s, %(time)s UTC.") % {"day": day(at), "time": f"{at:%H:%M}"}


def _open_items(evidence: Evidence) -> str:
    items, holding = len(evidence.items), len(evidence.holding)
    text = ngettext("%(n)s open item", "%(n)s open items", items) % {"n": items}
    if holding:
        blocking = ngettext("%(n)s of them blocks closing", "%(n)s of them block closing", holding) % {"n": holding}
        text = f"{text}, {blocking}"
    return text


def _accounts(raised: Sequence[ClearingAccount]) -> Check:
    names = ", ".join(f"{account_label(account.kind)} {account.currency}" for account in raised)
    return Check(
        _LOOK if raised else _DONE,
        _("Clearing accounts are at zero"),
        reverse("finance-reconciliation") + "#accounts",
        [Remark(names)] if raised else [],
    )


def _proposals(count: int) -> Check:
    text = ngettext("%(n)s proposal", "%(n)s proposals", count) % {"n": count}
    return Check(
        _PENDING if count else _DONE,
        _("All proposals are decided"),
        reverse("finance-corrections"),
        [Remark(text)] if count else [],
    )
