{{/* Annotations of what must be there before everything else: weight, keep (until the next run). */}}
{{- define "andon.hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ .weight | quote }}
helm.sh/hook-delete-policy: {{ ternary "before-hook-creation" "before-hook-creation,hook-succeeded" (default false .keep) }}
{{- end -}}
