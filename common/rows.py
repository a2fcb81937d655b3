"""What a page reads that is asked for all the time, and statements that are written out.

Django compiles a queryset anew each time. Where a table has forty columns that takes longer than the statement itself:
such a page writes its statement out, with the columns and the objects from here. A queryset that asks the same each
time is compiled once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model, QuerySet
from django.db.models.base import ModelState

type Rows = tuple[tuple[Any, ...], ...]
_DECODE = json.JSONDecoder().raw_decode

type _Convert = Callable[[Any], Any]


def read_rows(statement: str, values: Sequence[Any] | Mapping[str, Any] | None = None) -> Rows:
    """All rows of a statement that is written out, as the database's driver gives them: JSON as text, and on SQLite
    moments and flags as stored."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(cursor.fetchall())


class Compiled:
    """The statement of a queryset of `values_list` whose parameters never change."""

    def __init__(self, make: Callable[[], QuerySet[Any, Any]]) -> None:
        self._make = make
        self._statements: dict[str, tuple[str, Any]] = {}

    def rows(self) -> Rows:
        """Its rows, as `read_rows` gives them."""
        if connection.vendor not in self._statements:
            self._statements[connection.vendor] = self._make().query.sql_with_params()
        sql, parameters = self._statements[connection.vendor]
        return read_rows(sql, parameters)


class RowsOf[M: Model]:
    """The columns of a model, those of the fields `only` if it names any, but for the fields `without`. Its objects ask
    for the others when somebody wants them."""

    def __init__(self, model: type[M], *, only: Collection[str] = (), without: Collection[str] = ()) -> None:
        self._model = model
        self._only, self._without = frozenset(only), frozenset(without)
        self._converters: dict[str, list[tuple[int, _Convert]]] = {}

    @cached_property
    def columns(self) -> str:
        """For the list of a SELECT from the model's table."""
        table = self._model._meta.db_table
        return ", ".join(f"{table}.{field.column}" for field in self._fields)

    @cached_property
    def width(self) -> int:
        """How many columns these are."""
        return len(self._fields)

    def instance(self, row: Sequence[Any]) -> M:
        """The object of a row of these columns."""
        return self.maker()(row)

    def maker(self) -> Callable[[Sequence[Any]], M]:
        """What does that for very many rows: to ask which database they are of takes longer than all the rest."""
        model, names, conversions, alias = self._model, self._names, self._conversions(), connection.alias

        def make(row: Sequence[Any]) -> M:
            values = list(row)
            for place, convert in conversions:
                values[place] = convert(values[place])
            made = model.__new__(model)
            made._state = ModelState()
            made._state.adding, made._state.db = False, alias
            # As `Model.__init__` leaves it, who sets each field by itself and tells listeners, of which no model has
            # any.
            vars(made).update(zip(names, values, strict=True))
            return made

        return make

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        return [
            field
            for field in self._model._meta.concrete_fields
            if field.name not in self._without and (not self._only or field.name in self._only)
        ]

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self._fields]

    def _conversions(self) -> list[tuple[int, _Convert]]:
        """What the database's driver leaves to be done, by place: JSON, and on SQLite moments and flags."""
        if connection.vendor not in self._converters:
            self._converters[connection.vendor] = [
                (place, _conversion(field, convert))
                for place, field in enumerate(self._fields)
                for convert in _converters(field)
            ]
        return self._converters[connection.vendor]


def _json(text: str | None) -> Any:
    """As Django and PostgreSQL write it: nothing stands before the value, nor behind."""
    return None if text is None else _DECODE(text)[0]


def _converters(field: Field[Any, Any]) -> list[Callable[[Any, Any, Any], Any]]:
    column = field.get_col(field.model._meta.db_table)
    return [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]


def _conversion(field: Field[Any, Any], convert: Callable[[Any, Any, Any], Any]) -> _Convert:
    if isinstance(field, JSONField) and field.decoder is None:
        return _json
    column = field.get_col(field.model._meta.db_table)
    return lambda value: convert(value, column, connection)
