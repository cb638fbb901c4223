"""Measure how fast certificates are printed: see ``print_certificates.py``, which this runs.

.venv/bin/python benchmarks/certificates.py [--count 500] [--workers 2] [--cohorts 5] [--keep DIR]
"""

import os
import sys
from pathlib import Path

if __name__ == "__main__":  # with -P: this folder has a certificates.py, which is not the package of that name
    script = Path(__file__).resolve().with_name("print_certificates.py")
    os.execv(sys.executable, [sys.executable, "-P", str(script), *sys.argv[1:]])
