"""A shop of its own in memory, in which thousands of random schedules of money happen (`money_simulation.py`)."""
