"""Series: what a chart is made of, from its question to its answer."""
