{{/* Which path of the one origin leads to which service, the longest first; ingress and gateway share it. */}}
{{- define "andon.paths" -}}
- {path: /api/ingest/v1, service: ingest, port: 8001}
- {path: /api/registry/v1, service: registry, port: 8002}
- {path: /api/query/v1, service: query, port: 8003}
- {path: /api/alerting/v1, service: alerting, port: 8004}
- {path: /grafana, service: registry, port: 8002}
- {path: /, service: web, port: 8000}
{{- end -}}
