{{/* Where the test sends by MQTT: as ingest does, but to one node. */}}
{{- define "andon.testMqttUrl" -}}
{{- include "andon.mqttUrl" . | splitList "," | first -}}
{{- end -}}
