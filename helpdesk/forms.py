"""Forms for contact requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from common.templatetags.money import day
from helpdesk.models import Topic
from storefront.checkout.models import Order


class ContactForm(forms.Form):
    """The contact form. People whose orders we know choose one; others may enter its number."""

    topic = forms.ChoiceField(label=_("What is it about?"), choices=[("", _("Choose…")), *Topic.choices])
    order = forms.ChoiceField(label=_("Which order?"), required=False)
    named_order = TextField(
        label=_("Order number"),
        required=False,
        max_length=60,
        help_text=_("You can find it on your receipt. It starts with “ord_”."),
    )
    body = TextField(
        label=_("Your message"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Tell us what you did, what you expected, and what happened instead."),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        help_text=_(
            "We will reply to this address. If you are asking about an order, use the address we sent the receipt to."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # A honeypot: people do not see this field, but programs that fill in every field do.
    website = TextField(label=_("Leave this field empty"), required=False, widget=forms.TextInput)

    def __init__(self, *args: Any, orders: Sequence[Order], asks_email: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._orders = {str(order.public_id): order for order in orders}
        self.fields["website"].widget.attrs = {"autocomplete": "off", "tabindex": "-1"}
        if not asks_email:
            del self.fields["email"]
        if orders:
            choices = [("", _("None")), *((key, _words(order)) for key, order in self._orders.items())]
            self.fields["order"].choices = choices  # type: ignore[attr-defined]
            del self.fields["named_order"]
        else:
            del self.fields["order"]

    @property
    def is_spam(self) -> bool:
        """Return whether the hidden field was filled in."""
        return bool(self.cleaned_data["website"])

    @property
    def chosen_order(self) -> Order | None:
        return self._orders.get(self.cleaned_data.get("order", ""))


class RequestsFilter(forms.Form):
    text = TextField(label=_("Email address, order number or text"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("open", _("Waiting")), ("answered", _("Answered")), ("closed", _("Closed without an answer"))],
    )


class AnswerForm(forms.Form):
    answer = TextField(label=_("Your answer"), max_length=10000, widget=forms.Textarea(attrs={"rows": 10}))


def _words(order: Order) -> str:
    titles = ", ".join(line.title for line in order.lines.all())
    return f"{day(order.created_at)}: {titles[:80]}{'…' if len(titles) > 80 else ''}"
