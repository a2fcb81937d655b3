"""Hooks of passages: which texts may be used by agreement."""

from __future__ import annotations

from collections.abc import Callable

from publishing.models import Work

type PermissionFinder = Callable[[Work, Work], bool]

_finders: list[PermissionFinder] = []


def find_permissions(finder: PermissionFinder) -> PermissionFinder:
    """Ask `finder(work, other)` whether an agreement in the shop lets `work` use the text of `other`."""
    _finders.append(finder)
    return finder


def is_permitted(work: Work, other: Work) -> bool:
    return any(find(work, other) for find in _finders)
