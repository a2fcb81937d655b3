"""Template tags for the critical CSS and script that are inlined in a page."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def critical_css(page: str) -> SafeString:
    """{% critical_css "book" %}: the inlined styles, byte for byte what the policy allows."""
    return mark_safe(f"<style>{settings.CRITICAL_CSS.styles[page]}</style>")  # our own file


@register.simple_tag
def critical_script() -> SafeString:
    """{% critical_script %}: the inlined script, byte for byte what the policy allows."""
    return mark_safe(f"<script>{settings.CRITICAL_CSS.script}</script>")  # our own file
