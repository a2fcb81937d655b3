"""What both sides of an ended contract say of each other, and the record of proved hirers."""
