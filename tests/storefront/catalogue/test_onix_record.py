"""What the record of a work says in the feed for shops."""

from __future__ import annotations

import pytest
from django.test import Client

from common import clock
from publishing import services as publishing_services
from publishing.models import Edition
from publishing.record import people
from publishing.record import services as record_services
from publishing.record.people import PersonRecord
from publishing.record.services import Record
from publishing.services import Statement
from tests.factories.publishing import make_contributor, make_published_edition
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


def test_a_person_has_numbers_and_a_biography(client: Client) -> None:
    edition = make_published_edition(slug="salt")
    person = edition.work.contributors.get()
    record = PersonRecord("win", biography="Ada keeps bees.", orcid="0000-0002-1825-0097", isni="000000012281955X")
    people.describe_person(actor=edition.work.owner, contributor=person, person=record, at=clock.now())
    root = read(client, "/books/salt/onix.xml")
    assert values(root, "o:Contributor/o:ContributorRole") == ["A24"]
    assert values(root, "o:NameIdentifier[o:NameIDType='21']/o:IDValue") == ["0000000218250097"]
    assert values(root, "o:NameIdentifier[o:NameIDType='16']/o:IDValue") == ["000000012281955X"]
    assert values(root, "o:BiographicalNote") == ["Ada keeps bees."]


class TestAi:
    def told(self, client: Client, *uses: str):
        edition = make_published_edition(slug="salt")
        make_contributor(edition.work, name="Nora Lind", role="trl")
        statement = Statement("own", *uses)
        publishing_services.state_rights(actor=edition.work.owner, edition=edition, statement=statement, at=clock.now())
        return read(client, "/books/salt/onix.xml")

    def test_what_it_generated_has_an_unnamed_contributor(self, client: Client) -> None:
        root = self.told(client, "none", "none", "none", "generated")
        assert values(root, "o:Contributor/o:ContributorRole") == ["A01", "B06", "A36"]
        assert values(root, "o:Contributor/o:SequenceNumber") == ["1", "2", "3"]
        assert values(root, "o:Contributor[o:UnnamedPersons='09']/o:ContributorRole") == ["A36"]

    def test_whom_it_assisted_is_followed_by_it(self, client: Client) -> None:
        root = self.told(client, "none", "none", "assisted", "none")
        assert values(root, "o:Contributor/o:ContributorRole") == ["A01", "B06", "Z01"]
        root = self.again(client, "assisted", "assisted", "none", "none")
        assert values(root, "o:Contributor/o:ContributorRole") == ["A01", "Z01", "B06"]

    def again(self, client: Client, *uses: str):
        edition = Edition.objects.get()
        publishing_services.state_rights(
            actor=edition.work.owner, edition=edition, statement=Statement("own", *uses), at=clock.now()
        )
        return read(client, "/books/salt/onix.xml")

    def test_its_absence_is_declared_on_the_books_page(self, client: Client) -> None:
        root = self.told(client, "none", "none", "none", "none")
        (address,) = values(root, "o:Publisher/o:Website[o:WebsiteRole='56']/o:WebsiteLink")
        assert address.endswith("/books/salt/#ai-use")
        assert 'id="ai-use"' in client.get("/books/salt/").text
        assert values(self.again(client, "none", "none", "assisted", "none"), "o:Publisher/o:Website") == []


@pytest.mark.parametrize(("is_watermarked", "code"), [(False, "00"), (True, "02")])
def test_a_watermark_is_told_as_technical_protection(client: Client, *, is_watermarked: bool, code: str) -> None:
    work = make_published_edition(slug="salt").work
    publishing_services.set_watermark(actor=work.owner, work=work, is_watermarked=is_watermarked)
    assert values(read(client, "/books/salt/onix.xml"), "o:EpubTechnicalProtection") == [code]
