"""Facets beside a search, put together from pieces of their template, are those that the template renders."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import regions
from publishing import thema
from storefront import facets
from storefront.selectors.browse import Filters
from storefront.selectors.facet_choices import facet_choices
from storefront.selectors.facet_counts import FacetCounts
from storefront.views.found_facets import found_facets

_LANGUAGES = ("en", "en-GB", "de", "de-AT", "de-CH", "fr-CA", "es", "it", "nl", "pt-BR", "sv", "fi", "pl", "cs", "ja")


def _counts(values) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from(sorted(values)), st.integers(1, 1200))


_FILTERS = st.builds(
    Filters,
    query=st.text(min_size=1, max_size=30),
    subject=st.sampled_from(["", "F", "FB", "XY"]),
    language=st.sampled_from(["", "de", "de-AT", "ja", "fr"]),
    price=st.sampled_from(["", *facets.PRICES]),
    length=st.sampled_from(["", *facets.LENGTHS]),
    format=st.sampled_from(["", *facets.FORMATS]),
    features=st.sampled_from([(), ("described",)]),
    without=st.sampled_from([(), tuple(facets.WARNINGS)[:2]]),
    with_adult=st.booleans(),
    sort=st.sampled_from(["newest", "rating"]),
    after=st.sampled_from(["", "5-7"]),
)


@settings(deadline=None)  # names of languages are read from files
@given(
    filters=_FILTERS,
    counts=st.builds(
        FacetCounts,
        sections=_counts(thema.SECTIONS),
        subjects=_counts(thema.SUBJECTS),
        languages=_counts(_LANGUAGES),
        prices=_counts(facets.PRICES),
        lengths=_counts(facets.LENGTHS),
        formats=_counts(facets.FORMATS),
        features=_counts(facets.FEATURES),
        warnings=_counts(facets.WARNINGS),
        is_counted=st.booleans(),
    ),
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_are_what_the_template_renders(language: str, filters: Filters, counts: FacetCounts) -> None:
    tongues = Counter[str]()
    for tag, books in counts.languages.items():
        tongues[facets.tongue(tag)] += books
    counts = replace(counts, tongues=dict(tongues))
    with regions.active(regions.of_person(language=language, country="")):
        choices = facet_choices(filters.known(), counts)
        expected = render_to_string("storefront/_facets.html", {"choices": choices, "nofollow": True})
        found = found_facets(filters.known(), counts)
        assert found.markup == expected
        assert [(one.label, one.address) for one in found.chosen] == [
            (one.label, one.address) for one in choices.chosen
        ]
        assert found.all_books == choices.all_books
