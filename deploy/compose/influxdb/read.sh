# Run once, when the volume is empty: the databases of the rollups, and Grafana's right to read them.
for database in andon_1m andon_1h; do
  $INFLUX_CMD "CREATE DATABASE \"$database\""
  $INFLUX_CMD "GRANT READ ON \"$database\" TO \"$INFLUXDB_READ_USER\""
done
