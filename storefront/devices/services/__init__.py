"""What people do with app passwords, and how a shelf's version rises."""
