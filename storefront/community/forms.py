"""Forms about reviews of others, cases and shelves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from common.guarded import GuardedForm
from storefront.community.models import (
    AppealOutcome,
    CaseOutcome,
    CaseState,
    FlagRule,
    Reported,
    ReportRule,
    Shelf,
    Visibility,
)


class FlagForm(forms.Form):
    rule = forms.ChoiceField(label=_("What is wrong with it"), choices=FlagRule, widget=forms.RadioSelect)
    note = TextField(
        label=_("A word to the moderators"), required=False, max_length=300, help_text=_("They alone read it.")
    )


class ReplyForm(forms.Form):
    body = TextField(
        label=_("Your reply"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It stands below the review for everybody, with your name and the day. The reviewer is told."),
    )


class SeenForm(forms.Form):
    """`seen` is the version of the review that the page showed."""

    seen = TextField(required=False, widget=forms.HiddenInput)


class DecisionForm(SeenForm):
    """What a moderator decides. The rule is asked for where the page changes."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[(one.value, one.label) for one in (CaseOutcome.KEEP, CaseOutcome.SPOILER, CaseOutcome.HIDE)],
        widget=forms.RadioSelect,
    )
    rule = forms.ChoiceField(label=_("The rule it breaks"), required=False, choices=[("", "—"), *FlagRule.choices])
    reason = TextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The writer reads this, word for word. Name the passage."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome") == CaseOutcome.SPOILER:
            cleaned["rule"] = FlagRule.SPOILER
        elif cleaned.get("outcome") == CaseOutcome.HIDE and not cleaned.get("rule"):
            self.add_error("rule", _("Say which rule it breaks."))
        return cleaned


class AppealForm(forms.Form):
    text = TextField(
        label=_("Why was that wrong?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Somebody else decides, with your words and the first decision before them."),
    )


class AppealDecisionForm(SeenForm):
    outcome = forms.ChoiceField(label=_("Decision"), choices=AppealOutcome, widget=forms.RadioSelect)
    reason = TextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The writer reads this, word for word."),
    )


class CasesFilter(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Waiting")), *CaseState.choices])
    kind = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[("", _("All")), ("review", _("Review")), ("reply", _("Reply")), *Reported.choices],
    )
    rule = forms.ChoiceField(
        label=_("Rule"), required=False, choices=[("", _("All")), *FlagRule.choices, *ReportRule.choices]
    )


class ShelfForm(GuardedForm):
    title = TextField(label=_("Title"), max_length=120)
    description = TextField(
        label=_("What it is about"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    visibility = forms.ChoiceField(
        label=_("Who sees it"),
        choices=Visibility,
        initial=Visibility.PUBLIC,
        widget=forms.RadioSelect,
        help_text=_(
            "A public shelf that you unlist moves to an address that nobody can guess. When you make it public again, "
            "it is back at its old one, and the other leads there."
        ),
    )


class ReasonForm(forms.Form):
    reason = TextField(
        label=_("Why it stands here"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence or two, shown below the book."),
    )


class AddToShelfForm(ReasonForm):
    """Onto one of one's shelves, or onto a new one with this title."""

    shelf = forms.ChoiceField(label=_("Shelf"), required=False, widget=forms.RadioSelect)
    title = TextField(label=_("Or begin a new shelf called"), required=False, max_length=120)

    field_order = ["shelf", "title", "reason"]

    def __init__(self, *args: Any, shelves: list[Shelf], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["shelf"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(shelf.public_id, shelf.title) for shelf in shelves]
        if not shelves:
            del self.fields["shelf"]
            self.fields["title"].label = _("Begin a shelf called")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("shelf") and not cleaned.get("title", "").strip():
            self.add_error("title", _("Choose a shelf, or give a new one its title."))
        return cleaned
