"""Figures for Prometheus: what web processes and workers count, and what the database says.

Labels are names of ours (views, tasks, queues, stages), never anything that a visitor can choose, and never a person.
"""
