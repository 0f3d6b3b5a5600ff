"""Amounts and times that are none of the step they stand in; each room says what they are instead.

A rule here returns an island that sets no column ("lost": its words go to unread_text; "ignore": they are of no use to
anyone), and is named with the words that it can begin with in `grammar/rules.py`. What is of other patients than the dose
is in `grammar/otherwise.py`, what is of another drug in `grammar/partners.py`.
"""
