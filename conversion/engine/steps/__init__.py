"""The steps of `pipeline.py`: each calls its stage and adds the result to the run (`run.py`)."""
