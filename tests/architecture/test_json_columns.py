"""What a JSON column holds is said by a type beside its model."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from common.typed_json import TypedJSONField

# Each is a document of another's making, or has keys that no code of ours reads.
WITHOUT_A_TYPE = {
    "accounts.AuditEntry.facts",  # what each act tells: names by verb, shown as they are (accounts.audit_registry)
    "accounts.Refusal.facts",  # becomes an audit entry's
    "catalogue.RankedBook.inputs",  # a line of the published file: recompute_ranking.Book reads it
    "payments.ProviderEvent.data",
    "payments.SandboxObject.data",
    "payments.SandboxRequest.body",
    "payments.SandboxRequest.parameters",
}
LABELS = {config.label for config in apps.get_app_configs() if not config.name.startswith(("django", "allauth"))}


def test_json_columns_have_a_type() -> None:
    columns = [
        field
        for model in apps.get_models()
        if model._meta.app_label in LABELS
        for field in model._meta.local_fields
        if isinstance(field, models.JSONField)
    ]
    assert any(isinstance(one, TypedJSONField) for one in columns)
    assert {str(one) for one in columns if not isinstance(one, TypedJSONField)} == WITHOUT_A_TYPE
