"""Pictures, re-encoded: raster images (`reencode.py`), SVG drawings (`svg.py`), rasterised drawings, formulas as
pictures."""
