"""Forms of requests and proposals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common import clock
from common.amounts import read_amount
from common.fields import TextField
from common.form_tokens import OnceForm
from common.money import Money
from common.widgets import DayInput
from hiring.contract_terms import AiUse, RightsExtent
from hiring.offers.forms import MAX_PRICE_MINOR, MAX_WORDS, currency_choices, usual_currencies
from hiring.offers.models import Offer
from hiring.requests.models import Proposal, ProposedMilestone
from hiring.requests.services.proposals import MAX_MILESTONES, ProposalInput
from hiring.requests.services.requests import RequestInput
from hiring.service_kinds import TEXT_KINDS, ServiceKind
from publishing import thema
from publishing.languages import language_choices
from publishing.models import Work
from publishing.price_forms import AmountField

SHARE_FIELDS = ("share", "share_ends_on", "share_ends_at")


class RequestForm(OnceForm):
    """What a client asks for. For one provider the kind of service is known."""

    kind = forms.ChoiceField(label=_("Service"), choices=ServiceKind.choices)
    title = TextField(
        label=_("In one line"), max_length=120, help_text=_("For example: “Copy-editing of a crime novel”.")
    )
    text = TextField(
        label=_("What you need"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What the book is about, what you want done, what matters to you."),
    )
    work = forms.ChoiceField(label=_("Your book"), required=False)
    words = forms.IntegerField(
        label=_("Words in the text"),
        min_value=0,
        max_value=MAX_WORDS,
        required=False,
        help_text=_("About how many. For work on the text, prices go by it."),
    )
    language = forms.ChoiceField(label=_("Language of the text"))
    target = forms.ChoiceField(label=_("Translated to"), required=False, help_text=_("For translations only."))
    genre = forms.ChoiceField(label=_("Genre"), required=False, choices=[("", "—"), *thema.choices()])
    passage = TextField(
        label=_("A passage of the manuscript"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("A page or two. Only those who are asked see it; it is in no list and no search."),
    )
    budget = TextField(
        label=_("Budget for everything"),
        required=False,
        max_length=40,
        help_text=_("Whoever asks for more is left out. Leave it empty to see all prices."),
    )
    currency = forms.ChoiceField(label=_("Currency"))
    takes_share = forms.BooleanField(
        label=_("I would also pay by a share of the royalties"),
        required=False,
        help_text=_(
            "For a book of this shop. Those who are asked then see what it earned in the last 90 days, all royalties "
            "together, and nothing else about its sales."
        ),
    )
    wanted_on = forms.DateField(label=_("Wanted by"), required=False, widget=DayInput())

    def clean_wanted_on(self) -> date | None:
        day: date | None = self.cleaned_data["wanted_on"]
        if day is not None and day <= clock.now().date():
            raise ValidationError(_("Choose a day to come, or leave it empty."), code="past")
        return day

    def __init__(self, *args: Any, works: list[Work], offer: Offer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._works = {one.public_id: one for one in works}
        books = [("", _("None of the books here")), *((key, str(one)) for key, one in self._works.items())]
        self.fields["work"].choices = books  # type: ignore[attr-defined]
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]
        self.fields["target"].choices = [("", "—"), *language_choices()]  # type: ignore[attr-defined]
        self.fields["currency"].choices = currency_choices()  # type: ignore[attr-defined]
        self._offer = offer
        if not works:
            del self.fields["work"]
            del self.fields["takes_share"]
        if offer is not None:
            del self.fields["kind"]

    @property
    def _kind(self) -> str:
        return self._offer.kind if self._offer is not None else self.cleaned_data.get("kind", "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self._kind == ServiceKind.TRANSLATION:
            if not cleaned.get("target"):
                self.add_error("target", _("Choose the language you want it translated to."))
            elif cleaned["target"] == cleaned.get("language"):
                self.add_error("target", _("Choose another language than that of the text."))
        if cleaned.get("takes_share") and not cleaned.get("work"):
            self.add_error("takes_share", _("Choose the book whose royalties you would share."))
        if self._kind in TEXT_KINDS and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", _("Say about how long the text is: prices are compared by it."))
        if cleaned.get("budget"):
            currency = cleaned.get("currency") or usual_currencies()[0]
            amount = read_amount(cleaned["budget"], currency, language=get_language() or "en")
            if amount is None or not 0 < amount.amount_minor <= MAX_PRICE_MINOR:
                self.add_error("budget", _("Enter an amount above 0, such as 450."))
            else:
                cleaned["budget_minor"] = amount.amount_minor
        return cleaned

    @property
    def told(self) -> RequestInput:
        found = self.cleaned_data
        return RequestInput(
            kind=self._kind,
            title=found["title"],
            text=found["text"],
            language=found["language"],
            currency=found["currency"],
            target=found["target"] if self._kind == ServiceKind.TRANSLATION else "",
            genre=found["genre"],
            words=found["words"] or 0,
            passage=found["passage"],
            work=self._works.get(found.get("work", "")),
            budget_minor=found.get("budget_minor"),
            takes_share=bool(found.get("takes_share")),
            wanted_on=found["wanted_on"],
        )


class ProposalForm(forms.Form):
    """Everything of a proposal but its milestones."""

    scope = TextField(
        label=_("What is done"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("What is delivered, in which form, and what is not part of it. This becomes the contract."),
    )
    revision_rounds = forms.IntegerField(
        label=_("Rounds of revision"),
        min_value=0,
        max_value=10,
        initial=2,
        help_text=_("How often the client may ask for changes of what is delivered."),
    )
    revision_days = forms.IntegerField(label=_("Days for each round"), min_value=1, max_value=60, initial=7)
    rights = forms.ChoiceField(
        label=_("Rights"),
        choices=RightsExtent.choices,
        initial=RightsExtent.BOOK,
        widget=forms.RadioSelect,
        help_text=_("They pass to the client when a milestone is accepted and paid."),
    )
    ai_use = forms.ChoiceField(
        label=_("Use of AI"), choices=AiUse.choices, initial=AiUse.NONE, widget=forms.RadioSelect
    )
    credit_name = TextField(
        label=_("Named in the book as"),
        max_length=120,
        required=False,
        help_text=_("Leave it empty if the provider does not want to be named."),
    )
    currency = forms.ChoiceField(label=_("Currency"))
    share = AmountField(
        label=_("Share of the royalties, in percent"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_("It begins when the contract ends, for the part of the work that was accepted."),
    )
    share_ends_on = forms.DateField(label=_("Last day of the share"), required=False, widget=DayInput())
    share_ends_at = TextField(
        label=_("Or until it has paid"),
        required=False,
        max_length=40,
        help_text=_(
            "In the currency above. The share ends on its last day or with this sum, whichever comes first. Sales in "
            "other currencies are shared until then and do not count towards the sum."
        ),
    )

    def __init__(self, *args: Any, has_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = currency_choices()  # type: ignore[attr-defined]
        if not has_share:
            for name in SHARE_FIELDS:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["share_bps"] = int((cleaned.get("share") or Decimal(0)).scaleb(2))
        ends = [name for name in ("share_ends_on", "share_ends_at") if cleaned.get(name)]
        if ends and not cleaned["share_bps"] and "share" not in self.errors:
            self.add_error("share", _("Enter the share that ends then, or leave its end empty."))
        if cleaned.get("share_ends_at"):
            currency = cleaned.get("currency") or usual_currencies()[0]
            amount = read_amount(cleaned["share_ends_at"], currency, language=get_language() or "en")
            if amount is None or not 0 < amount.amount_minor <= MAX_PRICE_MINOR:
                self.add_error("share_ends_at", _("Enter an amount above 0, such as 450."))
            else:
                cleaned["share_ends_at_minor"] = amount.amount_minor
        return cleaned

    def told(self, milestones: tuple[ProposedMilestone, ...]) -> ProposalInput:
        found = self.cleaned_data
        return ProposalInput(
            **{name: found[name] for name in ("scope", "revision_rounds", "revision_days", "rights", "ai_use")},
            credit_name=found["credit_name"],
            currency=found["currency"],
            milestones=milestones,
            share_bps=found["share_bps"],
            share_ends_on=found.get("share_ends_on"),
            share_ends_at_minor=found.get("share_ends_at_minor"),
        )


class MilestoneForm(forms.Form):
    """One step: what it is called, what it costs, when it is delivered. An empty row is left out."""

    title = TextField(label=_("Milestone"), max_length=120, required=False)
    amount = TextField(label=_("Amount"), max_length=40, required=False)
    due_on = forms.DateField(label=_("Delivered on"), required=False, widget=DayInput())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("title", "amount", "due_on")):
            return cleaned
        for name in ("title", "amount", "due_on"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Fill in the whole row, or leave it empty."))
        return cleaned

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("title"))


if TYPE_CHECKING:
    _Rows = forms.BaseFormSet[MilestoneForm]
else:
    _Rows = forms.BaseFormSet


class MilestoneFormSet(_Rows):
    """The rows of a proposal's milestones."""

    def read(self, currency: str) -> tuple[ProposedMilestone, ...]:
        """Return the milestones. Adds an error to a row whose amount cannot be read."""
        found = []
        for row in self.forms:
            if not row.is_filled:
                continue
            text = row.cleaned_data["amount"]
            amount = read_amount(text, currency, language=get_language() or "en")
            if amount is None or not 0 <= amount.amount_minor <= MAX_PRICE_MINOR:
                row.add_error("amount", _("Enter an amount, such as 450."))
                continue
            found.append(ProposedMilestone(row.cleaned_data["title"], amount.amount_minor, row.cleaned_data["due_on"]))
        return tuple(found)

    @property
    def has_row_errors(self) -> bool:
        return any(row.errors for row in self.forms)


Milestones = cast(
    "type[MilestoneFormSet]",
    forms.formset_factory(
        MilestoneForm, formset=MilestoneFormSet, extra=2, max_num=MAX_MILESTONES, validate_max=True, absolute_max=20
    ),
)


def initial_of(proposal: Proposal) -> dict[str, Any]:
    """Return the values of a proposal as the form of a counter-proposal shows them."""
    names = ("scope", "revision_rounds", "revision_days", "rights", "ai_use", "credit_name", "currency")
    found = {name: getattr(proposal, name) for name in names}
    if not proposal.share_bps:
        return found
    sum_minor = proposal.share_ends_at_minor
    return found | {
        "share": Decimal(proposal.share_bps).scaleb(-2),
        "share_ends_on": proposal.share_ends_on,
        "share_ends_at": f"{Money(sum_minor, proposal.currency).decimal}" if sum_minor else "",
    }
