"""A certificate that nobody vouches for, for servers that only read their configuration."""

import subprocess
from pathlib import Path


def certificate(folder: Path, *names: str) -> None:
    """Write `tls.crt` and `tls.key` into a folder; valid for hosts of these names."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    where = ["-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt"), "-subj", "/CN=andon"]
    valid = ["-addext", f"subjectAltName={','.join(f'DNS:{one}' for one in names)}"] if names else []
    subprocess.run([*command, *where, *valid], capture_output=True, check=True)
