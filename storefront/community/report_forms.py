"""Forms for reporting books and shelves, and for deciding about them."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

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
        help_text=_("Name the passage or the page. Only moderators read this."),
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

    def __init__(self, *args: Any, kind: Reported, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = case_selectors.REPORT_RULES[kind]
        cast("forms.ChoiceField", self.fields["rule"]).choices = [(rule.value, rule.label) for rule in rules]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("rule") == ReportRule.COPYRIGHT:
            if not cleaned.get("right_holder"):
                self.add_error("right_holder", _("Say who holds the rights. Without that, nobody can look into it."))
            if not cleaned.get("original"):
                self.add_error("original", _("Say where to find the original. Without it, we cannot compare the two."))
        return cleaned

    @property
    def told(self) -> ReportInput:
        """Return what the person reported, once the form is valid."""
        return ReportInput(**{**self.cleaned_data, "rule": ReportRule(self.cleaned_data["rule"])})


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
