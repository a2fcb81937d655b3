"""Forms for reporting books and shelves, and for deciding about them."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import regions
from common.fields import TextField
from storefront.community.forms import SeenForm
from storefront.community.models import CaseOutcome, Reported, ReportRule, ReviewCase
from storefront.community.selectors import cases as case_selectors
from storefront.community.services.reports import ReportInput


class ReportForm(forms.Form):
    rule = forms.ChoiceField(label=_("What is wrong with it?"), widget=forms.RadioSelect)
    words = TextField(
        label=_("In your own words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Why does it break the rule? Only moderators read this."),
    )
    place = TextField(
        label=_("Where exactly?"),
        max_length=500,
        help_text=_("The chapter or page, with the passage quoted; or the title, the cover or the description."),
    )
    right_holder = TextField(
        label=_("Who holds the rights"),
        required=False,
        max_length=200,
        help_text=_("Only if a copyright is infringed: a name, and how to reach them."),
    )
    original = TextField(
        label=_("Where to find the original"),
        required=False,
        max_length=300,
        help_text=_("Only if a copyright is infringed: a link, an ISBN, or the title and publisher."),
    )

    name = TextField(label=_("Your name"), required=False, max_length=120)
    email = forms.EmailField(
        label=_("Your email address"),
        required=False,
        max_length=254,
        help_text=_("We send you a link to confirm your report, and the decision. Nobody else learns it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    good_faith = forms.BooleanField(
        label=_("What I say is, as far as I know, accurate and complete."),
        error_messages={"required": _("Confirm that what you say is accurate and complete, as far as you know.")},
    )

    def __init__(self, *args: Any, kind: Reported, asks_sender: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_sender = asks_sender
        if not asks_sender:
            del self.fields["name"], self.fields["email"]
        rules = case_selectors.REPORT_RULES[kind]
        cast("forms.ChoiceField", self.fields["rule"]).choices = [(rule.value, rule.label) for rule in rules]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.asks_sender and cleaned.get("rule") != ReportRule.MINORS:
            if not cleaned.get("name"):
                self.add_error("name", _("Give your name. Only reports of sexual abuse of children need none."))
            if not cleaned.get("email") and "email" not in self.errors:
                self.add_error("email", _("Give your email address. We send the decision there."))
        if cleaned.get("rule") == ReportRule.COPYRIGHT:
            if not cleaned.get("right_holder"):
                self.add_error("right_holder", _("Say who holds the rights. Without that, nobody can look into it."))
            if not cleaned.get("original"):
                self.add_error("original", _("Say where to find the original. Without it, we cannot compare the two."))
        return cleaned

    @property
    def told(self) -> ReportInput:
        """Return what the person reported, once the form is valid."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "good_faith"}
        language = regions.current().language
        return ReportInput(**{**given, "rule": ReportRule(given["rule"]), "language": language})


class ComplaintForm(forms.Form):
    text = TextField(
        label=_("Why was the decision wrong?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Someone else decides. They see your report, what you write here and the first decision."),
    )


class ReportDecisionForm(SeenForm):
    """A moderator's decision on a book or shelf. A rule and evidence are required if something changes."""

    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    rule = forms.ChoiceField(label=_("The rule it breaks"), required=False)
    evidence = TextField(
        label=_("Evidence"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Passages, pages or links that show it, as you found them yourself. The owner of the book or shelf reads "
            "exactly what you write here, so do not say who reported it."
        ),
    )
    reason = TextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "The owner of the book or shelf reads exactly what you write here. If nothing changes, the people who "
            "reported it read it instead."
        ),
    )

    def __init__(self, *args: Any, case: ReviewCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes, rules = case_selectors.outcomes_of(case), case_selectors.rules_of(case)
        cast("forms.ChoiceField", self.fields["outcome"]).choices = [(one.value, one.label) for one in outcomes]
        named = [(one.value, one.label) for one in rules]
        cast("forms.ChoiceField", self.fields["rule"]).choices = [("", "—"), *named]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome", CaseOutcome.KEEP) == CaseOutcome.KEEP:
            return cleaned
        if not cleaned.get("rule"):
            self.add_error("rule", _("Choose the rule it breaks."))
        if not cleaned.get("evidence"):
            self.add_error("evidence", _("Give evidence. Nothing is taken down without it."))
        return cleaned


class StopForm(SeenForm):
    """An emergency stop. Rule, evidence and reason are required, as for a decision."""

    rule = forms.ChoiceField(label=_("The rule it breaks"))
    evidence = TextField(
        label=_("Evidence"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Passages, pages or links that show it. The owner reads it, so do not say who reported it."),
    )
    reason = TextField(
        label=_("Why it cannot wait"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The owner reads exactly what you write here."),
    )

    def __init__(self, *args: Any, case: ReviewCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.value, one.label) for one in case_selectors.rules_of(case)]
        cast("forms.ChoiceField", self.fields["rule"]).choices = [("", "—"), *named]


class ObjectionForm(forms.Form):
    objection = TextField(
        label=_("Why does it break no rule?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The moderator who decides about the flags reads it."),
    )


class RemedyForm(forms.Form):
    mended = TextField(
        label=_("What have you mended?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("A moderator looks at it. Name the places, so that it is quick."),
    )


class RemedyDecisionForm(SeenForm):
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[("accepted", _("Mended: lift the decision")), ("refused", _("Not enough yet"))],
        widget=forms.RadioSelect,
    )
    reason = TextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The owner reads exactly what you write here."),
    )
