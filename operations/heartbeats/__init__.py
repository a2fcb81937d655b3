"""Whether the scheduled work is done: when each scheduled task last began and ended, and which ones are late."""
