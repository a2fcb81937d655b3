"""The style and the script that a page carries itself."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def opening_styles(page: str) -> SafeString:
    """{% opening_styles "book" %}: byte for byte what the policy allows."""
    return mark_safe(f"<style>{settings.OPENING.styles[page]}</style>")  # our own file


@register.simple_tag
def opening_script() -> SafeString:
    """{% opening_script %}: byte for byte what the policy allows."""
    return mark_safe(f"<script>{settings.OPENING.script}</script>")  # our own file
