"""The gate: what a file is, by its content, and whether it may be opened (`admission.py` is the door)."""
