"""One listing as an ONIX product record.

The product is an edition with all its files, so a book is one record that lists every file format. The record's
reference is that of its work, whose buyers get every later edition; the identifiers of the edition change with it. A
withdrawn book keeps a record that says only that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from lxml import etree

from common import clock
from common.money import Money
from common.text_cleaning import for_xml
from publishing import thema
from publishing.models import Work
from publishing.record import isbn, licences, thema_codes
from publishing.territories import WORLD, Territory, TerritoryRule
from storefront.catalogue.models import Listing
from storefront.catalogue.models.details import ListedPerson, ListedSeries
from storefront.catalogue.onix import codes
from storefront.catalogue.selectors import cards

_SHORT_CHARACTERS = 350
_COVER_WIDTHS = (640, 320)


@dataclass(frozen=True, slots=True)
class Custom:
    """Sales conventions of the shop. `tax_is_added_in` are the countries where tax comes on top of a list price."""

    tax_is_added_in: tuple[str, ...]


def product(listing: Listing, *, custom: Custom) -> etree._Element:
    """Return the record of a listing with its `work` loaded."""
    record = etree.Element("Product")
    host = ".".join(reversed((urlsplit(settings.SITE_URL).hostname or "localhost").split(".")))
    _add(record, "RecordReference", f"{host}.{listing.work.public_id}")
    _add(record, "NotificationType", "02" if listing.is_on_sale and listing.release_date else "03")
    _identifiers(record, listing)
    _descriptive(record, listing)
    if listing.is_on_sale:
        _collateral(record, listing)
    _publishing(record, listing)
    related = _add(record, "RelatedMaterial")
    _related_work(related, "01", listing.work)
    if listing.work.translation_of is not None:
        _related_work(related, codes.DERIVED_FROM, listing.work.translation_of)
    _supply(record, listing, custom)
    return record


# ---------------------------------------------------------------- what it is


def _related_work(related: etree._Element, code: str, to: Work) -> None:
    work = _add(related, "RelatedWork")
    _add(work, "WorkRelationCode", code)
    _proprietary(_add(work, "WorkIdentifier"), "WorkIDType", f"{settings.SITE_NAME} work", to.public_id)


def _identifiers(record: etree._Element, listing: Listing) -> None:
    details = listing.details
    edition = _add(record, "ProductIdentifier")
    _proprietary(edition, "ProductIDType", f"{settings.SITE_NAME} edition", details.edition)
    kind, _, value = details.identifier.rpartition(":")
    if kind == "urn:isbn":
        digits = isbn.compact(value)
        for code in ("03", "15"):  # an ISBN is sent as GTIN-13 and as ISBN-13, not as a URN
            _identifier(record, code, digits)
    elif value:
        _identifier(record, "22", details.identifier)


def _identifier(record: etree._Element, code: str, value: str) -> None:
    identifier = _add(record, "ProductIdentifier")
    _add(identifier, "ProductIDType", code)
    _add(identifier, "IDValue", value)


def _descriptive(record: etree._Element, listing: Listing) -> None:
    block = _add(record, "DescriptiveDetail")
    _add(block, "ProductComposition", "00")
    _form(block, listing)
    _collection(block, listing.details.series, listing.series_number)
    _title(block, "01", title=listing.title, subtitle=listing.subtitle)
    if not listing.is_on_sale:
        return
    _contributors(block, listing.details.authors)
    if listing.details.number > 1:
        _add(block, "EditionType", "REV")
        _add(block, "EditionNumber", str(listing.details.number))
    code, country, script = codes.language(listing.language)
    language = _add(block, "Language")
    _add(language, "LanguageRole", "01")
    _add(language, "LanguageCode", code)
    _add_if(language, "CountryCode", country)
    _add_if(language, "ScriptCode", script)
    _extents(block, listing)
    _subjects(block, listing)
    _audience(block, listing)


def _form(block: etree._Element, listing: Listing) -> None:
    files = listing.details.formats
    accessibility = listing.details.accessibility
    _add(block, "ProductForm", "ED")
    for form in dict.fromkeys(codes.FORMS[one.kind] for one in files if one.kind in codes.FORMS):
        _add(block, "ProductFormDetail", form)
    is_fixed = "fixed" in accessibility
    if accessibility:
        _add(block, "ProductFormDetail", codes.FIXED if is_fixed else codes.REFLOWABLE)
    _features(block, accessibility, listing.details.pictures)
    _add(block, "PrimaryContentType", "10")
    _add(block, "EpubTechnicalProtection", "00")
    for use in codes.USES:
        _usage(block, use, codes.UNLIMITED)
    if listing.details.rights.is_mining_reserved:
        _usage(block, codes.MINING, codes.PROHIBITED)
    if listing.sample_html:
        constraint = _add(block, "EpubUsageConstraint")
        _add(constraint, "EpubUsageType", "01")
        _add(constraint, "EpubUsageStatus", "02")
        limit = _add(constraint, "EpubUsageLimit")
        _add(limit, "Quantity", str(-(-listing.work.sample_bps // 100)))
        _add(limit, "EpubUsageUnit", "05")
    _licence(block, listing.details.rights.licence)


def _usage(block: etree._Element, use: str, status: str) -> None:
    constraint = _add(block, "EpubUsageConstraint")
    _add(constraint, "EpubUsageType", use)
    _add(constraint, "EpubUsageStatus", status)


def _licence(block: etree._Element, licence: str) -> None:
    """Add a licence that lets everybody do more than read, with the address of its text."""
    if address := licences.address(licence):
        granted = _add(block, "EpubLicense")
        _add(granted, "EpubLicenseName", licences.name(licence))
        expression = _add(granted, "EpubLicenseExpression")
        _add(expression, "EpubLicenseExpressionType", "02")
        _add(expression, "EpubLicenseExpressionLink", address)


def _features(block: etree._Element, accessibility: Sequence[str], pictures: int | None) -> None:
    """Add the known accessibility features. `pictures` is the number in the text, None if nobody counted them."""
    found = [code for ours in accessibility for code in codes.ACCESSIBILITY.get(ours, ())]
    is_silent = "some-undescribed" in accessibility
    if pictures and "described" in accessibility:
        found.append(codes.PICTURES_DESCRIBED)
    if "reflow" in accessibility and pictures is not None and not is_silent:
        found.append(codes.READABLE_WITHOUT_SIGHT)
    for code in found:
        _feature(block, "09", code)
    if is_silent:
        _feature(block, "09", "00", "Some pictures have no description yet.")
    if "no-hazards" in accessibility:
        for code in codes.NO_HAZARDS:
            _feature(block, "12", code)


def _feature(block: etree._Element, kind: str, value: str, words: str = "") -> None:
    feature = _add(block, "ProductFormFeature")
    _add(feature, "ProductFormFeatureType", kind)
    _add(feature, "ProductFormFeatureValue", value)
    _add_if(feature, "ProductFormFeatureDescription", words)


def _collection(block: etree._Element, series: ListedSeries | None, number: int | None) -> None:
    if series is None:
        _add(block, "NoCollection")
        return
    collection = _add(block, "Collection")
    _add(collection, "CollectionType", "10")
    _title(collection, "02", title=series.title, part=str(number or ""))


def _title(parent: etree._Element, level: str, *, title: str, subtitle: str = "", part: str = "") -> None:
    detail = _add(parent, "TitleDetail")
    _add(detail, "TitleType", "01")
    element = _add(detail, "TitleElement")
    _add(element, "TitleElementLevel", level)
    _add_if(element, "PartNumber", part)
    _add(element, "TitleText", title)
    _add_if(element, "Subtitle", subtitle)


def _contributors(block: etree._Element, people: Sequence[ListedPerson]) -> None:
    for number, person in enumerate(people, start=1):
        contributor = _add(block, "Contributor")
        _add(contributor, "SequenceNumber", str(number))
        _add(contributor, "ContributorRole", codes.ROLES.get(person.role, codes.OTHER_ROLE))
        if person.author:
            name = _add(contributor, "NameIdentifier")
            _proprietary(name, "NameIDType", f"{settings.SITE_NAME} author", person.author)
        _add(contributor, "PersonName", person.name)
        if person.author:
            _website(contributor, "08", reverse("pages:author", args=[person.author]))
    if not people:
        _add(block, "NoContributor")


def _extents(block: etree._Element, listing: Listing) -> None:
    files = listing.details.formats
    fixed = next((one.pages for one in files if one.kind == "epub" and one.pages), 0)
    printed = next((one.pages for one in files if one.kind == "pdf" and one.target == "print"), 0)
    size = next((one.bytes for one in files if one.kind == "epub"), 0)
    if fixed:
        _extent(block, "07", fixed, "03")
    else:
        _extent(block, "02", listing.words, "02")
        _extent(block, "10", printed, "03")
    _extent(block, "22", size, "17")


def _extent(block: etree._Element, kind: str, value: int, unit: str) -> None:
    if value:
        extent = _add(block, "Extent")
        _add(extent, "ExtentType", kind)
        _add(extent, "ExtentValue", str(value))
        _add(extent, "ExtentUnit", unit)


def _subjects(block: etree._Element, listing: Listing) -> None:
    main = listing.work.subject or listing.subject
    chosen = listing.details.subjects or ((main,) if main else ())
    for number, code in enumerate(chosen):
        subject = _add(block, "Subject")
        if not number:
            _add(subject, "MainSubject")
        _add(subject, "SubjectSchemeIdentifier", thema_codes.scheme(code))
        _add(subject, "SubjectSchemeVersion", thema.VERSION)
        _add(subject, "SubjectCode", code)
    series = listing.details.series
    labels = (str(thema.label(code)) for code in chosen[:1])
    words = [*listing.details.keywords, *labels, series.title if series else ""]
    if any(words):
        subject = _add(block, "Subject")
        _add(subject, "SubjectSchemeIdentifier", "20")
        _add(subject, "SubjectHeadingText", "; ".join(filter(None, words)))


def _audience(block: etree._Element, listing: Listing) -> None:
    """Add the audience, as far as it is known, and the content warnings for adults (list 203).

    No code in list 203 says that a book is for adults only. The audience range does: interest age (list 30), from (list
    31) eighteen years. For other books it has the reading age that the author named.
    """
    rows = [("01", "02" if listing.section == "Y" and not listing.is_adult else "01")]
    ratings = [code for one in listing.work.warnings for code in codes.WARNINGS.get(one, ())]
    if listing.is_adult:
        ratings.insert(0, codes.ADVICE)
    rows += [("22", code) for code in dict.fromkeys(ratings)]
    for kind, value in rows:
        audience = _add(block, "Audience")
        _add(audience, "AudienceCodeType", kind)
        _add(audience, "AudienceCodeValue", value)
    age = listing.details.reading_age
    if listing.is_adult:
        _audience_range(block, "17", 18)
    elif age is not None:
        _audience_range(block, "18", age)


def _audience_range(block: etree._Element, qualifier: str, least: int) -> None:
    audience = _add(block, "AudienceRange")
    _add(audience, "AudienceRangeQualifier", qualifier)
    _add(audience, "AudienceRangePrecision", "03")
    _add(audience, "AudienceRangeValue", str(least))


# ---------------------------------------------------------------- what is said of it


def _collateral(record: etree._Element, listing: Listing) -> None:
    words, cover, errata = listing.description.strip(), _cover(listing), _errata(listing)
    if not (words or cover or errata or listing.sample_html or listing.social_image):
        return
    block = _add(record, "CollateralDetail")
    if words:
        _text(block, "02", _shortened(words))
        _text(block, "03", words)
    if errata:
        _text(block, "25", errata)
    if cover:
        width, name = cover
        _resource(block, "01", "03", f"/public/{name}", {"01": "D502", "03": str(width)})
    if listing.social_image:
        _resource(block, "49", "03", f"/public/{listing.social_image}", {"01": "D502"})
    if listing.sample_html:
        _resource(block, "15", "04", reverse("reading:sample", args=[listing.slug]), {})


def _errata(listing: Listing) -> str:
    """Return the corrections of the edition on sale, the newest first, with their notes."""
    details = listing.details
    rows = [one for one in details.editions if one.number == details.number and one.revision]
    return "\n".join(f"{one.label} ({one.date.isoformat()}): {one.notes}".removesuffix(": ") for one in rows)


def _text(block: etree._Element, kind: str, words: str) -> None:
    content = _add(block, "TextContent")
    _add(content, "TextType", kind)
    _add(content, "ContentAudience", "00")
    _add(content, "Text", words).set("textformat", "06")


def _resource(block: etree._Element, content: str, mode: str, path: str, features: Mapping[str, str]) -> None:
    resource = _add(block, "SupportingResource")
    _add(resource, "ResourceContentType", content)
    _add(resource, "ContentAudience", "00")
    _add(resource, "ResourceMode", mode)
    version = _add(resource, "ResourceVersion")
    _add(version, "ResourceForm", "02" if features else "01")
    for kind, value in features.items():
        feature = _add(version, "ResourceVersionFeature")
        _add(feature, "ResourceVersionFeatureType", kind)
        _add(feature, "FeatureValue", value)
    _add(version, "ResourceLink", settings.SITE_URL + path)


def _cover(listing: Listing) -> tuple[int, str] | None:
    """Return the largest JPEG cover: its width in pixels and its public file."""
    names = ((width, listing.cover.get(f"{width}-jpeg", "")) for width in _COVER_WIDTHS)
    return next(((width, name) for width, name in names if name), None)


def _shortened(words: str) -> str:
    """Return the description in at most 350 characters, cut between words."""
    line = " ".join(words.split())
    if len(line) <= _SHORT_CHARACTERS:
        return line
    return line[: _SHORT_CHARACTERS - 1].rpartition(" ")[0].rstrip(" ,;:.") + "…"


# ---------------------------------------------------------------- who publishes and sells it


def _publishing(record: etree._Element, listing: Listing) -> None:
    block = _add(record, "PublishingDetail")
    name = listing.details.imprint or listing.byline
    if name:
        if listing.details.imprint:
            _add(_add(block, "Imprint"), "ImprintName", name)
        publisher = _add(block, "Publisher")
        _add(publisher, "PublishingRole", "01")
        _add(publisher, "PublisherName", name)
    _add(block, "PublishingStatus", ("02" if listing.release_date else "04") if listing.is_on_sale else "11")
    _date(block, "PublishingDate", "01", listing.release_date or listing.published_at.date())
    if listing.is_on_sale:
        if listing.release_date:
            _date(block, "PublishingDate", "02", listing.release_date)
        _rights(block, listing.details.territory)


def _rights(block: etree._Element, sold: Territory) -> None:
    """Add the sales rights (lists 46 and 91).

    02 is non-exclusive, because selling here excludes no other channel; 03 is not for sale.
    """
    rights = _add(block, "SalesRights")
    _add(rights, "SalesRightsType", "02")
    _where(rights, sold)
    if sold.rule == TerritoryRule.EXCEPT:
        rights = _add(block, "SalesRights")
        _add(rights, "SalesRightsType", "03")
        _add(_add(rights, "Territory"), "CountriesIncluded", " ".join(sold.countries))
    elif sold.rule == TerritoryRule.ONLY:
        _add(block, "ROWSalesRightsType", "03")


def _where(parent: etree._Element, sold: Territory, *, without: Iterable[str] = ()) -> None:
    """Add the territory where it is sold, except `without`. At least one country is left."""
    territory = _add(parent, "Territory")
    if sold.rule == TerritoryRule.ONLY:
        _add(territory, "CountriesIncluded", " ".join(code for code in sold.countries if code not in set(without)))
        return
    _add(territory, "RegionsIncluded", "WORLD")
    _add_if(territory, "CountriesExcluded", " ".join(sorted({*sold.countries, *without})))


def _supply(record: etree._Element, listing: Listing, custom: Custom) -> None:
    supply = _add(record, "ProductSupply")
    _where(_add(supply, "Market"), listing.details.territory if listing.is_on_sale else WORLD)
    detail = _add(supply, "SupplyDetail")
    supplier = _add(detail, "Supplier")
    _add(supplier, "SupplierRole", "11")
    _add(supplier, "SupplierName", settings.SITE_NAME)
    if listing.is_on_sale:
        _website(supplier, "36", reverse("pages:book", args=[listing.slug]))
    is_sold = listing.is_on_sale and bool(listing.prices)
    is_late = clock.has_begun(listing.release_date)
    available = ("09" if is_late else "10") if listing.release_date else "20"
    _add(detail, "ProductAvailability", available if is_sold else ("40" if listing.is_on_sale else "46"))
    if is_sold and listing.release_date and not is_late:
        _date(detail, "SupplyDate", "08", listing.release_date)
    if not is_sold:
        _add(detail, "UnpricedItemType", "08")
        return
    for currency, amount in sorted(listing.prices.items()):
        _prices(detail, Money(amount, currency), listing, custom)


def _prices(detail: etree._Element, amount: Money, listing: Listing, custom: Custom) -> None:
    """Add the prices. A list price includes tax, except in the countries where tax is customarily added."""
    sold, is_open = listing.details.territory, cards.is_open(amount, listing.open_in)
    added = sold.within(sorted(custom.tax_is_added_in))
    is_held = sold.rule != TerritoryRule.ONLY or set(sold.countries) != set(added)
    if not amount:
        price = _add(detail, "Price")
        if is_open:
            _add(price, "PriceTypeDescription", "Readers choose what they pay, including nothing.")
        _add(price, "UnpricedItemType", "01")
        _add(price, "CurrencyCode", amount.currency)
        return
    for kind, is_included in (("02", True), ("01", False)):
        if not (is_held if is_included else added):
            continue
        price = _add(detail, "Price")
        _add(price, "PriceType", kind)
        if is_open:
            _add(price, "PriceTypeDescription", "Readers choose what they pay, from this price up.")
        _add(price, "PriceAmount", str(amount.decimal))
        _add(price, "CurrencyCode", amount.currency)
        if is_included:
            _where(price, sold, without=added)
        else:
            _add(_add(price, "Territory"), "CountriesIncluded", " ".join(added))


# ---------------------------------------------------------------- elements


def _website(parent: etree._Element, role: str, path: str) -> None:
    website = _add(parent, "Website")
    _add(website, "WebsiteRole", role)
    _add(website, "WebsiteLink", settings.SITE_URL + path)


def _proprietary(parent: etree._Element, kind: str, scheme: str, value: str) -> None:
    _add(parent, kind, "01")
    _add(parent, "IDTypeName", scheme)
    _add(parent, "IDValue", value)


def _date(parent: etree._Element, tag: str, role: str, day: date) -> None:
    element = _add(parent, tag)
    _add(element, f"{tag}Role", role)
    _add(element, "Date", f"{day:%Y%m%d}").set("dateformat", "00")


def _add(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    """Add a new element at the end of `parent`. Characters not allowed in XML are left out of its text."""
    element = etree.SubElement(parent, tag)
    if text is not None:
        element.text = for_xml(text)
    return element


def _add_if(parent: etree._Element, tag: str, text: str) -> None:
    if text:
        _add(parent, tag, text)


def serialised(records: Iterable[etree._Element]) -> bytes:
    """Return the records as they appear in a message."""
    return b"".join(etree.tostring(record, encoding="utf-8") + b"\n" for record in records)
