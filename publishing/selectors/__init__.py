"""The readers of what authors make."""

from publishing.selectors.changes import Changes, ChapterChange, changes_between
from publishing.selectors.contributors import (
    agreement_in_force,
    awaiting_consent_of,
    credits_offered_to,
    newest_agreement,
)
from publishing.selectors.designs import can_preview_designs, designs_job
from publishing.selectors.editions import (
    Comparison,
    Requirement,
    announced_of,
    are_files_stale,
    comparisons_of,
    draft_of,
    edition_readiness,
    editions_due,
    editions_of,
    editions_on_sale,
    is_ready,
    missing_for_release,
    newest_of,
    published_of,
    wanted_options,
    works_late,
)
from publishing.selectors.gate import Blocker, blockers_of, open_blockers
from publishing.selectors.preview import chapter_html
from publishing.selectors.remarks import remarks_of
from publishing.selectors.series import SeriesBook, series_books, series_of
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
    "Blocker",
    "Changes",
    "ChapterChange",
    "Comparison",
    "DeskWork",
    "Requirement",
    "SeriesBook",
    "agreement_in_force",
    "announced_of",
    "are_files_stale",
    "awaiting_consent_of",
    "blockers_of",
    "can_preview_designs",
    "changes_between",
    "chapter_html",
    "comparisons_of",
    "cover_of",
    "credits_offered_to",
    "designs_job",
    "desk_work",
    "desk_works",
    "display_name",
    "draft_of",
    "edition_of",
    "edition_readiness",
    "editions_due",
    "editions_of",
    "editions_on_sale",
    "is_ready",
    "missing_for_release",
    "newest_agreement",
    "newest_of",
    "open_blockers",
    "published_of",
    "remarks_of",
    "series_books",
    "series_of",
    "title_from_file_name",
    "wanted_options",
    "work_by_public_id",
    "works_late",
    "works_visible_to",
]
