"""The pages of a text without scripts, and the addresses of its editor."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from publishing.editing import selectors
from publishing.editing.models import Base, Correction, Decision, WorkText
from publishing.editing.selectors import chapters
from publishing.editing.services import deciding
from tests.conversion.patches.samples import LINES
from tests.factories.accounts import make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.conversion import make_artifact, make_finding
from tests.factories.editing import make_correction, make_text, patch_of
from tests.factories.publishing import make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(owner) -> WorkText:
    return make_text(work=make_work(owner=owner))


def fresh(text: WorkText) -> WorkText:
    return WorkText.objects.select_related("base", "work__owner").get(pk=text.pk)


def address(text: WorkText, name: str, *parts: str) -> str:
    return reverse(name, args=[text.work.public_id, *parts])


def first(text: WorkText) -> dict[str, Any]:
    return chapters.chapter_document(fresh(text), chapters.chapter_lines(fresh(text))[0].id)


def block_with(text: WorkText, words: str) -> str:
    return next(str(block["id"]) for block in first(text)["blocks"] if words in str(block.get("text")))


class TestContinueInWord:
    def page(self, client, text: WorkText) -> str:
        return client.get(address(text, "work-text")).content.decode()

    def test_leads_to_the_text_as_docx(self, as_owner, text):
        file = make_artifact(text.work.editions.get().job, kind="docx")
        page = self.page(as_owner, text)
        assert f'href="{address(text, "work-artifact", file.public_id)}"' in page
        assert "readers keep their places and notes" in " ".join(page.split())
        assert address(text, "work-manuscript") in page

    def test_not_to_one_without_the_last_changes(self, as_owner, text):
        make_artifact(text.work.editions.get().job, kind="docx")
        WorkText.objects.update(due_at=clock.now())
        page = self.page(as_owner, text)
        assert "Download for Word" not in page
        assert "being made with your last changes" in page

    def test_says_when_there_is_none_yet(self, as_owner, text):
        page = self.page(as_owner, text)
        assert "Download for Word" not in page
        assert "the next time the book is made" in page

    def test_is_for_its_makers(self, client, text):
        make_artifact(text.work.editions.get().job, kind="docx")
        make_collaborator(text.work, user=(editor := make_reader()), role="editor")
        client.force_login(editor)
        assert "Continue in Word" not in self.page(client, text)


class TestChapters:
    def test_lists_them_with_their_words(self, as_owner, text):
        page = as_owner.get(address(text, "work-text")).content.decode()
        assert "The Harbour" in page
        assert "The Lamp" in page
        assert "up to date" in page
        assert "It is not published yet." in page

    def test_leaves_one_out_and_puts_it_back(self, as_owner, text):
        last = chapters.chapter_lines(text)[1].id
        as_owner.post(address(text, "work-text"), {"action": "leave_out", "chapter": last})
        assert chapters.chapter_lines(fresh(text))[1].is_left_out
        as_owner.post(address(text, "work-text"), {"action": "put_back", "chapter": last})
        assert not chapters.chapter_lines(fresh(text))[1].is_left_out

    def test_renames_one(self, as_owner, text):
        last = chapters.chapter_lines(text)[1].id
        as_owner.post(address(text, "work-text"), {"action": "retitle", "chapter": last, "title": " The  Light "})
        assert chapters.chapter_lines(fresh(text))[1].title == "The Light"

    def test_moves_one_up_and_down_again(self, as_owner, text):
        names = [one.title for one in chapters.chapter_lines(text)]
        last = chapters.chapter_lines(text)[1].id
        as_owner.post(address(text, "work-text"), {"action": "up", "chapter": last})
        assert [one.title for one in chapters.chapter_lines(fresh(text))] == names[::-1]
        as_owner.post(address(text, "work-text"), {"action": "down", "chapter": last})
        assert [one.title for one in chapters.chapter_lines(fresh(text))] == names

    def test_merges_one_into_the_one_before(self, as_owner, text):
        last = chapters.chapter_lines(text)[1].id
        as_owner.post(address(text, "work-text"), {"action": "merge", "chapter": last})
        assert len(chapters.chapter_lines(fresh(text))) == 1

    @pytest.mark.parametrize("action", ["up", "burn", ""])
    def test_what_cannot_be_done_is_said(self, as_owner, text, action):
        first_id = chapters.chapter_lines(text)[0].id
        answer = as_owner.post(address(text, "work-text"), {"action": action, "chapter": first_id})
        assert answer.status_code == 422
        assert "cannot be put into this order" in answer.content.decode()

    def test_a_chapter_that_is_gone_is_said(self, as_owner, text):
        answer = as_owner.post(address(text, "work-text"), {"action": "leave_out", "chapter": "c99"})
        assert answer.status_code == 404

    def test_a_book_made_before_is_read_when_asked(self, as_owner, owner):
        edition = make_published_edition(owner=owner)
        edition.job.options = replace(edition.job.options, formats=("epub", "web"))
        edition.job.save()
        page = reverse("work-text", args=[edition.work.public_id])
        assert "Prepare the text" in as_owner.get(page).content.decode()
        as_owner.post(page, {"action": "prepare"})
        assert "reading the manuscript" in as_owner.get(page).content.decode()

    def test_a_book_of_pictures_has_no_text(self, as_owner, owner):
        edition = make_published_edition(owner=owner)
        page = as_owner.get(reverse("work-text", args=[edition.work.public_id])).content.decode()
        assert "are pictures" in page
        assert "Prepare the text" not in page

    def test_a_lost_message_of_a_finished_job_is_made_up_for(self, as_owner, text):
        WorkText.objects.all().delete()
        Correction.objects.all().delete()
        Base.objects.all().delete()
        assert "The Harbour" in as_owner.get(address(text, "work-text")).content.decode()


class TestChapterPage:
    def test_every_block_has_its_form(self, as_owner, text):
        document = first(text)
        page = as_owner.get(address(text, "work-text-chapter", document["chapter"])).content.decode()
        for block in document["blocks"]:
            assert address(text, "work-text-block", document["chapter"], block["id"]) in page
        assert "data-editor" in page
        assert LINES[0][:30] in page

    def test_what_was_typed_is_text(self, as_owner, text):
        make_correction(text, patch_of(text, "keeper", "<b>warden</b>"))
        page = as_owner.get(address(text, "work-text-chapter", first(text)["chapter"])).content.decode()
        assert "&lt;b&gt;warden&lt;/b&gt;" in page

    def test_a_chapter_that_is_not_there(self, as_owner, text):
        assert as_owner.get(address(text, "work-text-chapter", "c99")).status_code == 404


class TestPlaces:
    def test_a_finding_opens_its_chapter_at_its_place(self, as_owner, text):
        make_finding(text.work.editions.get().job, code="image.no_alt", blocks=(4,))
        page = as_owner.get(reverse("work-remarks", args=[text.work.public_id])).content.decode()
        assert address(text, "work-text-at", "4") in page
        second = chapters.chapter_lines(text)[1].id
        answer = as_owner.get(address(text, "work-text-at", "4"))
        assert answer["Location"] == f"{address(text, 'work-text-chapter', second)}#block-b4"

    def test_a_block_that_is_nowhere_leads_to_the_list(self, as_owner, text):
        assert as_owner.get(address(text, "work-text-at", "999"))["Location"] == address(text, "work-text")


class TestBlock:
    def post(self, client: Client, on: WorkText, block: str, **data: Any):
        return client.post(address(on, "work-text-block", first(on)["chapter"], block), data)

    def test_saves_typed_words(self, as_owner, text):
        block = block_with(text, "keeper")
        words = LINES[1].replace("keeper", "warden")
        answer = self.post(as_owner, text, block, action="save", text=words, revision=text.revision)
        assert answer.status_code == 302
        assert Correction.objects.get().op == "words"
        assert "warden" in str(first(text)["blocks"])

    def test_an_empty_line_divides(self, as_owner, text):
        before = len(first(text)["blocks"])
        block = block_with(text, "keeper")
        words = LINES[1].replace(", and the keeper", ",\r\n\r\nand the keeper")
        self.post(as_owner, text, block, action="save", text=words, revision=text.revision)
        assert len(first(text)["blocks"]) == before + 1

    @pytest.mark.parametrize("action", ["remove", "join", "to_heading", "to_quotation", "insert_scene_break"])
    def test_changes_whole_blocks_and_each_can_be_undone(self, as_owner, text, action):
        before = first(text)["blocks"]
        answer = self.post(as_owner, text, block_with(text, "keeper"), action=action, revision=text.revision)
        assert answer.status_code == 302
        assert first(text)["blocks"] != before
        for correction in Correction.objects.accepted():
            deciding.revert(actor=text.work.owner, work=text.work, correction=correction, at=clock.now())
        assert first(text)["blocks"] == before

    def test_a_new_chapter_begins_at_a_block(self, as_owner, text):
        answer = self.post(as_owner, text, block_with(text, "keeper"), action="new_chapter", revision=text.revision)
        assert answer["Location"] == address(text, "work-text")
        assert [one.title for one in chapters.chapter_lines(fresh(text))][1] == "New chapter"

    def test_a_new_paragraph_leads_to_its_form(self, as_owner, text):
        answer = self.post(
            as_owner, text, block_with(text, "keeper"), action="insert_paragraph", revision=text.revision
        )
        assert answer.status_code == 302
        assert "/blocks/p" in answer["Location"]

    def test_words_that_changed_meanwhile_are_shown_beside_the_typed_ones(self, as_owner, text):
        block, revision = block_with(text, "keeper"), text.revision
        make_correction(text, patch_of(text, "keeper", "guard"))
        words = LINES[1].replace("keeper", "warden")
        answer = self.post(as_owner, text, block, action="save", text=words, revision=revision)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "warden" in page
        assert "guard" in page
        assert f'name="revision" value="{fresh(text).revision}"' in page

    def test_a_block_that_is_gone(self, as_owner, text):
        assert self.post(as_owner, text, "b999", action="remove").status_code == 404

    def test_an_object_that_is_not_there_is_said_and_the_text_kept(self, as_owner, text):
        answer = self.post(
            as_owner, text, block_with(text, "keeper"), action="save", text="Kept ⟦note 7⟧", revision=text.revision
        )
        assert answer.status_code == 422
        assert "Kept ⟦note 7⟧" in answer.content.decode()

    def test_only_makers_who_may_edit(self, client, stranger, text):
        client.force_login(stranger)
        assert self.post(client, text, "b1", action="remove").status_code == 404


def suggest(text: WorkText, old: str, new: str, author: User, **overrides: Any) -> Correction:
    decision = overrides.pop("decision", Decision.SUGGESTED)
    return make_correction(text, patch_of(text, old, new), author=author, decision=decision, **overrides)


@pytest.fixture
def editor_of_text(text) -> User:
    editor = make_reader()
    make_collaborator(text.work, "editor", user=editor)
    return editor


class TestDocument:
    def send(self, client: Client, text: WorkText, body: Any, *, chapter: str = ""):
        return client.post(
            address(text, "work-text-document", chapter or first(text)["chapter"]),
            body if isinstance(body, str) else json.dumps(body),
            content_type="application/json",
        )

    def body(self, text: WorkText, old: str, new: str) -> dict[str, Any]:
        document = first(text)
        revision = document.pop("revision")
        return {"revision": revision, "document": json.loads(json.dumps(document).replace(old, new))}

    def test_is_the_chapter_with_its_revision(self, as_owner, text):
        found = as_owner.get(address(text, "work-text-document", first(text)["chapter"])).json()
        assert found == first(text) | {"suggestions": []}

    def test_has_what_others_suggest_in_it(self, as_owner, text, editor_of_text):
        suggested = suggest(text, "keeper", "warden", editor_of_text)
        suggest(text, "keeper", "guard", editor_of_text, decision=Decision.DECLINED)
        document = as_owner.get(address(text, "work-text-document", first(text)["chapter"])).json()
        assert [(one["before"], one["after"], one["author"]) for one in document["suggestions"]] == [
            ("keeper ", "warden ", str(editor_of_text))
        ]
        found = document["suggestions"][0]
        assert f'"{found["block"]}"' in json.dumps(document["blocks"])
        answer = as_owner.post(found["accept_url"], headers={"Accept": "application/json"})
        assert answer.status_code == 204
        suggested.refresh_from_db()
        assert suggested.decision == Decision.ACCEPTED
        assert as_owner.get(address(text, "work-text-document", first(text)["chapter"])).json()["suggestions"] == []

    def test_a_suggestion_that_cannot_be_accepted_says_why(self, as_owner, text, editor_of_text):
        suggested = suggest(text, "keeper", "warden", editor_of_text)
        make_correction(text, patch_of(text, "keeper", "guard"))
        accept = address(text, "work-correction", suggested.public_id, "accept")
        answer = as_owner.post(accept, headers={"Accept": "application/json"})
        assert answer.status_code >= 400
        assert answer.json()["message"]
        suggested.refresh_from_db()
        assert suggested.decision == Decision.SUGGESTED

    def test_who_may_not_decide_gets_no_addresses_for_it(self, client, text):
        proofreader = make_reader()
        make_collaborator(text.work, "proofreader", user=proofreader)
        suggest(text, "keeper", "warden", proofreader)
        client.force_login(proofreader)
        found = client.get(address(text, "work-text-document", first(text)["chapter"])).json()["suggestions"]
        assert [set(one) & {"accept_url", "decline_url"} for one in found] == [set()]

    def test_a_save_is_answered_by_the_new_revision(self, as_owner, text):
        answer = self.send(as_owner, text, self.body(text, "keeper", "warden"))
        assert (answer.status_code, answer.json()) == (
            200,
            {"revision": text.revision + 1, "document": None, "suggested": 0},
        )

    def test_a_conflict_has_both(self, as_owner, text):
        mine = self.body(text, "keeper", "guard")
        self.send(as_owner, text, self.body(text, "keeper", "warden"))
        answer = self.send(as_owner, text, mine)
        found = answer.json()
        assert (answer.status_code, found["code"], found["revision"]) == (409, "conflict", text.revision + 1)
        assert "warden" in str(found["document"])
        assert "guard" in str(found["conflicts"][0]["mine"])

    @pytest.mark.parametrize(
        "body", ["", "[]", "null", "{", '{"revision": 1}', '{"revision": true, "document": {}}', "[" * 5000]
    )
    def test_what_is_no_request_is_said_in_json(self, as_owner, text, body):
        answer = self.send(as_owner, text, body)
        assert answer.status_code == 422
        assert set(answer.json()) == {"code", "rule", "block", "message"}

    def test_the_block_that_is_wrong_is_named(self, as_owner, text):
        body = self.body(text, "keeper", "warden")
        body["document"]["blocks"][1]["kind"] = "iframe"
        answer = self.send(as_owner, text, body)
        assert (answer.status_code, answer.json()["block"]) == (422, body["document"]["blocks"][1]["id"])

    def test_refusals_are_json(self, client, stranger, text):
        assert self.send(client, text, self.body(text, "a", "b")).json()["code"] == "not_found"
        client.force_login(stranger)
        answer = self.send(client, text, self.body(text, "a", "b"))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert client.get(address(text, "work-text-document", "c0")).json()["code"] == "not_found"

    def test_too_much_at_once_is_json(self, as_owner, text, settings):
        settings.MAX_BODY_BYTES = 1000
        answer = self.send(as_owner, text, {"document": "x" * 2000})
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    def test_too_often_is_json_with_a_time(self, as_owner, text, settings):
        settings.ACCOUNT_RATE_LIMITS = {"text": "1/m/key"}
        self.send(as_owner, text, self.body(text, "keeper", "warden"))
        answer = self.send(as_owner, text, self.body(text, "warden", "guard"))
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
        assert answer["Retry-After"]

    def test_a_work_without_a_text_is_json(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        answer = as_owner.get(reverse("work-text-document", args=[edition.work.public_id, "c0"]))
        assert (answer.status_code, answer.json()["code"]) == (404, "editing.no_text")


class TestCorrections:
    def test_lists_them_with_undo(self, as_owner, text):
        made = make_correction(text, patch_of(text, "keeper", "warden"))
        page = as_owner.get(address(text, "work-corrections")).content.decode()
        assert "<del>keeper" in page
        assert "<ins>warden" in page
        assert address(text, "work-correction", made.public_id, "undo") in page

    def test_undo_comes_back_to_the_list(self, as_owner, text):
        made = make_correction(text, patch_of(text, "keeper", "warden"))
        answer = as_owner.post(address(text, "work-correction", made.public_id, "undo"), {"state": ""})
        assert answer["Location"] == address(text, "work-corrections")
        assert selectors.placed_now(fresh(text)) == []

    def test_a_decision_that_came_too_late_is_said(self, as_owner, text):
        made = make_correction(text, patch_of(text, "keeper", "warden"))
        for _time in range(2):
            answer = as_owner.post(address(text, "work-correction", made.public_id, "undo"), follow=True)
        assert "already decided" in answer.content.decode()

    def test_an_action_that_is_none(self, as_owner, text):
        made = make_correction(text, patch_of(text, "keeper", "warden"))
        assert as_owner.post(address(text, "work-correction", made.public_id, "burn")).status_code == 404

    def test_a_correction_of_another_work(self, as_owner, text):
        other = make_text()
        made = make_correction(other, patch_of(other, "keeper", "warden"))
        assert as_owner.post(address(text, "work-correction", made.public_id, "undo")).status_code == 404
        made.refresh_from_db()
        assert made.decision == "accepted"

    @pytest.mark.parametrize("state", ["", "suggested", "conflict", "undone", "nonsense"])
    def test_every_list_has_words_when_it_is_empty(self, as_owner, text, state):
        page = as_owner.get(f"{address(text, 'work-corrections')}?state={state}")
        assert "Nothing here" in page.content.decode()


class TestWhatReadersHave:
    def test_is_said_beside_the_button_that_publishes(self, client: Client) -> None:
        published = make_published_edition()
        text = make_text(edition=published)
        client.force_login(text.work.owner)
        address = reverse("work-text", args=[text.work.public_id])
        page = client.get(address).content.decode()
        assert "Readers have this text." in page
        assert "Publish this text" not in page
        make_edition(work=text.work, manuscript=published.manuscript)
        page = client.get(address).content.decode()
        assert "Readers have edition 1 until this one is published." in page
        assert "Publish this text" in page
