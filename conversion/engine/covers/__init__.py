"""Covers: the front (`cover.py`), the printed sheet (`printed/`), the link preview image (`social_image.py`)."""
