"""Pictures, re-encoded: raster images (`redraw.py`), SVG drawings (`svg.py`), rasterised drawings, formulas as
pictures."""
