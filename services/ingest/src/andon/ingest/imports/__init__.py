"""Import of history from files: upload -> table -> layout -> samples -> bundles -> the ordinary path."""
