"""Shards of an InfluxDB 1.x on disk: those that a kill has left so that they take nothing any more.

A shard's index has a file MANIFEST in each of its parts, which influxd writes in place. Killed, or out of disk, at that
moment it leaves an empty one, and then refuses for ever what belongs into that shard, a week of readings:
"unexpected end of JSON input". Of an index that is not there it makes a new one from the values.
"""

import json
import shutil
from pathlib import Path

from andon.common import logs
from andon.common.errors import SetupError

log = logs.get("influxdb")


def mend(data: Path) -> None:
    """Take away the indexes below `data` that are no whole ones. For an influxd that does not run.

    Raises:
        SetupError: one cannot be looked at.
    """
    for shard in {manifest.parents[2] for manifest in data.glob("*/*/*/index/*/MANIFEST") if not _is_whole(manifest)}:
        log.warning("the index of a shard was cut off; InfluxDB makes it anew from the values", shard=str(shard))
        (shard / "fields.idx").unlink(missing_ok=True)  # first: only without it are all values looked through
        shutil.rmtree(shard / "index")


def _is_whole(manifest: Path) -> bool:
    try:
        json.loads(manifest.read_bytes())
    except ValueError:
        return False
    except OSError as error:
        raise SetupError(f"{manifest} cannot be read: {error.strerror}.", "Check its rights, and its disk.") from error
    return True
