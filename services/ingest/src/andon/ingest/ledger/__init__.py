"""The ledger: what came in, what became of it, and whether that adds up."""
