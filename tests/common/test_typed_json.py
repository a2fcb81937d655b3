from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Q
from django.test.utils import isolate_apps

from common.typed_json import StoredDataInvalid, TypedJSONField
from storefront.catalogue.models import Listing
from storefront.catalogue.models.details import ListedPerson, ListedSeries, ListingDetails
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]

type Steps = tuple[tuple[datetime, int | None], ...]


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    born: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    title: str = ""
    share: float = 0
    is_open: bool = False
    pages: int | None = None
    people: tuple[Person, ...] = ()
    editor: Person | None = None
    steps: Mapping[str, Steps] = field(default_factory=dict)


FULL = Facts(
    title="Lamp",
    share=0.5,
    is_open=True,
    pages=7,
    people=(Person("Ada", date(1815, 12, 10)), Person("Bo")),
    editor=Person("Cy"),
    steps={"USD": ((datetime(2026, 1, 1, 12, tzinfo=UTC), 499), (datetime(2026, 2, 1, tzinfo=UTC), None))},
)


@isolate_apps("common")
def typed(kind: type = Facts, **options: object) -> TypedJSONField[object, object]:
    class Book(models.Model):
        value = TypedJSONField(kind, **options)

        class Meta:
            app_label = "common"

    return Book._meta.get_field("value")


def read(stored: object) -> object:
    """What comes out of a column that holds this."""
    return typed().from_db_value(json.dumps(stored), F("value"), connection)


class TestValues:
    @pytest.mark.parametrize("facts", [Facts(), FULL])
    def test_come_out_as_they_went_in(self, facts: Facts) -> None:
        column = typed()
        assert read(json.loads(json.dumps(column.get_prep_value(facts)))) == facts

    def test_are_plain_json_in_the_column(self) -> None:
        told = json.loads(json.dumps(typed().get_prep_value(FULL)))
        assert told["people"] == [{"name": "Ada", "born": "1815-12-10"}, {"name": "Bo", "born": None}]
        assert told["steps"] == {"USD": [["2026-01-01T12:00:00+00:00", 499], ["2026-02-01T00:00:00+00:00", None]]}

    def test_missing_keys_take_the_default_and_unknown_ones_are_left_out(self) -> None:
        assert read({"title": "Lamp", "colour": "red", "editor": {"name": "Cy", "age": 4}}) == Facts(
            title="Lamp", editor=Person("Cy")
        )

    def test_a_whole_number_is_a_share_too(self) -> None:
        assert read({"share": 1}) == Facts(share=1.0)

    @pytest.mark.parametrize(
        ("stored", "where"),
        [
            ({"title": 1}, "expected str @ $.title"),
            ({"title": None}, "$.title"),
            ({"is_open": "false"}, "expected bool @ $.is_open"),
            ({"pages": "7"}, "$.pages"),
            ({"pages": True}, "$.pages"),
            ({"people": [{"name": "Ada"}, {"born": None}]}, "required field missing @ $.people[1].name"),
            ({"editor": {}}, "required field missing @ $.editor.name"),
            ({"editor": "Cy"}, "$.editor"),
            ({"steps": [1]}, "expected a mapping @ $.steps"),
            ({"steps": {"USD": [["soon", 1]]}}, "expected datetime @ $.steps['USD'][0][0]"),
            ([], "invalid type (list) @ $"),
            ("Lamp", "invalid type (str) @ $"),
            (None, "invalid type (NoneType) @ $"),
        ],
    )
    def test_anything_else_is_an_error_that_names_the_column_and_the_place(self, stored: object, where: str) -> None:
        with pytest.raises(StoredDataInvalid) as refused:
            read(stored)
        assert str(refused.value).startswith("common.Book.value holds no Facts: ")
        assert where in str(refused.value)

    def test_null_is_none(self) -> None:
        assert typed(null=True).from_db_value(None, F("value"), connection) is None

    def test_validation_takes_the_dataclass_and_a_fixtures_json(self) -> None:
        column = typed()
        assert column.clean(FULL, None) == FULL
        assert column.to_python({"title": "Lamp"}) == Facts(title="Lamp")
        with pytest.raises(ValidationError, match=r"common\.Book\.value"):
            column.to_python({"title": 1})


class TestMigrations:
    def test_see_a_plain_json_field(self) -> None:
        _name, path, arguments, options = typed(default=Facts, help_text="of a book").deconstruct()
        assert (path, arguments) == ("django.db.models.JSONField", [])
        assert options == {"default": dict, "help_text": "of a book"}
        assert type(typed(null=True).clone()) is models.JSONField

    def test_the_default_is_made_anew(self) -> None:
        assert typed(default=Facts).get_default() == Facts()


class TestColumn:
    @pytest.fixture
    def listing(self) -> Listing:
        make_published_edition(slug="lamp")
        listing = Listing.objects.get()
        listing.details = ListingDetails(edition="e1", authors=(ListedPerson("Ada", "aut"),), pictures=3)
        listing.save()
        return listing

    def test_is_saved_and_read(self, listing: Listing) -> None:
        assert Listing.objects.get().details == listing.details
        assert list(Listing.objects.values_list("details", flat=True)) == [listing.details]
        assert Listing.objects.values("details").get() == {"details": listing.details}
        listing.refresh_from_db()
        assert listing.details.authors == (ListedPerson("Ada", "aut"),)

    def test_is_updated(self, listing: Listing) -> None:
        listing.details = replace(listing.details, series=ListedSeries("Lamps", "lamps"))
        assert Listing.objects.bulk_update([listing], ["details"]) == 1
        assert Listing.objects.get().details.series == ListedSeries("Lamps", "lamps")
        Listing.objects.update(details=ListingDetails(number=4))
        assert Listing.objects.get().details == ListingDetails(number=4)
        Listing.objects.update(details=F("details"))

    def test_is_created_in_bulk(self, listing: Listing) -> None:
        values = {
            one.attname: getattr(listing, one.attname) for one in Listing._meta.concrete_fields if not one.generated
        }
        Listing.objects.all().delete()
        Listing.objects.bulk_create([Listing(**values)])
        assert Listing.objects.get().details == listing.details

    def test_parts_are_looked_up_as_json(self, listing: Listing) -> None:
        assert Listing.objects.filter(details__edition="e1", details__authors__0__name="Ada").exists()
        assert Listing.objects.filter(Q(details__pictures__gt=2)).exists()
        assert not Listing.objects.filter(details__edition="e2").exists()
        assert list(Listing.objects.values_list("details__edition", "details__pictures")) == [("e1", 3)]
        (ada,) = Listing.objects.values_list("details__authors", flat=True).get()
        assert (ada["name"], ada["role"], ada["author"]) == ("Ada", "aut", "")

    def test_takes_no_dictionary(self, listing: Listing) -> None:
        listing.details = {"edition": "e2"}
        with pytest.raises(TypeError, match=r"catalogue\.Listing\.details takes ListingDetails, not dict"):
            listing.save()

    def test_what_is_stored_wrongly_names_the_column(self, listing: Listing) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE catalogue_listing SET details = %s", [json.dumps({"pictures": "many"})])
        with pytest.raises(StoredDataInvalid, match=r"catalogue\.Listing\.details .*\$\.pictures"):
            Listing.objects.get()
        assert Listing.objects.values_list("details__pictures", flat=True).get() == "many"

    def test_is_serialised_and_read_again(self, listing: Listing) -> None:
        written = serializers.serialize("json", [listing])
        assert json.loads(written)[0]["fields"]["details"]["edition"] == "e1"
        (again,) = serializers.deserialize("json", written)
        assert again.object.details == listing.details


class TestOtherTypes:
    """Maps, lists and codes; records in a list."""

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            (dict[str, int], {"USD": 499}),
            (list[str], ["de", "en"]),
            (tuple[Person, ...], (Person("Ada"), Person("Bo", date(1815, 12, 10)))),
        ],
    )
    def test_come_out_as_they_went_in(self, kind: type, value: object) -> None:
        column = typed(kind)
        stored = json.dumps(column.get_prep_value(value))
        assert column.from_db_value(stored, F("value"), connection) == value
        assert column.clean(value, None) == value
        assert column.get_db_prep_save(value, connection) is not None

    def test_are_checked(self) -> None:
        with pytest.raises(StoredDataInvalid, match=r"common\.Book\.value holds no dict\[str, int\]: .*\['USD'\]"):
            typed(dict[str, int]).from_db_value('{"USD": "499"}', F("value"), connection)
        with pytest.raises(TypeError, match=r"common\.Book\.value takes list\[str\], not dict"):
            typed(list[str]).get_db_prep_save({}, connection)

    def test_migrations_see_their_defaults(self) -> None:
        assert typed(dict[str, int], default=dict).deconstruct()[3] == {"default": dict}
        assert typed(tuple[Person, ...], default=tuple).deconstruct()[3] == {"default": list}
