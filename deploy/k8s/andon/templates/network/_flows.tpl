{{/* Who talks to whom: one list, of which each policy takes its side. `from` and `to` are components, or names of the
peers outside (andon.peers). */}}
{{- define "andon.flows" -}}
{{- $broker := ternary "nats" .Values.mqtt.broker (eq .Values.mqtt.broker "nats") -}}
{{- range include "andon.paths" . | fromYamlArray }}
- {from: ingressController, to: {{ .service }}, ports: [{{ .port }}]}
{{- end }}
{{- range $service, $port := dict "ingest" 8001 "registry" 8002 "query" 8003 "alerting" 8004 "derive" 8005 "web" 8000 }}
{{- if ne $service "web" }}
- {from: prometheus, to: {{ $service }}, ports: [{{ $port }}]}
{{- end }}
{{- if $.Values.nats.enabled }}
- {from: {{ $service }}, to: nats, ports: [4222]}
{{- else }}
- {from: {{ $service }}, to: external, ports: {{ include "andon.ports" (dict "urls" $.Values.nats.external.url "default" 4222) }}}
{{- end }}
{{- if $.Values.tracing.endpoint }}
- {from: {{ $service }}, to: observability, ports: {{ include "andon.ports" (dict "urls" $.Values.tracing.endpoint "default" 80) }}}
{{- end }}
{{- end }}
{{- range $service := list "ingest" "query" "derive" "alerting" }}
- {from: {{ $service }}, to: {{ ternary "influxdb" "external" $.Values.influxdb.enabled }}, ports: {{ include "andon.ports" (dict "urls" (include "andon.influxUrl" $) "default" 80) }}}
{{- end }}
{{- range $service := list "registry" "alerting" }}
- {from: {{ $service }}, to: {{ ternary "postgresql" "external" $.Values.postgresql.enabled }}, ports: [{{ ternary 5432 (int $.Values.postgresql.external.port) $.Values.postgresql.enabled }}]}
{{- end }}
# The first ingest measures the live feed.
- {from: ingest, to: query, ports: [8003]}
- {from: alerting, to: messages, ports: {{ .Values.networkPolicy.messages.ports | toJson }}}
{{- include "andon.flows.mqtt" . }}
{{- include "andon.flows.grafana" . }}
{{- if .Values.nats.enabled }}
{{- if gt (int .Values.nats.replicas) 1 }}
- {from: nats, to: nats, ports: [6222]}
{{- end }}
{{- if .Values.nats.exporter.enabled }}
- {from: prometheus, to: nats, ports: [7777]}
{{- end }}
{{- if .Values.alerting.keda.enabled }}
- {from: keda, to: nats, ports: [8222]}
{{- end }}
{{- end }}
{{- if not .Values.secrets.existingSecret }}
- {from: secrets, to: apiServer, ports: {{ .Values.networkPolicy.apiServer.ports | toJson }}}
{{- end }}
{{- if .Values.backup.enabled }}
{{- include "andon.flows.backup" . }}
{{- end }}
{{- if .Values.tests.enabled }}
- {from: test, to: ingest, ports: [8001]}
- {from: test, to: registry, ports: [8002]}
- {from: test, to: query, ports: [8003]}
{{- end }}
{{- end -}}

{{- define "andon.flows.mqtt" -}}
{{- if eq .Values.mqtt.broker "mosquitto" }}
- {from: ingest, to: mosquitto, ports: [1885]}
- {from: devices, to: mosquitto, ports: [{{ include "andon.devicePort" . }}]}
{{- else if include "andon.ownBroker" . }}
- {from: ingest, to: nats, ports: [{{ include "andon.devicePort" . }}]}
- {from: devices, to: nats, ports: [{{ include "andon.devicePort" . }}]}
{{- if .Values.tests.enabled }}
- {from: test, to: nats, ports: [{{ include "andon.devicePort" . }}]}
{{- end }}
{{- end }}
{{- if or (not (include "andon.ownBroker" .)) (and .Values.mqtt.tls.enabled .Values.mqtt.tls.ingestUrl) }}
- {from: ingest, to: external, ports: {{ include "andon.ports" (dict "urls" (include "andon.mqttUrl" .) "default" (ternary 8883 1883 (hasPrefix "mqtts" (include "andon.mqttUrl" .)))) }}}
{{- if and .Values.tests.enabled (include "andon.ownBroker" .) }}
- {from: test, to: external, ports: {{ include "andon.ports" (dict "urls" (include "andon.testMqttUrl" .) "default" 8883) }}}
{{- end }}
{{- end }}
{{- end -}}

{{/* A backup, and a restore, talk to the servers alone. */}}
{{- define "andon.flows.backup" -}}
{{- if .Values.nats.enabled }}
- {from: backup, to: nats, ports: [4222]}
{{- else }}
- {from: backup, to: external, ports: {{ include "andon.ports" (dict "urls" .Values.nats.external.url "default" 4222) }}}
{{- end }}
- {from: backup, to: {{ ternary "influxdb" "external" .Values.influxdb.enabled }}, ports: {{ include "andon.ports" (dict "urls" (include "andon.influxUrl" .) "default" 80) }}}
- {from: backup, to: {{ ternary "postgresql" "external" .Values.postgresql.enabled }}, ports: [{{ ternary 5432 (int .Values.postgresql.external.port) .Values.postgresql.enabled }}]}
{{- end -}}

{{- define "andon.flows.grafana" -}}
{{- if .Values.grafana.enabled }}
- {from: registry, to: grafana, ports: [3000]}
- {from: prometheus, to: grafana, ports: [3000]}
- {from: grafana, to: {{ ternary "influxdb" "external" .Values.influxdb.enabled }}, ports: {{ include "andon.ports" (dict "urls" (include "andon.influxUrl" .) "default" 80) }}}
{{- if .Values.grafana.prometheusUrl }}
- {from: grafana, to: observability, ports: {{ include "andon.ports" (dict "urls" .Values.grafana.prometheusUrl "default" 80) }}}
{{- end }}
{{- if .Values.grafana.webhook.existingSecret }}
- {from: grafana, to: messages, ports: {{ .Values.networkPolicy.messages.ports | toJson }}}
{{- end }}
{{- else if .Values.grafana.external.url }}
- {from: registry, to: external, ports: {{ include "andon.ports" (dict "urls" .Values.grafana.external.url "default" 80) }}}
{{- end }}
{{- end -}}

{{/* Peers of one end of a flow as a list: root, end. An empty list is everybody. */}}
{{- define "andon.peers" -}}
{{- $policy := .root.Values.networkPolicy -}}
{{- $outside := dict
  "ingressController" $policy.ingressController "prometheus" $policy.prometheus "keda" $policy.keda
  "devices" $policy.devices "apiServer" $policy.apiServer.to "messages" $policy.messages.to
  "external" $policy.external "observability" $policy.observability
-}}
{{- if hasKey $outside .end -}}
{{- get $outside .end | toYaml -}}
{{- else -}}
- podSelector:
    matchLabels:
      {{- include "andon.selector" (dict "root" .root "name" .end) | nindent 6 }}
{{- end -}}
{{- end -}}

{{/* The policy of one component: root, name, hook (annotations). */}}
{{- define "andon.policy" -}}
{{- $flows := include "andon.flows" .root | fromYamlArray -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "andon.metadata" (dict "root" .root "name" .name) | nindent 2 }}
  {{- with .hook }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  podSelector:
    matchLabels:
      {{- include "andon.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- $in := list -}}
  {{- range $flows }}{{ if eq .to $.name }}{{ $in = append $in . }}{{ end }}{{ end }}
  {{- if $in }}
  ingress:
    {{- range $in }}
    - ports: {{ include "andon.policyPorts" .ports }}
      {{- with include "andon.peers" (dict "root" $.root "end" .from) | fromYamlArray }}
      from:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
  {{- end }}
  egress:
    - ports: [{{ range $index, $port := .root.Values.networkPolicy.dns.ports }}{{ if $index }}, {{ end }}{protocol: UDP, port: {{ int $port }}}, {protocol: TCP, port: {{ int $port }}}{{ end }}]
      {{- with .root.Values.networkPolicy.dns.to }}
      to:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- range $flows }}
    {{- if eq .from $.name }}
    - ports: {{ include "andon.policyPorts" .ports }}
      {{- with include "andon.peers" (dict "root" $.root "end" .to) | fromYamlArray }}
      to:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    {{- end }}
{{- end -}}

{{- define "andon.policyPorts" -}}
[{{ range $index, $port := . }}{{ if $index }}, {{ end }}{protocol: TCP, port: {{ int $port }}}{{ end }}]
{{- end -}}
