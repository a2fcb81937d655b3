from __future__ import annotations

import pytest
from django import forms
from django.test.html import parse_html

from common.widgets import LongSelect

CHOICES = [("", "—"), ("DE", "Deutschland"), ("x<y", "<b>Not & markup</b>"), (3, "three")]


@pytest.mark.parametrize("value", [None, "", "DE", "x<y", 3, "3", "nobody"])
@pytest.mark.parametrize("attrs", [None, {"id": "id_country", "required": True}, {"aria-describedby": 'a"b'}])
def test_renders_what_djangos_select_renders(value: object, attrs: dict[str, object] | None) -> None:
    mine, theirs = (kind(attrs={"class": "input"}, choices=CHOICES) for kind in (LongSelect, forms.Select))
    assert parse_html(mine.render("country", value, attrs)) == parse_html(theirs.render("country", value, attrs))
