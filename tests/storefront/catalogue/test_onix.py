from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from lxml import etree

from common import clock
from publishing import hooks
from publishing import services as publishing_services
from publishing.models import Price, Series
from publishing.territories import Territory
from storefront.catalogue.models import Listing
from storefront.catalogue.onix.message import NAMESPACE
from storefront.catalogue.selectors import feeds
from tests.factories.accounts import make_author
from tests.factories.conversion import make_finding
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work
from tests.storefront.catalogue.onix_valid import onix_faults

pytestmark = pytest.mark.django_db
N = {"o": NAMESPACE}


def read(client: Client, address: str = "/feeds/onix.xml") -> etree._Element:
    response = client.get(address)
    assert response.status_code == 200
    content = response.getvalue()
    assert onix_faults(content) == []
    return etree.fromstring(content)


def values(root: etree._Element, path: str) -> list[str]:
    return [str(one) for one in root.xpath(f"//{path}/text()", namespaces=N)]


class TestRecord:
    def test_says_what_is_known_of_a_book(self, client: Client) -> None:
        work = make_work(
            owner=make_author(display_name="Ada Quill"),
            slug="salt",
            title="Salt Roads",
            subtitle="A journey",
            language="pt-BR",
            subject="FFH",
            imprint="Harbour Press",
            warnings=["self-harm"],
            prices={"USD": 799, "JPY": 900},
        )
        for name, role in (("Nora Lind", "trl"), ("Cora Case", "cov"), ("Paul Comma", "pfr")):
            make_contributor(work, name=name, role=role)
        make_published_edition(work=work, identifier="urn:isbn:9780306406157")
        root = read(client, "/books/salt/onix.xml")
        assert values(root, "o:ProductIdentifier[o:ProductIDType='15']/o:IDValue") == ["9780306406157"]
        assert values(root, "o:ProductForm") == ["ED"]
        assert values(root, "o:ProductFormDetail") == ["E101", "E107", "E200"]
        assert values(root, "o:EpubTechnicalProtection") == ["00"]
        assert values(root, "o:DescriptiveDetail/o:TitleDetail//o:TitleText") == ["Salt Roads"]
        assert values(root, "o:Contributor/o:ContributorRole") == ["A01", "B06", "A36", "Z99"]
        assert values(root, "o:Contributor/o:PersonName") == ["Ada Quill", "Nora Lind", "Cora Case", "Paul Comma"]
        assert values(root, "o:Language/*") == ["01", "por", "BR"]
        assert values(root, "o:Subject[o:SubjectSchemeIdentifier='93']/o:SubjectCode") == ["FFH"]
        assert values(root, "o:Subject[o:SubjectSchemeIdentifier='93']/o:SubjectSchemeVersion") == ["1.2"]
        assert values(root, "o:Audience[o:AudienceCodeType='22']/o:AudienceCodeValue") == ["09", "13"]
        assert values(root, "o:ImprintName") == ["Harbour Press"]
        assert values(root, "o:PublishingStatus") == ["04"]
        assert values(root, "o:ProductAvailability") == ["20"]
        assert values(root, "o:SalesRights//o:RegionsIncluded") == ["WORLD"]

    def test_a_translation_is_derived_from_its_original(self, client: Client) -> None:
        owner = make_author()
        original = make_work(owner=owner, slug="salt")
        make_published_edition(work=make_work(owner=owner, slug="sal", translation_of=original))
        root = read(client, "/books/sal/onix.xml")
        assert values(root, "o:RelatedWork/o:WorkRelationCode") == ["01", "02"]
        assert values(root, "o:RelatedWork//o:IDValue")[1] == original.public_id

    def test_a_list_price_holds_the_tax_but_where_it_is_added(self, client: Client) -> None:
        make_published_edition(prices={"USD": 799, "JPY": 900})
        found = [
            [price.findtext(f"o:{name}", None, N) for name in ("PriceType", "PriceAmount", "CurrencyCode")]
            for price in read(client).iterfind(".//o:Price", N)
        ]
        assert found == [["02", "900", "JPY"], ["01", "900", "JPY"], ["02", "7.99", "USD"], ["01", "7.99", "USD"]]
        assert values(read(client), "o:Price/o:Territory/o:CountriesExcluded") == ["US", "US"]

    @pytest.mark.parametrize(
        ("rule", "countries", "rights", "prices"),
        [
            ("except", ["DE", "AT"], ["02 WORLD - AT DE", "03 AT DE"], ["02 WORLD - AT DE US", "01 US"]),
            ("except", ["US"], ["02 WORLD - US", "03 US"], ["02 WORLD - US"]),
            ("only", ["DE", "US"], ["02 DE US", "03"], ["02 DE", "01 US"]),
            ("only", ["US"], ["02 US", "03"], ["01 US"]),
            ("only", ["DE"], ["02 DE", "03"], ["02 DE"]),
        ],
    )
    def test_says_where_it_is_sold(self, client: Client, rule, countries, rights, prices) -> None:
        edition = make_published_edition(prices={"USD": 799})
        publishing_services.set_territory(
            actor=edition.work.owner, work=edition.work, territory=Territory.of(rule, countries), at=clock.now()
        )
        root = read(client)

        def where(element: etree._Element) -> str:
            names = ("RegionsIncluded", "CountriesIncluded", "CountriesExcluded")
            places = [element.findtext(f"o:Territory/o:{name}", None, N) for name in names]
            return " ".join(filter(None, [places[0], places[1], places[2] and f"- {places[2]}"]))

        def said(tag: str, kind: str) -> list[str]:
            return [f"{one.findtext(f'o:{kind}', None, N)} {where(one)}" for one in root.iterfind(f".//o:{tag}", N)]

        assert [*said("SalesRights", "SalesRightsType"), *values(root, "o:ROWSalesRightsType")] == rights
        assert said("Price", "PriceType") == prices
        assert where(root.find(".//o:Market", N)) == rights[0].removeprefix("02 ")

    @pytest.mark.parametrize(("warnings", "advice"), [([], ["02"]), (["death", "war"], ["02", "12", "04"])])
    def test_a_book_for_adults_is_from_eighteen_years_on(
        self, client: Client, warnings: list[str], advice: list[str]
    ) -> None:
        make_published_edition(work=make_work(is_adult=True, warnings=warnings))
        root = read(client)
        (audience,) = root.iterfind(".//{*}AudienceRange")
        assert [one.text for one in audience] == ["17", "03", "18"]
        assert values(root, "o:Audience[o:AudienceCodeType='01']/o:AudienceCodeValue") == ["01"]
        assert values(root, "o:Audience[o:AudienceCodeType='22']/o:AudienceCodeValue") == advice

    @pytest.mark.parametrize("age", [0, 8])
    def test_a_reading_age_is_the_least(self, client: Client, age: int) -> None:
        make_published_edition(work=make_work(reading_age=age))
        (audience,) = read(client).iterfind(".//{*}AudienceRange")
        assert [one.text for one in audience] == ["18", "03", str(age)]

    def test_a_book_for_adults_says_no_lower_age(self, client: Client) -> None:
        """As when a moderator marked a book for adults whose author had named an age."""
        make_published_edition(work=make_work(is_adult=True, reading_age=8))
        (audience,) = read(client).iterfind(".//{*}AudienceRange")
        assert [one.text for one in audience] == ["17", "03", "18"]

    def test_no_other_book_says_an_age(self, client: Client) -> None:
        make_published_edition(work=make_work(warnings=["death"]))
        root = read(client)
        assert not list(root.iterfind(".//{*}AudienceRange"))
        assert values(root, "o:Audience[o:AudienceCodeType='22']/o:AudienceCodeValue") == ["12"]

    def test_a_free_book_costs_nothing_in_words(self, client: Client) -> None:
        make_published_edition(prices={"USD": 0})
        root = read(client)
        assert values(root, "o:Price/o:UnpricedItemType") == ["01"]
        assert values(root, "o:PriceAmount") == []

    def test_an_open_price_is_the_least(self, client: Client) -> None:
        edition = make_published_edition(prices={"USD": 300})
        Price.objects.update(is_open=True)
        hooks.notify_listed(edition)
        assert "from this price up" in values(read(client), "o:PriceTypeDescription")[0]

    def test_a_book_to_come_names_its_day(self, client: Client) -> None:
        day = clock.now().date() + timedelta(days=30)
        edition = make_edition(work=make_work(release_date=day))
        hooks.notify_listed(edition)
        root = read(client)
        assert values(root, "o:NotificationType") == ["02"]
        assert values(root, "o:PublishingStatus") == ["02"]
        assert values(root, "o:ProductAvailability") == ["10"]
        assert set(values(root, "o:Date")) == {f"{day:%Y%m%d}"}

    def test_a_series_is_a_collection_with_the_books_number(self, client: Client) -> None:
        owner = make_author()
        series = Series.objects.create(owner=owner, slug="tides", title="Tides")
        make_published_edition(work=make_work(owner=owner, series=series, series_number=2))
        root = read(client)
        assert values(root, "o:Collection//o:TitleText") == ["Tides"]
        assert values(root, "o:Collection//o:PartNumber") == ["2"]

    def test_what_xml_cannot_hold_is_left_out(self, client: Client) -> None:
        make_published_edition(title="A\x0bB & <C>\ufffe", description="One\x01two ]]> & three")
        assert values(read(client), "o:DescriptiveDetail/o:TitleDetail//o:TitleText") == ["AB & <C>"]

    def test_an_unknown_language_is_undetermined(self, client: Client) -> None:
        make_published_edition(language="xx")
        assert values(read(client), "o:LanguageCode") == ["und"]


class TestEditions:
    def test_a_first_edition_says_nothing_of_it(self, client: Client) -> None:
        make_published_edition()
        assert values(read(client), "o:EditionNumber") == values(read(client), "o:EditionType") == []

    def test_a_new_edition_is_a_revised_one_with_its_number(self, client: Client) -> None:
        make_published_edition(number=2)
        root = read(client)
        assert (values(root, "o:EditionType"), values(root, "o:EditionNumber")) == (["REV"], ["2"])
        assert values(root, "o:TextContent[o:TextType='25']/o:Text") == []

    def test_corrections_of_it_are_its_errata(self, client: Client) -> None:
        first = make_published_edition(number=2, state="superseded", announce=False)
        corrected = make_published_edition(work=first.work, number=2, revision=1, notes="A name & a date.")
        root = read(client)
        day = corrected.published_at.date().isoformat()
        assert values(root, "o:EditionNumber") == ["2"]
        assert values(root, "o:TextContent[o:TextType='25']/o:Text") == [f"2.1 ({day}): A name & a date."]


class TestAccessibility:
    def features(self, client: Client) -> list[str]:
        return values(read(client), "o:ProductFormFeature[o:ProductFormFeatureType='09']/o:ProductFormFeatureValue")

    def test_a_book_of_words_claims_no_descriptions(self, client: Client) -> None:
        edition = make_published_edition()
        listing = Listing.objects.get(work=edition.work)
        listing.details = replace(listing.details, pictures=0)
        listing.save()
        assert self.features(client) == ["36", "11", "13", "29", "10", "52"]

    def test_pictures_that_are_all_described_are_claimed(self, client: Client) -> None:
        edition = make_published_edition()
        listing = Listing.objects.get(work=edition.work)
        listing.details = replace(listing.details, pictures=3)
        listing.save()
        assert "14" in self.features(client)

    def test_pictures_nobody_described_are_told(self, client: Client) -> None:
        edition = make_published_edition()
        make_finding(edition.job, code="image.alt-missing")
        hooks.notify_listed(edition)
        assert self.features(client)[-1] == "00"
        assert not {"14", "52"} & set(self.features(client))

    def test_what_nobody_counted_is_not_claimed(self, client: Client) -> None:
        edition = make_published_edition()
        listing = Listing.objects.get(work=edition.work)
        listing.details = replace(listing.details, pictures=None)
        listing.save()
        assert not {"14", "52"} & set(self.features(client))


class TestChanges:
    def test_a_withdrawn_book_is_told_to_who_asks_since_when(self, client: Client) -> None:
        edition = make_published_edition(description="Nobody should read this any more.")
        hooks.notify_withdrawn(edition)
        assert values(read(client), "o:RecordReference") == []
        root = read(client, "/feeds/onix.xml?since=2026-11-24")
        assert values(root, "o:PublishingStatus") == ["11"]
        assert values(root, "o:ProductAvailability") == ["46"]
        assert "Nobody should" not in etree.tostring(root, encoding="unicode")

    def test_what_changed_before_is_left_out(self, client: Client) -> None:
        make_published_edition()
        assert values(read(client, "/feeds/onix.xml?since=2026-11-24T12:00Z"), "o:RecordReference") != []
        assert values(read(client, "/feeds/onix.xml?since=2026-11-24T12:00:01%2B00:00"), "o:RecordReference") == []

    @pytest.mark.parametrize(
        "since",
        [
            *("yesterday", "2026-13-01", "2026-11-24T99:00"),
            *("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"),
        ],
    )
    def test_refuses_what_is_no_date(self, client: Client, since: str) -> None:
        assert client.get(f"/feeds/onix.xml?since={since}").status_code == 400

    @pytest.mark.parametrize(("books", "size", "batch"), [(7, 3, 2), (6, 3, 3), (5, 100, 2), (0, 3, 2)])
    def test_messages_hold_every_book_once(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, books: int, size: int, batch: int
    ) -> None:
        monkeypatch.setattr(feeds, "RECORDS_A_MESSAGE", size)
        monkeypatch.setattr(feeds, "_BATCH", batch)
        for _ in range(books):
            make_published_edition()
        seen: list[str] = []
        address, messages = "/feeds/onix.xml", 0
        while address:
            response = client.get(address)
            content = response.getvalue()
            assert onix_faults(content) == []
            seen += values(etree.fromstring(content), "o:RecordReference")
            link = response.get("Link", "")
            address = link.partition("<http://testserver")[2].partition(">")[0]
            messages += 1
        assert len(seen) == len(set(seen)) == books
        assert messages == max(1, -(-books // size))

    def test_is_compressed_for_who_can_read_it(self, client: Client) -> None:
        make_published_edition()
        response = client.get("/feeds/onix.xml", headers={"accept-encoding": "gzip"})
        assert response["Content-Encoding"] == "gzip"
        assert onix_faults(gzip.decompress(response.getvalue())) == []

    def test_headings_do_not_follow_the_visitors_language(self, client: Client) -> None:
        make_published_edition(subject="FF")
        response = client.get("/feeds/onix.xml", headers={"accept-language": "de"})
        assert b"Crime and mystery" in response.getvalue()


class TestBook:
    def test_is_gone_with_the_listing(self, client: Client) -> None:
        edition = make_published_edition(slug="lamp")
        assert client.get("/books/lamp/onix.xml")["Content-Type"].startswith("application/onix+xml")
        hooks.notify_withdrawn(edition)
        assert client.get("/books/lamp/onix.xml").status_code == 404
        assert client.get("/books/nothing/onix.xml").status_code == 404


def test_the_schema_finds_faults() -> None:
    """The check that others stand on."""
    assert onix_faults(b'<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference"/>') != []
