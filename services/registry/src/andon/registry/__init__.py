"""Andon: registry. The plant model, machine types, devices and people: who and what."""
