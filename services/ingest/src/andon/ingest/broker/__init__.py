"""What the broker keeps, loses, and is told to bound."""
