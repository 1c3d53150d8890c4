"""Containers: archives, JSON Lines, JSON arrays, feeds; what they are, and what is in them.

``kinds`` recognises one at the door, ``members`` takes it apart, within the budgets of ``rules``.
"""
