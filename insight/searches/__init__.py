"""What people search for, as figures of a week that tell of nobody."""
