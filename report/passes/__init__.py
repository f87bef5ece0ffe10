"""Hand-written passes, right and wrong, on which the judge is measured (`gradproof bench verify`)."""
