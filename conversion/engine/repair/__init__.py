"""Repair: a container that the gate refuses is rebuilt (`rebuild.py`), with every change told."""
