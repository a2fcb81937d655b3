from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from django.test import Client

from conversion.engine.edition_text import EditionText, SampleRun, TextBlock
from storefront.catalogue.selectors.web_book_archive import web_book
from storefront.reading.selectors.text_sizes import sample_runs, text_size
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db

WHOLE = {"c1": "<h1>One</h1><p>Rain 𠮷.</p>", "c2": "<hr/>", "c3": "<p>Three.</p>"}


def with_text(content: bytes, text: EditionText) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("text.json", text.to_json())
    return buffer.getvalue()


def files(sample: bytes) -> tuple[str, str]:
    """The archives of a sample and of its edition, in storage."""
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    whole = make_artifact(job, kind="web", content=web_zip(("A", "B", "C"), **WHOLE))
    part = make_artifact(job, kind="sample-web", content=sample)
    make_published_edition(slug="lighthouse", job=job)
    return part.file, whole.file


class TestTextSize:
    def test_counts_code_points_in_every_chapter(self) -> None:
        _, whole = files(web_zip(("C",), c1=WHOLE["c3"]))
        size = text_size(web_book(whole))
        assert (size.blocks, size.characters) == ((2, 0, 1), (10, 0, 6))


class TestSampleRuns:
    def test_takes_what_the_archive_says(self) -> None:
        text = EditionText((TextBlock(0, "Three."),), (SampleRun(0, 7, 1),))
        assert sample_runs(*files(with_text(web_zip(("C",), c1=WHOLE["c3"]), text))) == ((0, 7, 1),)

    def test_finds_equal_blocks_for_an_archive_without_its_text(self) -> None:
        assert sample_runs(*files(web_zip(("C",), c1="<p>Note of the sample.</p><p>Three.</p>"))) == ((1, 2, 1),)


def test_the_page_of_a_sample_says_where_its_blocks_are_in_the_book(client: Client) -> None:
    files(web_zip(("C",), c1=WHOLE["c3"]))
    page = client.get("/read/lighthouse/sample/").content.decode()
    found = re.search(r'id="reader-settings" type="application/json">(.*?)</script>', page)
    assert found
    assert json.loads(found[1])["text"] == {"blocks": [1], "characters": [6], "sample_runs": [[0, 2, 1]]}
