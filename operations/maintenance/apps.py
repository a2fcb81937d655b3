"""App configuration: registers the words for its entries in the audit log."""

from __future__ import annotations

from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    name = "operations.maintenance"
    label = "maintenance"

    def ready(self) -> None:
        from operations.maintenance import audit_labels

        audit_labels.register()
