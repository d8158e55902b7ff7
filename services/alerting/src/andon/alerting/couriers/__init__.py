"""Couriers: the ways out to people, one for each kind of channel."""
