"""Template libraries that stand in for Django's under the same names: what never changes is looked up once.

A page of the shop says two dozen to a hundred fixed words and names a handful of files. Settings put these libraries in
the place of `i18n` and `static` (`OPTIONS["libraries"]`), so templates are written, and their words collected, as ever.
"""
