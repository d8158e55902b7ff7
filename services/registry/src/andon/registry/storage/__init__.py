"""What the registry keeps: one file per noun, each a few functions on a session."""
