#!/usr/bin/env python3
"""Compares this library with PyTorch: both sides take turns in one run, on the same numbers, and are checked to agree.

    ./infoprompt --help                        # builds the library once
    mvn -q -DskipTests package                 # builds the benchmarks
    python bench/compare.py steps  --model HF --data DATA --python PYTHON    # training steps
    python bench/compare.py losses --python PYTHON                           # both information losses with their gradients
    python bench/compare.py gemm   --python PYTHON                           # linear layers of frozen weights
    python bench/compare.py serving --python PYTHON --onnx FILE --texts FILE # one sentence at a time, also with ONNX Runtime

Each has --help. PYTHON is an interpreter with bench/python/requirements.txt, HF and DATA are the folders of
bench/python/README.md. All programs stay alive and wait for their turn, so load on the machine falls on all alike. Results go to
bench/results (CSV, JSON, SVG) and into a section of bench/RESULTS.md, those of serving of bench/SERVING.md.
"""

import importlib
import sys

COMPARISONS = ("steps", "losses", "gemm", "serving")


def main():
    name = sys.argv.pop(1) if len(sys.argv) > 1 else "--help"
    if name in ("-h", "--help"):
        print(__doc__.strip())
        return
    if name not in COMPARISONS:
        raise SystemExit(f"compare.py: no comparison {name}; there are {', '.join(COMPARISONS)}")
    importlib.import_module(f"comparison.{name}").main()


if __name__ == "__main__":
    main()
