"""Oversight: what the committee, its supervisors and the street office may see of the whole, read only.

So far: `verify`, which recomputes every promise from the rows.
"""
