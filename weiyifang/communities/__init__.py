"""Communities: the tenants, and the official register they are opened from.

A Community's id IS its official 12-digit statistical code (500108002001). Street = code // 1000,
district = code // 1_000_000, so a street's or a city's view is a range of integers. The register of all communities and
villages ships with the program as one packed file searched in memory; a place becomes a row when it is opened.
"""
