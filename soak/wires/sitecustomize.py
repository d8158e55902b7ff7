"""Python runs this first in every process of a scene: ingest alone reaches NATS and InfluxDB by wires that can break.

`andon up` hands the same addresses to all of its processes, as it should; a broken cable has but one end.
"""

import os
import sys

if "andon.ingest" in sys.orig_argv:
    for name in ("ANDON_NATS_URL", "ANDON_INFLUX_URL"):
        if wire := os.environ.get(f"SOAK_{name}"):
            os.environ[name] = wire
