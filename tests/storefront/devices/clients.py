"""Requests as reading programs send them, and what they make of the answers.

Written from the sources of KOReader (plugins/opds.koplugin/opdsbrowser.lua) and Thorium Reader
(src/main/services/opds.ts, src/main/converter/opds.ts). Neither program was run.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from django.http import HttpResponseBase
from django.test import Client
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
OPDS = "{http://opds-spec.org/2010/catalog}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
SITE = "http://testserver"
# `opds20_feed` in opdsbrowser.lua.
KOREADER_ACCEPT = "application/opds+json, application/atom+xml;profile=opds-catalog, */*"


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def ask(
    href: str,
    *,
    method: str = "GET",
    login: tuple[str, str] | None = None,
    client: Client | None = None,
    **headers: str,
) -> HttpResponseBase:
    """Ask for an address of the shop, as a program without cookies, and read the whole answer."""
    parts = urlsplit(href)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if login is not None:
        sent["authorization"] = basic(*login)
    response = (client or Client()).generic(method, path, headers=sent)
    if response.streaming:
        response.body = b"".join(response)
    else:
        response.body = response.content
    return response


@dataclass
class KOReader:
    """A catalogue as KOReader has it: Basic with every request, HEAD before GET, feeds kept by Last-Modified."""

    login: tuple[str, str] | None = None
    kept: dict[tuple[str, str], bytes] = field(default_factory=dict)
    fetched: int = 0

    def fetch(self, href: str, method: str = "GET") -> HttpResponseBase:
        return ask(href, method=method, login=self.login, accept=KOREADER_ACCEPT, accept_encoding="identity")

    def feed(self, href: str) -> Any:
        """`parseFeed`: None where the program would show an error."""
        moved = self.fetch(href, "HEAD").get("Last-Modified")
        if moved and (href, moved) in self.kept:
            body = self.kept[href, moved]
        else:
            response = self.fetch(href)
            if response.status_code != 200:
                return None
            self.fetched += 1
            body = response.body
            if moved:
                self.kept[href, moved] = body
        return json.loads(body) if body.lstrip().startswith(b"{") else etree.fromstring(body)

    def buttons(self, entry: Any, href: str) -> list[tuple[str, str]]:
        """The titles and addresses of an entry's buttons: every link of an acquisition that it could open."""
        if isinstance(entry, dict):
            links = [(one["rel"], one["href"], one.get("title", "")) for one in entry["links"]]
        else:
            links = [(one.get("rel"), one.get("href"), one.get("title", "")) for one in entry.iter(f"{ATOM}link")]
        found = [
            (title, urljoin(href, there)) for rel, there, title in links if rel.startswith("http://opds-spec.org/acq")
        ]
        return [(title, there) for title, there in found if there.rpartition(".")[2] in {"epub", "pdf", "html"}]

    def search(self, feed: Any, words: str) -> Any:
        """The feed of a search, by the template that `genItemTableFromCatalog` or its sister makes."""
        if isinstance(feed, dict):
            href = next(one["href"] for one in feed["links"] if one["rel"] == "search")
            bare = href.partition("{")[0]
            template = f"{bare}{'' if 'query' in bare else '?query='}%s"
        else:
            described = next(
                one.get("href") for one in feed.iter(f"{ATOM}link") if "opensearchdescription" in one.get("type")
            )
            urls = self.feed(described).iter(f"{SEARCH}Url")
            template = next(one.get("template") for one in urls if "application/atom+xml" in one.get("type"))
            template = template.replace("{searchTerms}", "%s")
        return self.feed(template.replace("%s", quote(words)))


def entries(feed: Any) -> list[Any]:
    """The books, or the doors, of a feed."""
    if isinstance(feed, dict):
        return feed.get("publications", []) or feed.get("navigation", [])
    return feed.findall(f"{ATOM}entry")


def titles(feed: Any) -> list[str]:
    if isinstance(feed, dict):
        return [one.get("title") or one["metadata"]["title"] for one in entries(feed)]
    return [one.findtext(f"{ATOM}title") for one in entries(feed)]


def link(feed: Any, rel: str) -> str:
    """The address of the feed's first link with the relation; "" without one."""
    if isinstance(feed, dict):
        return next((one["href"] for one in feed["links"] if one["rel"] == rel), "")
    return next((one.get("href") for one in feed.findall(f"{ATOM}link") if one.get("rel") == rel), "")
