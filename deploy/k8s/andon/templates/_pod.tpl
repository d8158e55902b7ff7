{{/* What all pods have in common. */}}

{{/* A part's section `pod` over the one for all: root, pod. Lists follow each other, maps are joined. */}}
{{- define "andon.podValues" -}}
{{- $common := .root.Values.pod -}}
{{- $own := .pod | default dict -}}
{{- $merged := mergeOverwrite (deepCopy $common) (deepCopy $own) -}}
{{- $_ := set $merged "extraEnv" (concat ($common.extraEnv | default list) ($own.extraEnv | default list)) -}}
{{- toYaml $merged -}}
{{- end -}}

{{/* metadata of a pod: root, name, pod (merged), checksums (files below templates/ whose data it reads at its start).
No version of the chart: a server must not restart because something else was upgraded. */}}
{{- define "andon.podMetadata" -}}
labels:
  {{- include "andon.selector" . | nindent 2 }}
  app.kubernetes.io/part-of: andon
  {{- with .pod.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- if or .checksums .pod.annotations }}
annotations:
  {{- range .checksums }}
  checksum/{{ base . | trimSuffix ".yaml" }}: {{ include (print $.root.Template.BasePath "/" .) $.root | fromYaml | dig "data" dict | toJson | sha256sum }}
  {{- end }}
  {{- with .pod.annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Fields of a pod's spec: root, name, pod (merged), user, replicas, revisions (label that tells them apart), apart
(DoNotSchedule: no two on one node, instead of evenly); account: a service account of its own, whose token it gets. */}}
{{- define "andon.podSpec" -}}
serviceAccountName: {{ .account | default (include "andon.serviceAccount" .root) }}
automountServiceAccountToken: {{ ternary true false (hasKey . "account") }}
# A Service `andon-registry` would set ANDON_REGISTRY_PORT=tcp://..., which is a setting of ours.
enableServiceLinks: false
securityContext:
  {{- include "andon.podSecurity" .user | nindent 2 }}
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .pod.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .pod.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .pod.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .pod.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if gt (int .replicas) 1 }}
topologySpreadConstraints:
  {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: {{ ternary $.root.Values.topologySpread "ScheduleAnyway" (eq $key "kubernetes.io/hostname") }}
    {{- if and $.apart (eq $key "kubernetes.io/hostname") (eq $.root.Values.topologySpread "DoNotSchedule") }}
    minDomains: {{ int $.replicas }}
    {{- end }}
    # Nodes that the pods could not run on are not counted as empty ones.
    nodeTaintsPolicy: Honor
    labelSelector:
      matchLabels:
        {{- include "andon.selector" $ | nindent 8 }}
    {{- with $.revisions }}
    matchLabelKeys: [{{ . }}]
    {{- end }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* The pod's half of the restricted standard: the user. */}}
{{- define "andon.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* The container's half. */}}
{{- define "andon.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Probes of a container that answers HTTP: path, port. It may take five minutes to start. */}}
{{- define "andon.probes" -}}
startupProbe:
  httpGet: {path: {{ .path }}, port: {{ .port }}}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 150
readinessProbe:
  httpGet: {path: {{ .path }}, port: {{ .port }}}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
livenessProbe:
  httpGet: {path: {{ .path }}, port: {{ .port }}}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{/* A claim that outlives an uninstall: root, name, storage. */}}
{{- define "andon.keptClaim" -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  {{- include "andon.metadata" (dict "root" .root "name" .name) | nindent 2 }}
  annotations:
    helm.sh/resource-policy: keep
spec:
  accessModes: [ReadWriteOnce]
  {{- with .storage.storageClass | default .root.Values.global.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .storage.size }}
{{- end -}}

{{/* The claim of a StatefulSet's data: root, name, storage. Its labels can never change, so it has those that never do. */}}
{{- define "andon.claim" -}}
- metadata:
    name: data
    labels:
      {{- include "andon.selector" . | nindent 6 }}
  spec:
    accessModes: [ReadWriteOnce]
    {{- with .storage.storageClass | default .root.Values.global.storageClass }}
    storageClassName: {{ . }}
    {{- end }}
    resources:
      requests:
        storage: {{ .storage.size }}
{{- end -}}
