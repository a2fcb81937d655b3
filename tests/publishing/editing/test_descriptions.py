"""The page of all pictures: who may describe them, what is saved, and that nothing that was typed is lost."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from common.errors import NotAllowed, NotFound
from conversion.engine.book.model import Book, Figure, InlineImage
from publishing.editing import selectors
from publishing.editing.models import Correction, Decision, PageDescription, WorkText
from publishing.editing.selectors.descriptions import ShownPicture, descriptions_for_files, mark_of, pictures_for
from publishing.editing.services import descriptions
from publishing.editing.services.descriptions import Wanted
from publishing.editing.services.texts import digest
from publishing.models import Edition
from tests.conversion.patches.samples import LINES, book_of, paragraph
from tests.factories.accounts import make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.conversion import make_artifact, make_finding
from tests.factories.editing import make_text
from tests.factories.publishing import make_edition, make_work

pytestmark = [pytest.mark.django_db, pytest.mark.both]

A, B = "a" * 64, "b" * 64
LAMP = "A lamp in a window."


def zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def illustrated(pictures: int = 0) -> Book:
    within = paragraph("The sign ", InlineImage(B, "A leaf"), " hung over the door.")
    more = [Figure(f"{number:064x}") for number in range(pictures)]
    return book_of([LINES[0], Figure(A), LINES[1], within], [LINES[2], *more], titles=("The Harbour", "The Lamp"))


@pytest.fixture
def text(owner) -> WorkText:
    return make_text(work=make_work(owner=owner), book=illustrated())


def edition_of(text: WorkText) -> Edition:
    return text.work.editions.get()


def page_of(text: WorkText) -> str:
    return reverse("work-descriptions", args=[text.work.public_id])


def pictures(text: WorkText, user: User | None = None) -> list[ShownPicture]:
    return list(pictures_for(user or text.work.owner, edition_of(text)) or ())


def sent(*rows: ShownPicture, **changed: Any) -> dict[str, Any]:
    """What the form of these pictures sends; `changed` are values of the first."""
    data: dict[str, Any] = {"place": [row.place for row in rows]}
    for row in rows:
        values = {"alt": row.alt, "is_decorative": row.is_decorative, "seen": row.seen}
        values |= changed if row is rows[0] else {}
        data |= {f"{row.place}-{name}": value for name, value in values.items() if value is not False}
    return data


class TestPage:
    def test_lists_each_picture_with_what_stands_around_it(self, as_owner, text):
        page = " ".join(as_owner.get(page_of(text)).content.decode().split())
        assert "1 of 2 pictures described" in page
        assert "The Harbour" in page
        assert "belongs to nobody." in page
        assert "hung over the door." in page
        assert "> A leaf</textarea>" in page
        for picture in pictures(text):
            assert f"{reverse('work-text-picture', args=[text.work.public_id, picture.asset])}?size=small" in page
        assert "kept when you upload a new version" in page

    def test_may_show_the_missing_ones_only(self, as_owner, text):
        page = as_owner.get(page_of(text), {"show": "missing"}).content.decode()
        assert A in page
        assert B not in page
        Correction.objects.all().delete()
        as_owner.post(page_of(text), sent(*pictures(text), alt=LAMP))
        assert "Every picture is described" in as_owner.get(page_of(text), {"show": "missing"}).content.decode()

    def test_has_pages(self, as_owner, owner):
        text = make_text(work=make_work(owner=owner), book=illustrated(45))
        page = as_owner.get(page_of(text), {"page": "2", "show": "missing"}).content.decode()
        assert page.count('name="place"') == 20
        assert "show=missing&amp;page=3" in page
        assert "show=missing&amp;page=1" in page
        assert as_owner.get(page_of(text), {"page": "99"}).status_code == 200

    def test_says_that_there_are_none(self, as_owner, owner):
        text = make_text(work=make_work(owner=owner))
        assert "no pictures" in as_owner.get(page_of(text)).content.decode()

    def test_waits_until_the_book_was_read(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        answer = as_owner.get(reverse("work-descriptions", args=[edition.work.public_id]))
        assert "not ready yet" in answer.content.decode()

    @pytest.mark.parametrize("code", ["image.alt-missing", "page.alt-missing", "page.alt-from-words"])
    def test_remarks_lead_to_it(self, as_owner, text, code):
        make_finding(edition_of(text).job, code=code)
        page = as_owner.get(reverse("work-remarks", args=[text.work.public_id])).content.decode()
        assert page_of(text) in page
        assert "Describe the pictures" in page

    def test_the_text_leads_to_it(self, as_owner, text):
        assert page_of(text) in as_owner.get(reverse("work-text", args=[text.work.public_id])).content.decode()


class TestSaving:
    def test_several_at_once_as_corrections(self, as_owner, text):
        figure, leaf = pictures(text)
        data = sent(figure, leaf, alt=f"  {LAMP}\r\n ")
        data |= {f"{leaf.place}-alt": "", f"{leaf.place}-is_decorative": "on"}
        answer = as_owner.post(page_of(text), data, follow=True)
        assert "2 descriptions saved." in answer.content.decode()
        assert [(one.alt, one.is_decorative) for one in pictures(text)] == [(LAMP, False), ("", True)]
        edits = [(row.patch.edit.name, row.patch.edit.new) for row in Correction.objects.accepted()]
        assert sorted(edits, key=str) == [("alt", ""), ("alt", LAMP), ("decorative", True)]
        assert WorkText.objects.get().due_at is not None, "the files are made again"

    def test_nothing_changed_saves_nothing(self, as_owner, text):
        answer = as_owner.post(page_of(text), sent(*pictures(text)), follow=True)
        assert "Nothing was changed." in answer.content.decode()
        assert not Correction.objects.exists()

    def test_the_filter_and_the_page_stay(self, as_owner, text):
        address = f"{page_of(text)}?show=missing&page=1"
        assert as_owner.post(address, sent(*pictures(text), alt=LAMP))["Location"] == address

    def test_an_invalid_one_keeps_what_was_typed_and_the_others_are_saved(self, as_owner, text):
        figure, leaf = pictures(text)
        data = sent(figure, leaf, alt=LAMP, is_decorative="on") | {f"{leaf.place}-alt": "A green leaf"}
        answer = as_owner.post(page_of(text), data)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f">\n{LAMP}</textarea>" in page
        assert "Either describe the picture or mark it as decorative" in page
        assert [one.alt for one in pictures(text)] == ["", "A green leaf"]

    def test_one_that_is_too_long(self, as_owner, text):
        answer = as_owner.post(page_of(text), sent(*pictures(text), alt="x" * 2001))
        assert answer.status_code == 422
        assert "x" * 2001 in answer.content.decode()
        assert not Correction.objects.exists()

    def test_what_somebody_else_wrote_meanwhile_is_shown_first(self, as_owner, text):
        figure = pictures(text)[0]
        as_owner.post(page_of(text), sent(figure, alt="Theirs"))
        answer = as_owner.post(page_of(text), sent(figure, alt="Mine"))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Somebody has meanwhile changed this to: “Theirs”" in page
        assert ">\nMine</textarea>" in page
        assert pictures(text)[0].alt == "Theirs"
        seen = mark_of("Theirs", is_decorative=False)
        assert f'value="{seen}"' in page, "sent again, it takes their place"
        as_owner.post(page_of(text), sent(figure, alt="Mine", seen=seen))
        assert pictures(text)[0].alt == "Mine"

    def test_the_same_twice_is_no_conflict(self, as_owner, text):
        figure = pictures(text)[0]
        for _ in range(2):
            assert as_owner.post(page_of(text), sent(figure, alt=LAMP)).status_code == 302
        assert pictures(text)[0].alt == LAMP

    def test_a_picture_that_is_gone_says_so(self, as_owner, text):
        gone = ShownPicture("c0/b99", "f" * 64, "", is_decorative=False, title="")
        answer = as_owner.post(page_of(text), sent(gone, alt=LAMP))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "not in the book any more" in page
        assert f">\n{LAMP}</textarea>" in page

    def test_at_most_one_page_is_read(self, as_owner, text):
        rows = [ShownPicture(f"c0/b{number + 50}", A, "", is_decorative=False, title="") for number in range(30)]
        page = as_owner.post(page_of(text), sent(*rows, alt=LAMP) | {f"{row.place}-alt": "x" for row in rows})
        assert page.content.decode().count("not in the book any more") == 20

    def test_can_be_undone(self, as_owner, text):
        as_owner.post(page_of(text), sent(*pictures(text), alt=LAMP))
        correction = Correction.objects.accepted().get()
        as_owner.post(reverse("work-correction", args=[text.work.public_id, correction.public_id, "undo"]))
        assert pictures(text)[0].alt == ""

    def test_an_editor_s_form_has_the_mark(self, as_owner, text):
        figure = pictures(text)[0]
        address = reverse("work-text-block", args=[text.work.public_id, figure.chapter_id, figure.name])
        assert as_owner.post(address, {"action": "save", "alt": "", "decorative": "on"}).status_code == 302
        assert pictures(text)[0].is_decorative


class TestSuggesting:
    @pytest.fixture
    def proofreader(self, text) -> User:
        make_collaborator(text.work, user=(person := make_reader()), role="proofreader")
        return person

    def test_a_proofreader_suggests(self, client: Client, text, proofreader):
        client.force_login(proofreader)
        assert "sees each description as a suggestion" in client.get(page_of(text)).content.decode()
        answer = client.post(page_of(text), sent(*pictures(text), alt=LAMP), follow=True)
        assert "1 description suggested." in answer.content.decode()
        assert Correction.objects.get().decision == Decision.SUGGESTED
        assert pictures(text)[0].alt == "", "until it is accepted"
        assert pictures(text, proofreader)[0].alt == LAMP, "but to the person it is there"

    def test_drawn_pages_have_no_suggestions(self, client: Client, text, proofreader):
        edition = comic(text.work.owner)
        make_collaborator(edition.work, user=proofreader, role="proofreader")
        client.force_login(proofreader)
        page = reverse("work-descriptions", args=[edition.work.public_id])
        assert "<textarea" not in client.get(page).content.decode()
        wanted = Wanted(f"page/{A}", LAMP, is_decorative=False, seen=mark_of("", is_decorative=False))
        found = descriptions.describe_pictures(actor=proofreader, edition=edition, wanted=[wanted], at=clock.now())
        assert [type(one) for one in found.refused.values()] == [NotAllowed]
        assert not PageDescription.objects.exists()

    def test_who_only_looks_is_refused_by_the_service(self, text):
        with pytest.raises(NotFound):
            descriptions.describe_pictures(actor=make_reader(), edition=edition_of(text), wanted=[], at=clock.now())


def comic(owner: User, *alts: str, told: bool = False) -> Edition:
    """The edition of a comic whose pages were drawn, and read without a base."""
    edition = make_edition(work=make_work(owner=owner))
    pages = [
        {
            "id": f"p-{number}",
            "title": f"Page {number}",
            "alt": alt,
            "pictures": [[480, f"{key[:40]}-480.webp"], [900, f"{key}.jpg"]],
            **({"told": True} if told else {}),
        }
        for number, (key, alt) in enumerate(zip((A, B), alts or ("", ""), strict=True), 1)
    ]
    members = {
        "pages.json": json.dumps({"pages": pages}),
        f"assets/{A[:40]}-480.webp": "small",
        f"assets/{A}.jpg": "large",
    }
    edition.job.artifacts.filter(kind="web").delete()
    make_artifact(edition.job, kind="web", content=zipped(members))
    return edition


class TestPages:
    def page(self, edition: Edition) -> str:
        return reverse("work-descriptions", args=[edition.work.public_id])

    def test_of_a_comic_are_listed(self, as_owner, owner):
        edition = comic(owner, "A boat", "")
        page = " ".join(as_owner.get(self.page(edition)).content.decode().split())
        assert "1 of 2 pictures described" in page
        assert "Page 2" in page
        assert "belongs to the picture of its page" in page
        text_page = as_owner.get(reverse("work-text", args=[edition.work.public_id])).content.decode()
        assert self.page(edition) in text_page

    def test_of_nothing_but_words_need_no_description(self, as_owner, owner):
        page = as_owner.get(self.page(comic(owner, told=True))).content.decode()
        assert "2 of 2 pictures described" in " ".join(page.split())
        assert "nothing but text" in page

    def test_are_described_and_the_files_are_made_with_it(self, as_owner, owner):
        edition = comic(owner)
        first, second = pictures_for(owner, edition) or ()
        data = sent(first, second, alt=LAMP) | {f"{second.place}-is_decorative": "on"}
        assert as_owner.post(self.page(edition), data).status_code == 302
        text = WorkText.objects.get(work=edition.work)
        assert text.due_at is not None
        assert text.digest == digest(edition.work) == selectors.digest_of(edition.work) != ""
        given = selectors.corrections_for_files(edition.manuscript).descriptions
        assert [(one.asset, one.alt, one.decorative) for one in given] == [(A, LAMP, False), (B, "", True)]
        page = as_owner.get(self.page(edition)).content.decode()
        assert f">\n{LAMP}</textarea>" in page

    def test_the_same_again_changes_the_row(self, as_owner, owner):
        edition = comic(owner, "A boat", "")
        for alt in (LAMP, ""):
            first = (pictures_for(owner, edition) or ())[0]
            as_owner.post(self.page(edition), sent(first, alt=alt))
        assert [(one.asset, one.alt) for one in descriptions_for_files(edition.work)] == [(A, "")]
        assert (pictures_for(owner, edition) or ())[0].alt == "", "not the manuscript’s again"

    def test_has_small_pictures(self, as_owner, owner):
        edition = comic(owner)
        address = reverse("work-text-picture", args=[edition.work.public_id, A])
        assert as_owner.get(address, {"size": "small"}).content == b"small"
        assert as_owner.get(address).content == b"large"

    def test_while_they_are_drawn_again_the_last_are_listed(self, as_owner, owner):
        edition = comic(owner)
        edition.checked_job, edition.job = edition.job, make_edition(work=make_work(owner=owner)).job
        edition.save()
        assert "Page 1" in as_owner.get(self.page(edition)).content.decode()


def test_a_text_run_is_not_read_twice_for_one_page(as_owner, text, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        as_owner.get(page_of(text))


def test_pictures_are_named_by_their_places(text):
    figure, leaf = pictures(text)
    assert (figure.place, figure.chapter_id, figure.name) == ("c0/b1", "c0", "b1")
    assert leaf.name.startswith("picture:")
