"""The pages of bulk edits, as they are used without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse

from publishing.bulk.models import BulkEdit
from publishing.bulk.services import stepping
from publishing.models import Price, Series, Work
from tests.factories.bulk import make_bulk_edit
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db

CHOOSE = "/desk/bulk/"


def chosen(response) -> list[str]:
    edit = BulkEdit.objects.latest("pk")
    assert response["Location"] == reverse("bulk:change", args=[edit.public_id])
    return [row.work.title for row in edit.rows.select_related("work")]


class TestChoose:
    def test_by_hand_by_filter_and_all(self, as_owner, owner, draft, on_sale) -> None:
        series = Series.objects.create(owner=owner, title="Tides", slug="tides")
        for number in (2, 1):
            make_edition(work=make_work(owner=owner, title=f"Tide {number}", series=series, series_number=number))
        assert chosen(as_owner.post(CHOOSE, {"work": [draft.public_id]})) == ["Draft"]
        assert chosen(as_owner.post(CHOOSE, {"act": "all", "state": "sale"})) == ["On sale"]
        assert chosen(as_owner.post(CHOOSE, {"act": "all", "series": series.public_id})) == ["Tide 1", "Tide 2"]
        assert chosen(as_owner.post(CHOOSE, {"act": "all", "q": "tide"})) == ["Tide 1", "Tide 2"]
        assert len(chosen(as_owner.post(CHOOSE, {"act": "all"}))) == 4

    def test_nothing(self, as_owner, draft) -> None:
        response = as_owner.post(CHOOSE, {"q": "draft"})
        assert (response.status_code, BulkEdit.objects.count()) == (422, 0)
        assert "Choose at least one book" in response.text

    def test_others_are_neither_shown_nor_taken(self, as_owner, draft, stranger) -> None:
        theirs = make_edition(work=make_work(owner=stranger, title="Theirs")).work
        assert "Theirs" not in as_owner.get(CHOOSE).text
        assert as_owner.post(CHOOSE, {"work": [theirs.public_id]}).status_code == 422
        assert chosen(as_owner.post(CHOOSE, {"work": [theirs.public_id, draft.public_id]})) == ["Draft"]

    def test_those_of_a_co_author_are_shown(self, client, draft, stranger) -> None:
        make_contributor(draft, user=stranger, role="aut")
        client.force_login(stranger)
        assert "Owned by Ada Quill" in client.get(CHOOSE).text

    def test_an_empty_list_teaches(self, as_owner) -> None:
        assert "No books here" in as_owner.get(CHOOSE).text

    def test_asks_as_much_for_forty_as_for_two(self, as_owner, owner, django_assert_max_num_queries) -> None:
        for number in range(40):
            make_published_edition(owner=owner, title=f"Part {number}", announce=False)
        with django_assert_max_num_queries(14):
            as_owner.get(CHOOSE)


class TestChange:
    @pytest.fixture
    def page(self, as_owner, draft) -> str:
        return as_owner.post(CHOOSE, {"work": [draft.public_id]})["Location"]

    def test_leads_to_the_table_to_applying_and_back(self, as_owner, page, draft) -> None:
        table = as_owner.post(page, {"price_how": "raise_percent", "price_number": "20", "price_rounded": "on"})
        shown = as_owner.get(table["Location"]).text
        assert "$4.99" in shown
        assert "$5.99" in shown
        assert Price.objects.get(work=draft).list_price_minor == 499
        as_owner.post(f"{table['Location']}apply/")
        assert Price.objects.get(work=draft).list_price_minor == 599
        assert "You can undo this until" in as_owner.get(table["Location"]).text
        assert table["Location"] in as_owner.get(CHOOSE).text
        as_owner.post(f"{table['Location']}undo/")
        assert Price.objects.get(work=draft).list_price_minor == 499

    @pytest.mark.parametrize(
        ("typed", "field", "words"),
        [
            ({}, "__all__", "at least one thing"),
            ({"price_how": "set"}, "price_number", "Enter a number"),
            ({"price_number": "3"}, "price_how", "what to do"),
            ({"price_how": "set", "price_number": "3"}, "price_currency", "currency"),
            ({"price_how": "set", "price_number": "x", "price_currency": "USD"}, "price_number", ""),
            ({"price_how": "set", "price_number": "3.5", "price_currency": "JPY"}, "price_number", "decimal places"),
            ({"price_how": "lower_percent", "price_number": "101"}, "price_number", "too many percent"),
            ({"price_how": "set", "price_number": "-1", "price_currency": "USD"}, "price_number", ""),
            ({"territory_rule": "only"}, "territory_rule", "rule and its countries"),
            ({"territory_countries": "Austria"}, "territory_rule", "rule and its countries"),
            ({"territory_rule": "only", "territory_countries": "Narnia"}, "territory_countries", "Narnia"),
            ({"subjects_add": "xyzzyx"}, "subjects_add", "No subject has"),
            ({"subjects_add": "crime"}, "subjects_add", "may be several"),
            ({"person_name": "Una"}, "person_role", "a role"),
            ({"series_start": "3"}, "series", "series"),
            ({"imprint": "Quay", "imprint_remove": "on"}, "imprint", "not both"),
            ({"reading_age": "44"}, "reading_age", ""),
            ({"warnings_add": ["boredom"]}, "warnings_add", ""),
        ],
    )
    def test_refuses_at_the_field(self, as_owner, page, typed, field, words) -> None:
        response = as_owner.post(page, typed)
        assert response.status_code == 422
        form = response.context["form"]
        assert field in form.errors
        assert words in form.errors[field][0]
        assert not BulkEdit.objects.exclude(state="choosing").exists()

    def test_everything_that_the_form_offers(self, as_owner, page, draft) -> None:
        typed = {
            "territory_rule": "except", "territory_countries": "Austria, Germany", "territory_group": "america",
            "keywords_add": "found family; sea", "keywords_remove": "rain", "subject_main": "FB",
            "subjects_add": "FMR; ffj", "subjects_remove": "FRM", "licence": "cc0-1.0", "rights_line": "© Ada",
            "is_mining_reserved": "no", "ai_text": "assisted", "is_adult": "no", "reading_age": "9",
            "warnings_add": ["war"], "warnings_remove": ["death"], "imprint": "Quay", "person_name": "Una Known",
            "person_role": "trl", "series": "Tides", "series_start": "4",
        }  # fmt: skip
        table = as_owner.post(page, typed)["Location"]
        as_owner.post(f"{table}apply/")
        work = Work.objects.get(pk=draft.pk)
        assert (work.territory_rule, work.territory_countries) == ("except", ["AT", "CA", "DE", "US"])
        assert (work.subject, work.more_subjects) == ("FB", ["FMR", "FFJ"])
        assert (work.keywords, work.licence, work.reading_age) == (["found family", "sea"], "cc0-1.0", 9)
        assert (work.imprint, work.series_number, work.warnings) == ("Quay", 4, ["war"])

    def test_is_over_once_applied(self, as_owner, page) -> None:
        table = as_owner.post(page, {"imprint": "Quay"})["Location"]
        as_owner.post(f"{table}apply/")
        assert as_owner.get(page)["Location"] == table
        assert as_owner.post(page, {"imprint": "Pier"})["Location"] == table


class TestTable:
    def test_asks_before_books_on_sale_change(self, as_owner, owner, on_sale) -> None:
        edit = make_bulk_edit(owner, on_sale)
        table = reverse("bulk:table", args=[edit.public_id])
        assert "Also change the 1 book that is on sale" in as_owner.get(table).text
        response = as_owner.post(f"{table}apply/", follow=True)
        assert Work.objects.get(pk=on_sale.pk).imprint == ""
        assert "at least one thing to change" in response.text
        assert as_owner.post(f"{table}apply/", {"with_on_sale": "on"}).status_code == 302
        assert Work.objects.get(pk=on_sale.pk).imprint == "Wharf House"

    def test_shows_why_not_and_lists_by_state(self, as_owner, owner, stranger, draft) -> None:
        theirs = make_edition(work=make_work(owner=stranger, title="Theirs")).work
        make_contributor(theirs, user=owner, role="ill")
        page = as_owner.post(CHOOSE, {"act": "all"})["Location"]
        table = as_owner.post(page, {"imprint": "Quay"})["Location"]
        assert "does not have permission" in as_owner.get(table).text
        shown = as_owner.get(f"{table}?state=refused").context
        assert [one.name for one in shown["rows"]] == ["Theirs"]
        assert "Theirs" not in as_owner.get(f"{table}?state=ready").text
        assert as_owner.get(f"{table}?state=nonsense&page=99").status_code == 200

    def test_shows_how_far_a_large_one_is(self, as_owner, owner, monkeypatch) -> None:
        monkeypatch.setattr("publishing.bulk.views.steps._MAX_AT_ONCE", 1)
        for number in range(3):
            make_edition(work=make_work(owner=owner, title=f"Part {number}"))
        page = as_owner.post(CHOOSE, {"act": "all"})["Location"]
        table = as_owner.post(page, {"imprint": "Quay"})["Location"]
        assert "0 of 3 books" in as_owner.get(table).text
        assert as_owner.post(f"{table}apply/").status_code == 302, "not yet"
        stepping.go_on(edit_id=BulkEdit.objects.latest("pk").pk)
        assert "3 of 3 books will be changed" in as_owner.get(table).text

    def test_asks_as_much_for_many_rows(self, as_owner, owner, django_assert_max_num_queries) -> None:
        for number in range(12):
            make_edition(work=make_work(owner=owner, title=f"Part {number}"))
        page = as_owner.post(CHOOSE, {"act": "all"})["Location"]
        table = as_owner.post(page, {"imprint": "Quay"})["Location"]
        with django_assert_max_num_queries(16):
            as_owner.get(table)

    @pytest.mark.parametrize("name", ["change", "table", "apply", "undo"])
    def test_somebody_elses_is_not_there(self, client, owner, stranger, draft, name) -> None:
        edit = make_bulk_edit(owner, draft)
        client.force_login(stranger)
        address = reverse(f"bulk:{name}", args=[edit.public_id])
        assert client.post(address).status_code in {404, 405}
        assert client.get(address).status_code in {404, 405}
        edit.refresh_from_db()
        assert edit.state == "ready"
