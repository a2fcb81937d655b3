"""App configuration of the doctor, which only has a command."""

from __future__ import annotations

from django.apps import AppConfig


class DoctorConfig(AppConfig):
    name = "operations.doctor"
    label = "doctor"
