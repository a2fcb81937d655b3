"""Measure how long a reader's typo takes until it is corrected in the reader's library, with the notes in place.

    python -m bench.typo_to_library --corpus ../shared/corpus
    python -m bench.typo_to_library --corpus ../shared/corpus --rounds 1 --no-war

Runs what `script/demo` runs, on PostgreSQL: web server, broker, scheduler, two processes for conversions and two for
the rest. A novel is on sale; a reader has it, with notes all over it. Then, three times in a row, over HTTP as browsers
do it: the reader marks a typo, the author accepts it, waits for the book, publishes it as a correction, and the reader
looks for it in the library, in the text and among the notes. All the while other authors have War and Peace converted,
each for the first time. Printed are the seconds since the typo was marked. Exits with 1 unless each round stays below
the minute.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import Cookie, CookieJar
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import postgres

if TYPE_CHECKING:
    from accounts.models import User
    from publishing.models import Edition, Work

PROJECT = Path(__file__).resolve().parent.parent
NOVEL = "pride-and-prejudice/pride-and-prejudice.docx"
WAR = "war-and-peace/war-and-peace.docx"
GOAL_S = 60.0
NOTES = 40
_PATIENCE_S = 900.0
_LOOK_EVERY_S = 0.5
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HEAD = ("round", "sent", "accepted", "built", "published", "in the library", "notes in place", "War and Peace")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.typo_to_library", description="From a typo to the library.")
    parser.add_argument("--corpus", type=Path, required=True, help="folder with a folder for each book")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-war", action="store_true", help="nobody else converts anything")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="octavo-typo-", dir="/tmp") as name, postgres.server() as address:
        folder, port = Path(name), _free_port()
        _set_up(folder, address, port)
        with _shop(folder, port):
            scene = _scene(options.corpus / NOVEL, f"http://localhost:{port}")
            war = None if options.no_war else War(options.corpus / WAR)
            print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
            seconds = [_round(scene, number, war) for number in range(1, options.rounds + 1)]
            print(f"PDFs of the last correction: {_pdfs_follow(scene, war):.1f} s after it was published")
    return 0 if max(seconds) <= GOAL_S else 1


# ---------------------------------------------------------------- the shop


def _set_up(folder: Path, address: str, port: int) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "VAR_DIR": str(folder),
        "DATABASE_URL": address,
        "BROKER_URL": f"redis+socket://{folder}/broker.sock",
        "SITE_URL": f"http://localhost:{port}",
        "RATE_LIMITS": "no",
        "LOG_LEVEL": "ERROR",
    }
    import django

    django.setup()
    from django.core.management import call_command

    import config  # noqa: F401 # the Celery app

    call_command("migrate", verbosity=0)


@contextmanager
def _shop(folder: Path, port: int) -> Iterator[None]:
    """Run what the demonstration runs."""
    from common.broker import server_command
    from demo.management.commands.demo import WORKERS, web_command, worker_options

    data = folder / "broker"
    data.mkdir()
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
    commands = [
        server_command(folder / "broker.sock", data),
        *([*celery, *worker_options(name, queues)] for name, queues in WORKERS.items()),
        web_command(port),
        [*celery, "beat", "-l", "ERROR", "-s", str(folder / "schedule"), "--pidfile="],
    ]
    running: list[subprocess.Popen[bytes]] = []
    try:
        with (folder / "log").open("wb") as log:
            for command in commands:
                running.append(subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log))
                if len(running) == 1:
                    _wait_until((folder / "broker.sock").exists)
        _wait_until(lambda: _answers(f"http://localhost:{port}/healthz"))
        yield
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(60)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _wait_until(ready: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not ready():
        if time.monotonic() > deadline:
            raise SystemExit("it did not get there in time")
        meanwhile()
        time.sleep(_LOOK_EVERY_S)


class Browser:
    """Somebody who is logged in."""

    def __init__(self, site: str, user: User) -> None:
        from django.conf import settings
        from django.test import Client

        self.site = site
        client = Client()
        client.force_login(user)
        jar = CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        jar.set_cookie(_cookie(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value))

    def page(self, path: str) -> str:
        with self._open.open(self.site + path, timeout=60) as response:
            return str(response.read().decode())

    def send(self, path: str, fields: dict[str, str], *, form_on: str = "") -> str:
        """Send the form on a page, and return the page that it leads to."""
        token = _TOKEN.search(self.page(form_on or path))
        if token is None:
            raise SystemExit(f"{form_on or path} has no form")
        data = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token[1]}).encode()
        request = urllib.request.Request(self.site + path, data, {"Referer": self.site + path, "Origin": self.site})
        try:
            with self._open.open(request, timeout=60) as response:
                return str(response.read().decode())
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path} answered {error.code}: {error.read().decode()[:2000]}") from None


def _cookie(name: str, value: str) -> Cookie:
    place = ("localhost.local", False, False)
    return Cookie(0, name, value, None, False, *place, "/", True, False, None, True, None, None, {})


# ---------------------------------------------------------------- the scene


@dataclass(slots=True)
class Scene:
    work: Work
    edition: Edition  # the one on sale
    author: Browser
    reader: Browser
    published_at: float = 0.0
    places: Iterator[float] = field(default_factory=lambda: itertools.count(0.15, 0.13))


def _scene(novel: Path, site: str) -> Scene:
    """Put the novel on sale, and give it to a reader who has written notes in it."""
    from common import clock
    from publishing import services as publishing_services
    from publishing.models import AiUse, RightsBasis, RightsStatement
    from storefront.catalogue.selectors.edition_texts import text_of
    from storefront.checkout.models import Entitlement
    from tests.factories.accounts import make_author, make_reader
    from tests.factories.publishing import make_manuscript, make_work
    from tests.factories.reading import make_note, make_place

    author, reader = make_author(), make_reader()
    work = make_work(owner=author, title="Pride and Prejudice")
    manuscript = make_manuscript(work, content=novel.read_bytes(), name=novel.name)
    edition = publishing_services.prepare_edition(actor=author, manuscript=manuscript, at=clock.now())
    _wait_until(lambda: _is_made(edition))
    none = {f"ai_{part}": AiUse.NONE for part in ("text", "images", "translation")}
    RightsStatement.objects.create(
        edition=edition, basis=RightsBasis.OWN, stated_by=author, stated_at=clock.now(), **none
    )
    edition = publishing_services.publish_edition(actor=author, edition=edition, at=clock.now())
    Entitlement.objects.create(user=reader, work=work, edition=edition, granted_at=clock.now())
    make_place(reader, edition)
    text = text_of(edition)
    for number in range(NOTES):
        make_note(reader, edition, _phrase(text.blocks, (number + 1) / (NOTES + 1), first=0, count=5)[1])
    return Scene(work, edition, Browser(site, author), Browser(site, reader))


def _is_made(edition: Edition) -> bool:
    job = type(edition.job).objects.get(pk=edition.job_id)
    if job.is_finished and job.state != "done":
        raise SystemExit(f"the conversion ended as {job.state}: {job.failure_code}")
    return bool(job.state == "done")


def _phrase(blocks: Sequence[str], share: float, *, first: int, count: int) -> tuple[int, str]:
    """Return some words that the book has once, from a block at about this share of it."""
    for number in range(int(share * len(blocks)), len(blocks)):
        words = blocks[number].split(" ")[first : first + count]
        phrase = " ".join(words)
        is_plain = len(words) == count and len(phrase) > 15 and phrase.isascii() and phrase.replace(" ", "").isalpha()
        if is_plain and sum(block.count(phrase) for block in blocks) == 1:
            return number, phrase
    raise SystemExit("no such words")


class War:
    """Other authors who have War and Peace converted, one after another, each for the first time."""

    def __init__(self, path: Path) -> None:
        self._content = path.read_bytes()
        self._job_id = 0
        self.count = 0

    def keep(self) -> None:
        """Have another one begun if none is being converted."""
        from conversion.models import ConversionJob

        if not ConversionJob.objects.unfinished().filter(pk=self._job_id).exists():
            self._job_id = self._begin()

    def is_running(self) -> bool:
        from conversion.models import ConversionJob

        return ConversionJob.objects.running().filter(pk=self._job_id).exists()

    def _begin(self) -> int:
        from common import clock
        from publishing import services as publishing_services
        from tests.factories.accounts import make_author
        from tests.factories.publishing import make_manuscript, make_work

        self.count += 1
        work = make_work(owner=make_author(), title="War and Peace")
        manuscript = make_manuscript(work, content=self._content, name="war-and-peace.docx")
        edition = publishing_services.prepare_edition(actor=work.owner, manuscript=manuscript, at=clock.now())
        return edition.job_id


# ---------------------------------------------------------------- a round


def _round(scene: Scene, number: int, war: War | None) -> float:
    """Measure one typo, print when it got how far, in seconds, and return when it was in the library."""
    from django.urls import reverse

    from publishing.forms import REVISION

    meanwhile = war.keep if war is not None else lambda: None
    if war is not None:
        _wait_until(war.is_running, war.keep)
    wrong, right, chapter = _typo(scene, next(scene.places))
    begun, passed = time.monotonic(), []

    def done() -> None:
        passed.append(time.monotonic() - begun)

    typo = reverse("reading:typo", args=[scene.work.slug])
    scene.reader.send(typo, {"chapter": chapter, "words": wrong, "replacement": right})
    done()
    desk = reverse("reading:work-typos", args=[scene.work.public_id])
    report = re.search(rf'action="({re.escape(desk)}[^"/]+/)"', scene.author.page(desk))
    if report is None:
        raise SystemExit("the typo is not on the desk")
    scene.author.send(report[1], {"state": "done"}, form_on=desk)
    done()
    publish = reverse("work-publish", args=[scene.work.public_id])
    _wait_until(lambda: 'name="kind"' in scene.author.page(publish), meanwhile)
    done()
    scene.author.send(publish, {"kind": REVISION, "notes": "A typo corrected."})
    scene.published_at = time.monotonic()
    done()
    _wait_until(lambda: f"What changed in 1.{number}<" in scene.reader.page(reverse("library:books")), meanwhile)
    done()
    notes = reverse("reading:book-notes", args=[scene.work.public_id])
    _wait_until(lambda: "A new edition is out" not in scene.reader.page(notes), meanwhile)
    _require_read(scene, chapter, right, notes)
    done()
    state = "nobody" if war is None else f"{'running' if war.is_running() else 'waiting'}, number {war.count}"
    print(f"| {number} | " + " | ".join(f"{one:.1f}" for one in passed) + f" | {state} |", flush=True)
    scene.edition = scene.work.editions.get(state="published")
    return passed[-1]


def _typo(scene: Scene, share: float) -> tuple[str, str, str]:
    """Return words of the edition on sale, how they should be, and their chapter."""
    from conversion import selectors as conversion_selectors
    from storefront.catalogue.selectors.edition_texts import text_of

    text = text_of(scene.edition)
    block, wrong = _phrase(text.blocks, share, first=6, count=4)
    book = conversion_selectors.web_book(scene.edition.job)
    if book is None:
        raise SystemExit("there is no web book")
    first, second, *rest = wrong.split(" ")
    return wrong, " ".join([first, f"{second}s", *rest]), book.chapters[text.parts[block]].id


def _require_read(scene: Scene, chapter: str, right: str, notes: str) -> None:
    """Make sure that the reader reads the new words, and finds every note in its place."""
    from django.urls import reverse

    text = scene.reader.page(reverse("reading:chapter", args=[scene.work.slug, chapter]))
    if right not in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text)):
        raise SystemExit(f"“{right}” is not in the chapter")
    page = scene.reader.page(notes)
    placed = page.partition('id="unplaced"')[0]
    count = len(re.findall(r'<li [^>]*id="note-', placed))
    if placed != page or count != NOTES:
        raise SystemExit(f"{count} of {NOTES} notes are in place")


def _pdfs_follow(scene: Scene, war: War | None) -> float:
    """Wait until the PDFs of the last correction are in the library; return how long after its publication."""
    from django.urls import reverse

    def are_there() -> bool:
        page = scene.reader.page(reverse("library:books"))
        return page.count("being made") == 0 and page.count(">PDF ") == 4

    _wait_until(are_there, war.keep if war is not None else lambda: None)
    return time.monotonic() - scene.published_at


if __name__ == "__main__":
    sys.exit(main())
