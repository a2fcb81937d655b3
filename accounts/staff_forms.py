"""Forms for staff: roles, finding people, and the reason for opening data."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Role, User
from accounts.services import people
from common.fields import TextField

_GRANTABLE = [(role.value, role.label) for role in Role if role != Role.OPERATOR]


class GrantForm(forms.Form):
    """Asks who gets which role."""

    email = forms.EmailField(label=_("Email address of the account"), max_length=254)
    role = forms.ChoiceField(label=pgettext_lazy("staff", "Role"), choices=_GRANTABLE, widget=forms.RadioSelect)

    person: User

    def clean_email(self) -> str:
        email = people.normal_email(self.cleaned_data["email"])
        found = User.objects.filter(email__iexact=email, is_guest=False, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("There is no account with this address."))
        self.person = found
        return email


class PeopleFilter(forms.Form):
    text = TextField(label=_("Find"), required=False, max_length=254)


class WhyForm(forms.Form):
    """Asks why a staff member reads other people's data, or acts for someone else."""

    reason = TextField(
        label=_("Reason"),
        min_length=5,
        max_length=300,
        help_text=_("Kept for three years with your name. Do not name anyone: “request of 3 May” is enough."),
    )
