"""A shop of its own with one long book and its reader, for `bench.reader_speed`.

    python -m bench.reader_book BOOK.epub FACTS.json

Puts the manuscript in place of a generated book, in the shop that the environment names, and writes the session of a
reader who bought it, its address, and words to search.
"""

from __future__ import annotations

import json
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

from bench.shop_servers import database, environment, manage, web

PORT = 8207
SITE = f"http://localhost:{PORT}"
_AT = 0.6  # of the book: its last place
_DEVICE = "an-earlier-one"


@contextmanager
def shop_with(source: Path) -> Iterator[dict[str, Any]]:
    """Run a shop as in production, but over HTTP, with this manuscript as a book; yield the facts."""
    with tempfile.TemporaryDirectory(prefix="octavo-reader-") as name:
        folder = Path(name)
        with database("sqlite", folder) as (address, _):
            environ = environment(address, folder, SECURE_SSL_REDIRECT="no", ALLOWED_HOSTS="localhost,bench.example")
            for command in ("collectstatic --noinput -v0", "migrate -v0", "generate_catalogue --force --books 1"):
                manage(["manage.py", *command.split()], environ)
            facts = folder / "facts.json"
            manage(["-m", "bench.reader_book", str(source), str(facts)], environ)
            with web("config.wsgi:application", PORT, environ):
                yield json.loads(facts.read_text())


def _publish(source: Path) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client

    from accounts.models import User
    from common import clock
    from publishing.models import Edition
    from storefront.checkout.models import Entitlement
    from storefront.reading.models import Device, LastPlace

    edition = Edition.objects.latest("pk")
    texts = _convert(source, edition)
    reader = User.objects.create(email="reads@example.org", display_name="Reads", country="US", password="!")
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    device = Device.objects.create(user=reader, key=_DEVICE, kind="browser", seen_at=clock.now())
    LastPlace.objects.create(
        **{"device": device, "work": edition.work, "edition": edition, "at": clock.now()},
        **{"block": int(_AT * len(texts)), "share_bps": int(_AT * 10_000)},
    )
    client = Client()
    client.force_login(reader)
    return {
        "path": f"/read/{edition.work.slug}/",
        "cookie": [settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value],
        "words": sum(len(text.split()) for text in texts),
        "queries": _queries(texts),
    }


def _convert(source: Path, edition: Any) -> list[str]:
    """Put the manuscript in place of the edition's web archive; return the text of its blocks."""
    from common import storage
    from conversion.engine.contract import ConversionRequest
    from conversion.engine.pipeline import convert

    with tempfile.TemporaryDirectory() as out:
        convert(ConversionRequest(source, source.name, Path(out), formats=("web",)), lambda progress: None)
        archive = Path(out, "web.zip").read_bytes()
        with zipfile.ZipFile(Path(out, "web.zip")) as opened:
            texts = [text for _, text in json.loads(opened.read("text.json"))["blocks"]]
    path = Path(storage.private().path("bench/long.zip"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(archive)
    edition.job.artifacts.filter(kind="web").update(file="bench/long.zip", size_bytes=len(archive))
    return texts


def _queries(texts: list[str]) -> list[str]:
    """Choose a letter, a word that is everywhere, one that is rare, a phrase, and what is not there."""
    counts: dict[str, int] = {}
    for word in " ".join(texts).lower().split():
        if word.isalpha() and len(word) > 2:
            counts[word] = counts.get(word, 0) + 1
    ranked = sorted(counts, key=lambda word: -counts[word])
    long = next(text for text in texts[int(_AT * len(texts)) :] if len(text.split()) > 12)
    return ["e", ranked[0], ranked[200], ranked[-1], " ".join(long.split()[2:8]), "zzqqzzq"]


if __name__ == "__main__":
    django.setup()
    Path(sys.argv[2]).write_text(json.dumps(_publish(Path(sys.argv[1]))))
