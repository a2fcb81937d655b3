"""Forms for sign-up, profiles and account deletion."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import regions
from accounts.countries import CountryChoices
from accounts.models import User
from accounts.reserved_names import refuse_reserved
from common.edit_conflicts import GuardedForm
from common.fields import TextField
from common.widgets import LongSelect


class SignupExtras(forms.Form):
    """The fields that sign-up adds to email and password (allauth's ACCOUNT_SIGNUP_FORM_CLASS)."""

    display_name = TextField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Shown next to your reviews and books."),
        validators=[refuse_reserved],
    )
    wants_to_publish = forms.BooleanField(label=_("I want to publish books"), required=False)

    field_order = ["display_name", "email", "password1", "wants_to_publish"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Save the extra fields. Called by allauth once the user row exists."""
        user.display_name = self.cleaned_data["display_name"]
        user.is_author = self.cleaned_data["wants_to_publish"]
        user.language = regions.current().language
        user.save(update_fields=["display_name", "is_author", "language"])


class ProfileForm(GuardedForm):
    display_name = TextField(label=_("Your name"), max_length=120, validators=[refuse_reserved])
    country = forms.ChoiceField(label=_("Country"), required=False, choices=CountryChoices(), widget=LongSelect)
    language = forms.ChoiceField(label=_("Language of our emails"), choices=settings.LANGUAGES)
    bio = TextField(label=_("About you"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class DeletionForm(forms.Form):
    """Asks for the account to be deleted."""

    words = forms.ChoiceField(
        label=_("Your reviews, and your replies to reviews"),
        choices=[("delete", _("Delete them too")), ("keep", _("Keep them without my name"))],
        initial="delete",
        widget=forms.RadioSelect,
    )
    is_sure = forms.BooleanField(
        label=_("I have read what is deleted and what is kept. I lose the books I bought for good.")
    )

    @property
    def keeps_words(self) -> bool:
        return bool(self.cleaned_data["words"] == "keep")
