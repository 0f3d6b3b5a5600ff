"""Interactions: who is named, what becomes of whom, by which mechanism, and what to do."""
