"""The processes of a conversion: the parent's side (`runner.py`), the child, its sandbox, the warm server, pandoc."""
