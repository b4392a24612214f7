"""A community's year, lived through the real verbs on the replay clock, from a seed.

`year.py` says which days and in which order; each day is one transaction that also marks itself as done, so a replay
that is killed goes on where it stopped and ends with the same head hash. `figures.py` compares what was published
about the real place (`published.toml`, sourced) with what the rows say now. Nothing here writes but through services.
"""
