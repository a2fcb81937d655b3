from __future__ import annotations

import pytest
from django import forms
from django.test.html import parse_html

from accounts.forms import ProfileForm
from accounts.region_forms import CountryForm, RegionForm
from common.widgets import LongSelect
from payments.forms import PayForm
from royalties.forms import BankForm, PayoutCountryForm, TaxFormForm

CHOICES = [("", "—"), ("DE", "Deutschland"), ("x<y", "<b>Not & markup</b>"), (3, "three")]


@pytest.mark.parametrize("value", [None, "", "DE", "x<y", 3, "3", "nobody"])
@pytest.mark.parametrize("attrs", [None, {"id": "id_country", "required": True}, {"aria-describedby": 'a"b'}])
def test_renders_what_djangos_select_renders(value: object, attrs: dict[str, object] | None) -> None:
    mine, theirs = (kind(attrs={"class": "input"}, choices=CHOICES) for kind in (LongSelect, forms.Select))
    assert parse_html(mine.render("country", value, attrs)) == parse_html(theirs.render("country", value, attrs))


@pytest.mark.parametrize(
    "form", [ProfileForm, CountryForm, RegionForm, PayForm, TaxFormForm, BankForm, PayoutCountryForm]
)
def test_countries_are_written_in_one_go(form: type[forms.Form]) -> None:
    """Django would render a template for each of more than two hundred."""
    assert isinstance(form.base_fields["country"].widget, LongSelect)
    markup = form(initial={"country": "DE"})["country"].as_widget()
    assert markup.count("<option") > 30
    assert '<option value="DE" selected>Germany</option>' in markup
