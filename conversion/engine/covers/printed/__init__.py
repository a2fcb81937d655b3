"""Printed covers: their measures (`geometry.py`), their front (`front.py`), the sheet (`sheet.py`)."""
