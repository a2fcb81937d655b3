"""Odd characters in everything that people write: every page, feed, file and mail is whole and shows them as typed.

The scene of the matrix is made anew with them, and every address is asked for by one who may see it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import zip_longest
from urllib.parse import quote

import pypdfium2 as pdfium
import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from lxml import etree, html

from common import clock
from common.fields import TextField
from common.models import PendingMail
from common.text_cleaning import one_line
from publishing.models import Edition
from royalties.services import reserves
from storefront.checkout.gifts.services import emails as gift_mails
from storefront.checkout.models import Gift, Order, OrderLine
from storefront.checkout.receipts.services import emails
from storefront.checkout.refunds import services as refunds
from storefront.community.models import ReportRule, ReviewCase, ReviewReply, Shelf
from storefront.community.services import reports, review_emails
from tests.access.scene import ACTORS, Scene, build, patterns
from tests.access.test_matrix import rows
from tests.factories.accounts import make_finance
from tests.factories.offers import add_gift
from tests.support.standing import Standing

pytestmark = pytest.mark.django_db

# As it is typed: a formula of spreadsheets, marks of HTML, XML, scripts and templates, a lone combining mark, letters
# beyond the first plane; then what forms drop or turn to a space.
_KEPT = """"q"'a'<b class=odd>&amp;</b></script>]]>{{x}}%s\\ \u0301x 😀𝔘\u200f é"""
_DROPPED = "\x00\x07\x1b\u202e\u202a\u2066\ufffe"
_SPACES = "\u2028"
_LOOK = ("buyer", "author", "moderator", "finance")


# A blurb may hold the HTML of another shop: its marks become emphasis or nothing, and its entities letters.
_BLURB = "A light."


def typed(word: str) -> str:
    """What is typed into a field: a word of its own, then all that is odd."""
    return f"={word} {_KEPT}{_DROPPED}{_SPACES}{_DROPPED}z"


def kept(word: str) -> str:
    """What a form makes of it."""
    return f"={word} {_KEPT} z"


def shown(word: str) -> set[str]:
    """What pages may show of it, with single spaces: as it was typed, and a blurb with its marks read."""
    whole = " ".join(kept(word).split())
    return {whole, whole.replace("<b class=odd>&amp;</b></script>", "&")} if word == _BLURB else {whole}


@dataclass
class Pages:
    """What was said, where it was seen, and what is wrong."""

    scene: Scene
    said: list[str]
    more: list[tuple[str, str]]  # addresses that the scene's own values do not lead to, and who looks
    seen: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def look(self, address: str, text: str) -> None:
        """Everything said that begins in the text goes on as it was typed, or is cut short."""
        plain = " ".join(text.split())
        for word in self.said:
            for found in re.finditer(re.escape(f"={word} "), plain):
                here = plain[found.start() :]
                if any(here.startswith(whole) for whole in shown(word)):
                    self.seen.add(word)
                    continue
                begin, mark, _rest = here[: len(kept(word))].partition("…")
                if not mark or not any(whole.startswith(begin.rstrip()) for whole in shown(word)):
                    self.wrong.append(f"{address}: {here[: len(kept(word))]!r}")


def test_a_form_keeps_what_is_text_and_drops_the_rest() -> None:
    assert TextField().clean(typed("Ada")) == kept("Ada")


def _made() -> Pages:
    said: dict[str, None] = {}

    def say(word: str) -> str:
        said.setdefault(word)
        return one_line(typed(word))

    with override_settings(SUPPORT_EMAIL="help@example.org"):  # to which a request goes as a mail as well
        scene = build(say)
    line = OrderLine.objects.get(public_id=scene.values["line_id"])
    book = Edition.objects.get(public_id=scene.values["edition_id"])
    author, reader, at = book.work.owner, scene.people["reader"], clock.now()
    assert reader is not None
    author.bio = say("Born by the sea.")
    author.save(update_fields=["bio"])
    told = reports.ReportInput(ReportRule.COPYRIGHT, say("They copied it."), say("The Heirs"), say("In a drawer"))
    reported = reports.report_book(actor=reader, work=book.work, told=told, at=at)
    reports.report_shelf(actor=reader, shelf=Shelf.objects.get(), told=told, at=at)
    refunds.propose_refund(actor=make_finance(), line=line, amount=None, reason=say("It was torn."), at=at)
    until = at + timedelta(days=9)
    keeping = {"rate_bps": 1000, "days": 30, "reason": say("Many returns."), "until": until}
    reserves.impose(actor=make_finance(), user=author, at=at, **keeping)
    buyer = scene.people["buyer"]
    assert buyer is not None
    other = Edition.objects.get(work__slug="the-wick")
    add_gift(buyer, other)
    words = quote(kept("The Lamp"))
    more = [
        ("anon", f"{reverse('search:results')}?q={words}"),
        ("anon", f"{reverse('search:results')}?q=Lamp"),
        ("anon", f"{reverse('search:suggestions')}?q=Lam"),
        ("anon", f"{reverse('catalogue:books')}?q={words}"),
        ("moderator", reverse("community:moderation-case", args=[reported.case.public_id])),
        ("reader", reverse("community:my-reports")),
    ]
    return Pages(scene, list(said), more)


@pytest.fixture(scope="module", autouse=True)
def standing_pages(standing: Standing) -> Pages:
    return standing(_made)


@pytest.fixture
def pages(db: None, standing_pages: Pages) -> Pages:
    return deepcopy(standing_pages)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def _addresses(scene: Scene) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each address, and by whom it is looked at: those of whom there is much to see, else the first who reaches it."""
    parts = patterns()
    for name, method, letters in rows():
        if method != "GET":
            continue
        reached = [actor for actor in ACTORS if letters[actor] == "A"]
        for actor in [actor for actor in reached if actor in _LOOK] or reached[:1]:
            yield actor, reverse(name, kwargs=scene.arguments(name, parts[name])), scene.data.get(name, {})


def test_every_page_is_whole_and_shows_them_as_typed(pages: Pages) -> None:
    clients = {actor: Client(raise_request_exception=False) for actor in ACTORS}
    for actor, person in pages.scene.people.items():
        if person is not None:
            clients[actor].force_login(person)
    looked = 0
    more = [(actor, address, {}) for actor, address in pages.more]
    for actor, address, data in (*_addresses(pages.scene), *more):
        response = clients[actor].get(address, data, headers={"sec-fetch-site": "same-origin"})
        if response.status_code >= 500:
            pages.wrong.append(f"{address}: {response.status_code}")
        elif response.status_code < 300:
            looked += 1
            _examine(pages, address, response)
    assert not pages.wrong, "\n".join(pages.wrong)
    assert looked > 200
    unseen = sorted(set(pages.said) - pages.seen)
    assert not unseen, f"on no page: {unseen}"


def test_mails_are_whole_and_say_them_as_typed(pages: Pages) -> None:
    order = Order.objects.get(public_id=pages.scene.values["order_id"])
    emails.mail_receipt(order_id=order.pk)
    gift_mails.mail_gift(gift_id=Gift.objects.get(copy_number=None).pk)
    review_emails.mail_case(case_id=ReviewCase.objects.get(public_id=pages.scene.values["case_id"]).pk)
    review_emails.mail_reply(reply_id=ReviewReply.objects.get().pk)
    sent = [(one.subject, one.body, *(str(page) for page, _kind in one.alternatives)) for one in mail.outbox]
    sent += [(one.subject, one.text, one.html) for one in PendingMail.objects.all()]
    assert len(mail.outbox) == len([one.message().as_bytes() for one in mail.outbox]) == 4
    assert len(sent) >= 5
    for subject, text, page in sent:
        assert len(subject.splitlines()) == 1
        pages.look(f"mail “{subject}”", f"{subject}\n{text}")
        _examine_html(pages, f"mail “{subject}”", page)
    assert not pages.wrong, "\n".join(pages.wrong)


def _examine(pages: Pages, address: str, response: HttpResponse) -> None:
    content = response.getvalue() if response.streaming else response.content
    kind = response.get("Content-Type", "").partition(";")[0]
    if kind == "text/html" and content.strip():
        _examine_html(pages, address, content.decode())
    elif kind.endswith("xml"):
        _examine_xml(pages, address, etree.fromstring(content))
    elif kind == "application/json":
        _examine_json(pages, address, json.loads(content))
    elif kind == "text/csv":
        _examine_csv(pages, address, content.decode("utf-8-sig"))
    elif kind.endswith("spreadsheetml.sheet"):
        _examine_sheet(pages, address, content)
    elif kind == "application/zip":
        _examine_archive(pages, address, content)
    elif kind == "application/pdf":
        _examine_pdf(pages, address, content)


def _texts(root: etree._Element) -> Iterator[str]:
    """The text of every element, and every attribute; comments and instructions are not text."""
    for each in root.iter():
        if isinstance(each.tag, str):
            yield from map(str, each.attrib.values())
    yield "".join(root.itertext(etree.Element))


def _examine_xml(pages: Pages, address: str, root: etree._Element) -> None:
    for each in root.iter():
        if each.get("type") == "html":  # of Atom: markup as text
            _examine_html(pages, address, each.text or "")
            each.text = None
    pages.look(address, "\n".join(_texts(root)))


def _examine_html(pages: Pages, address: str, markup: str) -> None:
    root = html.fromstring(markup)
    if root.xpath("//b[@class='odd']"):
        pages.wrong.append(f"{address}: an element was made of what somebody wrote")
    for script in root.xpath("//script[@type='application/ld+json' or @type='application/json']"):
        _examine_json(pages, address, json.loads(script.text_content()))
    for script in root.xpath("//script | //style"):
        script.text = None
    pages.look(address, "\n".join(_texts(root)))


def _examine_json(pages: Pages, address: str, value: object) -> None:
    if isinstance(value, dict):
        for each in (*value, *value.values()):
            _examine_json(pages, address, each)
    elif isinstance(value, list):
        for each in value:
            _examine_json(pages, address, each)
    elif isinstance(value, str):
        pages.look(address, value)


def _examine_csv(pages: Pages, address: str, text: str) -> None:
    rows = list(csv.reader(io.StringIO(text)))
    for row in rows:
        for column, cell in zip_longest(rows[0][: len(row)], row):
            if cell.startswith(("=", "+", "@", "\t", "\r")):
                pages.wrong.append(f"{address}: a formula {cell!r}")
            if column != "Author l-f":  # of Goodreads: the last word of a name comes first
                pages.look(address, cell)


def _examine_sheet(pages: Pages, address: str, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            root = etree.fromstring(archive.read(name))
            if root.xpath("//*[local-name()='f' and contains(., 'class')]"):
                pages.wrong.append(f"{address}: a formula in {name}")
            if name == "xl/sharedStrings.xml":
                for one in root:
                    pages.look(address, "".join(one.itertext()))


def _examine_archive(pages: Pages, address: str, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                _examine_json(pages, f"{address} {name}", json.loads(archive.read(name)))
            elif name.endswith(".csv"):
                _examine_csv(pages, f"{address} {name}", archive.read(name).decode("utf-8-sig"))


def _examine_pdf(pages: Pages, address: str, content: bytes) -> None:
    """Lines are broken anywhere, so white space says nothing; letters of other scripts may come in another order."""
    with pdfium.PdfDocument(content) as pdf:
        text = "".join("".join(page.get_textpage().get_text_range().split()) for page in pdf)
    begin, whole = "=TheLamp", """=TheLamp"q"'a'<bclass=odd>&amp;</b></script>]]>{{x}}%s"""
    if begin in text and whole not in text:
        pages.wrong.append(f"{address}: {text[text.index(begin) :][:80]!r}")
