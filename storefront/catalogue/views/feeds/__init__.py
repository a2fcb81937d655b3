"""Feeds for programs: ONIX, Atom and RSS. They are public and the same for everybody."""
