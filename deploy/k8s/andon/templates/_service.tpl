{{/* Andon's own services: what their workloads have in common. */}}

{{/* The pod of a service: root, name, command, port, env (text), stateful. */}}
{{- define "andon.template" -}}
{{- $values := index .root.Values .name -}}
{{- $pod := include "andon.podValues" (dict "root" .root "pod" $values.pod) | fromYaml -}}
metadata:
  {{- include "andon.podMetadata" (dict "root" .root "name" .name "pod" $pod "checksums" (list "settings.yaml")) | nindent 2 }}
spec:
  {{- include "andon.podSpec" (dict "root" .root "name" .name "pod" $pod "user" 10001 "replicas" (include "andon.most" (dict "values" $values)) "revisions" (ternary "" "pod-template-hash" (default false .stateful))) | nindent 2 }}
  # Five seconds until no proxy sends anything any more, ten to finish, and then some.
  terminationGracePeriodSeconds: 45
  containers:
    - name: {{ .name }}
      image: {{ include "andon.image" (dict "root" .root "image" $values.image) }}
      imagePullPolicy: IfNotPresent
      command: [{{ join ", " .command }}]
      securityContext:
        {{- include "andon.containerSecurity" . | nindent 8 }}
      ports:
        - name: http
          containerPort: {{ .port }}
      envFrom:
        - configMapRef:
            name: {{ include "andon.fullname" .root }}-settings
      env:
        {{- .env | trim | nindent 8 }}
        {{- with include "andon.env.tracing" .root }}
        {{- . | trim | nindent 8 }}
        {{- end }}
        {{- with $pod.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      # A neighbour that is away is told by /readyz and takes no pod out: each answers what it can without it.
      {{- include "andon.probes" (dict "path" "/healthz" "port" "http") | nindent 6 }}
      lifecycle:
        preStop:
          sleep: {seconds: 5}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- with .mounts }}
        {{- . | nindent 8 }}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: {{ $values.scratch }}
    {{- with .volumes }}
    {{- . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* The most pods there may be, who or whatever scales them: values. */}}
{{- define "andon.most" -}}
{{- $scaling := dig "autoscaling" dict .values -}}
{{- $keda := dig "keda" dict .values -}}
{{- if $scaling.enabled -}}{{- int $scaling.maxReplicas -}}
{{- else if $keda.enabled -}}{{- int $keda.maxReplicas -}}
{{- else -}}{{- int .values.replicas -}}{{- end -}}
{{- end -}}

{{/* The fewest. */}}
{{- define "andon.fewest" -}}
{{- $scaling := dig "autoscaling" dict .values -}}
{{- $keda := dig "keda" dict .values -}}
{{- if $scaling.enabled -}}{{- int $scaling.minReplicas -}}
{{- else if $keda.enabled -}}{{- int $keda.minReplicas -}}
{{- else -}}{{- int .values.replicas -}}{{- end -}}
{{- end -}}

{{/* A Deployment that is updated one pod more at a time: as andon.template. */}}
{{- define "andon.deployment" -}}
{{- $values := index .root.Values .name -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "andon.metadata" (dict "root" .root "name" .name) | nindent 2 }}
spec:
  {{- if not (or (dig "autoscaling" "enabled" false $values) (dig "keda" "enabled" false $values)) }}
  replicas: {{ int $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  selector:
    matchLabels:
      {{- include "andon.selector" . | nindent 6 }}
  template:
    {{- include "andon.template" . | nindent 4 }}
{{- end -}}

{{/* Its Service: root, name, port. */}}
{{- define "andon.service" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "andon.metadata" (dict "root" .root "name" .name) | nindent 2 }}
spec:
  selector:
    {{- include "andon.selector" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .port }}
      targetPort: http
      appProtocol: http
{{- end -}}

{{/* At most one pod is drained at a time, where there are several: root, name, fewest. */}}
{{- define "andon.pdb" -}}
{{- if and .root.Values.podDisruptionBudget.enabled (gt (int .fewest) 1) -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "andon.metadata" (dict "root" .root "name" .name) | nindent 2 }}
spec:
  maxUnavailable: 1
  # One that is not well may always be drained.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "andon.selector" . | nindent 6 }}
{{- end -}}
{{- end -}}

{{/* CPU decides how many: root, name. */}}
{{- define "andon.hpa" -}}
{{- $scaling := (index .root.Values .name).autoscaling -}}
{{- if $scaling.enabled -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "andon.metadata" (dict "root" .root "name" .name) | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "andon.fullname" .root }}-{{ .name }}
  minReplicas: {{ int $scaling.minReplicas }}
  maxReplicas: {{ int $scaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ int $scaling.targetCPU }}}
{{- end -}}
{{- end -}}
