"""Covers: the front (`cover.py`), the printed sheet (`printed/`), the picture of a link (`social_image.py`)."""
