{{/* Environment of `andon backup` and `andon restore`: where the servers are, and what goes into the backup. */}}
{{- define "andon.env.backup" -}}
{{- $external := .Values.postgresql.external -}}
{{- include "andon.env.own" (dict "root" . "names" (list "ANDON_NATS_PASSWORD" "ANDON_SYS_PASSWORD" "ANDON_TOKEN_SECRET")) -}}
{{- include "andon.env.influxdb" . -}}
{{- include "andon.env.database" (dict "root" . "name" "ANDON_REGISTRY_DATABASE_URL" "database" "andon_registry" "key" $external.registryKey) -}}
{{- include "andon.env.database" (dict "root" . "name" "ANDON_ALERTING_DATABASE_URL" "database" "andon_alerting" "key" $external.alertingKey "again" true) -}}
{{/* It does without these: they are kept, for a new cluster. */}}
{{- range list "ANDON_ADMIN_PASSWORD" "ANDON_INTAKE_PASSWORD" "ANDON_AUTH_PASSWORD" "ANDON_AUTH_SEED" "ANDON_AUTH_ISSUER" }}
{{ include "andon.env.secret" (dict "name" . "secret" (include "andon.secret" $) "optional" true) }}
{{- end -}}
{{- end -}}
