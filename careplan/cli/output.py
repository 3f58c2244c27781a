"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from careplan.errors import CareplanError


def write_whole(path: Path, content: bytes) -> None:
    """Write under a temporary name beside ``path`` and rename; raises CareplanError naming the path."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise CareplanError(f"cannot write {path}: {error.strerror}") from error


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
