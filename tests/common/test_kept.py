"""The template libraries that remember say what Django's say."""

from __future__ import annotations

import pytest
from django.template import Context, Engine, Template
from django.urls import NoReverseMatch
from django.utils.translation import override

from accounts import regions

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


ADDRESSES = [
    "{% url 'front' %}",
    "{% url 'front' as path %}[{{ path }}]",
    "{% url 'book' word %}",
    "{% url 'book' word as path %}[{{ path }}]",
    "{% url 'book' slug=word %}",
    "{% url 'sample-chapter' word 'c1' %}",
    "{% url name word %}",
    "{% url 'public-file' word %}",
    "{% url 'none-such' word as path %}[{{ path }}]",
    "{% url 'book' number as path %}[{{ path }}]",
    "{% url 'earnings-statement-file' word 'pdf' %}",  # by a regular expression, not by converters
    "{% url 'earnings-entry' word %}",
    "{% url 'earnings-entry' number %}",
]


def _said(template: Template, context: dict[str, object]) -> str:
    try:
        return template.render(Context(context))
    except NoReverseMatch:
        return "no match"


@pytest.mark.parametrize("text", ADDRESSES)
def test_every_address_is_django_s(text: str) -> None:
    kept = Engine(builtins=["common.kept.urls"]).from_string(text)
    original = Engine().from_string(text)
    for place in (regions.default(), regions.region("de", "AT"), regions.default()):
        assert place is not None
        with regions.active(place):
            for word in ("the-lamp", "", "a b", "a/b", "ä&<", "the-lamp", "zwei_2"):
                context = {"word": word, "name": "book", "number": 7}
                assert _said(kept, context) == _said(original, context), (place.slug, word)


def test_an_address_is_remembered_once_for_all_regions() -> None:
    template = Engine(builtins=["common.kept.urls"]).from_string("{% url 'book' 'the-lamp' %}")
    for country in ("AT", "CH", "DE"):
        place = regions.region("de", country)
        assert place is not None
        with regions.active(place):
            assert template.render(Context()) == f"/de-{country.lower()}/books/the-lamp/"
    (node,) = template.nodelist
    assert len(node._shapes) == 1
