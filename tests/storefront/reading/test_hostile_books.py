"""Hostile books in the reader, in three browsers, with each defence off in turn: nothing runs, and nothing calls out.

    pytest -m journey tests/storefront/reading/test_hostile_books.py       every file in every browser

The defences: the engine rebuilds chapters and drawings; the reader's page has a policy that its chapters inherit; a
file that is opened by itself has one of its own, with `sandbox`; the plain page rebuilds the chapter once more.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.middleware.csp import ContentSecurityPolicyMiddleware
from pytest_django.live_server_helper import LiveServer

from common import clock
from storefront.checkout.models import Entitlement
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_done_job
from tests.factories.publishing import make_published_edition
from tests.support import hostile_books
from tests.support.hostile_books import RAN, Canary
from tests.support.reading import OPEN, log_in_as
from tests.support.windows import Window, until

NAMES_ = (
    *("active_autolink.md", "active_css_overlay.html", "active_domclobber.html", "active_form.html"),
    *("active_handlers.html", "active_iframe.html", "active_jslink.md", "active_jsurl.html", "active_math.html"),
    *("active_metarefresh.html", "active_mxss2.html", "active_script.epub", "active_script.html", "active_svg.epub"),
    *("active_title.html", "active_trigger.epub", "ssrf_base.html", "ssrf_fontface.html", "ssrf_iframe.html"),
    *("ssrf_img.epub", "ssrf_img.html", "ssrf_linkcss.html", "ssrf_media.html", "ssrf_redirect.html"),
)
ACT = ("active_handlers.html", "active_script.html", "active_script.epub")  # run where nothing stops them
ASK = ("ssrf_iframe.html", "ssrf_img.epub", "ssrf_img.html", "active_script.html")  # call out there
IN_EVERY_RUN = ("active_script.html",)
NAMES = [pytest.param(name, marks=[] if name in IN_EVERY_RUN else [pytest.mark.corpus]) for name in NAMES_]
type Switch = Callable[..., None]
IS_LATE = "document.documentElement.classList.contains('reader-late')"
SETTLE_S = 0.6
FILES = Path(__file__).resolve().parents[4] / "shared" / "hostile" / "files"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
    pytest.mark.skipif(not FILES.is_dir(), reason="the shared hostile files are not here"),
]
CONTENTS = "document.querySelector('foliate-view')?.renderer.getContents() ?? [{ doc: document }]"
# Everything that a reader may do to it. Links to other sites are not followed: that calls out, and is meant to.
PROVOKE = f"""(() => {{
  for (const {{ doc }} of {CONTENTS})
    for (const one of doc?.body?.querySelectorAll('*') ?? []) {{
      if (/^(http|\\/)/.test(one.getAttribute('href') ?? '')) continue;
      if (one.closest('header, footer, nav, dialog, .site-main form')) continue;
      for (const name of ['mouseover', 'focus', 'toggle']) one.dispatchEvent(new Event(name));
      one.dispatchEvent(new MouseEvent('click', {{ bubbles: true, cancelable: true }}));
    }}
  return true;
}})()"""


@pytest.fixture
def canary() -> Iterator[Canary]:
    with hostile_books.listening() as found:
        yield found


@pytest.fixture
def pages(window: Window, live_server: LiveServer, canary: Canary) -> Pages:
    return Pages(window, live_server.url, canary)


@pytest.fixture
def policies(monkeypatch: pytest.MonkeyPatch) -> Switch:
    """Switches all policies off, and on again."""
    as_it_is = ContentSecurityPolicyMiddleware.process_response

    def switch(*, on: bool) -> None:
        act = as_it_is if on else lambda self, request, response: response
        monkeypatch.setattr(ContentSecurityPolicyMiddleware, "process_response", act)

    return switch


@pytest.mark.parametrize("name", NAMES)
class TestEachDefenceAlone:
    def test_holds(self, pages: Pages, policies: Switch, canary: Canary, name: str) -> None:
        content = hostile_books.armed(FILES / name, canary)
        raw, rebuilt = hostile_books.raw(name, content), hostile_books.rebuilt(name, content)
        pages.publish(raw=raw, rebuilt=rebuilt)
        done = {}
        for is_on in (True, False):
            policies(on=is_on)
            for kind in ("raw", "rebuilt"):
                for path in pages.of(kind):
                    done[is_on, path] = pages.what_it_does(path)
        may_act = {(False, path) for path in pages.of("raw") if not path.endswith("/c1/")}  # nothing is in its way
        # WebKit opens an empty page for a link of an unknown scheme. Only chapters that nobody cleaned have such links.
        may_empty = {(True, path) for path in pages.of("raw") if path.endswith(".xhtml")}
        acted = {where: what for where, what in done.items() if what and where not in may_act}
        assert {where: what for where, what in acted.items() if what != ["left"] or where not in may_empty} == {}
        reached = {what for where in may_act for what in done[where]}
        assert name not in ACT or "ran" in reached  # or these tests would prove nothing
        assert name not in ASK or any(one.startswith("asked") for one in reached)


class Pages:
    """The pages of two books, made of a hostile manuscript rebuilt and raw, in a window, and what each does there."""

    def __init__(self, window: Window, address: str, canary: Canary) -> None:
        self.window, self.address, self.canary = window, address, canary
        self._paths: dict[str, list[str]] = {}

    def publish(self, **archives: bytes | None) -> None:
        reader = make_reader()
        for kind, archive in archives.items():
            self._paths[kind] = []
            if archive is None:
                continue
            job = make_done_job()
            job.artifacts.filter(kind="web").delete()
            make_artifact(job, kind="web", content=archive)
            edition = make_published_edition(slug=kind, job=job)
            Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
            names = zipfile.ZipFile(io.BytesIO(archive)).namelist()
            chapter = next(name for name in names if name.startswith("chapters/"))
            files = [chapter, *(name for name in names if name.endswith(".svg"))]
            plain = Path(chapter).stem
            self._paths[kind] = [
                *(f"/read/{kind}/", f"/read/{kind}/{plain}/"),
                *(f"/read/{kind}/files/{edition.public_id}/{name}" for name in files),
            ]
        log_in_as(reader, self.window, self.address)

    def of(self, kind: str) -> list[str]:
        """The reader, the plain page, and the files of a book."""
        return self._paths[kind]

    def what_it_does(self, path: str) -> list[str]:
        """Open a page, do to it what can be done, and return what it did: "ran", "asked /x", "left"."""
        self.canary.hits.clear()
        self.window.open(f"{self.address}{path}")
        if path.count("/") == 3:  # the reader
            until(self.window, f"{OPEN} || {IS_LATE}", seconds=30)
        time.sleep(SETTLE_S)
        done = self._done(path)
        if "left" not in done:
            self.window.run(PROVOKE)
            time.sleep(SETTLE_S)
            done |= self._done(path)
        return sorted(done)

    def _done(self, path: str) -> set[str]:
        asked = {f"asked {hit}" for hit in self.canary.hits}
        if self.window.run("location.origin + location.pathname") != f"{self.address}{path}":
            return asked | {"left"}
        return asked | ({"ran"} if self.window.run(f"Boolean(window.{RAN})") else set())
