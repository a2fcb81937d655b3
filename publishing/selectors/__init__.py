"""The readers of what authors make."""

from publishing.selectors.contributors import agreement_in_force, awaiting_consent_of, newest_agreement
from publishing.selectors.editions import (
    Requirement,
    are_files_stale,
    draft_of,
    edition_readiness,
    editions_of,
    editions_on_sale,
    is_ready,
    newest_of,
    published_of,
    wanted_options,
)
from publishing.selectors.preview import chapter_html
from publishing.selectors.works import (
    DeskWork,
    cover_of,
    desk_work,
    desk_works,
    display_name,
    edition_of,
    title_from_file_name,
    work_by_public_id,
    works_visible_to,
)

__all__ = [
    "DeskWork",
    "Requirement",
    "agreement_in_force",
    "are_files_stale",
    "awaiting_consent_of",
    "chapter_html",
    "cover_of",
    "desk_work",
    "desk_works",
    "display_name",
    "draft_of",
    "edition_of",
    "edition_readiness",
    "editions_of",
    "editions_on_sale",
    "is_ready",
    "newest_agreement",
    "newest_of",
    "published_of",
    "title_from_file_name",
    "wanted_options",
    "work_by_public_id",
    "works_visible_to",
]
