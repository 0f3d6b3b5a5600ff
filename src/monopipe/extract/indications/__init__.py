"""Indications: the conditions that the text says the drug is for, with status, phase, partners and licence."""
