"""Measurements of the whole product: `python -m benchmarks [NAME]`, results in README.md."""
