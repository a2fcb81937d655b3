"""A typed JSON column: `details = TypedJSONField(ListingDetails, default=ListingDetails)`.

The type is a frozen dataclass for records, else `dict[str, int]`, `tuple[Step, ...]` or the like. Its hints say what
the column holds, nested records included, and are checked when a row is read: unknown keys are dropped, missing keys
take the dataclass's defaults, and anything else is an error that names the column. Records are changed with
`dataclasses.replace` and assigned. Lookups (`details__edition`) work as those of JSONField.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any, Literal, get_origin, overload

from cattrs import Converter, transform_error
from cattrs.gen import make_dict_structure_fn
from cattrs.preconf.json import make_converter
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTransform

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Combinable, Expression

    class _JSONField[SetType, GetType](models.JSONField[SetType, GetType]): ...
else:

    class _JSONField[SetType, GetType](models.JSONField): ...


class StoredDataInvalid(ValueError):
    """A column holds something other than its type says."""


def _plain(*kinds: type) -> Callable[[Any, Any], Any]:
    def build(value: Any, wanted: Any) -> Any:
        if type(value) not in kinds:
            raise TypeError(type(value).__name__)
        return wanted(value)

    return build


def _record(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    fill: Callable[[Any, Any], Any] = make_dict_structure_fn(kind, converter)

    def build(value: Any, wanted: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError(type(value).__name__)
        return fill(value, wanted)

    return build


# By default cattrs converts values to the wanted type, 1 into "1". Here that is an error.
_converter = make_converter()
_converter.register_structure_hook(str, _plain(str))
_converter.register_structure_hook(int, _plain(int))
_converter.register_structure_hook(float, _plain(float, int))
_converter.register_structure_hook(bool, _plain(bool))
_converter.register_structure_hook_factory(is_dataclass, _record)


def register[Value](kind: type[Value], *, to_json: Callable[[Value], Any], from_json: Callable[[Any], Value]) -> None:
    """Store values of a type in a form of their own. `from_json` raises ValueError for anything else."""
    _converter.register_unstructure_hook(kind, to_json)
    _converter.register_structure_hook(kind, lambda value, _kind: from_json(value))


def to_json(value: object) -> Any:
    """Return a value as the column stores it: dictionaries, lists and plain values."""
    return _converter.unstructure(value)


class TypedJSONField[SetType, GetType](_JSONField[SetType, GetType]):
    """A JSONField with a type. Migrations see a plain JSONField: the type is not part of the schema."""

    @overload
    def __init__[Value](
        self: TypedJSONField[Value | Combinable, Value],
        kind: type[Value],
        *,
        null: Literal[False] = False,
        blank: bool = False,
        default: Callable[[], Value] = ...,
        db_default: Expression = ...,
        help_text: str = "",
    ) -> None: ...

    @overload
    def __init__[Value](
        self: TypedJSONField[Value | Combinable | None, Value | None],
        kind: type[Value],
        *,
        null: Literal[True],
        blank: bool = False,
        help_text: str = "",
    ) -> None: ...

    def __init__(self, kind: type, **options: Any) -> None:
        self.kind = kind
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, arguments, options = super().deconstruct()
        if "default" in options:
            options["default"] = dict if isinstance(to_json(self.get_default()), dict) else list
        return name, "django.db.models.JSONField", arguments, options

    def clone(self) -> models.JSONField[Any, Any]:  # type: ignore[override]
        """Return the field as migrations know it; Django clones fields only for migrations."""
        _name, _path, arguments, options = self.deconstruct()
        return models.JSONField(*arguments, **options)

    def from_db_value(self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        found = super().from_db_value(value, expression, connection)
        is_part = isinstance(expression, KeyTransform)
        return found if value is None or is_part else self._built(found)

    def to_python(self, value: Any) -> Any:
        """Convert a fixture's JSON, or pass through a value of the type."""
        try:
            return None if value is None else self._built(to_json(value))
        except StoredDataInvalid as error:
            raise ValidationError(str(error), code="invalid") from error

    def get_prep_value(self, value: Any) -> Any:
        # Lookup values for part of the JSON also come here, and may be of any type.
        return to_json(super().get_prep_value(value))

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if not (value is None or isinstance(value, get_origin(self.kind) or self.kind) or hasattr(value, "as_sql")):
            raise TypeError(f"{self} takes {self._kind_name}, not {type(value).__name__}")
        return super().get_db_prep_save(value, connection)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(self.get_prep_value(value), model_instance)

    def value_to_string(self, obj: models.Model) -> Any:
        return self.get_prep_value(self.value_from_object(obj))

    @property
    def _kind_name(self) -> str:
        return self.kind.__name__ if get_origin(self.kind) is None else str(self.kind)

    def _built(self, value: Any) -> Any:
        try:
            return _converter.structure(value, self.kind)
        except Exception as error:  # whatever the hooks raise, in groups
            told = "; ".join(transform_error(error))
            raise StoredDataInvalid(f"{self} holds no {self._kind_name}: {told}") from error
