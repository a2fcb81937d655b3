"""The process that runs the money story: `python -m demo.money_child [--json] [--templates FOLDER]`.

`manage.py demo_money` starts it with its own environment (a new folder and database, no keys); it refuses a database
that is not empty. The folder caches the migrated database for the next time (`money_template`).
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from conversion.engine.api import warm_server
from demo import migrated_database_cache

# Migrating creates thousands of classes that live until its end; garbage collection among them is a tenth of its time.
_OBJECTS_BETWEEN_COLLECTIONS = 200_000


def main(arguments: list[str]) -> int:
    """Run the story. Return 0 if all checks pass, 1 if not, 2 if the database is not empty."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--templates", type=Path)
    options = parser.parse_args(arguments)
    django.setup()
    if connection.introspection.table_names():
        sys.stderr.write("This database is not empty; use manage.py demo_money.\n")
        return 2
    with warm_server.lease_server() as launch:
        if isinstance(launch, warm_server.WarmServer):
            launch.prepare()  # it loads on the other core in the meantime
    _migrate(options.templates)
    return _tell(as_json=options.json)


def _migrate(templates: Path | None) -> None:
    """Create the tables, or copy those made from the same code before."""
    kept = migrated_database_cache.place(templates) if templates else None
    if kept and migrated_database_cache.read(kept, connection.connection):
        return
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    call_command("migrate", verbosity=0)
    if kept:
        migrated_database_cache.keep(kept, connection.connection)


def _tell(*, as_json: bool) -> int:
    # Models can be imported only after Django is set up.
    from demo.money_outcome import outcome_of
    from demo.money_report import as_data, outcome_lines, step_lines
    from demo.money_scenario import MoneyStory

    story, steps = MoneyStory(), []
    for step in story.tell():
        steps.append(step)
        if not as_json:
            _print("\n".join(step_lines(len(steps), step)))
    outcome = outcome_of(story)
    _print(json.dumps(as_data(steps, outcome), indent=1) if as_json else "\n".join(outcome_lines(outcome)))
    return 0 if outcome.holds else 1


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
