"""Books to read in a browser's window, and what tests ask of the reader that shows them."""

from __future__ import annotations

import io
import time
import zipfile

from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Page

from accounts.models import User
from common import clock
from publishing.models import Edition
from storefront.checkout.models import Entitlement
from storefront.reading.models import LastPlace
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition
from tests.support.windows import Window, until

OPEN = "document.documentElement.dataset.reader === 'open'"
PERCENT = "parseInt(document.querySelector('[data-reader-percent]').value)"
RENDERER = "document.querySelector('foliate-view').renderer"
PAGE = f"{RENDERER}.page"  # of the chapter
DOCUMENT = f"{RENDERER}.getContents()[0].doc"
WORDS = "(document.querySelector('foliate-view').lastLocation?.range?.toString() ?? '').slice(0, 60)"
FIGURE = "document.querySelector('[data-figure-text]').innerText"
PLACE = "document.querySelector('[data-reader-place]').textContent"


def shows(selector: str) -> str:
    return f"document.querySelector('{selector}').checkVisibility()"


def chapter(title: str, paragraphs: int = 60) -> str:
    """Paragraphs that tell themselves apart."""
    lines = (
        f"<p>{title}, line {n}: nobody came down to the quay that day, and rain fell.</p>" for n in range(paragraphs)
    )
    return f"<h1>{title}</h1>{''.join(lines)}"


def publish(
    titles: tuple[str, ...] = ("Harbour", "Lamp", "Letter"),
    *,
    first: str = "",
    paragraphs: int = 60,
    vertical: bool = False,
    assets: dict[str, bytes] | None = None,
    **more: object,
) -> Edition:
    """A published book; `first` is its first chapter, and `assets` its pictures."""
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    bodies = {f"c{n}": chapter(title, paragraphs) for n, title in enumerate(titles, 1)}
    if first:
        bodies["c1"] = first
    whole = web_zip(titles, vertical=vertical, **bodies)
    sample = web_zip(titles[:1], vertical=vertical, c1=bodies["c1"])
    for kind, content in (("web", whole), ("sample-web", sample)):
        make_artifact(job, kind=kind, content=_with_files(content, assets or {}))
    return make_published_edition(job=job, **(more or {"slug": "lighthouse"}))


def use_tool(page: Page, selector: str) -> None:
    """Press a button of the reader's bar. Where there is little room it is in the bar's menu."""
    if page.locator(".reader-more-button").is_visible():
        page.click(".reader-more-button")
    page.click(selector)


def log_in(window: Window, edition: Edition, address: str) -> User:
    """As somebody who bought the book."""
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    log_in_as(reader, window, address)
    return reader


def log_in_as(reader: User, window: Window, address: str) -> None:
    client = Client()
    client.force_login(reader)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    window.set_cookie(address, cookie.key, cookie.value)


def read(window: Window, address: str) -> None:
    window.open(f"{address}/read/lighthouse/")
    until(window, OPEN, seconds=30)
    until(window, "document.documentElement.dataset.readerFeatures === 'all'")


def wait_for_place(least_bps: int) -> None:
    """A page that is left sends its place when the next one is already asked for."""
    deadline = time.monotonic() + 10
    while not LastPlace.objects.filter(share_bps__gte=least_bps).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def drawn_picture(width: int = 320, height: int = 200) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "seagreen").save(buffer, "PNG")
    return buffer.getvalue()


def _with_files(archive: bytes, assets: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO(archive)
    with zipfile.ZipFile(buffer, "a") as opened:
        for name, content in assets.items():
            opened.writestr(f"assets/{name}", content)
    return buffer.getvalue()
