"""Forms of coupons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.widgets import DayInput
from publishing.price_forms import AmountField
from storefront.catalogue.forms import MoneyByCurrencyForm


class CouponForm(MoneyByCurrencyForm):
    code = forms.RegexField(
        label=_("Coupon code"),
        regex=r"^[A-Za-z0-9-]{3,40}$",
        help_text=_("3 to 40 letters, digits or hyphens. Not case-sensitive."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    percent = AmountField(
        label=_("Percent off"), required=False, min_value=0, max_value=100, decimal_places=2, help_text=_("Or:")
    )
    begins_on = forms.DateField(label=_("First day"), required=False, widget=DayInput())
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=DayInput())
    uses_limit = forms.IntegerField(
        label=_("Total uses"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Leave empty for no limit."),
    )
    uses_per_person = forms.IntegerField(
        label=_("Uses per person"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_(
            "Leave empty for no limit; readers then need no account. With a limit, they have to log in to use the code."
        ),
    )
    pen_name = forms.ChoiceField(
        label=_("For books by"),
        required=False,
        help_text=_("A code for all your books would show readers that all of them are by you."),
    )
    works = forms.MultipleChoiceField(
        label=_("For these books"),
        required=False,
        help_text=_("If you choose none, the code applies to all."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, works: list[tuple[str, str]], names: Sequence[str] = (), **kwargs: Any) -> None:
        """Build the choices. `names` comes from `coupons.names_of`; there is a choice only between several."""
        super().__init__(*args, **kwargs)
        self._only_name = names[0] if names else ""
        choice = self.fields["pen_name"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - declared above
        choice.choices = [(name, name or _("Names that link to your page")) for name in names]
        if len(names) < 2:
            del self.fields["pen_name"]
        field = self.fields["works"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = works

    @property
    def chosen_name(self) -> str:
        """Return the name whose books the code applies to if no books are chosen."""
        return str(self.cleaned_data.get("pen_name", self._only_name))

    @property
    def percent_bps(self) -> int | None:
        value = self.cleaned_data["percent"]
        return int(value.scaleb(2)) if value else None

    def begins_at(self, now: datetime) -> datetime:
        """Return the start of the first day; now if there is none."""
        day = self.cleaned_data["begins_on"]
        return datetime.combine(day, time(), UTC) if day else now

    @property
    def ends_at(self) -> datetime | None:
        """Return the end of the last day."""
        day = self.cleaned_data["ends_on"]
        return datetime.combine(day, time.max, UTC) if day else None
