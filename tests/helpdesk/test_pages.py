"""Help, questions, about; linked from the foot of every page; and what programs look for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from PIL import Image
from pytest_django import Settings

from helpdesk.views import pages

pytestmark = pytest.mark.django_db

TOPICS = [*pages.READERS, *pages.AUTHORS]
PATHS = ["/help/", "/faq/", "/about/", "/source/", *(f"/help/{name}/" for name in TOPICS)]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("region", ["", "/de-de"])
def test_each_page_leads_only_to_pages_that_are_there(client: Client, path: str, region: str) -> None:
    answer = client.get(region + path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "public" in answer["Cache-Control"]
    assert page.count("<h1") == 1
    for href in re.findall(r'href="(/[^"#?]*)', page):
        if href.startswith(("/static/", "/public/")):
            continue
        try:
            resolve(href.removeprefix("/de-de"))
        except Resolver404:
            pytest.fail(f"{path} leads to {href}")


def test_every_topic_has_its_page_and_no_page_is_left_over() -> None:
    found = {path.stem for path in (Path(settings.BASE_DIR) / "templates" / "helpdesk" / "help").glob("*.html")}
    assert found == set(TOPICS)
    index = Client().get("/help/").content.decode()
    assert [name for name in TOPICS if f"/help/{name}/" not in index] == []


def test_no_other_topic_is_there(client: Client) -> None:
    assert client.get("/help/nonsense/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/books/", "/accounts/login/", "/no/such/page/", "/cart/"])
def test_the_foot_of_every_page_leads_to_help(client: Client, path: str) -> None:
    foot = client.get(path).content.decode().partition("<footer")[2]
    for address in ("/help/", "/contact/", "/faq/", "/about/", "/source/", "/legal-notice/", "/privacy/"):
        assert f'href="{address}"' in foot
    assert re.findall(r"<h2[^>]*>([^<]+)", foot) == ["Shop", "For readers", "For authors", "Octavo"]


class TestWellKnown:
    def test_security_txt_names_us_and_is_never_out_of_date(self, client: Client) -> None:
        answer = client.get("/.well-known/security.txt")
        fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert fields["Contact"] == f"{settings.SITE_URL}/contact/"
        assert fields["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
        until = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
        assert timedelta(days=30) < until < timedelta(days=366)

    @pytest.mark.parametrize(
        ("told", "shown"), [("sec@example.org", "mailto:sec@example.org"), ("https://e.org/s", "https://e.org/s")]
    )
    def test_whom_the_operator_names(self, client: Client, settings, told: str, shown: str) -> None:
        settings.SECURITY_CONTACT = told
        assert f"Contact: {shown}\n" in client.get("/.well-known/security.txt").content.decode()

    def test_managers_of_passwords_find_the_page(self, client: Client) -> None:
        assert client.get("/.well-known/change-password")["Location"] == "/accounts/password/change/"

    def test_icons_are_pictures(self, client: Client) -> None:
        icon = Image.open(BytesIO(client.get("/favicon.ico").content))
        assert icon.format == "ICO"
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
        touch = Image.open(BytesIO(client.get("/apple-touch-icon.png").content))
        assert (touch.format, touch.size) == ("PNG", (180, 180))
        assert len(touch.convert("RGB").getcolors(10000) or []) > 3


class TestSource:
    def test_leads_to_the_source_of_what_runs_here(self, client: Client, settings: Settings) -> None:
        settings.SOURCE_URL = "https://code.example/octavo"
        assert 'href="https://code.example/octavo"' in client.get("/source/").content.decode()

    def test_a_trial_installation_says_where_its_source_is(self, client: Client, settings: Settings) -> None:
        settings.SOURCE_URL = ""
        assert "folder you started it from" in client.get("/source/").content.decode()

    def test_lists_the_licence_of_each_package_that_pages_use(self, client: Client) -> None:
        page = client.get("/source/").content.decode()
        folder = Path(settings.BASE_DIR) / "static" / "vendor" / "licenses"
        assert {"foliate-js", "htmx.org", "literata"} <= {path.stem for path in folder.iterdir()}
        for path in folder.iterdir():
            assert f"vendor/licenses/{path.stem}" in page
            assert len(path.read_text(encoding="utf-8")) > 200
