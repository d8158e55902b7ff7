{{/* The label `job` is andon-<component>, whatever the release is called: alert rules ask for it. */}}
{{- define "andon.job" -}}
- sourceLabels: [__meta_kubernetes_service_label_app_kubernetes_io_component]
  targetLabel: job
  replacement: andon-$1
{{- end -}}
