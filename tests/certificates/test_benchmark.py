"""The benchmark runs, keeps the files, and ends in one JSON object."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_benchmark_of_printing_tells_its_figures(tmp_path):
    command = [
        sys.executable,
        ROOT / "benchmarks/certificates.py",
        "--count",
        "2",
        "--workers",
        "1",
        "--keep",
        tmp_path,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert {"per_second", "bytes_median", "rss_mb", "warm_ms"} <= set(figures)
    kept = sorted(tmp_path.glob("*.pdf"))
    assert len(kept) == figures["count"] == 2
    assert min(path.stat().st_size for path in kept) == figures["bytes_median"]
