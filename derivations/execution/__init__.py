"""Exact execution: somebody's unchanged NumPy code, run on exact numbers and compared with a definition.

`compare` judges one run, `paths` one for each path; `run_exactly` in `exact` is what they stand on.
"""
