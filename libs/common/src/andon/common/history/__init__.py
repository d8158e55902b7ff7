"""History: what InfluxDB remembers of machines, read as every service reads it: into numpy arrays, a few at a time."""
