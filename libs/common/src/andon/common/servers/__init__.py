"""The real servers Andon stands on, started as child processes: nats-server, InfluxDB, Mosquitto.

Used by `andon up` and by the tests, so that both run the very same configuration.
"""
