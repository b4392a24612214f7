"""The ground floor: knows no topic.

tenancy (whose row is this) · events (announce) · states (move) · refusals (a "no" with a sentence) · timeline (who did
what) · actors and access (who may) · clock (one clock) · money (fen) · ids (UUIDv7) · jobs (the outside world) · pages.
"""
