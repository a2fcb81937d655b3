"""Queries for the text of works."""

from publishing.editing.selectors.bases import engine_base
from publishing.editing.selectors.files import corrections_for_files, digest_of, is_file_in_use
from publishing.editing.selectors.states import BuildState, TextState, conflicts_of, job_over_text, text_state
from publishing.editing.selectors.texts import (
    Placed,
    correction_by_public_id,
    patches_of,
    placed_at,
    placed_now,
    places_now,
    require_text,
    text_of,
)

__all__ = [
    "BuildState",
    "Placed",
    "TextState",
    "conflicts_of",
    "correction_by_public_id",
    "corrections_for_files",
    "digest_of",
    "engine_base",
    "is_file_in_use",
    "job_over_text",
    "patches_of",
    "placed_at",
    "placed_now",
    "places_now",
    "require_text",
    "text_of",
    "text_state",
]
