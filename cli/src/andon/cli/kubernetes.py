"""A Secret of Kubernetes, made or completed from inside a pod, by its service account.

Rights it needs: `create` of secrets (which cannot be bound to a name), `get` and `patch` of this one.
"""

import base64
import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx

from andon.cli.secrets import missing, tell
from andon.common.errors import SetupError

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
TRIES = 5
"""Of jobs that run at once one is refused each time; more than five do not."""
LABELS = {"app.kubernetes.io/name": "andon", "app.kubernetes.io/component": "secrets"}


class ApiServer:
    """The API server of the cluster this pod is in. Use with `with`."""

    def __init__(self, http: httpx.Client, namespace: str) -> None:
        self._http = http
        self.namespace = namespace

    @classmethod
    def of_pod(cls, namespace: str, account: Path = ACCOUNT) -> "ApiServer":
        """The one that the pod's environment and service account name.

        Raises:
            SetupError: this is no pod, or one without a service account's token.
        """
        host, port = os.environ.get("KUBERNETES_SERVICE_HOST", ""), os.environ.get("KUBERNETES_SERVICE_PORT", "443")
        try:
            token, trust = (account / "token").read_text().strip(), str(account / "ca.crt")
            namespace = namespace or (account / "namespace").read_text().strip()
        except OSError:
            host = ""
        if not host:
            hint = "Run it in a pod with automountServiceAccountToken: true; elsewhere use --out."
            raise SetupError("There is no service account to ask Kubernetes with.", hint)
        http = httpx.Client(
            base_url=f"https://{f'[{host}]' if ':' in host else host}:{port}",
            headers={"Authorization": f"Bearer {token}"},
            verify=ssl.create_default_context(cafile=trust),
            timeout=30,
            trust_env=False,
        )
        return cls(http, namespace)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def complete(self, name: str) -> list[str]:
        """Names of the secrets that were added to the Secret `name`, which is made if there is none.

        Raises:
            SetupError: Kubernetes does not answer or says no; or what is there does not belong together.
        """
        for _ in range(TRIES):
            found = self._get(name)
            made = missing(_decoded(found)) if found else missing({})
            if not made or (self._patch(name, found, made) if found else self._create(name, made)):
                return list(made)
        raise SetupError(f"The Secret {name} is changed all the time by others.", "Let one job make it.")

    def _get(self, name: str) -> dict[str, Any]:
        """The Secret; {} when there is none."""
        answer = self._ask("GET", f"/{name}", name)
        return {} if answer.status_code == 404 else dict(answer.json())

    def _create(self, name: str, made: Mapping[str, str]) -> bool:
        """False when somebody else has made it meanwhile."""
        meta = {"name": name, "namespace": self.namespace, "labels": LABELS}
        body = {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": meta, "data": _encoded(made)}
        return self._ask("POST", "", name, json=body).status_code != 409

    def _patch(self, name: str, found: Mapping[str, Any], made: Mapping[str, str]) -> bool:
        """Add keys to the Secret as it was found; False when it has been changed or removed meanwhile."""
        version = found["metadata"]["resourceVersion"]
        body = {"metadata": {"resourceVersion": version}, "data": _encoded(made)}
        kind = {"Content-Type": "application/merge-patch+json"}
        return self._ask("PATCH", f"/{name}", name, json=body, headers=kind).status_code not in (404, 409)

    def _ask(self, method: str, path: str, name: str, **arguments: Any) -> httpx.Response:
        """The answer: well, not found, or in conflict; all else is an error that carries the server's words."""
        url = f"/api/v1/namespaces/{self.namespace}/secrets{path}"
        try:
            answer = self._http.request(method, url, **arguments)
        except httpx.HTTPError as error:
            raise SetupError(
                f"Kubernetes does not answer at {self._http.base_url}: {str(error) or type(error).__name__}.",
                "Does a network policy keep the pod from the API server?",
            ) from None
        missing_namespace = answer.status_code == 404 and method == "POST"
        if answer.is_success or (answer.status_code in (404, 409) and not missing_namespace):
            return answer
        raise SetupError(f"{method} {url}: {_words(answer)} ({answer.status_code})", self._hint(answer, name))

    def _hint(self, answer: httpx.Response, name: str) -> str:
        if answer.status_code in (401, 403):
            return (
                f"The service account needs 'create' of secrets, and 'get' and 'patch' of {name}, in {self.namespace}."
            )
        return ""


def to_secret(name: str, namespace: str) -> None:
    """Complete the Secret and say what was made.

    Raises:
        SetupError: as `ApiServer.of_pod` and `complete`.
    """
    with ApiServer.of_pod(namespace) as server:
        tell(server.complete(name), f"Secret {server.namespace}/{name}")


def _words(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return answer.text[:300]


def _decoded(found: Mapping[str, Any]) -> dict[str, str]:
    return {name: base64.b64decode(value).decode().strip() for name, value in (found.get("data") or {}).items()}


def _encoded(made: Mapping[str, str]) -> dict[str, str]:
    return {name: base64.b64encode(value.encode()).decode() for name, value in made.items()}
