"""The page of the record, as it is used without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from publishing.models import Isbn, Work
from publishing.record.selectors import isbns_of
from tests.factories.publishing import make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db

FILLED = {
    "subjects": ["FRM", "FFJ", "1DDU"],
    "main": "FFJ",
    "isbn_epub": "0-306-40615-2",
    "isbn_print": "978-3-16-148410-0",
    "keywords": "found family, Cornwall",
    "licence": "reserved",
    "rights_line": "© 2026 Ada",
    "is_mining_reserved": "on",
}


@pytest.fixture
def work(owner) -> Work:
    return make_edition(work=make_work(owner=owner)).work


@pytest.fixture
def page(client, owner, work) -> str:
    client.force_login(owner)
    return reverse("work-record", args=[work.public_id])


def test_saves_everything(client, page, work) -> None:
    assert client.post(page, FILLED).status_code == 302
    work.refresh_from_db()
    assert (work.subject, work.more_subjects) == ("FFJ", ["FRM", "1DDU"])
    assert (work.keywords, work.rights_line) == (["found family", "Cornwall"], "© 2026 Ada")
    assert work.is_mining_reserved
    assert isbns_of(work) == {"epub": "9780306406157", "print": "9783161484100"}
    shown = client.get(page)
    assert 'value="978-0-306-40615-7"' in shown.text
    assert [one.code for one in shown.context["chosen"]] == ["FFJ", "FRM", "1DDU"]


def test_finds_subjects_and_keeps_what_was_typed(client, page, work) -> None:
    response = client.post(page, {**FILLED, "find": "romantasy", "act": "find", "keywords": "typed here"})
    assert response.status_code == 200
    assert response.context["hits"][0].code == "FMR"
    assert [one.code for one in response.context["chosen"]] == ["FFJ", "FRM", "1DDU"]
    assert "typed here" in response.text
    assert "Not saved yet" in response.text
    work.refresh_from_db()
    assert work.keywords == []


def test_says_that_nothing_was_found(client, page) -> None:
    assert "No other subject has “xyzzyx”" in client.post(page, {"find": "xyzzyx", "act": "find"}).text


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"isbn_epub": "9780306406158"}, "isbn_epub", "is not an ISBN"),
        ({"isbn_print": "0306406152"}, "isbn_print", "another ISBN than the EPUB"),
        ({"isbn_epub": "9780140449136"}, "isbn_epub", "already belongs"),
        ({"subjects": ["1DDU"], "main": "1DDU"}, "find", "only narrows"),
        ({"subjects": ["ZZ"]}, "subjects", "ZZ"),
        ({"keywords": "lighthouse"}, "keywords", "in the title"),
        ({"keywords": "like, " * 3 + "books like Dune"}, "keywords", "another author"),
        ({"licence": "public-domain", "is_mining_reserved": ""}, "public_domain_source", "where the text comes from"),
        ({"licence": "cc-by-4.0"}, "is_mining_reserved", "only where all rights"),
        ({"licence": "mit"}, "licence", ""),
    ],
)
def test_refuses_at_the_field_and_loses_nothing(client, page, changed, field, words) -> None:
    Isbn.objects.create(work=make_work(), format="epub", number="9780140449136", given_at=clock.now())
    response = client.post(page, {**FILLED, **changed})
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert words in form.errors[field][0]
    assert "© 2026 Ada" in response.text
    work = response.context["work"]
    work.refresh_from_db()
    assert (work.subject, work.keywords, isbns_of(work)) == ("FB", [], {})


def test_two_tabs_do_not_overwrite_each_other(client, page, work) -> None:
    seen = client.get(page).context["form"]["seen"].value()
    client.post(page, FILLED)
    response = client.post(page, {**FILLED, "keywords": "island", "seen": seen})
    assert response.status_code == 422
    assert "changed while you had the page open" in response.text


def test_says_that_files_on_sale_wait(client, owner) -> None:
    client.force_login(owner)
    page = reverse("work-record", args=[make_published_edition(owner=owner).work.public_id])
    assert "Build now" not in client.get(page).text
    client.post(page, FILLED)
    assert "Build now" in client.get(page).text


def test_the_details_keep_a_finer_subject(client, page, work) -> None:
    client.post(page, FILLED)
    form = client.get(reverse("work-details", args=[work.public_id])).context["form"]
    assert 'value="FFJ" selected' in str(form["subject"])
