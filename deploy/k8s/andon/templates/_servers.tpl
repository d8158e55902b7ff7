{{/* Where the servers are. */}}

{{/* Nodes of nats-server as `<scheme>://<node>:<port>` with commas between: root, scheme, port. */}}
{{- define "andon.natsNodes" -}}
{{- $full := include "andon.fullname" .root -}}
{{- $nodes := list -}}
{{- range $number := until (int .root.Values.nats.replicas) -}}
{{- $nodes = append $nodes (printf "%s://%s-nats-%d.%s-nats-headless:%d" $.scheme $full $number $full (int $.port)) -}}
{{- end -}}
{{- join "," $nodes -}}
{{- end -}}

{{- define "andon.natsUrl" -}}
{{- if .Values.nats.enabled -}}
{{- include "andon.natsNodes" (dict "root" . "scheme" "nats" "port" 4222) -}}
{{- else -}}
{{- required "nats.external.url: name the nodes, or set nats.enabled" .Values.nats.external.url -}}
{{- end -}}
{{- end -}}

{{/* Replicas of each stream. */}}
{{- define "andon.natsReplicas" -}}
{{- if .Values.nats.enabled -}}{{- int .Values.nats.replicas -}}{{- else -}}{{- int .Values.nats.external.replicas -}}{{- end -}}
{{- end -}}

{{/* Whether this chart runs the broker that devices connect to. The word `true`, or nothing. */}}
{{- define "andon.ownBroker" -}}
{{- if or (eq .Values.mqtt.broker "mosquitto") (and (eq .Values.mqtt.broker "nats") .Values.nats.enabled) -}}true{{- end -}}
{{- end -}}

{{/* The port of the broker's pods for devices. */}}
{{- define "andon.devicePort" -}}
{{- ternary 8883 1883 .Values.mqtt.tls.enabled -}}
{{- end -}}

{{/* The port that devices are told with a new credential: where they reach the broker from outside. */}}
{{- define "andon.toldPort" -}}
{{- if not (include "andon.ownBroker" .) -}}
{{- $url := include "andon.mqttUrl" . -}}
{{- include "andon.ports" (dict "urls" $url "default" (ternary 8883 1883 (hasPrefix "mqtts" $url))) | fromJsonArray | first | int -}}
{{- else if and (eq .Values.mqtt.service.type "NodePort") .Values.mqtt.service.nodePort -}}
{{- int .Values.mqtt.service.nodePort -}}
{{- else -}}
{{- int .Values.mqtt.service.port -}}
{{- end -}}
{{- end -}}

{{/* Where ingest connects to the broker. */}}
{{- define "andon.mqttUrl" -}}
{{- $scheme := ternary "mqtts" "mqtt" .Values.mqtt.tls.enabled -}}
{{- if eq .Values.mqtt.broker "external" -}}
{{- required "mqtt.external.url: name the broker, or set mqtt.broker to nats or mosquitto" .Values.mqtt.external.url -}}
{{- else if eq .Values.mqtt.broker "mosquitto" -}}
mqtt://{{ include "andon.fullname" . }}-mosquitto:1885
{{- else if and .Values.mqtt.tls.enabled .Values.mqtt.tls.ingestUrl -}}
{{- .Values.mqtt.tls.ingestUrl -}}
{{- else if .Values.nats.enabled -}}
{{- include "andon.natsNodes" (dict "root" . "scheme" $scheme "port" (include "andon.devicePort" .)) -}}
{{- else -}}
{{- required "nats.external.mqttUrl: name its MQTT listener, or set mqtt.broker" .Values.nats.external.mqttUrl -}}
{{- end -}}
{{- end -}}

{{- define "andon.influxUrl" -}}
{{- if .Values.influxdb.enabled -}}
http://{{ include "andon.fullname" . }}-influxdb:8086
{{- else -}}
{{- required "influxdb.external.url: name it, or set influxdb.enabled" .Values.influxdb.external.url -}}
{{- end -}}
{{- end -}}

{{/* Which InfluxDB it is: 1, 2 or 3. */}}
{{- define "andon.influxVersion" -}}
{{- if .Values.influxdb.enabled -}}1{{- else -}}{{- .Values.influxdb.external.version -}}{{- end -}}
{{- end -}}

{{/* Messages of one filter on the way to intake, as andon.common.topics.window has it. */}}
{{- define "andon.natsWindow" -}}
{{- $partitions := int .Values.nats.partitions -}}
{{- $filters := ternary 1 (add 1 (div (add 11 $partitions) $partitions)) (eq $partitions 1) -}}
{{- min 8192 (div 65535 (mul 2 $filters)) -}}
{{- end -}}

{{/* Ports of all addresses in a list with commas between, as a JSON list: urls, default. */}}
{{- define "andon.ports" -}}
{{- $ports := list -}}
{{- range $url := splitList "," .urls -}}
{{- $host := get (urlParse (trim $url)) "host" -}}
{{- $port := regexFind ":[0-9]+$" $host | trimPrefix ":" -}}
{{- $secure := or (hasPrefix "https" (trim $url)) (hasPrefix "wss" (trim $url)) -}}
{{- $ports = append $ports (int (default (ternary 443 $.default $secure) $port)) -}}
{{- end -}}
{{- uniq $ports | toJson -}}
{{- end -}}

{{/* What contradicts itself, and no schema can say. */}}
{{- define "andon.check" -}}
{{- if and (ne .Values.mqtt.broker "external") (gt (int .Values.ingest.replicas) (int .Values.nats.partitions)) (ne .Values.mqtt.broker "mosquitto") -}}
{{- fail (printf "ingest.replicas is %d, but nats.partitions is %d: the rest would have nothing to do. Lower the one or raise the other." (int .Values.ingest.replicas) (int .Values.nats.partitions)) -}}
{{- end -}}
{{- if and .Values.alerting.autoscaling.enabled .Values.alerting.keda.enabled -}}
{{- fail "alerting.autoscaling.enabled and alerting.keda.enabled: two would scale one Deployment. Choose one." -}}
{{- end -}}
{{- if and (ne .Values.mqtt.broker "external") .Values.mqtt.tls.enabled (not .Values.mqtt.tls.existingSecret) (not .Values.mqtt.tls.issuerRef) -}}
{{- fail "mqtt.tls.enabled: name mqtt.tls.existingSecret, or an issuer in mqtt.tls.issuerRef." -}}
{{- end -}}
{{- if and (not .Values.postgresql.enabled) (not .Values.postgresql.external.existingSecret) -}}
{{- fail "postgresql.external.existingSecret: name the Secret with the URLs, or set postgresql.enabled." -}}
{{- end -}}
{{- with .Values.influxdb -}}
{{- if and $.Values.grafana.enabled (not .enabled) .external.existingSecret -}}
{{- if not .external.grafanaSecret -}}
{{- fail "influxdb.external.grafanaSecret: name a Secret with the right to read alone; who sees Grafana could write with the other. Or set grafana.enabled to false." -}}
{{- end -}}
{{- if and (eq .external.version "1") (or (not .external.grafanaUsername) (eq .external.grafanaUsername .external.username)) -}}
{{- fail "influxdb.external.grafanaUsername: name a user with the right to read alone; who sees Grafana could write as the other. Or set grafana.enabled to false." -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and .Values.alerting.keda.enabled (not .Values.nats.enabled) -}}
{{- fail "alerting.keda.enabled: it asks this chart's nats-server how much waits; set nats.enabled, or scale by CPU." -}}
{{- end -}}
{{- $kinds := list
  (list .Values.alerting.keda.enabled "alerting.keda.enabled" "keda.sh/v1alpha1")
  (list .Values.gateway.enabled "gateway.enabled" "gateway.networking.k8s.io/v1")
  (list (and .Values.mqtt.tls.enabled (not .Values.mqtt.tls.existingSecret)) "mqtt.tls.issuerRef" "cert-manager.io/v1")
-}}
{{- range $kinds -}}
{{- if and (first .) (not (include "andon.has" (dict "root" $ "api" (last .)))) -}}
{{- fail (printf "%s: the cluster has no %s. Install it, or name it in apiVersions where no cluster is asked." (index . 1) (last .)) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.gateway.enabled (not .Values.gateway.parentRefs) -}}
{{- fail "gateway.parentRefs: name the Gateway that leads to Andon." -}}
{{- end -}}
{{- end -}}
