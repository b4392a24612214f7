"""What takes minutes: kills, floods and full disks at seeded moments. `make torture` runs it; `make test` does not.

A seed is printed on failure, and `WEIYIFANG_SEED=… make torture` repeats exactly that run.
"""
