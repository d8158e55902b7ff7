"""Kinds that Kubernetes itself does not know, as far as the chart uses them: from the definitions of their projects."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
LABELS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}


def _of(needed: list[str] | None = None, **fields: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": fields,
        "required": list(fields) if needed is None else needed,
    }


def _kind(spec: Schema) -> Schema:
    metadata = _of(["name"], name=TEXT, namespace=TEXT, labels=LABELS, annotations=LABELS)
    return _of(apiVersion=TEXT, kind=TEXT, metadata=metadata, spec=spec)


def _list(of: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": of}


SELECTOR = _of(["matchLabels"], matchLabels=LABELS, matchExpressions=_list({"type": "object"}))
RELABELING = _of(sourceLabels=_list(TEXT), targetLabel=TEXT, replacement=TEXT)
ENDPOINT = _of(["port"], port=TEXT, path=TEXT, interval=TEXT, relabelings=_list(RELABELING))
FOR = {"for": TEXT}  # a word of Python, too
RULE = _of(["alert", "expr"], alert=TEXT, expr=TEXT, labels=LABELS, annotations=LABELS, **FOR)
GROUP = _of(["name", "rules"], name=TEXT, interval=TEXT, rules=_list(RULE))
TRIGGER = _of(type=TEXT, metadata=LABELS)
SCALED = _of(
    scaleTargetRef=_of(name=TEXT),
    minReplicaCount={"type": "integer"},
    maxReplicaCount={"type": "integer"},
    pollingInterval={"type": "integer"},
    cooldownPeriod={"type": "integer"},
    triggers=_list(TRIGGER),
)
MATCH = _of(path=_of(type={"enum": ["PathPrefix"]}, value={"type": "string", "pattern": "^/"}))
ROUTE_RULE = _of(
    matches=_list(MATCH),
    timeouts=_of(request={"type": "string", "pattern": "^([0-9]{1,5}(h|m|s|ms)){1,4}$"}),
    backendRefs=_list(_of(name=TEXT, port={"type": "integer"})),
)
PARENT = _of(["name"], name=TEXT, namespace=TEXT, sectionName=TEXT)
CERTIFICATE = _of(
    secretName=TEXT,
    issuerRef=_of(["name"], name=TEXT, kind=TEXT, group=TEXT),
    privateKey=_of(algorithm={"enum": ["ECDSA"]}, size={"enum": [256]}, rotationPolicy={"enum": ["Always", "Never"]}),
    usages=_list({"enum": ["digital signature", "server auth"]}),
    dnsNames=_list(TEXT),
)

KINDS: dict[str, dict[str, Schema]] = {
    "monitoring.coreos.com/v1": {
        "ServiceMonitor": _kind(_of(selector=SELECTOR, endpoints=_list(ENDPOINT))),
        "PrometheusRule": _kind(_of(groups=_list(GROUP))),
    },
    "keda.sh/v1alpha1": {"ScaledObject": _kind(SCALED)},
    "gateway.networking.k8s.io/v1": {
        "HTTPRoute": _kind(_of(parentRefs=_list(PARENT), hostnames=_list(TEXT), rules=_list(ROUTE_RULE)))
    },
    "cert-manager.io/v1": {"Certificate": _kind(CERTIFICATE)},
}
"""apiVersion -> kind -> what it must look like."""
