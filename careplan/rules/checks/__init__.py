"""What is amiss in rulesets before they are used: one module a question, one function a check."""
