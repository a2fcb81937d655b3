"""Pages that a device keeps, the worker that answers for them, and who may keep a book."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from publishing.models import Edition
from storefront.checkout.models import AccessKind, AccessRecord, Entitlement
from storefront.reading.selectors import release
from tests.factories.accounts import make_moderator, make_reader
from tests.factories.buying import buy
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db

FACTS = "/read/lighthouse/book.json"
ARCHIVE = "/read/lighthouse/edn_lighthouse.zip"
SHELLS = ("/read/", "/read/shell.html", "/read/shell-pages.html")


@pytest.fixture
def edition() -> Edition:
    job = make_done_job()
    job.artifacts.filter(kind="web").delete()
    make_artifact(job, kind="web", content=web_zip())
    return make_published_edition(slug="lighthouse", job=job, public_id="edn_lighthouse")


@pytest.fixture
def buyer(edition: Edition, client: Client) -> User:
    reader = make_reader()
    buy(reader, edition)
    client.force_login(reader)
    return reader


def settings_in(page: str) -> dict[str, Any]:
    told = page.split('id="reader-settings" type="application/json">')[1].partition("<")[0]
    found: dict[str, Any] = json.loads(told)
    return found


class TestPagesWithoutAPerson:
    @pytest.mark.parametrize("address", SHELLS)
    def test_are_the_same_for_everybody(self, client: Client, buyer: User, address: str) -> None:
        theirs = client.get(address).content
        assert theirs == Client().get(address).content
        for secret in (buyer.public_id, buyer.email, "csrfmiddlewaretoken", "lighthouse"):
            assert secret.encode() not in theirs

    @pytest.mark.parametrize("address", SHELLS)
    def test_set_no_cookie_and_are_checked_each_time(self, client: Client, address: str) -> None:
        page = client.get(address)
        assert not page.cookies
        assert page["Cache-Control"] == "no-cache"

    def test_speak_the_language_of_their_address(self, client: Client) -> None:
        page = client.get("/read/de-AT/shell.html").content.decode()
        assert 'lang="de-at"' in page
        assert 'href="/read/de-AT/"' in page
        assert 'href="/de-at/reading/notes/"' in page

    def test_contain_the_parts_of_the_page_of_a_book(self, client: Client, buyer: User) -> None:
        """What the script looks for is in both, but the question at the end, which is asked with a connection."""
        marked = re.compile(r'\bdata-[a-z-]+|id="[a-z-]+"')
        page, shell = (client.get(address).content.decode() for address in ("/read/lighthouse/", "/read/shell.html"))
        missing = {*marked.findall(page)} - {*marked.findall(shell)}
        assert missing <= {'id="reader-settings"', "data-end-question", "data-end-thanks"}


class TestAddresses:
    def test_name_the_region_behind_the_first_part(self, client: Client, buyer: User) -> None:
        page = client.get("/read/de-AT/lighthouse/")
        assert settings_in(page.content.decode())["files"] == "/read/de-AT/lighthouse/files/edn_lighthouse/"
        assert page["Content-Language"] == "de"

    def test_of_before_are_redirected_with_what_was_asked(self, client: Client) -> None:
        answer = client.get("/de-at/read/lighthouse/c1/?theme=night")
        assert (answer.status_code, answer["Location"]) == (308, "/read/de-AT/lighthouse/c1/?theme=night")

    def test_of_other_pages_stay(self, client: Client) -> None:
        assert client.get("/de-at/reading/notes/").status_code == 302  # to the log-in page
        assert client.get("/read/xx-YY/lighthouse/").status_code == 404


class TestWorker:
    def test_has_a_policy_of_its_own_and_is_never_old(self, client: Client) -> None:
        answer = client.get("/read/sw.js")
        assert answer["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript", "no-cache")

    def test_knows_every_file_of_the_reader(self, client: Client) -> None:
        script = client.get("/read/sw.js").content.decode()
        files = json.loads(script.split("const FILES = ")[1].split(";\n")[0])
        modules = (settings.BASE_DIR / "static/js/reader").rglob("*.js")
        served = {f"/static/js/reader/{path.relative_to(settings.BASE_DIR / 'static/js/reader')}" for path in modules}
        assert served - set(files) == {"/static/js/reader/keeping/worker.js", "/static/js/reader/keeping/worker-off.js"}
        for address in SHELLS:
            linked = re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get(address).content.decode())
            assert linked
            assert set(linked) <= set(files)

    def test_changes_with_a_page(self, client: Client, settings: Any) -> None:
        before = client.get("/read/sw.js").content
        settings.SITE_NAME = "Another Shop"
        assert client.get("/read/sw.js").content != before

    def test_changes_with_a_file(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        before = client.get("/read/sw.js").content
        monkeypatch.setattr(release, "_content", lambda name: b"other")
        assert client.get("/read/sw.js").content != before

    def test_takes_itself_away_when_the_shop_keeps_nothing(self, client: Client, buyer: User, settings: Any) -> None:
        settings.READER_OFFLINE = False
        script = client.get("/read/sw.js").content
        assert b"unregister()" in script
        assert b"FILES" not in script
        assert client.get(ARCHIVE).status_code == client.get(FACTS).status_code == 404
        assert 'data-open="keep"' not in client.get("/read/lighthouse/").content.decode()


class TestWhoIsHere:
    def test_nobody(self, client: Client) -> None:
        answer = client.get("/read/who.json")
        assert answer.json() == {"people": []}
        assert "no-store" in answer["Cache-Control"]

    def test_whoever_is_logged_in(self, client: Client, buyer: User) -> None:
        assert client.get("/read/who.json").json() == {"people": [buyer.public_id]}
        assert f'data-people="{buyer.public_id}"' in client.get("/account/menu/").content.decode()


class TestKeeping:
    def test_has_the_facts_of_the_page_but_no_place(self, client: Client, buyer: User) -> None:
        inlined = settings_in(client.get("/read/lighthouse/").content.decode())
        answer = client.get(FACTS)
        assert answer.json() == {key: inlined[key] for key in inlined if key != "last"}
        assert "no-store" in answer["Cache-Control"]

    def test_gets_the_archive_and_is_told_its_size(self, client: Client, buyer: User) -> None:
        keep = client.get(FACTS).json()["keep"]
        assert keep["archive"] == ARCHIVE
        answer = client.get(ARCHIVE)
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[attr-defined]
            assert sum(len(archive.read(name)) for name in archive.namelist()) == keep["bytes"]
        assert answer["Cache-Control"] == "private, no-store"

    def test_is_a_download_and_no_reading(self, client: Client, buyer: User) -> None:
        b"".join(client.get(ARCHIVE).streaming_content)  # type: ignore[attr-defined]
        assert [one.kind for one in AccessRecord.objects.all()] == [AccessKind.DOWNLOAD]
        assert Entitlement.objects.get().furthest_bps == 0

    def test_asking_for_its_size_is_no_download(self, client: Client, buyer: User) -> None:
        client.get(FACTS)
        assert not AccessRecord.objects.exists()

    @pytest.mark.parametrize("address", [FACTS, ARCHIVE])
    def test_is_not_for_others(self, client: Client, edition: Edition, address: str) -> None:
        assert client.get(address).status_code == 404
        for stranger in (make_reader(), make_moderator()):
            client.force_login(stranger)
            assert client.get(address).status_code == 404

    @pytest.mark.parametrize("address", [FACTS, ARCHIVE])
    def test_ends_with_the_right(self, client: Client, buyer: User, noon: datetime, address: str) -> None:
        Entitlement.objects.update(ended_at=noon)
        assert client.get(address).status_code == 404

    def test_is_not_by_another_books_edition(self, client: Client, buyer: User) -> None:
        other = make_published_edition(slug="elsewhere")
        assert client.get(f"/read/lighthouse/{other.public_id}.zip").status_code == 404

    def test_is_not_offered_in_samples(self, client: Client, buyer: User) -> None:
        page = client.get("/read/lighthouse/sample/").content.decode()
        assert settings_in(page)["keep"] is None
        assert 'data-open="keep"' not in page


class TestLoggingOut:
    def test_clears_cached_chapters_but_not_what_others_store(self, client: Client, buyer: User) -> None:
        assert "Clear-Site-Data" not in client.get("/accounts/logout/")
        answer = client.post("/accounts/logout/")
        assert (answer.status_code, answer["Clear-Site-Data"]) == (302, '"cache"')
        assert client.get("/read/who.json").json() == {"people": []}

    @pytest.mark.parametrize("address", ["/account/", "/accounts/logout/"])
    def test_can_ask_about_notes_that_would_be_lost(self, client: Client, buyer: User, address: str) -> None:
        page = client.get(address).content.decode()
        assert "data-log-out" in page
        assert "data-leaving" in page


class TestApp:
    def test_is_named_and_drawn_as_the_shop(self, client: Client, settings: Any) -> None:
        settings.SITE_NAME = "Harbour Books"
        answer = client.get("/read/de-AT/app.webmanifest")
        app = answer.json()
        assert answer["Content-Type"] == "application/manifest+json"
        assert (app["name"], app["start_url"], app["scope"]) == ("Harbour Books", "/read/de-AT/", "/read/")
        for icon in app["icons"]:
            assert client.get(icon["src"])["Content-Type"] == "image/png"
        assert 'rel="manifest" href="/read/de-AT/app.webmanifest"' in client.get("/read/de-AT/").content.decode()
