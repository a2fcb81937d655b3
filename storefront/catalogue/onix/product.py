"""One listing as an ONIX product record.

The product is an edition with all its files, so a book is one record that lists every file format. The record's
reference is that of its work, whose buyers get every later edition; the identifiers of the edition change with it. A
withdrawn book keeps a record that says only that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from lxml import etree, html

from common import clock
from common.money import Money
from common.text_cleaning import for_xml
from publishing import thema
from publishing.models import AiUse, Work
from publishing.record import blurb, isbn, licences, thema_codes
from publishing.territories import WORLD, Territory, TerritoryRule
from storefront.catalogue.models import Listing
from storefront.catalogue.models.details import ListedSeries
from storefront.catalogue.onix import codes
from storefront.catalogue.onix.contributors import add_contributors
from storefront.catalogue.onix.dated_prices import Dates, dated_prices
from storefront.catalogue.onix.elements import add, add_date, add_if, add_proprietary, add_website
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
    add(record, "RecordReference", f"{host}.{listing.work.public_id}")
    add(record, "NotificationType", "02" if listing.is_on_sale and listing.release_date else "03")
    _identifiers(record, listing)
    _descriptive(record, listing)
    if listing.is_on_sale:
        _collateral(record, listing)
    _publishing(record, listing)
    related = add(record, "RelatedMaterial")
    _related_work(related, "01", listing.work)
    if listing.work.translation_of is not None:
        _related_work(related, codes.DERIVED_FROM, listing.work.translation_of)
    _supply(record, listing, custom)
    return record


# ---------------------------------------------------------------- what it is


def _related_work(related: etree._Element, code: str, to: Work) -> None:
    work = add(related, "RelatedWork")
    add(work, "WorkRelationCode", code)
    add_proprietary(add(work, "WorkIdentifier"), "WorkIDType", f"{settings.SITE_NAME} work", to.public_id)


def _identifiers(record: etree._Element, listing: Listing) -> None:
    details = listing.details
    edition = add(record, "ProductIdentifier")
    add_proprietary(edition, "ProductIDType", f"{settings.SITE_NAME} edition", details.edition)
    kind, _, value = details.identifier.rpartition(":")
    if kind == "urn:isbn":
        digits = isbn.compact(value)
        for code in ("03", "15"):  # an ISBN is sent as GTIN-13 and as ISBN-13, not as a URN
            _identifier(record, code, digits)
    elif value:
        _identifier(record, "22", details.identifier)


def _identifier(record: etree._Element, code: str, value: str) -> None:
    identifier = add(record, "ProductIdentifier")
    add(identifier, "ProductIDType", code)
    add(identifier, "IDValue", value)


def _descriptive(record: etree._Element, listing: Listing) -> None:
    block = add(record, "DescriptiveDetail")
    add(block, "ProductComposition", "00")
    _form(block, listing)
    _collection(block, listing.details.series, listing.series_number)
    _title(block, "01", title=listing.title, subtitle=listing.subtitle)
    if not listing.is_on_sale:
        return
    add_contributors(block, listing.details.authors, listing.details.ai)
    if listing.details.number > 1:
        add(block, "EditionType", "REV")
        add(block, "EditionNumber", str(listing.details.number))
    code, country, script = codes.language(listing.language)
    language = add(block, "Language")
    add(language, "LanguageRole", "01")
    add(language, "LanguageCode", code)
    add_if(language, "CountryCode", country)
    add_if(language, "ScriptCode", script)
    _extents(block, listing)
    _subjects(block, listing)
    _audience(block, listing)


def _form(block: etree._Element, listing: Listing) -> None:
    files = listing.details.formats
    accessibility = listing.details.accessibility
    add(block, "ProductForm", "ED")
    for form in dict.fromkeys(codes.FORMS[one.kind] for one in files if one.kind in codes.FORMS):
        add(block, "ProductFormDetail", form)
    is_fixed = "fixed" in accessibility
    if accessibility:
        add(block, "ProductFormDetail", codes.FIXED if is_fixed else codes.REFLOWABLE)
    _features(block, accessibility, listing.details.pictures)
    add(block, "PrimaryContentType", "10")
    add(block, "EpubTechnicalProtection", codes.WATERMARKED if listing.details.is_watermarked else codes.UNPROTECTED)
    for use in codes.USES:
        _usage(block, use, codes.UNLIMITED)
    if listing.details.rights.is_mining_reserved:
        _usage(block, codes.MINING, codes.PROHIBITED)
    if listing.sample_html:
        constraint = add(block, "EpubUsageConstraint")
        add(constraint, "EpubUsageType", "01")
        add(constraint, "EpubUsageStatus", "02")
        limit = add(constraint, "EpubUsageLimit")
        add(limit, "Quantity", str(-(-listing.work.sample_bps // 100)))
        add(limit, "EpubUsageUnit", "05")
    _licence(block, listing.details.rights.licence)


def _usage(block: etree._Element, use: str, status: str) -> None:
    constraint = add(block, "EpubUsageConstraint")
    add(constraint, "EpubUsageType", use)
    add(constraint, "EpubUsageStatus", status)


def _licence(block: etree._Element, licence: str) -> None:
    """Add a licence that lets everybody do more than read, with the address of its text."""
    if address := licences.address(licence):
        granted = add(block, "EpubLicense")
        add(granted, "EpubLicenseName", licences.name(licence))
        expression = add(granted, "EpubLicenseExpression")
        add(expression, "EpubLicenseExpressionType", "02")
        add(expression, "EpubLicenseExpressionLink", address)


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
    feature = add(block, "ProductFormFeature")
    add(feature, "ProductFormFeatureType", kind)
    add(feature, "ProductFormFeatureValue", value)
    add_if(feature, "ProductFormFeatureDescription", words)


def _collection(block: etree._Element, series: ListedSeries | None, number: int | None) -> None:
    if series is None:
        add(block, "NoCollection")
        return
    collection = add(block, "Collection")
    add(collection, "CollectionType", "10")
    _title(collection, "02", title=series.title, part=str(number or ""))


def _title(parent: etree._Element, level: str, *, title: str, subtitle: str = "", part: str = "") -> None:
    detail = add(parent, "TitleDetail")
    add(detail, "TitleType", "01")
    element = add(detail, "TitleElement")
    add(element, "TitleElementLevel", level)
    add_if(element, "PartNumber", part)
    add(element, "TitleText", title)
    add_if(element, "Subtitle", subtitle)


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
        extent = add(block, "Extent")
        add(extent, "ExtentType", kind)
        add(extent, "ExtentValue", str(value))
        add(extent, "ExtentUnit", unit)


def _subjects(block: etree._Element, listing: Listing) -> None:
    main = listing.work.subject or listing.subject
    chosen = listing.details.subjects or ((main,) if main else ())
    for number, code in enumerate(chosen):
        subject = add(block, "Subject")
        if not number:
            add(subject, "MainSubject")
        add(subject, "SubjectSchemeIdentifier", thema_codes.scheme(code))
        add(subject, "SubjectSchemeVersion", thema.VERSION)
        add(subject, "SubjectCode", code)
    series = listing.details.series
    labels = (str(thema.label(code)) for code in chosen[:1])
    words = [*listing.details.keywords, *labels, series.title if series else ""]
    if any(words):
        subject = add(block, "Subject")
        add(subject, "SubjectSchemeIdentifier", "20")
        add(subject, "SubjectHeadingText", "; ".join(filter(None, words)))


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
        audience = add(block, "Audience")
        add(audience, "AudienceCodeType", kind)
        add(audience, "AudienceCodeValue", value)
    age = listing.details.reading_age
    if listing.is_adult:
        _audience_range(block, "17", 18)
    elif age is not None:
        _audience_range(block, "18", age)


def _audience_range(block: etree._Element, qualifier: str, least: int) -> None:
    audience = add(block, "AudienceRange")
    add(audience, "AudienceRangeQualifier", qualifier)
    add(audience, "AudienceRangePrecision", "03")
    add(audience, "AudienceRangeValue", str(least))


# ---------------------------------------------------------------- what is said of it


def _collateral(record: etree._Element, listing: Listing) -> None:
    words, cover, errata = listing.description.strip(), _cover(listing), _errata(listing)
    if not (words or cover or errata or listing.sample_html or listing.social_image):
        return
    block = add(record, "CollateralDetail")
    if words:
        _text(block, "02", _shortened(words))
        _blurb(block, listing)
    if errata:
        _text(block, "25", errata)
    if cover:
        width, name = cover
        _resource(block, "01", "03", f"/public/{name}", {"01": "D502", "03": str(width)})
    if listing.social_image:
        _resource(block, "49", "03", f"/public/{listing.social_image}", {"01": "D502"})
    if listing.sample_html:
        _resource(block, "15", "04", reverse("reading:sample", args=[listing.slug]), {})


def _blurb(block: etree._Element, listing: Listing) -> None:
    """Add the description: as XHTML where its author formatted it."""
    if not listing.details.blurb:
        _text(block, "03", listing.description.strip())
        return
    content = add(block, "TextContent")
    add(content, "TextType", "03")
    add(content, "ContentAudience", "00")
    text = add(content, "Text")
    text.set("textformat", "05")
    shown = html.fragment_fromstring(blurb.shown(for_xml(listing.details.blurb)), create_parent="div")
    text.text = shown.text
    text.extend(shown)


def _errata(listing: Listing) -> str:
    """Return the corrections of the edition on sale, the newest first, with their notes."""
    details = listing.details
    rows = [one for one in details.editions if one.number == details.number and one.revision]
    return "\n".join(f"{one.label} ({one.date.isoformat()}): {one.notes}".removesuffix(": ") for one in rows)


def _text(block: etree._Element, kind: str, words: str) -> None:
    content = add(block, "TextContent")
    add(content, "TextType", kind)
    add(content, "ContentAudience", "00")
    add(content, "Text", words).set("textformat", "06")


def _resource(block: etree._Element, content: str, mode: str, path: str, features: Mapping[str, str]) -> None:
    resource = add(block, "SupportingResource")
    add(resource, "ResourceContentType", content)
    add(resource, "ContentAudience", "00")
    add(resource, "ResourceMode", mode)
    version = add(resource, "ResourceVersion")
    add(version, "ResourceForm", "02" if features else "01")
    for kind, value in features.items():
        feature = add(version, "ResourceVersionFeature")
        add(feature, "ResourceVersionFeatureType", kind)
        add(feature, "FeatureValue", value)
    add(version, "ResourceLink", settings.SITE_URL + path)


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
    block = add(record, "PublishingDetail")
    people = (person.name for person in listing.details.authors)
    name = listing.details.imprint or listing.byline or next(people, settings.SITE_NAME)  # the schema asks for one
    if listing.details.imprint:
        add(add(block, "Imprint"), "ImprintName", name)
    publisher = add(block, "Publisher")
    add(publisher, "PublishingRole", "01")
    add(publisher, "PublisherName", name)
    if listing.is_on_sale and listing.details.ai and set(listing.details.ai.parts.values()) == {AiUse.NONE}:
        page = f"{reverse('pages:book', args=[listing.slug])}#ai-use"
        add_website(publisher, codes.NO_AI, page, "Author’s declaration that no AI was used")
    add(block, "PublishingStatus", ("02" if listing.release_date else "04") if listing.is_on_sale else "11")
    add_date(block, "PublishingDate", "01", listing.release_date or listing.published_at.date())
    if listing.is_on_sale:
        if listing.release_date:
            add_date(block, "PublishingDate", "02", listing.release_date)
        _rights(block, listing.details.territory)


def _rights(block: etree._Element, sold: Territory) -> None:
    """Add the sales rights (lists 46 and 91).

    02 is non-exclusive, because selling here excludes no other channel; 03 is not for sale.
    """
    rights = add(block, "SalesRights")
    add(rights, "SalesRightsType", "02")
    _where(rights, sold)
    if sold.rule == TerritoryRule.EXCEPT:
        rights = add(block, "SalesRights")
        add(rights, "SalesRightsType", "03")
        add(add(rights, "Territory"), "CountriesIncluded", " ".join(sold.countries))
    elif sold.rule == TerritoryRule.ONLY:
        add(block, "ROWSalesRightsType", "03")


def _where(parent: etree._Element, sold: Territory, *, without: Iterable[str] = ()) -> None:
    """Add the territory where it is sold, except `without`. At least one country is left."""
    territory = add(parent, "Territory")
    if sold.rule == TerritoryRule.ONLY:
        add(territory, "CountriesIncluded", " ".join(code for code in sold.countries if code not in set(without)))
        return
    add(territory, "RegionsIncluded", "WORLD")
    add_if(territory, "CountriesExcluded", " ".join(sorted({*sold.countries, *without})))


def _supply(record: etree._Element, listing: Listing, custom: Custom) -> None:
    supply = add(record, "ProductSupply")
    _where(add(supply, "Market"), listing.details.territory if listing.is_on_sale else WORLD)
    detail = add(supply, "SupplyDetail")
    supplier = add(detail, "Supplier")
    add(supplier, "SupplierRole", "11")
    add(supplier, "SupplierName", settings.SITE_NAME)
    if listing.is_on_sale:
        add_website(supplier, "36", reverse("pages:book", args=[listing.slug]))
    is_sold = listing.is_on_sale and bool(listing.prices)
    is_late = clock.has_begun(listing.release_date)
    available = ("09" if is_late else "10") if listing.release_date else "20"
    add(detail, "ProductAvailability", available if is_sold else ("40" if listing.is_on_sale else "46"))
    if is_sold and listing.release_date and not is_late:
        add_date(detail, "SupplyDate", "08", listing.release_date)
    if not is_sold:
        add(detail, "UnpricedItemType", "08")
        return
    for currency in sorted(listing.prices):
        for amount, dated in dated_prices(listing, currency):
            _prices(detail, amount, listing, custom, dated)


def _prices(detail: etree._Element, amount: Money, listing: Listing, custom: Custom, dated: Dates) -> None:
    """Add the prices. A list price includes tax, except in the countries where tax is customarily added."""
    sold, is_open = listing.details.territory, cards.is_open(amount, listing.open_in)
    added = sold.within(sorted(custom.tax_is_added_in))
    is_held = sold.rule != TerritoryRule.ONLY or set(sold.countries) != set(added)
    if not amount:
        price = add(detail, "Price")
        if is_open:
            add(price, "PriceTypeDescription", "Readers choose what they pay, including nothing.")
        add(price, "UnpricedItemType", "01")
        add(price, "CurrencyCode", amount.currency)
        if dated != (None, None) and listing.fixed_in:  # no free day where the law fixes the price
            _where(price, sold, without=listing.fixed_in.split())
        _price_dates(price, dated)
        return
    for kind, is_included in (("02", True), ("01", False)):
        if not (is_held if is_included else added):
            continue
        price = add(detail, "Price")
        add(price, "PriceType", kind)
        if is_open:
            add(price, "PriceTypeDescription", "Readers choose what they pay, from this price up.")
        add(price, "PriceAmount", str(amount.decimal))
        add(price, "CurrencyCode", amount.currency)
        if is_included:
            _where(price, sold, without=added)
        else:
            add(add(price, "Territory"), "CountriesIncluded", " ".join(added))
        _price_dates(price, dated)


def _price_dates(price: etree._Element, dated: Dates) -> None:
    """Add from (14) and until (15) which day, inclusive, the price holds (code list 173)."""
    for role, day in zip(("14", "15"), dated, strict=True):
        if day is not None:
            add_date(price, "PriceDate", role, day)


def serialised(records: Iterable[etree._Element]) -> bytes:
    """Return the records as they appear in a message."""
    return b"".join(etree.tostring(record, encoding="utf-8") + b"\n" for record in records)
