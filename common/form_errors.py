"""What forms say of a mistake, in the shop's words, which say what to do.

Set once on Django's classes: a field or a form that says something more exact overrides them as usual.
"""

from __future__ import annotations

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_UNKNOWN = _("Choose one of the options on the page: this one is not, or no longer, among them.")
_ONE_UNKNOWN = _("“%(value)s” is not, or no longer, among the options on the page. Choose again.")
_SEVERAL = _("Choose at least one.")
_NOT_SENT = _("No file arrived. Choose the file again.")


def use_our_words() -> None:
    """Replace the words of fields and validators. Called before any form exists."""
    forms.Field.default_error_messages["required"] = _("Fill this in.")
    forms.BooleanField.default_error_messages = {"required": _("Tick this box to go on.")}
    forms.ChoiceField.default_error_messages |= {"required": _("Choose one."), "invalid_choice": _UNKNOWN}
    forms.MultipleChoiceField.default_error_messages |= {
        "required": _SEVERAL,
        "invalid_choice": _ONE_UNKNOWN,
        "invalid_list": _SEVERAL,
    }
    forms.ModelChoiceField.default_error_messages |= {"invalid_choice": _UNKNOWN}
    forms.ModelMultipleChoiceField.default_error_messages |= {
        "required": _SEVERAL,
        "invalid_choice": _UNKNOWN,
        "invalid_list": _SEVERAL,
        "invalid_pk_value": _UNKNOWN,
    }
    forms.FileField.default_error_messages |= {
        "required": _("Choose a file first."),
        "invalid": _NOT_SENT,
        "missing": _NOT_SENT,
        "empty": _("This file is empty. Choose another one."),
    }
    forms.DateField.default_error_messages |= {"invalid": _("Enter a day that exists, such as 2026-05-31.")}
    _use_our_validators()


def _use_our_validators() -> None:
    validators.MaxLengthValidator.message = ngettext_lazy(
        "Use at most %(limit_value)d character: there are %(show_value)d.",
        "Use at most %(limit_value)d characters: there are %(show_value)d.",
        "limit_value",
    )
    validators.MinLengthValidator.message = ngettext_lazy(
        "Use at least %(limit_value)d character: there are %(show_value)d.",
        "Use at least %(limit_value)d characters: there are %(show_value)d.",
        "limit_value",
    )
    validators.MaxValueValidator.message = _("Enter %(limit_value)s or less.")
    validators.MinValueValidator.message = _("Enter %(limit_value)s or more.")
    validators.ProhibitNullCharactersValidator.message = _(
        "This contains a character that cannot be stored. Type it again without copying."
    )
