"""Findings: what one is (`model.py`), every code (`codes.py`), what is known of a code (`registry.py`)."""
