"""The process in which the story of money is told: `python -m demo.money_child [--json]`.

`manage.py demo_money` starts it with an environment of its own (a new folder and database, no keys); it refuses a
database that is not empty.
"""

from __future__ import annotations

import json
import sys

import django
from django.core.management import call_command
from django.db import connection


def main(arguments: list[str]) -> int:
    """Tell the story; 0 when everything holds, 1 when something does not, 2 in a database that is not empty."""
    django.setup()
    if connection.introspection.table_names():
        sys.stderr.write("This database is not empty; use manage.py demo_money.\n")
        return 2
    call_command("migrate", verbosity=0)
    return _tell(as_json="--json" in arguments)


def _tell(*, as_json: bool) -> int:
    # Models can be imported only now that Django is set up.
    from demo.money_outcome import outcome_of
    from demo.money_report import as_data, outcome_lines, step_lines
    from demo.money_story import MoneyStory

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
