"""Elements that several parts of a record have."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from lxml import etree

from common.text_cleaning import for_xml


def add_website(parent: etree._Element, role: str, path: str, words: str = "") -> None:
    website = add(parent, "Website")
    add(website, "WebsiteRole", role)
    add_if(website, "WebsiteDescription", words)
    add(website, "WebsiteLink", settings.SITE_URL + path)


def add_proprietary(parent: etree._Element, kind: str, scheme: str, value: str) -> None:
    add(parent, kind, "01")
    add(parent, "IDTypeName", scheme)
    add(parent, "IDValue", value)


def add_date(parent: etree._Element, tag: str, role: str, day: date) -> None:
    element = add(parent, tag)
    add(element, f"{tag}Role", role)
    add(element, "Date", f"{day:%Y%m%d}").set("dateformat", "00")


def add(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    """Add a new element at the end of `parent`. Characters not allowed in XML are left out of its text."""
    element = etree.SubElement(parent, tag)
    if text is not None:
        element.text = for_xml(text)
    return element


def add_if(parent: etree._Element, tag: str, text: str) -> None:
    if text:
        add(parent, tag, text)
