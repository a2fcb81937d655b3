"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "hiring.conversations"
    label = "conversations"
