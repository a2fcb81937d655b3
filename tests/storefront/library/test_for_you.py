"""Books for one reader: from their own library, with reasons, and without showing anybody else's."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from storefront.catalogue.models import MIN_COMMON_READERS, BoughtTogether, Listing
from storefront.library.selectors.for_you import recommendations_for
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_contributor, make_published_edition
from tests.storefront.community.facts import sell

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def suggested(reader) -> dict[str, int]:
    return {one.card.slug: one.together for reason in recommendations_for(reader) for one in reason.suggestions}


@pytest.fixture
def library(noon: datetime):
    """A reader of “mine”, with which “both” was bought."""
    made = {
        slug: make_published_edition(slug=slug, subject=subject)
        for slug, subject in (("mine", "FB"), ("both", "DC"), ("rare", "DC"), ("alike", "FB"), ("else", "YB"))
    }
    reader = make_reader()
    sell(made["mine"], reader, noon)
    mine, both = (Listing.objects.get(slug=slug) for slug in ("mine", "both"))
    BoughtTogether.objects.create(listing=mine, other=both, place=1, readers=27)
    return reader, made


def test_are_bought_together_by_several_or_of_the_same_subject(library) -> None:
    reader, _ = library
    assert suggested(reader) == {"both": 20, "alike": 0}


def test_others_libraries_are_not_read(library, noon: datetime) -> None:
    """What somebody else has shows in nothing but what was counted for the books' own pages."""
    reader, made = library
    for _ in range(5):
        other = make_reader()
        sell(made["mine"], other, noon)
        sell(made["rare"], other, noon)
    assert suggested(reader) == {"both": 20, "alike": 0}


def test_leave_out_what_the_reader_took_part_in(library) -> None:
    reader, made = library
    make_contributor(made["both"].work, user=reader, role="edt")
    make_contributor(made["alike"].work, user=reader)
    assert suggested(reader) == {}


def test_do_not_link_a_book_that_has_no_page_any_more(client: Client, library) -> None:
    reader, made = library
    Listing.objects.filter(slug="mine").update(is_on_sale=False)
    client.force_login(reader)
    text = client.get("/for-you/").content.decode()
    assert "/books/both/" in text
    assert "/books/mine/" not in text
    assert made["mine"].work.title in text


def test_take_a_constant_number_of_queries(library, django_assert_max_num_queries) -> None:
    reader, _ = library
    mine = Listing.objects.get(slug="mine")
    for place in range(2, 8):
        other = Listing.objects.get(work=make_published_edition(slug=f"other-{place}").work)
        BoughtTogether.objects.create(listing=mine, other=other, place=place, readers=MIN_COMMON_READERS)
    with django_assert_max_num_queries(4):
        assert len(suggested(reader)) == 6


def test_leave_out_what_the_reader_has_or_made(library, noon: datetime) -> None:
    reader, made = library
    sell(made["both"], reader, noon - timedelta(days=1))
    work = made["alike"].work
    work.owner = reader
    work.save()
    assert not {"both", "mine", "alike"} & suggested(reader).keys()


@pytest.mark.parametrize(
    "change",
    [{"is_adult": True}, {"is_on_sale": False}, {"release_date": date(2027, 1, 1)}, {"language": "ja"}],
)
def test_leave_out_what_no_shelf_shows(library, change) -> None:
    reader, _ = library
    Listing.objects.filter(slug__in=["both", "alike"]).update(**change)
    assert suggested(reader) == {}


def test_are_in_languages_the_reader_has_books_in(library, noon: datetime) -> None:
    """A region is none of its own; and a book of a subject stands beside one in its language only."""
    reader, _ = library
    Listing.objects.filter(slug="alike").update(language="en-GB")
    Listing.objects.filter(slug="both").update(language="de-AT")
    assert suggested(reader) == {"alike": 0}
    sell(make_published_edition(slug="german", subject="KJ", language="de"), reader, noon)
    make_published_edition(slug="deutsch", subject="FB", language="de")
    assert suggested(reader) == {"both": 20, "alike": 0}


def test_are_told_with_their_reason(client: Client, library) -> None:
    reader, _ = library
    client.force_login(reader)
    response = client.get("/for-you/")
    text = response.content.decode()
    assert "at least 20 readers bought both" in text
    assert "no-store" in response["Cache-Control"]
    assert 'href="/for-you/"' in client.get("/library/").content.decode()


def test_need_a_reader(client: Client) -> None:
    assert client.get("/for-you/").status_code == 302
    client.force_login(make_author())
    assert b"No recommendations yet" in client.get("/for-you/").content
