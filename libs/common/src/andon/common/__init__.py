"""Words and wires shared by every Andon service.

Words:  reading, plant, topics, subjects, times, errors
Wires:  wire (msgpack), bus (NATS), mqtt, influx, api (HTTP), auth (tokens)
House:  settings, logs, metrics, health, service, servers
Tests:  testing (real servers as fixtures, waiting helpers)
"""
