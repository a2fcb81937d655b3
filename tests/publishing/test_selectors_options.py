"""What the record gives the files of an edition."""

from __future__ import annotations

import pytest
from django.utils import translation

from publishing import selectors
from tests.factories.publishing import make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db


class TestSubjects:
    @pytest.mark.parametrize(
        ("subject", "language", "heading"),
        [
            ("FFH", "en-GB", ("Historical mysteries",)),
            ("FF", "fr", ("Crime and mystery",)),
            ("", "en", ()),
            ("ZZ", "en", ()),
        ],
    )
    def test_are_headings_in_the_language_of_the_work_whoever_asks(self, owner, subject, language, heading):
        edition = make_edition(work=make_work(owner=owner, subject=subject, language=language))
        with translation.override("de"):
            assert selectors.wanted_options(edition).overrides.subjects == heading

    def test_are_german_in_a_german_work(self, owner):
        edition = make_edition(work=make_work(owner=owner, subject="FF", language="de"))
        (heading,) = selectors.wanted_options(edition).overrides.subjects
        assert heading != "Crime and mystery"

    def test_alone_make_no_file_stale(self, owner):
        edition = make_published_edition(owner=owner, announce=False)
        assert not selectors.are_files_stale(edition)
        edition.work.subject = "FM"
        edition.work.save(update_fields=["subject"])
        assert not selectors.are_files_stale(edition)
