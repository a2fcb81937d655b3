"""The sample books' series: in order, on sale together, and cheaper for who completes them where it says so."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock, jobs
from demo import books
from demo.content.loader import load
from publishing.models import Series

pytestmark = pytest.mark.django_db
CATALOGUE = load()


def test_hold_books_of_one_owner_and_no_book_twice():
    slugs = [slug for series in CATALOGUE.series for slug in series.books]
    owners = {book.slug: book.owner for book in CATALOGUE.books}
    assert len(set(slugs)) == len(slugs)
    assert all(len({owners[slug] for slug in series.books}) == 1 for series in CATALOGUE.series)
    assert {series.completing_bps > 0 for series in CATALOGUE.series} == {True, False}


def test_are_made_by_the_uploads_and_priced_when_their_books_are_there(client):
    people = {persona.key: books.author(persona) for persona in CATALOGUE.authors}
    with jobs.collect_messages():
        for book in reversed(CATALOGUE.books):
            books.upload(book, people, clock.now())
        books.price_series(CATALOGUE, CATALOGUE.books)
    for wanted in CATALOGUE.series:
        series = Series.objects.get(title=wanted.title)
        works = series.works.order_by("series_number")
        slugs = {book.title: book.slug for book in CATALOGUE.books}
        assert [slugs[work.title] for work in works] == list(wanted.books)
        assert series.completing_bps == wanted.completing_bps
        client.force_login(series.owner)
        assert client.get(reverse("desk-series", args=[series.public_id])).status_code == 200
