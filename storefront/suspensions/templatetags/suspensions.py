"""Template tags: the published numbers, and what the visitor may not do now."""

from __future__ import annotations

from django import template

from accounts import restrictions
from accounts.models import User
from accounts.permissions import Visitor
from royalties import reserve_rules
from royalties.models import HoldRule
from storefront.suspensions import statements
from storefront.suspensions.rules import NUMBERS

register = template.Library()


@register.simple_tag
def suspension_rules() -> list[tuple[str, str]]:
    """Return each rule with its numbers in words."""
    return [(str(rule.label), statements.rule_in_words(rule)) for rule in NUMBERS]


@register.simple_tag
def hold_rules() -> list[str]:
    """Return all reasons for which earned money is held, and the rule that a machine applies."""
    by_machine = {HoldRule.RISK: reserve_rules.in_words()}
    return [f"{rule.label}. {by_machine[rule]}" if rule in by_machine else str(rule.label) for rule in HoldRule]


@register.simple_tag
def restriction_texts(visitor: Visitor) -> list[str]:
    """Return what the visitor may not do now, each in a few sentences."""
    if not isinstance(visitor, User):
        return []
    return [restrictions.refusal_of(one).text for one in restrictions.current(visitor)]
