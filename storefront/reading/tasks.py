"""Tasks of the web reader: maps between editions, and checking imported notes."""

from __future__ import annotations

from celery import shared_task

from common.locks import advisory_lock, single_instance
from storefront.reading.services import edition_maps, note_imports


@shared_task(name="reading.make_map", soft_time_limit=300, time_limit=330)
def make_map(map_id: int) -> None:
    """Align two editions, on one worker at a time: a message may be delivered twice."""
    with advisory_lock(f"reading.make_map.{map_id}") as is_alone:
        if is_alone:
            edition_maps.make(map_id=map_id)


@shared_task(name="reading.check_import", soft_time_limit=300, time_limit=330)
def check_import(import_id: int) -> None:
    """Find the places of the notes in an imported file, on one worker at a time."""
    with advisory_lock(f"reading.check_import.{import_id}") as is_alone:
        if is_alone:
            note_imports.check(import_id=import_id)


@shared_task(name="reading.retry_stuck", soft_time_limit=60, time_limit=90)
def retry_stuck_jobs() -> None:
    """Enqueue jobs again that did not run because a message was lost."""
    edition_maps.retry_stuck()
    note_imports.retry_stuck()


@shared_task(name="reading.ask_missing_maps", soft_time_limit=300, time_limit=330)
@single_instance("reading.ask_missing_maps")
def ask_missing_maps() -> None:
    """Ask for maps between editions that nothing asked for."""
    edition_maps.ask_missing()
