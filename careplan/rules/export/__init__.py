"""Rulesets in the formats of other systems."""
