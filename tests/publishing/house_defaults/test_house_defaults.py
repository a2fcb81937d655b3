"""Defaults for new books: what they may be, what new books take of them, and that others stay as they are."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import User
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from conversion.engine.api import MatterKind
from publishing import services
from publishing.errors import CountryUnknown, CurrencyUnknown, PriceOutOfRange, TerritoryEmpty
from publishing.house_defaults import selectors
from publishing.house_defaults import services as defaults_services
from publishing.house_defaults.forms import HouseDefaultsForm
from publishing.house_defaults.models import HouseDefaults
from publishing.house_defaults.values import Defaults, still_given
from publishing.models import MatterSetting, TerritoryChange, Work
from publishing.price_forms import PriceForm
from publishing.record.errors import MiningNotReservable, SourceMissing
from publishing.territories import Territory, TerritoryRule
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_contributor, make_edition, make_work

pytestmark = pytest.mark.django_db

MINE = Defaults(
    imprint="Salt Press",
    language="de",
    sample_bps=2000,
    licence="cc-by-4.0",
    rights_line="© Ada Quill",
    territory=Territory.of(TerritoryRule.ONLY, ["DE", "AT"]),
    matter=(MatterSetting(MatterKind.TITLE, is_on=True), MatterSetting(MatterKind.ALSO_BY, is_on=True)),
    credited_name="A. Q. Salt",
    is_on_page=False,
    biography="Lives by the sea.",
    price_currency="EUR",
    price_minor=799,
    is_price_open=True,
)


def save(owner: User, defaults: Defaults = MINE) -> HouseDefaults:
    return defaults_services.save_defaults(actor=owner, defaults=defaults, at=clock.now())


def upload(owner: User) -> Work:
    return services.create_work(
        actor=owner, content=io.BytesIO(b"# One\n\nIt was a dark night."), name="salt.md", at=clock.now()
    )


def begin(owner: User) -> Work:
    return services.begin_work(actor=owner, title="Salt", language="fr", at=clock.now(), form_token=uuid4())


class TestSave:
    def test_what_was_saved_is_read_again(self, owner):
        save(owner)
        assert selectors.defaults_of(owner) == MINE

    def test_again_changes_the_row(self, owner):
        save(owner)
        save(owner, replace(MINE, imprint=""))
        assert HouseDefaults.objects.get().imprint == ""

    def test_nobody_but_authors(self):
        with pytest.raises(NotAllowed):
            save(make_reader())

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"licence": "public-domain"}, SourceMissing),
            ({"is_mining_reserved": True}, MiningNotReservable),
            ({"territory": Territory(TerritoryRule.ONLY, ("XX",))}, CountryUnknown),
            ({"territory": Territory(TerritoryRule.ONLY, ())}, TerritoryEmpty),
            ({"price_currency": "XTS"}, CurrencyUnknown),
            ({"price_currency": ""}, CurrencyUnknown),
            ({"price_minor": -1}, PriceOutOfRange),
            ({"price_minor": 100_001}, PriceOutOfRange),
        ],
    )
    def test_refuses_what_no_book_may_be(self, owner, changed: dict[str, Any], error: type[DomainError]):
        with pytest.raises(error):
            save(owner, replace(MINE, **changed))
        assert not HouseDefaults.objects.exists()


class TestNewBooks:
    @pytest.mark.parametrize("create", [upload, begin])
    def test_begin_with_them(self, owner, create):
        save(owner)
        work = create(owner)
        assert (work.imprint, work.sample_bps, work.licence, work.rights_line) == (
            "Salt Press", 2000, "cc-by-4.0", "© Ada Quill",
        )  # fmt: skip
        assert work.territory == MINE.territory
        assert work.matter == MINE.matter
        author = work.contributors.get()
        assert (author.name, author.biography, author.is_on_page) == ("A. Q. Salt", "Lives by the sea.", False)
        assert TerritoryChange.objects.get(work=work).countries == ["AT", "DE"]
        assert not work.prices.exists(), "a price is only proposed"

    def test_without_defaults_are_as_ever(self, owner):
        work = upload(owner)
        assert (work.imprint, work.sample_bps, work.licence, work.given_defaults) == ("", 1000, "reserved", {})
        assert [one.kind for one in work.matter or ()] == [MatterKind.TITLE, MatterKind.COPYRIGHT]
        assert work.contributors.get().name == "Ada Quill"
        assert not TerritoryChange.objects.exists()

    def test_the_language_chosen_for_a_book_is_its_own(self, owner):
        save(owner)
        assert begin(owner).language == "fr"
        assert upload(owner).language == "", "until the manuscript was read"

    def test_a_manuscript_without_a_language_has_the_usual_one(self, owner):
        save(owner)
        work = make_work(owner=owner, language="", details_read_at=None)
        edition = make_edition(work=work)
        edition.job.result = replace(edition.job.result, language="")
        edition.job.save()
        services.fill_details_from_conversion(work=work, at=clock.now())
        assert (work.language, work.given_defaults) == ("de", {"language": "de"})

    def test_others_defaults_are_not_taken(self, owner, stranger):
        save(stranger)
        assert upload(owner).imprint == ""

    def test_later_changes_leave_books_alone(self, owner):
        save(owner)
        work = upload(owner)
        save(owner, replace(MINE, imprint="Other", biography="", matter=()))
        work.refresh_from_db()
        assert (work.imprint, work.contributors.get().biography) == ("Salt Press", "Lives by the sea.")
        assert work.matter == MINE.matter

    def test_a_price_is_proposed(self, owner):
        save(owner)
        form = PriceForm(work=upload(owner))
        assert (str(form["EUR"].value()), form["is_open_EUR"].value(), form["USD"].value()) == ("7.99", True, None)
        assert form.is_from_defaults
        assert form.proposed_minor("EUR") == 799
        assert not PriceForm(work=make_work(owner=make_reader())).is_from_defaults

    def test_say_where_a_value_comes_from_until_it_is_changed(self, owner):
        save(owner)
        work = upload(owner)
        names = ("imprint", "licence", "territory", "matter", "is_mining_reserved")
        assert still_given(work, names) == ["imprint", "licence", "countries", "front and back pages"]
        work.imprint = "Another"
        assert "imprint" not in still_given(work, names)
        assert still_given(work, ("credited_name", "biography"), work.contributors.get()) == [
            "credited name", "biography",
        ]  # fmt: skip


class TestTake:
    def test_from_a_book(self, owner):
        save(owner)
        work = upload(owner)
        work.prices.create(currency="GBP", list_price_minor=350, changed_at=clock.now())
        HouseDefaults.objects.all().delete()
        defaults_services.take_from_work(actor=owner, work=work, at=clock.now())
        taken = selectors.defaults_of(owner)
        assert replace(taken, price_currency="EUR", price_minor=799, is_price_open=True, language="de") == MINE
        assert (taken.price_currency, taken.price_minor, taken.is_price_open) == ("GBP", 350, False)

    def test_what_belongs_to_one_book_stays_there(self, owner):
        work = make_work(
            owner=owner,
            licence="public-domain",
            matter=(MatterSetting(MatterKind.DEDICATION, is_on=True, words="For Anna"),),
        )
        defaults_services.take_from_work(actor=owner, work=work, at=clock.now())
        taken = selectors.defaults_of(owner)
        assert (taken.licence, taken.matter) == ("reserved", ())

    def test_others_may_not(self, owner, stranger):
        work = make_work(owner=owner)
        with pytest.raises(NotFound):
            defaults_services.take_from_work(actor=stranger, work=work, at=clock.now())
        make_contributor(work, user=stranger)
        with pytest.raises(NotAllowed):
            defaults_services.take_from_work(actor=stranger, work=work, at=clock.now())


class TestPage:
    def sent(self, **changed: Any) -> dict[str, Any]:
        data = {"sample_bps": "1000", "licence": "reserved", "rule": "world", "price_currency": "USD"}
        return data | changed

    def post(self, client, **changed: Any):
        return client.post(reverse("house-defaults"), self.sent(**changed))

    def test_saves(self, as_owner, owner):
        answer = self.post(
            as_owner, imprint="  Salt\u00a0 Press ", rule="only", countries="Germany, at", price="7,99",
            price_currency="EUR", also_by_on="on", copyright_on="on", copyright_words="Thanks.",
        )  # fmt: skip
        assert answer.status_code == 302
        saved = selectors.defaults_of(owner)
        assert (saved.territory.countries, saved.price_minor) == (("AT", "DE"), 799)
        assert {one.kind: one.words for one in saved.matter if one.is_on} == {
            MatterKind.COPYRIGHT: "Thanks.", MatterKind.ALSO_BY: "",
        }  # fmt: skip
        assert "Germany" in as_owner.get(reverse("house-defaults")).content.decode()

    @pytest.mark.parametrize(
        "changed",
        [
            {"rule": "only"},
            {"rule": "only", "countries": "Atlantis"},
            {"licence": "public-domain"},
            {"licence": "cc-by-4.0", "is_mining_reserved": "on"},
            {"price": "-1"},
            {"price": "1e999999"},
            {"price": "NaN"},
            {"price": "1000.01"},
            {"price": "1.5", "price_currency": "JPY"},
            {"price_currency": "XTS"},
            {"sample_bps": "1"},
            {"sample_bps": ""},
            {"language": "x" * 99},
            {"biography": "x" * 2001},
        ],
    )
    def test_odd_values_are_refused_and_stay(self, as_owner, changed):
        answer = self.post(as_owner, imprint="Salt Press", **changed)
        assert answer.status_code == 422
        assert "Salt Press" in answer.content.decode()
        assert not HouseDefaults.objects.exists()

    def test_the_round_of_the_form_changes_nothing(self, owner):
        initial = HouseDefaultsForm.initial_of(MINE)
        data = {name: value for name, value in initial.items() if value not in (None, False)}
        form = HouseDefaultsForm(data, initial=initial)
        assert form.is_valid(), form.errors
        again = form.defaults
        on = {one.kind for one in again.matter if one.is_on}
        assert on == {one.kind for one in MINE.matter}
        assert replace(again, matter=MINE.matter) == MINE

    def test_two_windows_ask(self, as_owner, owner):
        page = as_owner.get(reverse("house-defaults"))
        seen = page.context["form"]["seen"].value()
        self.post(as_owner, imprint="First", seen=seen)
        answer = self.post(as_owner, imprint="Second", seen=seen)
        assert answer.status_code == 422
        assert selectors.defaults_of(owner).imprint == "First"

    def test_readers_have_none(self, client):
        client.force_login(make_reader())
        assert client.get(reverse("house-defaults")).status_code == 403

    def test_the_button_on_a_book(self, as_owner, owner):
        work = make_edition(work=make_work(owner=owner, imprint="Salt Press")).work
        page = as_owner.get(reverse("work", args=[work.public_id])).content.decode()
        assert "Use these as my defaults" in page
        answer = as_owner.post(reverse("work-take-defaults", args=[work.public_id]), follow=True)
        assert 'value="Salt Press"' in answer.content.decode()

    def test_the_pages_of_a_book_say_it(self, as_owner, owner):
        save(owner)
        work = upload(owner)
        for name, said in {
            "work-details": "imprint, sample",
            "work-record": "licence, line on rights",
            "work-territory": "countries",
            "work-matter": "front and back pages",
            "work-price": "proposed from your defaults",
        }.items():
            page = " ".join(as_owner.get(reverse(name, args=[work.public_id])).content.decode().split())
            assert said in page, name
        person = reverse("work-contributor", args=[work.public_id, work.contributors.get().public_id])
        assert "credited name, biography" in as_owner.get(person).content.decode()

    def test_a_new_book_offers_the_usual_language(self, as_owner, owner):
        save(owner)
        page = as_owner.get(reverse("work-create")).content.decode()
        assert 'value="de" selected' in page
        assert reverse("house-defaults") in page
