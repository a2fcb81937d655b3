"""Books for one reader: from their own library, with reasons, and without showing anybody else's."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from storefront.models import Listing
from storefront.selectors.for_you import FEWEST_TOGETHER, because_you_read
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition
from tests.storefront.ranking.facts import sell

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def suggested(reader) -> dict[str, int]:
    return {one.card.slug: one.together for reason in because_you_read(reader) for one in reason.suggestions}


@pytest.fixture
def library(noon: datetime):
    """A reader of “mine”, and others who have it: as many as needed have “both” as well, one fewer have “rare”."""
    made = {
        slug: make_published_edition(slug=slug, subject=subject)
        for slug, subject in (("mine", "FB"), ("both", "DC"), ("rare", "DC"), ("alike", "FB"), ("else", "YB"))
    }
    reader = make_reader()
    sell(made["mine"], reader, noon)
    for number in range(FEWEST_TOGETHER):
        other = make_reader()
        sell(made["mine"], other, noon)
        sell(made["both"], other, noon)
        if number:
            sell(made["rare"], other, noon)
    return reader, made


def test_are_bought_together_by_several_or_of_the_same_subject(library) -> None:
    reader, _ = library
    assert suggested(reader) == {"both": FEWEST_TOGETHER, "alike": 0}


def test_leave_out_what_the_reader_has_or_made(library, noon: datetime) -> None:
    reader, made = library
    sell(made["both"], reader, noon - timedelta(days=1))
    work = made["alike"].work
    work.owner = reader
    work.save()
    assert not {"both", "mine", "alike"} & suggested(reader).keys()


@pytest.mark.parametrize("change", [{"is_adult": True}, {"is_on_sale": False}])
def test_leave_out_what_no_shelf_shows(library, change) -> None:
    reader, _ = library
    Listing.objects.filter(slug__in=["both", "alike"]).update(**change)
    assert suggested(reader) == {}


def test_are_told_with_their_reason(client: Client, library) -> None:
    reader, _ = library
    client.force_login(reader)
    response = client.get("/for-you/")
    text = response.content.decode()
    assert f"{FEWEST_TOGETHER} readers have both" in text
    assert "no-store" in response["Cache-Control"]
    assert 'href="/for-you/"' in client.get("/library/").content.decode()


def test_need_a_reader(client: Client) -> None:
    assert client.get("/for-you/").status_code == 302
    client.force_login(make_author())
    assert b"Nothing to go by yet" in client.get("/for-you/").content
