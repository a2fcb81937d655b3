"""Forms of contracts: what a step needs to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import SeveralFilesField, TextField
from common.money import Money, exponent
from common.templatetags.money import money
from common.widgets import DayInput
from hiring.contract_terms import AiUse, MilestoneTerms
from hiring.contracts.models import Contract
from hiring.contracts.process import ShareRuling
from publishing.price_forms import AmountField

_WORDS: dict[str, Any] = {"widget": forms.Textarea(attrs={"rows": 6}), "max_length": 4000}


def _shown_files() -> SeveralFilesField:
    return SeveralFilesField(
        label=_("Files"),
        required=False,
        help_text=_("What shows it: pictures, texts, design files, or a ZIP of such files."),
    )


class ConfirmForm(forms.Form):
    """A step that needs nothing but a click."""


class PayForm(forms.Form):
    """What papers need to know of a client."""

    is_business = forms.BooleanField(
        label=_("I pay as a business"), required=False, help_text=_("For the invoice. You can leave this out.")
    )
    vat_number = TextField(
        label=_("VAT number"), required=False, max_length=30, help_text=_("Of a business that has one.")
    )


class FundNoteForm(forms.Form):
    note = TextField(
        label=_("What proves the delivery?"),
        max_length=500,
        help_text=_("Such as the checksum of the file, when it was accepted, and what the client wrote about it."),
    )


class MoneyForm(forms.Form):
    """An amount of a milestone's currency, up to what can be divided."""

    def __init__(self, *args: Any, currency: str, most_minor: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        places = exponent(currency) if currency else 2
        most = Money(most_minor, currency or "USD")
        self.fields["amount"] = AmountField(
            label=self.amount_label,
            min_value=self.least(places),
            max_value=most.decimal,
            decimal_places=places,
            max_digits=12,
            help_text=_("In %(currency)s, at most %(most)s.") % {"currency": currency, "most": money(most)},
        )
        self.order_fields(["amount"])

    amount_label = _("Amount")
    is_zero_allowed = False

    def least(self, places: int) -> Decimal:
        return Decimal(0) if self.is_zero_allowed else Decimal(1).scaleb(-places)

    @property
    def amount_minor(self) -> int:
        given: Decimal = self.cleaned_data["amount"]
        return int(given.scaleb(exponent(self.currency)))


class AcceptPartForm(MoneyForm):
    amount_label = _("Release to the provider now")


class GiveBackPartForm(MoneyForm):
    amount_label = _("Give back to the client")


class DivisionForm(MoneyForm):
    """How to divide the money."""

    amount_label = _("The provider gets")
    is_zero_allowed = True
    reason = TextField(
        label=_("Why this is fair"),
        required=False,
        max_length=2000,
        help_text=_("The other side reads it with your proposal."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class EndForm(forms.Form):
    """How to end a milestone for which nothing is held."""

    reason = TextField(
        label=_("Why you want to end it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class CaseForm(MoneyForm):
    """What a case is about."""

    amount_label = _("How much of the money is in question?")
    reason = TextField(
        label=_("What was agreed, and what is different?"),
        help_text=_("A moderator reads this, the contract, the deliveries and the other side’s answer."),
        **_WORDS,
    )
    uploads = _shown_files()


class ShareCaseForm(forms.Form):
    """What a case about a royalty share is about."""

    reason = TextField(
        label=_("What was agreed, and what is different?"),
        help_text=_("A moderator reads this, the contract, the deliveries and the other side’s answer."),
        **_WORDS,
    )
    uploads = _shown_files()


class ShareDecisionForm(forms.Form):
    """A decision about a milestone that a royalty share alone pays for."""

    ruling = forms.ChoiceField(
        label=_("What becomes of the milestone"), choices=ShareRuling.choices, widget=forms.RadioSelect
    )
    reason = TextField(
        label=_("Reason"),
        help_text=_("Both sides read it. Name the rule of the standard terms, and what shows it."),
        **_WORDS,
    )


class DecisionForm(MoneyForm):
    """A decision in parts."""

    amount_label = _("Of the amount in question, the provider gets")
    is_zero_allowed = True
    reason = TextField(
        label=_("Reason"),
        help_text=_("Both sides read it. Name the rule of the standard terms, and what shows it."),
        **_WORDS,
    )


class WishesForm(forms.Form):
    body = TextField(label=_("What should be different?"), help_text=_("Be exact: it counts as one round."), **_WORDS)


class AppealForm(forms.Form):
    body = TextField(label=_("What did the decision overlook?"), **_WORDS)
    uploads = _shown_files()


class QuestionForm(forms.Form):
    """What whoever decides a case asks both sides."""

    question = TextField(
        label=_("Your question"),
        help_text=_("Both sides see it and are told by email. Your name is not shown."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CaseWordsForm(forms.Form):
    """What a side says in a case: its answer, or more of it."""

    body = TextField(label=_("In your words"), required=False, **_WORDS)
    uploads = _shown_files()

    def __init__(self, *args: Any, is_answer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_answer:
            self.fields["body"].label = _("Your answer")


class DeliveryForm(forms.Form):
    """A delivery: files, or what was done at the desk."""

    uploads = SeveralFilesField(
        label=_("Files"),
        required=False,
        help_text=_("Texts, pictures and design files, or a ZIP of such files. The client can download them at once."),
    )
    with_desk = forms.BooleanField(
        label=_("Deliver what I suggested and commented in the text"), required=False, initial=True
    )
    note = TextField(label=_("A note to the client"), required=False, max_length=4000, widget=forms.Textarea)
    ai_use = forms.ChoiceField(
        label=_("How it was made"),
        choices=AiUse.choices,
        help_text=_("Say what is true for this delivery. The contract says what was agreed."),
    )

    def __init__(self, *args: Any, has_desk: bool, agreed: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ai_use"].initial = agreed
        if not has_desk:
            del self.fields["with_desk"]


class AmendmentForm(forms.Form):
    """A change of the terms: each milestone's title, amount and due day, one more milestone, revisions."""

    scope = TextField(label=_("What is to be done"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    revision_rounds = forms.IntegerField(label=_("Revisions"), min_value=0, max_value=20)
    revision_days = forms.IntegerField(label=_("Days for each revision"), min_value=1, max_value=60)
    reason = TextField(label=_("Why?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, contract: Contract, planned: Sequence[int], **kwargs: Any) -> None:
        """`planned` are the positions of milestones that are not paid: the others only move."""
        super().__init__(*args, **kwargs)
        terms = contract.terms
        self._terms, self._planned = terms, planned
        self._currency = contract.currency
        for name in ("scope", "revision_rounds", "revision_days"):
            self.fields[name].initial = getattr(terms, name)
        for position, one in enumerate(terms.milestones):
            self._add(position, one, is_planned=position in planned)
        self._add(len(terms.milestones), None, is_planned=True)
        self.order_fields(
            [
                "scope",
                *(f"{name}_{n}" for n in range(len(terms.milestones) + 1) for name in ("title", "amount", "due")),
                *("revision_rounds", "revision_days", "reason"),
            ]
        )

    def _add(self, position: int, told: MilestoneTerms | None, *, is_planned: bool) -> None:
        named = {"number": position + 1}
        day = DayInput()
        is_new = told is None
        if is_planned:
            label = _("One more milestone") if is_new else _("Milestone %(number)d") % named
            self.fields[f"title_{position}"] = TextField(
                label=label, max_length=200, required=not is_new, initial=told.title if told else ""
            )
            self.fields[f"amount_{position}"] = AmountField(
                label=_("Amount"),
                min_value=0,
                max_digits=12,
                decimal_places=exponent(self._currency) if self._currency else 2,
                required=not is_new,
                initial=told.amount.decimal if told else None,
                help_text=self._currency,
            )
        self.fields[f"due_{position}"] = forms.DateField(
            label=_("Due") if is_planned else _("Milestone %(number)d is due") % named,
            widget=day,
            required=not is_new,
            initial=told.due_on if told else None,
        )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        last = len(self._terms.milestones)
        new = [bool(given.get(f"{name}_{last}")) for name in ("title", "amount", "due")]
        if any(new) and not all(new):
            self.add_error(f"title_{last}", _("A new milestone needs a title, an amount and a due day."))
        return given

    @property
    def milestones(self) -> tuple[MilestoneTerms, ...]:
        """Return the milestones as they are to be."""
        found = [self._told(position, one) for position, one in enumerate(self._terms.milestones)]
        last = len(self._terms.milestones)
        if self.cleaned_data.get(f"title_{last}"):
            currency = self._currency or self._terms.milestones[0].amount.currency
            blank = MilestoneTerms("", "", Money(0, currency), self.cleaned_data[f"due_{last}"])
            found.append(self._told(last, blank))
        return tuple(found)

    def _told(self, position: int, one: MilestoneTerms) -> MilestoneTerms:
        due: date = self.cleaned_data[f"due_{position}"]
        if f"title_{position}" not in self.fields:
            return MilestoneTerms(one.title, one.description, one.amount, due)
        currency = one.amount.currency
        amount: Decimal = self.cleaned_data[f"amount_{position}"]
        minor = int(amount.scaleb(exponent(currency) if currency else 2))
        return MilestoneTerms(self.cleaned_data[f"title_{position}"], one.description, Money(minor, currency), due)
