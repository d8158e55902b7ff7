"""History: what InfluxDB remembers, raw and rolled up."""
