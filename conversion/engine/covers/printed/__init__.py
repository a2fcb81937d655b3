"""Printed covers: their dimensions (`geometry.py`), their front (`front.py`), the sheet (`sheet.py`)."""
