"""Forms of newsletters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from publishing.models import Work
from storefront.newsletters.models import Issue
from storefront.newsletters.services.issues import IssueInput


class NewsletterForm(forms.Form):
    """What a newsletter is about, as readers see it before they subscribe."""

    about = TextField(
        label=_("What you write about, and how often"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: “Four letters a year, with a chapter of what I am writing.”"),
    )
    is_open = forms.BooleanField(label=_("Readers can subscribe"), required=False)


class IssueForm(forms.Form):
    """One issue. Its text is plain: empty lines separate paragraphs, and addresses become links."""

    subject = TextField(label=_("Subject"), max_length=120)
    text = TextField(
        label=_("Text"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Leave an empty line between paragraphs. Addresses that begin with https:// become links."),
    )
    work = forms.ChoiceField(
        label=_("A book at the end"), required=False, help_text=_("With its cover, and a link to its page.")
    )

    def __init__(self, *args: Any, works: list[Work], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._works = {one.public_id: one for one in works}
        choices = [("", _("None")), *((key, str(one)) for key, one in self._works.items())]
        self.fields["work"].choices = choices  # type: ignore[attr-defined]

    @property
    def told(self) -> IssueInput:
        found = self.cleaned_data
        return IssueInput(found["subject"], found["text"], self._works.get(found["work"]))


def initial_of(issue: Issue) -> dict[str, Any]:
    """Return the values of an issue as its form shows them."""
    return {
        "subject": issue.subject,
        "text": issue.text,
        "work": issue.work.public_id if issue.work is not None else "",
    }
