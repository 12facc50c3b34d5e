"""An environment of its own for pabutools."""

import subprocess
import sys
from pathlib import Path

PACKAGES = ("pabutools==1.2.3",)


def python_in(folder: Path) -> Path:
    """Return the Python of an environment that has the referee; makes it when it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python
