"""A certificate that nobody vouches for, for servers that only read their configuration."""

import subprocess
from pathlib import Path


def certificate(folder: Path) -> None:
    """Write `tls.crt` and `tls.key` into a folder."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    where = ["-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt"), "-subj", "/CN=andon"]
    subprocess.run([*command, *where], capture_output=True, check=True)
