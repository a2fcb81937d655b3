"""Forms for flagging and answering reviews, deciding cases, and editing shelves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.edit_conflicts import GuardedForm
from common.fields import TextField
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
    rule = forms.ChoiceField(label=_("What is wrong with it?"), choices=FlagRule, widget=forms.RadioSelect)
    note = TextField(
        label=_("Note to the moderators"), required=False, max_length=300, help_text=_("Only moderators read it.")
    )


class ReplyForm(forms.Form):
    body = TextField(
        label=_("Your reply"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Everyone can see it below the review, with your name and the date. We tell the reviewer."),
    )


class SeenForm(forms.Form):
    """Base form. `seen` is the version of the review that the page showed."""

    seen = TextField(required=False, widget=forms.HiddenInput)


class DecisionForm(SeenForm):
    """A moderator's decision on a review or reply. A rule is required if the review is removed."""

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
        help_text=_("The writer reads exactly what you write here. Name the passage."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome") == CaseOutcome.SPOILER:
            cleaned["rule"] = FlagRule.SPOILER
        elif cleaned.get("outcome") == CaseOutcome.HIDE and not cleaned.get("rule"):
            self.add_error("rule", _("Choose the rule it breaks."))
        return cleaned


class AppealForm(forms.Form):
    text = TextField(
        label=_("Why was the decision wrong?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Someone else decides. They see what you write here and the first decision."),
    )


class AppealDecisionForm(SeenForm):
    outcome = forms.ChoiceField(label=_("Decision"), choices=AppealOutcome, widget=forms.RadioSelect)
    reason = TextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The writer reads exactly what you write here."),
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
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    visibility = forms.ChoiceField(
        label=_("Who can see it"),
        choices=Visibility,
        initial=Visibility.PUBLIC,
        widget=forms.RadioSelect,
        help_text=_(
            "If you unlist a public shelf, it moves to an address that nobody can guess. If you make it public again, "
            "it returns to its old address, and the other one leads there."
        ),
    )


class ReasonForm(forms.Form):
    reason = TextField(
        label=_("Why this book?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence or two, shown below the book."),
    )


class AddToShelfForm(ReasonForm):
    """Add a book to one of the person's shelves, or to a new shelf with the given title."""

    shelf = forms.ChoiceField(label=_("Shelf"), required=False, widget=forms.RadioSelect)
    title = TextField(label=_("Or create a new shelf called"), required=False, max_length=120)

    field_order = ["shelf", "title", "reason"]

    def __init__(self, *args: Any, shelves: list[Shelf], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["shelf"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(shelf.public_id, shelf.title) for shelf in shelves]
        if not shelves:
            del self.fields["shelf"]
            self.fields["title"].label = _("Create a new shelf called")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("shelf") and not cleaned.get("title", "").strip():
            self.add_error("title", _("Choose a shelf, or enter a title for a new one."))
        return cleaned
