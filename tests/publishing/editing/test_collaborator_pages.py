"""Collaborators on the pages of the text: a proofreader suggests, an editor corrects."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from publishing.editing.models import Correction, Decision, Origin, WorkText
from publishing.editing.selectors import chapters
from tests.factories.collaboration import make_collaborator
from tests.factories.editing import make_correction, make_text, patch_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def text() -> WorkText:
    return make_text()


def log_in(client: Client, text: WorkText, role: str) -> Any:
    person = make_collaborator(text.work, role).person
    client.force_login(person)
    return person


def chapter_of(text: WorkText) -> dict[str, Any]:
    return chapters.chapter_document(text, chapters.chapter_lines(text)[0].id)


def block_address(text: WorkText) -> str:
    document = chapter_of(text)
    block = next(one for one in document["blocks"] if "keeper" in str(one.get("text")))
    return reverse("work-text-block", args=[text.work.public_id, document["chapter"], block["id"]])


def typed(client: Client, address: str) -> dict[str, str]:
    """What the form sends back with one word changed."""
    form = client.get(address).context["form"]
    values = {name: field.value() for name, field in ((one.name, one) for one in form)}
    return {**{k: v for k, v in values.items() if v}, "text": values["text"].replace("keeper", "warden")}


class TestPages:
    @pytest.mark.parametrize("role", ["proofreader", "editor", "co_author"])
    def test_lead_back_to_what_is_shared_and_nowhere_else(self, client: Client, text: WorkText, role: str) -> None:
        log_in(client, text, role)
        work = text.work.public_id
        chapter = chapter_of(text)["chapter"]
        for address in (
            reverse("work-text", args=[work]),
            reverse("work-text-chapter", args=[work, chapter]),
            reverse("work-corrections", args=[work]),
        ):
            page = client.get(address).content.decode()
            assert reverse("collaboration:work", args=[work]) in page
            for name in ("work", "work-proof", "work-price", "work-publish", "work-design", "work-details"):
                assert f'"{reverse(name, args=[work])}"' not in page, (address, name)

    def test_offer_what_the_role_may_do(self, client: Client, text: WorkText) -> None:
        chapter = reverse("work-text-chapter", args=[text.work.public_id, chapter_of(text)["chapter"]])
        for role, words in (("proofreader", "Suggest<"), ("editor", "Edit<")):
            log_in(client, text, role)
            assert words in client.get(chapter).content.decode()
        log_in(client, text, "early_reader")
        assert client.get(chapter).status_code == 404, "they read the preview"


class TestSuggest:
    def test_a_proofreaders_form_leaves_the_text_as_it_is(self, client: Client, text: WorkText) -> None:
        person = log_in(client, text, "proofreader")
        address = block_address(text)
        answer = client.post(address, {**typed(client, address), "action": "save"}, follow=True)
        assert "The author sees it at its place" in answer.content.decode()
        made = Correction.objects.get()
        assert (made.decision, made.origin, made.author) == (Decision.SUGGESTED, Origin.SUGGESTION, person)
        assert "warden" not in str(chapter_of(text))

    def test_says_why_and_hears_why_not(self, client: Client, text: WorkText) -> None:
        log_in(client, text, "proofreader")
        address = block_address(text)
        client.post(address, {**typed(client, address), "action": "save", "reason": "Keepers are for <goats>."})
        made = Correction.objects.get()
        assert made.patch.reason == "Keepers are for <goats>."
        list_page = f"{reverse('work-corrections', args=[text.work.public_id])}?state="
        client.force_login(text.work.owner)
        assert "Keepers are for &lt;goats&gt;." in client.get(f"{list_page}suggested").content.decode()
        decline = reverse("work-correction", args=[text.work.public_id, made.public_id, "decline"])
        client.post(decline, {"reason": "It is\na " + "lighthouse. " * 50})
        made.refresh_from_db()
        assert made.decline_reason.startswith("It is a lighthouse.")
        assert len(made.decline_reason) <= 300
        assert made.author is not None
        client.force_login(made.author)
        assert "It is a lighthouse." in client.get(f"{list_page}undone").content.decode()

    def test_a_reason_that_is_too_long_is_refused_with_what_was_typed(self, client: Client, text: WorkText) -> None:
        log_in(client, text, "proofreader")
        address = block_address(text)
        answer = client.post(address, {**typed(client, address), "action": "save", "reason": "x" * 301})
        assert answer.status_code == 422
        assert "warden" in answer.content.decode()
        assert not Correction.objects.exists()

    def test_the_editor_in_the_browser_is_theirs_too_without_new_pictures(self, client: Client, text: WorkText) -> None:
        chapter = reverse("work-text-chapter", args=[text.work.public_id, chapter_of(text)["chapter"]])
        for role, may_put in (("proofreader", False), ("editor", True)):
            log_in(client, text, role)
            answer = client.get(chapter)
            assert bool(answer.context["editor"]["putPicture"]) == may_put
            assert ("Type your changes into the text." in answer.content.decode()) != may_put

    def test_says_why_in_the_margin(self, client: Client, text: WorkText) -> None:
        person = log_in(client, text, "proofreader")
        patch = patch_of(text, "keeper", "warden")
        made = make_correction(text, patch, decision=Decision.SUGGESTED, origin=Origin.SUGGESTION, author=person)
        address = reverse("work-correction", args=[text.work.public_id, made.public_id, "explain"])
        assert client.post(address, {"reason": "Goats."}, headers={"accept": "application/json"}).status_code == 204
        assert [one.patch.reason for one in Correction.objects.suggested()] == ["Goats."]
        again = client.post(address, {"reason": "Cows."}, headers={"accept": "application/json"})
        assert again.status_code == 409, "it was replaced by the one with the reason"

    def test_an_editor_is_asked_for_no_reason(self, client: Client, text: WorkText) -> None:
        log_in(client, text, "editor")
        assert 'name="reason"' not in client.get(block_address(text)).content.decode()

    def test_nothing_changed_is_nothing_suggested(self, client: Client, text: WorkText) -> None:
        log_in(client, text, "proofreader")
        address = block_address(text)
        form = {**typed(client, address), "action": "save"}
        form["text"] = form["text"].replace("warden", "keeper")
        client.post(address, form)
        assert not Correction.objects.exists()

    @pytest.mark.parametrize("action", ["remove", "join", "to_heading", "insert_paragraph"])
    def test_a_proofreader_changes_no_whole_blocks(self, client: Client, text: WorkText, action: str) -> None:
        log_in(client, text, "proofreader")
        assert client.post(block_address(text), {"action": action}).status_code == 403
        assert not Correction.objects.exists()

    def test_an_editors_form_changes_the_text(self, client: Client, text: WorkText) -> None:
        log_in(client, text, "editor")
        address = block_address(text)
        client.post(address, {**typed(client, address), "action": "save"})
        assert Correction.objects.get().decision == Decision.ACCEPTED
        assert "warden" in str(chapter_of(WorkText.objects.select_related("base").get(pk=text.pk)))

    @pytest.mark.parametrize(
        ("role", "status", "decision"),
        [("early_reader", 403, None), ("proofreader", 200, "suggested"), ("editor", 200, "accepted")],
    )
    def test_the_editors_address_does_as_the_form(
        self, client: Client, text: WorkText, role: str, status: int, decision: str | None
    ) -> None:
        log_in(client, text, role)
        document = chapter_of(text)
        revision = document.pop("revision")
        changed = json.loads(json.dumps(document).replace("keeper", "warden"))
        address = reverse("work-text-document", args=[text.work.public_id, document["chapter"]])
        body = json.dumps({"revision": revision, "document": changed})
        answer = client.post(address, body, content_type="application/json")
        assert answer.status_code == status
        assert [one.decision for one in Correction.objects.all()] == ([decision] if decision else [])
        if decision == "suggested":
            assert answer.json()["suggested"] == 1
            (own,) = answer.json()["document"]["suggestions"]
            assert (own["own"], own["before"].strip(), own["after"].strip()) == (True, "keeper", "warden")
            assert {"withdraw_url", "explain_url"} < own.keys()
            assert "accept_url" not in own
            assert "warden" in json.dumps(client.get(address).json()["blocks"]), "they see what they typed"
            client.force_login(text.work.owner)
            seen = client.get(address).json()
            assert "warden" not in json.dumps(seen["blocks"])
            (theirs,) = seen["suggestions"]
            words = "".join(next(one["text"] for one in seen["blocks"] if one["id"] == theirs["block"]))
            assert words[theirs["start"] : theirs["end"]] == "keeper"
            assert "withdraw_url" not in theirs


class TestDecide:
    def suggestion(self, text: WorkText, **given: Any) -> Correction:
        given = {"decision": Decision.SUGGESTED, "origin": Origin.SUGGESTION, **given}
        return make_correction(text, patch_of(text, "keeper", "warden"), **given)

    def decide(self, client: Client, made: Correction, action: str) -> int:
        address = reverse("work-correction", args=[made.work.public_id, made.public_id, action])
        return client.post(address, {"state": "suggested"}).status_code

    @pytest.mark.parametrize("role", ["early_reader", "proofreader"])
    @pytest.mark.parametrize("action", ["accept", "decline", "withdraw"])
    def test_is_not_of_those_who_suggest(self, client: Client, text: WorkText, role: str, action: str) -> None:
        made = self.suggestion(text)
        log_in(client, text, role)
        assert self.decide(client, made, action) == 403
        made.refresh_from_db()
        assert made.decision == Decision.SUGGESTED

    def test_a_proofreader_withdraws_their_own(self, client: Client, text: WorkText) -> None:
        person = log_in(client, text, "proofreader")
        made = self.suggestion(text, author=person)
        assert self.decide(client, made, "withdraw") == 302
        made.refresh_from_db()
        assert made.decision == Decision.WITHDRAWN

    @pytest.mark.parametrize(("action", "then"), [("accept", Decision.ACCEPTED), ("decline", Decision.DECLINED)])
    def test_an_editor_decides(self, client: Client, text: WorkText, action: str, then: Decision) -> None:
        made = self.suggestion(text)
        log_in(client, text, "editor")
        assert self.decide(client, made, action) == 302
        made.refresh_from_db()
        assert made.decision == then
