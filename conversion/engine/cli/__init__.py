"""`manage.py convert`: arguments (`command.py`), the terminal's progress bar, the report."""
