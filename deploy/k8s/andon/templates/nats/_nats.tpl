{{/* The block `cluster` of nats.conf; a node alone has none. Nodes know each other by a password. */}}
{{- define "andon.natsCluster" -}}
{{- if gt (int .Values.nats.replicas) 1 -}}
cluster {
  name: {{ include "andon.fullname" . | quote }}
  listen: "0.0.0.0:6222"
  authorization { user: route, password: $ANDON_NATS_ROUTE_PASSWORD, timeout: 5 }
  routes: $ANDON_NATS_ROUTES
  # Services know the nodes by name; addresses of pods that are gone by now would be of no use to them.
  no_advertise: true
}
{{- else -}}
# none
{{- end -}}
{{- end -}}

{{/* Where the nodes find each other. */}}
{{- define "andon.natsRoutes" -}}
{{- $full := include "andon.fullname" . -}}
{{- $routes := list -}}
{{- range $number := until (int .Values.nats.replicas) -}}
{{- $routes = append $routes (printf "nats://route:$(ANDON_NATS_ROUTE_PASSWORD)@%s-nats-%d.%s-nats-headless:6222" $full $number $full) -}}
{{- end -}}
{{- $routes | toRawJson -}}
{{- end -}}

{{/* How nats-server sorts what devices publish: andon.common.topics.mappings, where there are several partitions. */}}
{{- define "andon.natsMappings" -}}
{{- if gt (int .Values.nats.partitions) 1 -}}
{{- .Files.Get "files/nats-mappings.json" | fromJson | toRawJson -}}
{{- else -}}
{}
{{- end -}}
{{- end -}}

{{/* Environment of nats-server, by which nats.conf is the same for every edition. */}}
{{- define "andon.env.nats" -}}
{{ include "andon.env.own" (dict "root" . "names" (list "ANDON_NATS_PASSWORD" "ANDON_INTAKE_PASSWORD" "ANDON_AUTH_PASSWORD" "ANDON_SYS_PASSWORD" "ANDON_AUTH_ISSUER")) -}}
{{- if gt (int .Values.nats.replicas) 1 -}}
{{ include "andon.env.own" (dict "root" . "names" (list "ANDON_NATS_ROUTE_PASSWORD")) -}}
- name: ANDON_NATS_ROUTES
  value: {{ include "andon.natsRoutes" . | quote }}
{{ end -}}
- name: ANDON_NATS_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: ANDON_NATS_REPLICAS
  value: {{ int .Values.nats.replicas | quote }}
- name: ANDON_NATS_MAPPINGS
  value: {{ include "andon.natsMappings" . | quote }}
- name: ANDON_NATS_WINDOW
  value: {{ include "andon.natsWindow" . | quote }}
- name: ANDON_NATS_LOG
  value: {{ quote "\"\"" }}
- name: ANDON_NATS_LISTEN
  value: 0.0.0.0:4222
- name: ANDON_MQTT_LISTEN
  value: 0.0.0.0:{{ include "andon.devicePort" . }}
- name: ANDON_NATS_MONITOR
  value: 0.0.0.0:8222
- name: ANDON_NATS_STORE
  value: /data
- name: ANDON_NATS_DISK
  value: {{ .Values.nats.storage.disk | quote }}
- name: ANDON_NATS_DEVICES_DISK
  value: {{ .Values.nats.storage.devicesDisk | quote }}
- name: ANDON_NATS_SYNC
  value: {{ .Values.nats.storage.sync | quote }}
- name: GOMEMLIMIT
  value: {{ .Values.nats.goMemoryLimit | quote }}
# Little lives in its heap, so that by default the collector would run all the time.
- name: GOGC
  value: "400"
{{- end -}}

{{/* The exporter beside a node: it asks the node's monitoring over loopback. */}}
{{- define "andon.natsExporter" -}}
- name: exporter
  image: {{ include "andon.image" (dict "root" . "image" .Values.nats.exporter.image) }}
  imagePullPolicy: IfNotPresent
  args: ["-port=7777", "-varz", "-healthz", "-routez", "-jsz=all", "-prefix=nats", "-use_internal_server_name", "http://127.0.0.1:8222/"]
  securityContext:
    {{- include "andon.containerSecurity" . | nindent 4 }}
  ports:
    - name: metrics
      containerPort: 7777
  # No readiness: a node without figures is of use all the same.
  livenessProbe:
    tcpSocket: {port: metrics}
    periodSeconds: 20
    failureThreshold: 6
  resources:
    {{- toYaml .Values.nats.exporter.resources | nindent 4 }}
{{- end -}}
