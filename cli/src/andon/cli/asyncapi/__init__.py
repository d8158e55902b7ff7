"""AsyncAPI documents of MQTT, NATS and the live feed, made of the structs that travel there. Read `spec.py` first."""
