"""People: accounts, residents, households, relations, duties (roles), consent.

An Account signs in, and is one person across communities; a Resident is that person's record in one community (many
residents have no account). A Duty gives an account a role here; `roles.py` says on one page what each role may do.
Phones and id numbers are encrypted at rest and found by exact value only; whoever reads one is logged.
"""
