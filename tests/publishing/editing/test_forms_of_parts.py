"""Tables, captions, pictures and languages of passages, changed by forms without scripts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from common import storage
from conversion.engine.api import patches
from conversion.engine.book.model import Cell, Figure, Table, Text
from publishing.editing import selectors
from publishing.editing.models import Correction, Picture, WorkText
from publishing.editing.selectors import chapters
from publishing.editing.services import cleanup
from tests.conversion.patches.samples import LINES, paragraph
from tests.factories.editing import harbour, make_text
from tests.factories.publishing import make_work

pytestmark = pytest.mark.django_db

OLD = "a" * 64


def table(*, span: int = 1) -> Table:
    rows = [[Cell([paragraph("Port")], header=True), Cell([paragraph("Ships")], header=True)]]
    return Table([*rows, [Cell([paragraph("Hull")], colspan=span), Cell([paragraph("12")])]], header_rows=1)


@pytest.fixture
def text(owner) -> WorkText:
    return make_text(work=make_work(owner=owner), book=harbour(table(), Figure(OLD, "A lamp")))


def png(colour: str = "red") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "PNG")
    return SimpleUploadedFile("lamp.png", content.getvalue(), "image/png")


def fresh(text: WorkText) -> WorkText:
    return WorkText.objects.select_related("base", "work__owner").get(pk=text.pk)


def document(text: WorkText) -> dict[str, Any]:
    return chapters.chapter_document(fresh(text), chapters.chapter_lines(fresh(text))[0].id)


def block(text: WorkText, kind: str) -> dict[str, Any]:
    return next(one for one in document(text)["blocks"] if one["kind"] == kind)


def post(client: Client, text: WorkText, block_id: str, **data: Any):
    args = [text.work.public_id, document(text)["chapter"], block_id]
    return client.post(reverse("work-text-block", args=args), data | {"revision": fresh(text).revision})


def words(row: dict[str, Any]) -> list[str]:
    return ["".join("".join(one["text"]) for one in cell["blocks"]) for cell in row["blocks"]]


class TestTables:
    def change(self, client: Client, text: WorkText, action: str, row: int = 1, column: int = 1):
        return post(client, text, block(text, "table")["id"], action=action, row=row, column=column)

    @pytest.mark.parametrize(
        ("action", "rows"),
        [
            ("row_after", [["Port", "Ships"], ["", ""], ["Hull", "12"]]),
            ("remove_row", [["Hull", "12"]]),
            ("column_after", [["Port", "", "Ships"], ["Hull", "", "12"]]),
            ("remove_column", [["Ships"], ["12"]]),
        ],
    )
    def test_rows_and_columns(self, as_owner, text, action, rows):
        assert self.change(as_owner, text, action).status_code == 302
        assert [words(row) for row in block(text, "table")["blocks"]] == rows

    def test_a_header_row_that_goes_counts_no_more(self, as_owner, text):
        self.change(as_owner, text, "remove_row")
        assert "header_rows" not in block(text, "table")["attributes"]

    def test_a_cell_becomes_a_header_and_none_again(self, as_owner, text):
        self.change(as_owner, text, "header", row=2)
        assert block(text, "table")["blocks"][1]["blocks"][0]["attributes"] == {"header": True}
        self.change(as_owner, text, "header", row=2)
        assert block(text, "table")["blocks"][1]["blocks"][0]["attributes"] == {}

    @pytest.mark.parametrize(("row", "column"), [(3, 1), (1, 3), (0, 1), ("x", 1)])
    def test_a_cell_that_is_not_there(self, as_owner, text, row, column):
        answer = self.change(as_owner, text, "row_after", row, column)
        assert answer.status_code == 422
        assert not Correction.objects.exists()

    def test_cells_over_several_columns_are_left_alone(self, as_owner, owner):
        text = make_text(work=make_work(owner=owner), book=harbour(table(span=2)))
        answer = self.change(as_owner, text, "row_after")
        assert answer.status_code == 422
        assert "reach over several" in answer.content.decode()

    def test_the_last_row_cannot_go(self, as_owner, text):
        self.change(as_owner, text, "remove_row")
        answer = self.change(as_owner, text, "remove_row")
        assert answer.status_code == 422
        assert "Remove it as a whole" in answer.content.decode()

    def test_a_new_one(self, as_owner, text):
        first = document(text)["blocks"][0]["id"]
        post(as_owner, text, first, action="insert_table", rows=2, columns=3)
        made = block(text, "table")
        assert [len(row["blocks"]) for row in made["blocks"]] == [3, 3]
        assert made["attributes"] == {"header_rows": 1}

    @pytest.mark.parametrize("rows", [0, 101, "many"])
    def test_a_new_one_of_no_size(self, as_owner, text, rows):
        first = document(text)["blocks"][0]["id"]
        assert post(as_owner, text, first, action="insert_table", rows=rows, columns=3).status_code == 422

    def test_a_caption(self, as_owner, text):
        post(as_owner, text, block(text, "table")["id"], action="caption", caption="Ships by port")
        assert block(text, "table")["blocks"][0]["text"] == ["Ships by port"]


class TestLanguage:
    def test_of_a_passage(self, as_owner, text):
        second = document(text)["blocks"][1]["id"]
        post(as_owner, text, second, action="language", words="mail boat", language="fr")
        assert ["mail boat", [["language", "fr", "", ""]]] in document(text)["blocks"][1]["text"]
        post(as_owner, text, second, action="language", words="mail boat", language="-")
        assert document(text)["blocks"][1]["text"] == [LINES[1]]

    @pytest.mark.parametrize(
        ("passage", "language", "said"), [("no such words", "fr", "not in the paragraph"), ("mail", "?!", "formatting")]
    )
    def test_what_cannot_be(self, as_owner, text, passage, language, said):
        second = document(text)["blocks"][1]["id"]
        answer = post(as_owner, text, second, action="language", words=passage, language=language)
        assert answer.status_code == 422
        assert said in answer.content.decode()


class TestPictures:
    def test_one_is_replaced_and_shown(self, as_owner, text):
        answer = post(as_owner, text, block(text, "figure")["id"], action="picture", picture=png())
        assert answer.status_code == 302
        picture = Picture.objects.get()
        assert block(text, "figure")["attributes"] == {"asset": picture.sha256, "alt": "A lamp"}
        shown = as_owner.get(reverse("work-text-picture", args=[text.work.public_id, picture.sha256]))
        assert shown["Content-Type"] == "image/png"
        assert "sandbox" in shown["Content-Security-Policy"]
        given = selectors.corrections_for_files(text.work.editions.get().manuscript)
        assert given.pictures == (picture.file,)
        assert isinstance(given.patches[0].edit, patches.PictureEdit)

    def test_a_new_one_comes_after_the_block(self, as_owner, text):
        first = document(text)["blocks"][0]["id"]
        post(as_owner, text, first, action="insert_picture", picture=png("blue"))
        assert document(text)["blocks"][1]["attributes"] == {"asset": Picture.objects.get().sha256}
        assert selectors.corrections_for_files(text.work.editions.get().manuscript).pictures == (
            Picture.objects.get().file,
        )

    @pytest.mark.parametrize("content", [b"", b"<svg", b"GIF89a and no more", b"MZ\x90"])
    def test_what_is_no_picture_is_refused(self, as_owner, text, content):
        upload = SimpleUploadedFile("lamp.png", content, "image/png")
        answer = post(as_owner, text, block(text, "figure")["id"], action="picture", picture=upload)
        assert answer.status_code in {409, 422}
        assert not Correction.objects.exists()
        assert not Picture.objects.exists()

    def test_none_chosen(self, as_owner, text):
        assert post(as_owner, text, block(text, "figure")["id"], action="picture").status_code == 422

    def test_a_picture_of_another_work_is_not_shown(self, as_owner, text, owner):
        post(as_owner, text, block(text, "figure")["id"], action="picture", picture=png())
        other = make_text(work=make_work(owner=owner))
        address = reverse("work-text-picture", args=[other.work.public_id, Picture.objects.get().sha256])
        assert as_owner.get(address).status_code == 404

    def test_it_cannot_be_put_into_a_text_by_its_hash(self, as_owner, text, owner):
        post(as_owner, text, block(text, "figure")["id"], action="picture", picture=png())
        other = make_text(work=make_work(owner=owner))
        sent = document(other)
        revision = sent.pop("revision")
        asset = Picture.objects.get().sha256
        sent["blocks"].append({"id": "new-1", "kind": "figure", "attributes": {"asset": asset}})
        answer = as_owner.post(
            reverse("work-text-document", args=[other.work.public_id, sent["chapter"]]),
            {"revision": revision, "document": sent},
            content_type="application/json",
        )
        assert (answer.status_code, answer.json()["rule"]) == (422, "unknown-picture")

    def test_it_goes_with_its_text(self, as_owner, text, django_capture_on_commit_callbacks):
        post(as_owner, text, block(text, "figure")["id"], action="picture", picture=png())
        file = Picture.objects.get().file
        with django_capture_on_commit_callbacks(execute=True):
            cleanup.delete_text(text.work)
        assert not Picture.objects.exists()
        assert not storage.private().exists(file)


class TestPutPicture:
    """What the editor in the browser sends."""

    def put(self, client: Client, text: WorkText, **data: Any):
        return client.post(
            reverse("work-text-put-picture", args=[text.work.public_id, document(text)["chapter"]]), data
        )

    def test_answers_the_chapter_as_it_is_then(self, as_owner, text):
        answer = self.put(as_owner, text, block=block(text, "figure")["id"], picture=png())
        assert answer.json() == {"revision": fresh(text).revision, "document": document(text)}
        assert block(text, "figure")["attributes"]["asset"] == Picture.objects.get().sha256

    @pytest.mark.parametrize("name", ["b0", "b999", "", "new-1", "picture:" + "0" * 16])
    def test_where_there_is_no_picture(self, as_owner, text, name):
        answer = self.put(as_owner, text, block=name, picture=png())
        assert (answer.status_code, answer.json()["rule"]) == (422, "no-picture")
        assert not Picture.objects.exists()

    def test_without_a_file(self, as_owner, text):
        answer = self.put(as_owner, text, block=block(text, "figure")["id"])
        assert answer.status_code == 422
        assert answer.json()["message"]

    def test_what_cannot_be_read_is_said(self, as_owner, text):
        upload = SimpleUploadedFile("a.png", b"no picture", "image/png")
        answer = self.put(as_owner, text, block=block(text, "figure")["id"], picture=upload)
        assert answer.json()["code"] == "publishing.cover_not_picture"

    def test_strangers(self, client, stranger, text):
        client.force_login(stranger)
        assert self.put(client, text, block="b1", picture=png()).status_code == 404


def test_words_of_the_sample() -> None:
    assert table().rows[0][0].blocks == [paragraph(Text("Port"))]
