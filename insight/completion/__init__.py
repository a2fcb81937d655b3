"""How far readers get in books, from those who agree to be counted."""
