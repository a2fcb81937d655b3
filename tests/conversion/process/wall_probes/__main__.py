"""Tries to get through the walls of the converter's child.

    python -m tests.conversion.process.wall_probes

As root it tries as three users: one of the child's own, root itself, an ordinary user. Prints a table for each: what is
tried, what holds it, and what came of it where one primitive is missing. A cell is the error's name, or OPEN. Exits
with 1 when something passes with all walls up, or when a child that requires its walls works without one of them.
"""

from __future__ import annotations

import argparse
import sys

from tests.conversion.process import wall_probes
from tests.conversion.process.wall_probes.probes import KNOWN, OPEN


def held_by(name: str, columns: dict[str, dict[str, str]]) -> str:
    """What a probe is held by: the primitives without which it passes, or more than one at once."""
    if columns[""][name].startswith(OPEN):
        return "nothing (known)" if name in KNOWN else "NOTHING"
    alone = [lack for lack, results in columns.items() if lack and results[name].startswith(OPEN)]
    return ", ".join(alone) or "more than one"


def show(user: wall_probes.User) -> bool:
    """Print a user's table; whether all holds."""
    columns = {lack: wall_probes.tried(user, lack) for lack in wall_probes.lacks_of(user)}
    print(f"\n## As {user.name}\n")
    heads = ["all walls up", *(f"without {lack}" for lack in columns if lack)]
    print("| tried | held by | " + " | ".join(heads) + " |")
    print("|---" * (len(heads) + 2) + "|")
    for name in columns[""]:
        cells = [results[name] for results in columns.values()]
        print(f"| {name} | {held_by(name, columns)} | " + " | ".join(cells) + " |")
    is_good = not wall_probes.passed(columns[""])
    print()
    for lack in ("landlock", "truncation of landlock", "seccomp", "capset"):
        names = wall_probes.refused(user, lack)
        print(f"required, without {lack}: {f'refused ({names})' if names else 'CONVERTS'}")
        is_good = is_good and bool(names)
    return is_good


def main() -> int:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    found = [show(user) for user in wall_probes.users()]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
