"""The template libraries that remember say what Django's say."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.template import Context, Engine, Template, TemplateDoesNotExist
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.translation import override

from accounts import regions
from common import addresses
from common.kept.frame import Frame, mark

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
    "{% blocktranslate %}January{% endblocktranslate %} {% blocktrans with x=word %}{{ x }}, 5 %{% endblocktrans %}",
    "{% blocktranslate trimmed asvar said %} January {% endblocktranslate %}[{{ said }}]",
    "{% blocktranslate context 'abbrev. month' %}May{% endblocktranslate %}",
    "{% blocktranslate count n=word|length %}{{ n }} book{% plural %}{{ n }} of {{ word }}{% endblocktranslate %}",
    "{% blocktranslate count n=1 %}{{ n }} book{% plural %}{{ n }} books of {{ word }}{% endblocktranslate %}",
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
    addresses._shape.cache_clear()
    for country in ("AT", "CH", "DE"):
        place = regions.region("de", country)
        assert place is not None
        with regions.active(place):
            assert addresses.address("book", "the-lamp") == f"/de-{country.lower()}/books/the-lamp/"
    assert addresses._shape.cache_info().currsize == 1


def test_an_address_is_what_django_would_say() -> None:
    cases: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("front", ()),
        ("book", ("the-lamp",)),
        ("book", (7,)),
        ("sample-chapter", ("a", "c1")),
        ("public-file", ("covers/a b.webp",)),
    )
    for name, words in cases:
        assert addresses.address(name, *words) == reverse(name, args=words)
    with pytest.raises(NoReverseMatch):
        addresses.address("book")


def test_addresses_of_many_are_those_of_each() -> None:
    words = ["the-lamp", "zwei_2", "a%s"]
    for place in (regions.default(), regions.region("de", "AT")):
        assert place is not None
        with regions.active(place):
            assert addresses.addresses("public-file", words) == [reverse("public-file", args=[one]) for one in words]
            assert addresses.addresses("book", words[:2]) == [reverse("book", args=[one]) for one in words[:2]]


class TestPart:
    LIBRARIES = {"i18n": "common.kept.i18n"}
    BUILTINS = ["common.kept.parts", "common.kept.urls"]

    def _template(self, text: str) -> Template:
        return Engine(libraries=self.LIBRARIES, builtins=self.BUILTINS).from_string("{% load i18n %}" + text)

    def test_says_the_same_as_without(self) -> None:
        template = self._template("{% kept name %}{% url 'front' %} {% translate 'January' %} {{ name }}{% endkept %}")
        for _ in range(2):
            for place, words in ((regions.default(), "/ January"), (regions.region("de", "AT"), "/de-at/ Januar")):
                assert place is not None
                with regions.active(place):
                    for name in ("Octavo", "<Shop>"):
                        escaped = name.replace("<", "&lt;").replace(">", "&gt;")
                        assert template.render(Context({"name": name})) == f"{words} {escaped}"

    def test_sees_nothing_of_the_page_but_what_it_names(self) -> None:
        template = self._template("{% kept name %}[{{ name }}{{ user }}]{% endkept %}{{ user }}")
        assert template.render(Context({"name": "Octavo", "user": "Ada"})) == "[Octavo]Ada"

    def test_keeps_no_more_than_some(self) -> None:
        template = self._template("{% kept name %}{{ name }}{% endkept %}")
        for number in range(1000):
            assert template.render(Context({"name": number})) == str(number)
        (node,) = [one for one in template.nodelist if hasattr(one, "_kept")]
        assert len(node._kept._values) <= 256


_INCLUDED = {
    "row.html": "<i>{{ word }}</i>{{ outer }}",
    "frame.html": "({% block inner %}-{% endblock %})",
    "framed.html": "{% extends 'frame.html' %}{% block inner %}{{ word }}{% endblock %}",
    "deep.html": "{{ depth }}{% if depth %}{% include 'deep.html' with depth=depth|slice:'1:' only %}{% endif %}",
}


@pytest.mark.parametrize(
    "text",
    [
        "{% include 'row.html' %}{% include 'row.html' with word=other %}{% include 'row.html' with word=other only %}",
        "{% for word in other %}{% include 'row.html' %}{% include name %}{% endfor %}",
        "{% include 'framed.html' with word=other %}{% block inner %}{% include 'framed.html' %}{% endblock %}",
        "{% include 'deep.html' with depth='abc' %}",
        "{% autoescape off %}{% include 'row.html' %}{% endautoescape %}{% include 'row.html' %}",
    ],
)
def test_every_inclusion_is_django_s(text: str) -> None:
    loaders = [("django.template.loaders.locmem.Loader", _INCLUDED)]
    facts = {"word": "<a>", "outer": "&", "other": "xy", "name": "row.html"}
    kept, original = (
        Engine(loaders=loaders, builtins=builtins).from_string(text) for builtins in (["common.kept.include"], [])
    )
    for _ in range(2):  # the second time by what was kept
        assert kept.render(Context(facts)) == original.render(Context(facts))


def test_an_included_template_that_is_missing_is_told() -> None:
    with pytest.raises(TemplateDoesNotExist, match=r"gone\.html"):
        Engine(builtins=["common.kept.include"]).from_string("{% include 'gone.html' %}").render(Context())


_LAYOUTS = {
    "root.html": "<{% block title %}Shop{% endblock %}>{% block main %}{% block inner %}{{ word }}{% endblock %}"
    "{% endblock %}",
    "middle.html": "{% extends 'root.html' %}{% block main %}({{ block.super }}{% block aside %}-{% endblock %})"
    "{% endblock %}",
    "leaf.html": "{% extends 'middle.html' %}{% block inner %}[{{ block.super }}]{% endblock %}",
    "other.html": "{% extends 'middle.html' %}{% block title %}{{ other }}{% endblock %}",
}


@pytest.mark.parametrize(
    "text",
    [
        "{% extends 'root.html' %}",
        "{% extends 'leaf.html' %}{% block title %}{{ block.super }}s{% endblock %}",
        "{% extends 'leaf.html' %}{% block aside %}{% include 'other.html' %}{% endblock %}",
        "{% extends name %}{% block inner %}{{ outer }}{% endblock %}",
        "{% extends 'other.html' %}{% block main %}{% for one in other %}{% include 'leaf.html' %}{% endfor %}"
        "{% endblock %}",
    ],
)
def test_every_extension_is_django_s(text: str) -> None:
    loaders = [("django.template.loaders.locmem.Loader", _LAYOUTS)]
    facts = {"word": "<a>", "outer": "&", "other": "xy", "name": "leaf.html"}
    kept, original = (
        Engine(loaders=loaders, builtins=builtins).from_string(text) for builtins in (["common.kept.extends"], [])
    )
    for _ in range(2):  # the second time by what was kept
        assert kept.render(Context(facts)) == original.render(Context(facts))


def test_an_app_s_template_is_extended_by_one_of_its_name(tmp_path: Path) -> None:
    """As allauth's are: the second folder's is meant."""
    pages = {
        "ours": "{% extends 'page.html' %}{% block a %}ours{% endblock %}",
        "theirs": "<{% block a %}{% endblock %}>",
    }
    for folder, page in pages.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.html").write_text(page)
    engine = Engine(dirs=[str(tmp_path / folder) for folder in pages], builtins=["common.kept.extends"])
    assert engine.get_template("page.html").render(Context()) == "<ours>"


class TestFrames:
    def test_put_values_where_their_marks_were(self) -> None:
        frame = Frame(f"a{mark('one')}b{mark('two')}{mark('one')}c", ["one", "two", "three"])
        values = {"one": b"1", "two": mark("one").encode(), "three": b"3"}
        assert frame.filled(values) == f"a1b{mark('one')}1c".encode()

    def test_may_have_none(self) -> None:
        assert Frame("äbc", ["one"]).filled({"one": b"1"}) == "äbc".encode()

    def test_marks_pass_through_templates_and_addresses(self) -> None:
        assert quote(escape(mark("one"))) == mark("one")
