"""Makes the README's picture, page 1 of the patient edition of an example, with pdftoppm (Debian: poppler-utils)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "fibromyalgia.yaml"
PICTURE = ROOT / "docs" / "images" / "patient-page-1.png"
WIDTH = 800
"""Pixels across."""
COLOURS = 32
"""As many as the page needs to look as it is printed; the picture then weighs less than 150 kB."""


def main() -> None:
    """Write the picture."""
    pdftoppm = shutil.which("pdftoppm")
    if pdftoppm is None:
        raise SystemExit("the picture of page 1 was not made: install pdftoppm (Debian: poppler-utils)")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "patient.pdf"
        generate = ["generate", EXAMPLE, "--edition", "patient", "--sign-off", "Dr Ines Example, GP", "-o", pdf]
        run(sys.executable, "-m", "careplan", *generate)
        page = Path(folder) / "page.png"
        run(pdftoppm, "-png", "-singlefile", "-scale-to-x", WIDTH, "-scale-to-y", -1, pdf, page.with_suffix(""))
        with Image.open(page) as picture:
            picture.quantize(COLOURS).save(PICTURE, optimize=True)
    print(PICTURE.relative_to(Path.cwd()) if PICTURE.is_relative_to(Path.cwd()) else PICTURE)


def run(*command: object) -> None:
    """Run a command to its end; what it says is shown only if it fails."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise SystemExit(done.stderr)


if __name__ == "__main__":
    main()
