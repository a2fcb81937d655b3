"""Pictures, drawn again: pixels (`redraw.py`), drawings (`svg.py`), drawings as pixels, formulas as pictures."""
