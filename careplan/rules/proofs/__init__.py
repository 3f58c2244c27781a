"""What can and cannot happen under rulesets, proved with z3: for everybody there may be."""
