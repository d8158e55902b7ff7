{{/* Names and labels. Parameters, where there are several, come as a dict with `root` (the chart's own scope). */}}

{{- define "andon.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 35 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough that a pod's whole name, with its hash, is its host's name, too: 63 letters. */}}
{{- define "andon.fullname" -}}
{{- $name := include "andon.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 35 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 35 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 35 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What tells the pods of one component apart: root, name. It may never change. */}}
{{- define "andon.selector" -}}
app.kubernetes.io/name: {{ include "andon.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{/* Labels of every object: root, name (component). */}}
{{- define "andon.labels" -}}
{{ include "andon.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: andon
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* metadata of one object: root, name (component), called (suffix of its name, the component's unless given). */}}
{{- define "andon.metadata" -}}
name: {{ include "andon.fullname" .root }}-{{ .called | default .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "andon.labels" . | nindent 2 }}
{{- end -}}

{{/* An image by digest or tag: root, image. */}}
{{- define "andon.image" -}}
{{- $name := .image.repository -}}
{{- $registry := .root.Values.global.imageRegistry -}}
{{- if regexMatch "^andon(-[a-z]+)?$" $name -}}{{- $registry = default $registry .root.Values.global.andonRegistry -}}{{- end -}}
{{- with $registry -}}{{- $name = printf "%s/%s" (trimSuffix "/" .) $name -}}{{- end -}}
{{- if .image.digest -}}
{{- printf "%s@%s" $name .image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .root.Chart.AppVersion .image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "andon.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "andon.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The Secret with what `andon secrets` makes. */}}
{{- define "andon.secret" -}}
{{- default (printf "%s-secrets" (include "andon.fullname" .)) .Values.secrets.existingSecret -}}
{{- end -}}

{{/* Whether the cluster has a kind: root, api. The word `true`, or nothing. */}}
{{- define "andon.has" -}}
{{- if or (has .api .root.Values.apiVersions) (.root.Capabilities.APIVersions.Has .api) -}}true{{- end -}}
{{- end -}}

{{/* A number of settings as it was written: YAML makes 8589934592 to 8.589934592e+09. */}}
{{- define "andon.text" -}}
{{- if kindIs "float64" . -}}{{- int64 . -}}{{- else -}}{{- . -}}{{- end -}}
{{- end -}}

{{/* Where people open Andon. */}}
{{- define "andon.publicUrl" -}}
{{- if .Values.publicUrl -}}
{{- trimSuffix "/" .Values.publicUrl -}}
{{- else if .Values.ingress.enabled -}}
{{- ternary "https" "http" .Values.ingress.tls.enabled }}://{{ .Values.ingress.host -}}
{{- else if .Values.gateway.enabled -}}
{{- ternary "https" "http" .Values.gateway.tls }}://{{ first .Values.gateway.hostnames -}}
{{- else -}}
http://127.0.0.1:8000
{{- end -}}
{{- end -}}

{{/* Whether there is a Grafana, ours or another. */}}
{{- define "andon.grafanaUrl" -}}
{{- if .Values.grafana.enabled -}}
http://{{ include "andon.fullname" . }}-grafana:3000
{{- else -}}
{{- .Values.grafana.external.url -}}
{{- end -}}
{{- end -}}
