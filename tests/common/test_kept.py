"""The template libraries that remember say what Django's say."""

from __future__ import annotations

import pytest
from django.template import Context, Engine
from django.utils.translation import override

KEPT = {"i18n": "common.kept.i18n", "static": "common.kept.static"}
TEMPLATES = [
    "{% translate 'January' %}",
    "{% trans 'January' %} {% translate 'January' as first %}{{ first|upper }}",
    "{% translate 'January'|upper %}",
    "{% translate word %}",
    "{% translate '100%% <sure>' %}",
    "{% translate 'January' noop %}",
    "{% translate 'May' context 'abbrev. month' %}",
    "{% autoescape off %}{% translate '<b>' %}{% endautoescape %}{% translate '<b>' %}",
    "{% static 'a b&c.css' %}",
    "{% static word %}",
    "{% static 'a.css' as address %}[{{ address }}]",
]


@pytest.mark.parametrize("text", TEMPLATES)
def test_every_rendering_is_django_s(text: str) -> None:
    loaded = "{% load i18n static %}" + text
    kept = Engine(libraries=KEPT).from_string(loaded)
    original = Engine(libraries={name: f"django.templatetags.{name}" for name in KEPT}).from_string(loaded)
    for word in ("January", "March"):
        for language in ("en", "de", "fr", "de"):
            with override(language):
                context = {"word": word}
                assert kept.render(Context(context)) == original.render(Context(context)), (language, word)


def test_the_shop_s_templates_use_them() -> None:
    engine = Engine.get_default()
    for name, library in KEPT.items():
        tag = {"i18n": "translate", "static": "static"}[name]
        assert engine.template_libraries[name].tags[tag].__module__ == library
