#!/usr/bin/env python3
"""Octavo's command line: Django's commands, and `convert`, which needs neither settings nor a database."""

import os
import sys


def main() -> None:
    """Run the command named on the command line."""
    if sys.argv[1:2] == ["convert"]:
        _convert(sys.argv[2:])
    if files := os.environ.get("OCTAVO_ENV"):
        _load_settings(files.split(":"))
    if user := os.environ.pop("OCTAVO_USER", ""):
        _become(user)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def _load_settings(files: list[str]) -> None:
    """Read files such as `.env` into the environment. What is set already wins, then the first file."""
    from pathlib import Path

    from common import env_file

    for file in files:
        try:
            env_file.load(Path(file))
        except (OSError, env_file.BadLine) as error:
            sys.exit(f"OCTAVO_ENV: {error}")


def _become(user: str) -> None:
    """Go on as this user, once root has read the settings: what a command writes has to be the shop's."""
    import pwd

    found = pwd.getpwnam(user)
    os.initgroups(user, found.pw_gid)
    os.setgid(found.pw_gid)
    os.setuid(found.pw_uid)
    os.environ["HOME"] = found.pw_dir


def _convert(arguments: list[str]) -> None:
    """Become the engine's own process: it needs no Django, and must inherit nothing of this environment."""
    project = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 (pathlib takes 10 ms to load)
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": project, "PYTHONHASHSEED": "0"}
    if user := os.environ.get("CONVERSION_CHILD_USER"):
        environment["CONVERSION_CHILD_USER"] = user
    os.execve(sys.executable, [sys.executable, "-P", "-s", "-m", "conversion.engine", *arguments], environment)  # noqa: S606


if __name__ == "__main__":
    main()
