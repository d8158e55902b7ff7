"""Tiers: minutes and hours beside the samples: what is in them, how far they reach, and reading them as one."""
