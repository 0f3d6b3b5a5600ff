"""Dosing steps and maxima: the dose grammar's reading of the dosage sections, with what stands around it."""
