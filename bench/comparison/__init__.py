"""The comparisons of bench/compare.py, one module each, and what they share."""
