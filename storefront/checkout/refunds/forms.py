"""The form to withdraw from the contract."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.fields import TextField


class WithdrawalForm(forms.Form):
    """What the law lets us ask for in a withdrawal: a name, the books, and where the acknowledgement goes."""

    name = TextField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("Email address for the confirmation"), max_length=254)
    line = forms.MultipleChoiceField(error_messages={"required": _("Choose at least one book.")})

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["line"]).choices = lines
        # All boxes are ticked at first: to withdraw from one book of several, the buyer unticks the others.
        self.ticked = self.data.getlist("line") if isinstance(self.data, QueryDict) else [one for one, _title in lines]
