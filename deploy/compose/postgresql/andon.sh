# Run once, when the volume is empty: an owner who is no superuser, and a database each for registry and alerting.
psql --set ON_ERROR_STOP=1 --set password="$ANDON_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE andon LOGIN PASSWORD :'password';
CREATE DATABASE andon_registry OWNER andon ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE andon_alerting OWNER andon ENCODING 'UTF8' TEMPLATE template0;
SQL
