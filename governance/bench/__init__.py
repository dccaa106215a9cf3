"""Benchmarks: CPU of the product against a floor measured in the same run. Ratios, never seconds."""
