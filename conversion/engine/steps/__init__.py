"""The steps of `pipeline.py`: each calls its stage and hands what it made to the run (`run.py`)."""
