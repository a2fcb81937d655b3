"""`manage.py convert`: arguments (`command.py`), the bar on the terminal, the report."""
