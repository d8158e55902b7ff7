"""Dead letters: what could not be used, kept whole, and replayed once its cause is mended."""
