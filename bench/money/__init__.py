"""A shop of its own in memory, in which thousands of random schedules of money happen (`bench.money_simulation`)."""
