"""Forms of claims: filing, the two sides, and the moderators'."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import regions
from common.fields import TextField
from publishing.passages.models import Passage
from storefront.claims.models import Authority, Claim, Reply
from storefront.claims.services.filing import ClaimInput
from storefront.community.forms import SeenForm

COPIED = 4  # passages in one form
_LONGEST = 20_000


class _ClaimForm(forms.Form):
    """Who claims, and in whose name."""

    authority = forms.ChoiceField(
        label=_("In whose name do you claim?"), choices=Authority.choices, widget=forms.RadioSelect
    )
    holder = TextField(
        label=_("Who holds the rights"),
        required=False,
        max_length=200,
        help_text=_("Only if you act for somebody else: a name, and how to reach them."),
    )
    words = TextField(
        label=_("What else should be known"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The owner of the book reads it, and the moderators."),
    )
    name = TextField(label=_("Your name"), max_length=120, help_text=_("The owner of the book sees it."))
    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        help_text=_("We send you a link to confirm your claim, and every step. The owner of the book does not see it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    good_faith = forms.BooleanField(
        label=_(
            "In good faith: what I say is accurate, and the use of these words is allowed neither by whoever holds the "
            "rights nor by the law."
        ),
        error_messages={"required": _("Confirm that you claim in good faith.")},
    )

    def __init__(self, *args: Any, asks_sender: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_sender:
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("authority") == Authority.AGENT and not cleaned.get("holder"):
            self.add_error("holder", _("Say who holds the rights, and how to reach them."))
        return cleaned

    @property
    def told(self) -> ClaimInput:
        """Return what the claimant says, once the form is valid."""
        names = ("holder", "words", "original_title", "original_place", "name", "email")
        given = {name: self.cleaned_data.get(name, "") for name in names}
        language = regions.current().language
        return ClaimInput(authority=Authority(self.cleaned_data["authority"]), language=language, **given)


class FoundForm(_ClaimForm):
    """A claim on passages that the comparison of books found; `passages` are the numbers of those that are ticked."""

    passages = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one passage.")},
    )
    field_order = ["passages"]

    def __init__(self, *args: Any, passages: tuple[Passage, ...], **kwargs: Any) -> None:
        super().__init__(*args, asks_sender=False, **kwargs)
        self.count = len(passages)
        field = cast("forms.TypedMultipleChoiceField", self.fields["passages"])
        field.choices = [(number, number) for number in range(len(passages))]

    @property
    def chosen(self) -> set[int]:
        """Return the numbers that are ticked: all, as long as nothing was sent."""
        if not self.is_bound:
            return set(range(self.count))
        return {int(one) for one in self.data.getlist("passages") if one.isdecimal()}  # type: ignore[attr-defined]


class CopiedForm(_ClaimForm):
    """A claim on words that the claimant copied from the book."""

    original_title = TextField(label=_("Title of the original"), max_length=300)
    original_place = TextField(
        label=_("Where it was published"),
        max_length=300,
        help_text=_("For example the publisher and year, an ISBN, or a link."),
    )
    field_order = ["original_title", "original_place", *(f"passage_{number}" for number in range(1, COPIED + 1))]

    def __init__(self, *args: Any, asks_sender: bool, **kwargs: Any) -> None:
        super().__init__(*args, asks_sender=asks_sender, **kwargs)
        for number in range(1, COPIED + 1):
            self.fields[f"passage_{number}"] = TextField(
                label=_("Passage from the book") if number == 1 else _("Another passage"),
                required=number == 1,
                max_length=_LONGEST,
                widget=forms.Textarea(attrs={"rows": 6 if number == 1 else 3}),
                help_text=_(
                    "Copied from this book, not from yours, 40 words in a row at least. That is how we find the place."
                )
                if number == 1
                else "",
            )
        self.order_fields(self.field_order)

    @property
    def copied(self) -> list[str]:
        given = [self.cleaned_data.get(f"passage_{number}", "") for number in range(1, COPIED + 1)]
        return [one for one in given if one]


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=Reply.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    words = TextField(
        label=_("Evidence and details"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Needed unless you agree. For a licence: who gave it, when, and for what. For free words: where they come "
            "from. If you wrote them first: where that can be seen. For a quotation: what it is there for. The "
            "claimant reads it, and the moderators."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("answer") and cleaned["answer"] != Reply.AGREE and not cleaned.get("words"):
            self.add_error("words", _("Say why. The claimant can only respond to what you write."))
        return cleaned


class EvidenceForm(forms.Form):
    evidence = TextField(
        label=_("Evidence that your claim is right"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Respond to the answer. For example: when and where your text was published, a contract, a registration. "
            "The owner of the book reads it, and the moderators."
        ),
    )


class AppealForm(forms.Form):
    appeal = TextField(
        label=_("Why was the decision wrong?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Someone else decides. They see what you write here and the first decision."),
    )


class LookForm(forms.Form):
    hold = forms.ChoiceField(
        label=_("Until there is a decision"),
        choices=[
            ("yes", _("Hold the share: the passages are there, and the claim is plausible")),
            ("no", _("Hold nothing")),
        ],
        widget=forms.RadioSelect,
    )
    reason = TextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Both sides read exactly what you write here."),
    )


class _RulingForm(SeenForm):
    """For which passages the claim is right; none dismisses it."""

    won = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    reason = TextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Both sides read exactly what you write here. Name the passages."),
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = set(claim.won)
        field = cast("forms.TypedMultipleChoiceField", self.fields["won"])
        field.choices = [(number, number) for number in range(len(claim.passages))]

    @property
    def chosen(self) -> set[int]:
        """Return the numbers that are ticked: those of the decision before, as long as nothing was sent."""
        if not self.is_bound:
            return self.before
        return {int(one) for one in self.data.getlist("won") if one.isdecimal()}  # type: ignore[attr-defined]


class DecisionForm(_RulingForm):
    evidence = TextField(
        label=_("Evidence"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What shows whose words they are. Needed if the claim is right for a passage. Both sides read it."),
    )
    field_order = ["seen", "won", "evidence", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("won") and not cleaned.get("evidence"):
            self.add_error("evidence", _("Give evidence. No claim is upheld without it."))
        return cleaned


class AppealDecisionForm(_RulingForm):
    pass


class ConductDecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[("stands", _("The suspension stands")), ("lifted", _("Lift the suspension"))],
        widget=forms.RadioSelect,
    )
    reason = TextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person reads exactly what you write here."),
    )
