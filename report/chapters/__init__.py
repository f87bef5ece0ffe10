"""The chapters of the report, each a function that returns a `Section`; formulas and figures come from running code."""
