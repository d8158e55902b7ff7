{{/* Annotations of what must be there before everything else: weight. Helm removes it all when the last hook has succeeded, not
before; what a failed one has left, the next run replaces. */}}
{{- define "andon.hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ .weight | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}
