#!/usr/bin/env python3
"""Octavo's command line: Django's commands, and `convert`, which needs neither settings nor a database."""

import os
import sys


def main() -> None:
    """Run the command named on the command line."""
    if sys.argv[1:2] == ["convert"]:
        # Setting up Django costs more time than converting a novel, and the engine does not know it.
        from conversion.engine import cli

        sys.exit(cli.main(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
