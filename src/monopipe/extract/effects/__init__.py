"""Side effects: every place that names one, from lists, tables and sentences, merged into one row an effect."""
