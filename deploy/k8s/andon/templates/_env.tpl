{{/* Environment of the containers. What is no secret stands in one ConfigMap; secrets are given one by one. */}}

{{/* One key of a Secret: name (of the variable), secret, key (the variable's name unless given), optional. */}}
{{- define "andon.env.secret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key | default .name }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{ end -}}

{{/* Keys of the chart's own Secret by their names: root, names. */}}
{{- define "andon.env.own" -}}
{{- range .names -}}
{{ include "andon.env.secret" (dict "name" . "secret" (include "andon.secret" $.root)) }}
{{- end -}}
{{- end -}}

{{/* The password or token of InfluxDB. */}}
{{- define "andon.env.influxdb" -}}
{{- with .Values.influxdb -}}
{{- if .enabled -}}
{{ include "andon.env.own" (dict "root" $ "names" (list "ANDON_INFLUX_PASSWORD")) }}
{{- else if .external.existingSecret -}}
{{- if eq .external.version "1" -}}
{{ include "andon.env.secret" (dict "name" "ANDON_INFLUX_PASSWORD" "secret" .external.existingSecret "key" .external.passwordKey) }}
{{- else -}}
{{ include "andon.env.secret" (dict "name" "ANDON_INFLUX_TOKEN" "secret" .external.existingSecret "key" .external.tokenKey) }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The URL of one database: root, name (of the variable), database, key (in a Secret from outside), again (the password
is there from another one). */}}
{{- define "andon.env.database" -}}
{{- if .root.Values.postgresql.enabled -}}
{{- if not .again -}}
{{ include "andon.env.own" (dict "root" .root "names" (list "POSTGRES_PASSWORD")) -}}
{{- end -}}
- name: {{ .name }}
  value: postgresql://andon:$(POSTGRES_PASSWORD)@{{ include "andon.fullname" .root }}-postgresql:5432/{{ .database }}
{{ else -}}
{{ include "andon.env.secret" (dict "name" .name "secret" .root.Values.postgresql.external.existingSecret "key" .key) }}
{{- end -}}
{{- end -}}

{{/* Where traces go. */}}
{{- define "andon.env.tracing" -}}
{{- if .Values.tracing.endpoint -}}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ .Values.tracing.endpoint | quote }}
{{ range $name, $value := .Values.tracing.settings -}}
- name: {{ $name }}
  value: {{ include "andon.text" $value | quote }}
{{ end -}}
{{- end -}}
{{- end -}}

{{/* The authority of a PostgreSQL outside, as a volume; nothing where there is none. */}}
{{- define "andon.databaseCa" -}}
{{- if and (not .Values.postgresql.enabled) .Values.postgresql.external.caConfigMap -}}
name: database-ca
configMap:
  name: {{ .Values.postgresql.external.caConfigMap }}
{{- end -}}
{{- end -}}

{{/* Which of several ingests a pod is. */}}
{{- define "andon.env.ordinal" -}}
- name: ANDON_INGEST_INSTANCE
  valueFrom:
    fieldRef:
      fieldPath: metadata.labels['apps.kubernetes.io/pod-index']
{{ end -}}

{{/* The authority that signed the broker's certificate, as a volume; nothing where it is one that everybody knows. */}}
{{- define "andon.mqttCa" -}}
{{- if and .Values.mqtt.tls.enabled (eq .Values.mqtt.broker "nats") .Values.nats.enabled (not .Values.mqtt.tls.ingestUrl) -}}
name: mqtt-ca
secret:
  secretName: {{ include "andon.mqttTlsSecret" . }}
  defaultMode: 0440
  items:
    - key: ca.crt
      path: ca.crt
{{- end -}}
{{- end -}}

{{- define "andon.mqttTlsSecret" -}}
{{- default (printf "%s-mqtt-tls" (include "andon.fullname" .)) .Values.mqtt.tls.existingSecret -}}
{{- end -}}
