"""The comparisons of bench/compare.py that are not in it, one module each."""
