#!/bin/sh
# Before influxd starts: takes away indexes of shards that a kill has cut off, or influxd would refuse for ever what belongs
# there ("unexpected end of JSON input"). It makes them anew from the values. As andon.common.servers.shards does for `up`.
data=${INFLUXDB_DATA_DIR:-/var/lib/influxdb/data}
[ -d "$data" ] || exit 0
find "$data" -path '*/index/*/MANIFEST' -type f | while IFS= read -r manifest; do
  [ -f "$manifest" ] || continue # gone with another of its shard
  [ "$(tail -n 1 "$manifest")" != "}" ] || continue # influxd indents all but the last
  shard=${manifest%/index/*}
  echo "mend.sh: the index of $shard was cut off; InfluxDB makes it anew from the values"
  rm -f "$shard/fields.idx" # first: only without it are all values looked through
  rm -rf "$shard/index"
done
