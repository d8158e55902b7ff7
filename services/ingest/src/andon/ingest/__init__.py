"""Ingest: MQTT and HTTP in, JetStream and InfluxDB out. Read `pipeline` first."""
