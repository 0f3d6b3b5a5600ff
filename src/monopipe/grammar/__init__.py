"""Dosing text to dosing steps."""
