"""Findings: their model (`model.py`), every code (`codes.py`), and what is known about each code (`registry.py`)."""
