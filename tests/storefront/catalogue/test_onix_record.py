"""What the record of a work says in the feed for shops."""

from __future__ import annotations

import pytest
from django.test import Client

from common import clock
from publishing.record import services as record_services
from publishing.record.services import Record
from tests.factories.publishing import make_published_edition
from tests.storefront.catalogue.test_onix import read, values

pytestmark = pytest.mark.django_db


def told(client: Client, **record: object):
    edition = make_published_edition(slug="salt", subject="FB")
    record_services.update_record(actor=edition.work.owner, work=edition.work, record=Record(**record), at=clock.now())
    return read(client, "/books/salt/onix.xml")


def test_the_number_is_that_of_the_epub(client: Client) -> None:
    root = told(client, isbns={"epub": "9780306406157", "print": "9783161484100"})
    assert values(root, "o:ProductIdentifier[o:ProductIDType='15']/o:IDValue") == ["9780306406157"]
    assert values(root, "o:ProductIdentifier[o:ProductIDType='03']/o:IDValue") == ["9780306406157"]
    assert values(root, "o:ProductIdentifier[o:ProductIDType='22']/o:IDValue") == []


def test_subjects_say_their_lists_and_version(client: Client) -> None:
    root = told(client, subjects=("FFJ", "FRM", "1DDU", "5HPD"))
    coded = [scheme for scheme in values(root, "o:Subject/o:SubjectSchemeIdentifier") if scheme != "20"]
    assert coded == ["93", "93", "94", "98"]
    assert values(root, "o:SubjectCode") == ["FFJ", "FRM", "1DDU", "5HPD"]
    assert set(values(root, "o:SubjectSchemeVersion")) == {"1.2"}
    assert len(root.findall(".//{*}MainSubject")) == 1
    assert root.find(".//{*}MainSubject").getparent().findtext("{*}SubjectCode") == "FFJ"


def test_keywords_come_first_in_one_heading(client: Client) -> None:
    root = told(client, keywords=("found family", "Cornwall"))
    (words,) = values(root, "o:SubjectHeadingText")
    assert words.startswith("found family; Cornwall; ")


def test_reserved_mining_is_prohibited(client: Client) -> None:
    root = told(client, is_mining_reserved=True)
    assert values(root, "o:EpubUsageConstraint[o:EpubUsageType='11']/o:EpubUsageStatus") == ["03"]
    assert values(root, "o:EpubLicenseName") == []


def test_without_a_reservation_nothing_is_said_of_mining(client: Client) -> None:
    assert values(told(client), "o:EpubUsageConstraint[o:EpubUsageType='11']/o:EpubUsageStatus") == []


@pytest.mark.parametrize(
    ("licence", "name", "address"),
    [
        ("cc-by-nc-4.0", "CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
        ("public-domain", "Public Domain Mark 1.0", "https://creativecommons.org/publicdomain/mark/1.0/"),
    ],
)
def test_a_licence_has_its_address(client: Client, licence: str, name: str, address: str) -> None:
    root = told(client, licence=licence, public_domain_source="London 1851")
    assert values(root, "o:EpubLicenseName") == [name]
    assert values(root, "o:EpubLicenseExpressionLink") == [address]
