"""WeChat's side, for the demo and for tests: it signs, encrypts, pays, refunds and bills as the real one does.

`store`: its keys and orders, in a file of its own. `answers`: its API. `letters`: its notifications. `bills`: what
banking imports. It knows nothing of our tables, and our side asks it over the same protocol as the real one.
"""
