"""Typos that readers report: taken, placed in the newest edition, counted once, decided by the author."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from common import clock
from common.errors import NotFound
from publishing.models import ContributorRole, Edition
from storefront.catalogue.selectors.edition_texts import text_of
from storefront.checkout.models import Entitlement
from storefront.reading.errors import NothingToCorrect, TooManyWords, WordsNotThere
from storefront.reading.models import TypoReport, TypoState
from storefront.reading.selectors import typos
from storefront.reading.selectors.typos import TypoPlace
from storefront.reading.services import edition_maps
from storefront.reading.services import typos as typo_services
from storefront.reading.services.typos import TypoInput
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_contributor
from tests.factories.reading import give, publish_text

pytestmark = [pytest.mark.both, pytest.mark.django_db]

WRONG = (
    ("The Harbour", "Rain fell on teh water all night.", "In the morning the boats came in, one after teh other."),
    ("The Lamp", "She held the lamp to the window and counted the boats.", "The last of them were not among them."),
)
RIGHT = (
    ("Before", "A foreword that was not there."),
    ("The Harbour", "Rain fell on the water all night.", "In the morning the boats came in, one after teh other."),
    ("The Lamp", "She held a lantern up and looked out.", "The last of them were not among them."),
)


def make_typo(
    edition: Edition, words: str = "teh water", replacement: str = "the water", reader: User | None = None, **more: Any
) -> TypoReport:
    if reader is None:
        reader = make_reader()
        give(reader, edition)
    text = text_of(edition)
    found = text.find(words, near_bps=0)
    assert found is not None
    told = TypoInput(found[0], found[1], found[1] + len(words), words, replacement, more.pop("remark", ""))
    return typo_services.report_typo(actor=reader, edition=edition, told=told, at=more.pop("at", clock.now()))


def new_edition(first: Edition, chapters: Any = RIGHT) -> Edition:
    edition = publish_text(chapters, work=first.work)
    edition_maps.edition_listed(edition)
    for row in edition_maps.EditionMap.objects.filter(to_edition=edition):
        edition_maps.make(map_id=row.pk)
    return edition


@pytest.fixture
def edition() -> Edition:
    return publish_text(WRONG, slug="lighthouse")


class TestReport:
    def test_keeps_the_passage_and_what_stands_around_it(self, edition: Edition) -> None:
        made = make_typo(edition, remark="Twice on this page.")
        assert (made.exact, made.replacement, made.prefix, made.suffix) == (
            "teh water",
            "the water",
            "Rain fell on ",
            " all night.",
        )
        assert (made.chapter, made.remark, made.state) == ("The Harbour", "Twice on this page.", TypoState.OPEN)

    def test_the_same_again_is_the_one_there_is(self, edition: Edition) -> None:
        reader = make_reader()
        give(reader, edition)
        assert make_typo(edition, reader=reader) == make_typo(edition, reader=reader)
        assert TypoReport.objects.count() == 1

    def test_blanks_at_the_ends_are_not_part_of_it(self, edition: Edition) -> None:
        assert make_typo(edition, " teh ", "the").exact == "teh"

    @pytest.mark.parametrize(
        ("told", "error"),
        [
            (TypoInput(1, 13, 16, "the", "x"), WordsNotThere),
            (TypoInput(1, 13, 400, "teh", "x"), WordsNotThere),
            (TypoInput(99, 0, 3, "teh", "x"), WordsNotThere),
            (TypoInput(1, 16, 13, "", "x"), WordsNotThere),
            (TypoInput(1, 13, 16, "teh", " teh "), NothingToCorrect),
        ],
    )
    def test_refuses_what_is_no_correction(self, edition: Edition, told: TypoInput, error: type[Exception]) -> None:
        with pytest.raises(error):
            typo_services.report_typo(actor=edition.work.owner, edition=edition, told=told, at=clock.now())
        assert not TypoReport.objects.exists()

    def test_refuses_a_whole_paragraph(self) -> None:
        edition = publish_text((("One", "word " * 100),))
        with pytest.raises(TooManyWords):
            make_typo(edition, ("word " * 100).strip(), "x")

    def test_is_only_for_those_who_may_read_the_book(self, edition: Edition) -> None:
        stranger = make_reader()
        with pytest.raises(NotFound):
            make_typo(edition, reader=stranger)
        give(stranger, edition)
        Entitlement.objects.update(ended_at=clock.now())
        with pytest.raises(NotFound):
            make_typo(edition, reader=stranger)


class TestFindings:
    def test_equal_ones_count_once_however_much_was_selected(self, edition: Edition) -> None:
        make_typo(edition, "teh", "the", remark="Here.")
        make_typo(edition, "fell on teh water", "fell on the water")
        make_typo(edition, "teh water", "tea water")
        found = typos.findings_of(edition.work)
        assert sorted((one.removed, one.added, one.readers) for one in found) == [("teh", "tea", 1), ("teh", "the", 2)]
        assert [one.remarks for one in found if one.added == "the"] == [("Here.",)]

    def test_the_same_slip_elsewhere_is_another(self, edition: Edition) -> None:
        make_typo(edition, "on teh", "on the")
        make_typo(edition, "after teh", "after the")
        assert [one.readers for one in typos.findings_of(edition.work)] == [1, 1]

    def test_shows_whole_words(self, edition: Edition) -> None:
        make_typo(edition, "eh wat", "he wat")
        one = typos.findings_of(edition.work)[0]
        assert (one.before, one.removed, one.added, one.after) == ("Rain fell on ", "teh", "the", " water all night.")

    def test_after_a_new_edition_they_are_where_the_words_are(self, edition: Edition) -> None:
        make_typo(edition, "after teh", "after the")
        new_edition(edition)
        make_typo(edition, "teh other", "the other")
        (one,) = typos.findings_of(edition.work)
        assert (one.place, one.readers, one.block, one.is_open) == (TypoPlace.THERE, 2, 4, True)

    def test_what_the_new_edition_says_as_proposed_is_corrected(self, edition: Edition) -> None:
        make_typo(edition, "teh", "the")
        new_edition(edition)
        (one,) = typos.findings_of(edition.work)
        assert (one.place, one.added, one.is_open) == (TypoPlace.CORRECTED, "the", False)

    def test_a_report_of_the_new_edition_joins_one_of_the_old(self, edition: Edition) -> None:
        make_typo(edition, "after teh", "after the")
        second = new_edition(edition)
        make_typo(second, "after teh", "after the")
        assert [one.readers for one in typos.findings_of(edition.work)] == [2]

    def test_what_was_rewritten_is_shown_as_it_was(self, edition: Edition) -> None:
        make_typo(edition, "counted the boats", "counted the ships")
        new_edition(edition)
        (one,) = typos.findings_of(edition.work)
        assert (one.place, one.removed, one.added) == (TypoPlace.CHANGED, "boats.", "ships.")
        assert one.is_open

    def test_without_a_map_nothing_is_guessed(self, edition: Edition) -> None:
        make_typo(edition, "teh", "the")
        publish_text(RIGHT, work=edition.work, announce=False)
        (one,) = typos.findings_of(edition.work)
        assert (one.place, one.block) == (TypoPlace.CHANGED, None)

    def test_publishing_asks_for_the_map(self, edition: Edition) -> None:
        make_typo(edition)
        second = publish_text(RIGHT, work=edition.work)
        assert edition_maps.EditionMap.objects.filter(from_edition=edition, to_edition=second).exists()


class TestDecide:
    def decide(self, edition: Edition, made: TypoReport, state: TypoState, at: datetime | None = None) -> None:
        typo_services.decide(
            actor=edition.work.owner, work=edition.work, report_id=made.public_id, state=state, at=at or clock.now()
        )

    def test_goes_for_all_equal_ones_and_can_be_undone(self, edition: Edition) -> None:
        first, second = make_typo(edition, "teh", "the"), make_typo(edition)
        other = make_typo(edition, "after teh", "after the")
        self.decide(edition, first, TypoState.DECLINED)
        states = dict(TypoReport.objects.values_list("pk", "state"))
        assert states == {first.pk: "declined", second.pk: "declined", other.pk: "open"}
        self.decide(edition, second, TypoState.OPEN)
        assert {one.state for one in typos.findings_of(edition.work)} == {TypoState.OPEN}

    def test_covers_those_that_come_later(self, edition: Edition) -> None:
        self.decide(edition, make_typo(edition, "teh", "the"), TypoState.DECLINED)
        make_typo(edition)
        assert [(one.state, one.readers) for one in typos.findings_of(edition.work)] == [(TypoState.DECLINED, 2)]

    @pytest.mark.parametrize(("state", "then"), [("done", "open"), ("declined", "declined")])
    def test_done_is_open_again_if_the_next_edition_has_it_still(self, edition: Edition, state: str, then: str) -> None:
        self.decide(edition, make_typo(edition, "after teh", "after the"), TypoState(state))
        second = new_edition(edition)
        Edition.objects.filter(pk=second.pk).update(published_at=timezone.now() + timedelta(days=400))
        second.refresh_from_db()
        make_typo(second, "after teh", "after the")
        assert [one.state for one in typos.findings_of(edition.work)] == [then]

    def test_is_the_makers_business(self, edition: Edition) -> None:
        made = make_typo(edition)
        editor, other = make_author(), make_author()
        make_contributor(edition.work, user=editor, role=ContributorRole.EDITOR, name="Ed")
        arguments = {"work": edition.work, "report_id": made.public_id, "state": TypoState.DONE, "at": clock.now()}
        for person in (other, make_reader()):
            with pytest.raises(NotFound):
                typo_services.decide(actor=person, **arguments)
        typo_services.decide(actor=editor, **arguments)
        assert TypoReport.objects.get().state == TypoState.DONE

    def test_not_of_another_work(self, edition: Edition) -> None:
        made = make_typo(publish_text(WRONG))
        with pytest.raises(NotFound):
            self.decide(edition, made, TypoState.DONE)


def test_guests_take_them_along(edition: Edition) -> None:
    guest, person = make_reader(), make_reader()
    for one in (guest, person):
        give(one, edition)
        make_typo(edition, "teh", "the", reader=one)
    make_typo(edition, "after teh", "after the", reader=guest)
    typo_services.merge_guest_typos(guest, person)
    assert sorted(TypoReport.objects.values_list("user", "exact")) == [(person.pk, "after teh"), (person.pk, "teh")]


class TestPage:
    ADDRESS = "/read/lighthouse/typo/"

    @pytest.fixture
    def reader(self, client: Client, edition: Edition) -> User:
        reader = make_reader()
        give(reader, edition)
        client.force_login(reader)
        return reader

    def send(self, client: Client, headers: dict[str, str] | None = None, **form: str) -> Any:
        values = {"chapter": "c1", "words": "fell on teh", "replacement": "fell on the", **form}
        return client.post(self.ADDRESS, values, headers=headers or {})

    def test_takes_the_words_and_finds_their_place(self, client: Client, reader: User) -> None:
        assert self.send(client, remark="Look!")["Location"] == self.ADDRESS
        made = TypoReport.objects.get(user=reader)
        assert (made.block, made.start, made.exact, made.remark) == (1, 5, "fell on teh", "Look!")
        page = client.get(self.ADDRESS).content.decode()
        assert "Thank you. The author sees your proposal" in page
        assert "<del>fell on teh</del>" in page

    def test_asks_which_if_they_are_there_twice(self, client: Client, reader: User) -> None:
        response = self.send(client, words="teh", replacement="the")
        assert response.status_code == 422
        page = response.content.decode()
        assert page.count('type="radio" name="place"') == 2
        assert "Choose one of the places" in page
        assert 'value="the"' in page
        assert self.send(client, words="teh", replacement="the", place="2:44:47").status_code == 302
        assert TypoReport.objects.get().block == 2

    def test_forgives_straight_quotation_marks(self, client: Client, edition: Edition, reader: User) -> None:
        publish_text((("One", "It isn’t “teh” sea."),), work=edition.work)
        assert self.send(client, words='isn\'t "teh"', replacement="isn’t “the”").status_code == 302
        assert TypoReport.objects.get().exact == "isn’t “teh”"

    @pytest.mark.parametrize("place", ["x", "9999999:0:4", "١:٢:٣", "9" * 39])
    def test_looks_for_the_words_if_there_is_no_such_place(self, client: Client, reader: User, place: str) -> None:
        assert self.send(client, place=place).status_code == 302
        assert TypoReport.objects.get().exact == "fell on teh"

    @pytest.mark.parametrize(
        "form",
        [
            {"words": ""},
            {"words": "not there"},
            {"words": "fell on teh", "replacement": "fell on teh"},
            {"chapter": "c9"},
            {"place": "1:0:4"},
            {"words": "o", "replacement": "0"},
            {"words": "x" * 301},
            {"replacement": "x" * 401},
            {"remark": "x" * 501},
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, client: Client, reader: User, form: dict[str, str]
    ) -> None:
        response = self.send(client, **{"remark": "Keep me", **form})
        assert response.status_code == 422
        assert b"errorlist" in response.content or b"message-error" in response.content
        assert "remark" in form or b"Keep me" in response.content
        assert not TypoReport.objects.exists()

    def test_answers_the_script_in_json(self, client: Client, reader: User, edition: Edition) -> None:
        accept = {"Accept": "application/json"}
        form = {"words": "teh", "replacement": "the", "place": "1:13:16", "edition": edition.public_id}
        assert self.send(client, accept, **{**form, "words": "the"}).json()["errors"]["words"]
        response = self.send(client, accept, **form)
        assert (response.status_code, response.json()) == (200, {"errors": {}})
        assert self.send(client, accept, **{**form, "edition": "edn_other"}).status_code == 404

    def test_takes_a_typo_of_the_edition_that_is_open(self, client: Client, reader: User, edition: Edition) -> None:
        publish_text(RIGHT, work=edition.work)
        assert self.send(client, edition=edition.public_id).status_code == 302
        assert TypoReport.objects.get().edition == edition

    def test_is_for_readers_of_the_book(self, client: Client, edition: Edition) -> None:
        assert client.get(self.ADDRESS).status_code == 302
        assert self.send(client).status_code == 404
        client.force_login(make_reader())
        assert client.get(self.ADDRESS)["Location"] == "/read/lighthouse/sample/"
        assert self.send(client).status_code == 404
        assert not TypoReport.objects.exists()

    def test_says_what_became_of_it(self, client: Client, reader: User, edition: Edition) -> None:
        made = make_typo(edition, "teh", "the", reader=reader)
        make_typo(edition, "after teh", "after the", reader=make_reader_of(edition), remark="secret")
        assert "Sent to the author" in client.get(self.ADDRESS).content.decode()
        TestDecide().decide(edition, made, TypoState.DECLINED)
        assert "decided to leave it" in client.get(self.ADDRESS).content.decode()
        new_edition(edition)
        page = client.get(self.ADDRESS).content.decode()
        assert "Corrected. Thank you!" in page
        assert "secret" not in page
        assert "after teh" not in page

    def test_is_limited(self, client: Client, reader: User, settings: Any) -> None:
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "typo": "1/h/key"}
        assert self.send(client).status_code == 302
        assert self.send(client, words="after teh", replacement="after the").status_code == 429
        assert TypoReport.objects.count() == 1


def make_reader_of(edition: Edition) -> User:
    reader = make_reader()
    give(reader, edition)
    return reader


class TestDesk:
    def page(self, client: Client, edition: Edition, **query: str) -> str:
        client.force_login(edition.work.owner)
        response = client.get(f"/desk/typos/{edition.work.public_id}/", query)
        assert response.status_code == 200
        return response.content.decode()

    def test_shows_each_at_its_place_without_the_readers_name(self, client: Client, edition: Edition) -> None:
        reader = make_reader(display_name="Rita Reader")
        give(reader, edition)
        make_typo(edition, "teh", "the", reader=reader, remark="<b>Here</b>")
        make_typo(edition)
        page = self.page(client, edition)
        assert "<del>teh</del>" in page
        assert "<ins>the</ins>" in page
        assert "2 readers, first on" in page
        assert "&lt;b&gt;Here" in page
        assert "Rita" not in page
        assert reader.email not in page

    def test_decides_and_comes_back_to_the_list(self, client: Client, edition: Edition) -> None:
        made = make_typo(edition)
        self.page(client, edition)
        address = f"/desk/typos/{edition.work.public_id}/{made.public_id}/"
        assert client.post(address, {"state": "done"})["Location"] == f"/desk/typos/{edition.work.public_id}/"
        assert "<del>" not in self.page(client, edition)
        assert "<del>teh</del>" in self.page(client, edition, show="done")
        assert client.post(address, {"state": "burnt"}).status_code == 404

    def test_what_is_corrected_needs_no_decision(self, client: Client, edition: Edition) -> None:
        make_typo(edition)
        new_edition(edition)
        assert "<mark>the</mark>" not in self.page(client, edition)
        assert "<mark>the</mark>" in self.page(client, edition, show="corrected")

    def test_its_count_stands_on_the_works_page(self, client: Client, edition: Edition) -> None:
        make_typo(edition)
        make_typo(edition, "teh", "the")
        client.force_login(edition.work.owner)
        assert (
            f'data-fragment="/desk/typos/{edition.work.public_id}/count/"'
            in client.get(f"/desk/works/{edition.work.public_id}/").content.decode()
        )
        assert "1 typo to look at" in client.get(f"/desk/typos/{edition.work.public_id}/count/").content.decode()

    def test_makes_the_same_number_of_queries_for_many(
        self, client: Client, edition: Edition, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(8):
            make_typo(edition, "teh water", f"the water {number}")
        new_edition(edition)
        with django_assert_max_num_queries(8):
            assert len(typos.findings_of(edition.work)) == 8
