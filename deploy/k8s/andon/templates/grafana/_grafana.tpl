{{/* Folders of dashboards that the chart brings. */}}
{{- define "andon.grafanaFolders" -}}
- andon
{{- if .Values.grafana.prometheusUrl }}
- prometheus
{{- end }}
{{- end -}}

{{/* How Grafana reads InfluxDB. */}}
{{- define "andon.env.grafana" -}}
{{- $external := .Values.influxdb.external -}}
- name: ANDON_INFLUX_URL
  value: {{ include "andon.influxUrl" . | quote }}
- name: ANDON_INFLUX_DATABASE
  value: {{ .Values.influxdb.database | quote }}
{{ if .Values.influxdb.enabled -}}
- name: ANDON_INFLUX_USER
  value: grafana
{{ include "andon.env.secret" (dict "name" "ANDON_INFLUX_PASSWORD" "secret" (include "andon.secret" .) "key" "ANDON_INFLUX_READ_PASSWORD") -}}
{{- else -}}
{{- $secret := $external.grafanaSecret -}}
{{- if eq $external.version "1" -}}
- name: ANDON_INFLUX_USER
  value: {{ $external.grafanaUsername | quote }}
{{ if $secret -}}
{{ include "andon.env.secret" (dict "name" "ANDON_INFLUX_PASSWORD" "secret" $secret "key" $external.passwordKey) -}}
{{- else -}}
- name: ANDON_INFLUX_PASSWORD
  value: ""
{{ end -}}
{{- else if $secret -}}
{{ include "andon.env.secret" (dict "name" "ANDON_INFLUX_TOKEN" "secret" $secret "key" $external.tokenKey) -}}
{{- end -}}
{{- end -}}
# Else it looks for plugins on the internet at each start.
- name: GF_PLUGINS_PREINSTALL_DISABLED
  value: "true"
- name: ANDON_GRAFANA_ROOT_URL
  value: {{ include "andon.publicUrl" . }}/grafana/
{{ include "andon.env.own" (dict "root" . "names" (list "GF_SECURITY_ADMIN_PASSWORD" "GF_SECURITY_SECRET_KEY")) -}}
{{- with .Values.grafana.prometheusUrl -}}
- name: ANDON_PROMETHEUS_URL
  value: {{ . | quote }}
{{ end -}}
{{- with .Values.grafana.webhook -}}
{{- if .existingSecret -}}
{{ include "andon.env.secret" (dict "name" "ANDON_GRAFANA_WEBHOOK_URL" "secret" .existingSecret "key" .key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
